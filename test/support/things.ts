/** A small protocol of its own, and a kernel in memory that speaks it: for tests of the conversation. */

import { type AnyMessageInput, decode, encode } from '../../src/netlink/codec/message.js'
import { eventLoopBudget } from '../../src/netlink/conversation/event-loop.js'
import { defineProtocol } from '../../src/netlink/frame/protocol.js'
import { attributes, headed } from '../../src/netlink/schema/define.js'
import { padding } from '../../src/netlink/schema/padding.js'
import { struct } from '../../src/netlink/schema/struct.js'
import { u16, u32 } from '../../src/netlink/schema/types/integer.js'
import { nulString } from '../../src/netlink/schema/types/text.js'
import { MemoryTransport } from '../../src/netlink/transport/memory.js'
import type { ByteOrder } from '../../src/netlink/transport/transport.js'

const inner = attributes('THING_INNER', { mode: [1, u16], flags: [2, u16] })
const thing = headed(
  struct('thing', { index: u32, _pad: padding(4) }),
  attributes('THING', { name: [1, nulString({ max: 15 })], value: [2, u32], inner: [3, inner] }),
)

export const things = defineProtocol(
  'things',
  0,
  {
    TEST_NEWTHING: { number: 16, operation: 'new', body: thing },
    TEST_DELTHING: { number: 17, operation: 'del', body: thing },
    TEST_GETTHING: { number: 18, operation: 'get', body: thing, answer: 'TEST_NEWTHING' },
  },
  { thing: 1, other: 2 },
)

export interface Asked {
  type: string | number
  flags: readonly (string | number)[]
  seq: number
  body: { index?: number; name?: string; value?: number }
  bytes: Uint8Array
}

export const PORT = 4242

/** Messages as a kernel in memory makes them. */
export class Kernel {
  readonly byteOrder: ByteOrder
  readonly transport: MemoryTransport
  /** All requests, decoded. */
  readonly asked: Asked[] = []
  /** What to do about a request; by default nothing. */
  answer: (asked: Asked) => void = () => {}

  constructor(byteOrder: ByteOrder = 'little') {
    // So that what one test has received is nothing to the next, which may count the turns of the event loop.
    eventLoopBudget.renew()
    this.byteOrder = byteOrder
    this.transport = new MemoryTransport({
      port: PORT,
      byteOrder,
      onSend: (bytes) => {
        const [message] = decode(things, bytes, { byteOrder })
        const asked = { ...message, bytes } as Asked
        this.asked.push(asked)
        this.answer(asked)
      },
    })
  }

  bytes(...messages: AnyMessageInput[]): Uint8Array {
    return encode(things, messages, { byteOrder: this.byteOrder })
  }

  /** Queues one datagram. */
  say(...messages: AnyMessageInput[]): void {
    this.transport.queue(this.bytes(...messages))
  }

  thing(seq: number, index: number, more: Partial<AnyMessageInput> = {}): AnyMessageInput {
    return { type: 'TEST_NEWTHING', seq, pid: PORT, body: { index, name: `t${index}` }, ...more }
  }

  ack(seq: number, error: string | null = null, ack: object = {}): AnyMessageInput {
    const flags = Object.keys(ack).length > 0 ? ['capped', 'ackTlvs'] : ['capped']
    const request = { length: 24, type: 16, flags: 5, seq, pid: 0 }
    return { type: 'NLMSG_ERROR', seq, pid: PORT, flags, body: { error, request, ...ack } } as AnyMessageInput
  }

  done(seq: number, error: string | null = null, flags: string[] = ['multi']): AnyMessageInput {
    return { type: 'NLMSG_DONE', seq, pid: PORT, flags, body: { error } } as AnyMessageInput
  }

  /** A part of a dump. */
  part(seq: number, index: number, flags: string[] = ['multi']): AnyMessageInput {
    return this.thing(seq, index, { flags } as Partial<AnyMessageInput>)
  }

  /** Answers a dump with datagrams of things, and a get with its thing. */
  list(datagrams: readonly (readonly number[])[], flags: string[] = ['multi']): (asked: Asked) => void {
    return ({ seq, flags: asked, body }) => {
      if (!asked.includes('dump')) {
        this.say(this.thing(seq, body.index ?? 0))
        return
      }
      for (const indexes of datagrams) this.say(...indexes.map((index) => this.part(seq, index, flags)))
      this.say(this.done(seq))
    }
  }
}

/** Lets the event loop turn. */
export const turn = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The error that a promise is rejected with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  throw new Error('the promise was not rejected')
}
