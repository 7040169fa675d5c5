/** A kernel made by hand: a function for each message type, for the cases that no recording has. */

import { copyOf, Reader } from '../../netlink/bytes/bytes.js'
import { type AnyMessageInput, decode, encode, type Message } from '../../netlink/codec/message.js'
import { flagsAt, type MessageFlag } from '../../netlink/frame/nlmsghdr.js'
import type { AnswerTo, BodyOf, Protocol } from '../../netlink/frame/protocol.js'
import {
  checkOptions,
  INT_MAX,
  integerOption,
  isByteOrder,
  isFunction,
  isProtocol,
  isRecord,
  namesOption,
  type OptionTable,
  unknownName,
} from '../../netlink/options.js'
import type { Namespace } from '../../netlink/socket/netns.js'
import { MemoryTransport } from '../../netlink/transport/memory.js'
import { type ByteOrder, hostByteOrder } from '../../netlink/transport/transport.js'
import type { Host } from '../../rtnl/client/host.js'
import { route } from '../../rtnl/protocol.js'
import { headersOf } from '../recording/headers.js'
import { FIRST_PORT } from '../recording/stable.js'
import { answerDatagrams, type FakeAnswer } from './fake-answer.js'
import { FakeNamespaces } from './fake-namespaces.js'
import { fakeSysctls } from './fake-sysctls.js'

export {
  ack,
  type FakeAnswer,
  type ListOptions,
  list,
  refuse,
  Special,
  type SpecialAnswer,
  silence,
} from './fake-answer.js'

/** A request as the fake kernel got it. */
export interface FakeRequest<F extends Protocol = Protocol, T extends string = string> {
  readonly type: T
  readonly flags: readonly MessageFlag[]
  readonly seq: number
  readonly body: BodyOf<F, T>
  /** The namespace of the socket that it came over, undefined for our own. */
  readonly netns: Namespace | undefined
  readonly bytes: Uint8Array
}

/** What answers each message type. What a function throws, the client's request throws. */
export type Handlers<F extends Protocol> = {
  [T in keyof F['messages'] & string]?: (
    body: BodyOf<F, T>,
    request: FakeRequest<F, T>,
  ) => FakeAnswer<BodyOf<F, AnswerTo<F, T>>> | Promise<FakeAnswer<BodyOf<F, AnswerTo<F, T>>>>
}

/** How a fake kernel behaves. */
export interface FakeKernelOptions<F extends Protocol> {
  /** Whose messages it understands. Default: rtnetlink's. */
  readonly family?: F
  /** Default: this machine's. */
  readonly byteOrder?: ByteOrder
  /**
   * The names of its network namespaces; `host.netns` makes and deletes more. Default: none, and sockets are opened in
   * any that is named.
   */
  readonly namespaces?: readonly string[]
  /** Called when `host.netns.delete` has taken a namespace away: links that your functions keep for it are gone with it. */
  readonly deleted?: (name: string) => void
  /** Values of its sysctls by their names, in all of its namespaces. `host.sysctl` has them, and what was set since. */
  readonly sysctls?: Readonly<Record<string, string | number>>
}

const fakeOptions: OptionTable<FakeKernelOptions<Protocol>> = {
  family: isProtocol,
  byteOrder: isByteOrder,
  namespaces: namesOption,
  deleted: isFunction,
  sysctls: isRecord,
}
/** That all of them are functions, for messages of the family. @throws OptionError */
function checkHandlers(family: Protocol, handlers: unknown): void {
  isRecord('handlers', handlers)
  for (const [type, handler] of Object.entries(handlers as object)) {
    if (handler !== undefined) isFunction(type, handler)
    if (family.find(type) === undefined && !/^\d+$/.test(type))
      throw unknownName('handlers', type, `message types of ${family.name}`, Object.keys(family.messages))
  }
}

/** A kernel made by hand. */
export interface FakeKernel<F extends Protocol> {
  /** For `openRtnl({ host })`: any number of sockets, in any of its namespaces. */
  readonly host: Host
  /** All requests so far. */
  readonly requests: readonly FakeRequest<F>[]
  /** Opens one socket: for `openRtnl({ transport })` and `new Conversation`. */
  open(netns?: Namespace): MemoryTransport
  /** From now on these functions answer; the others as before. */
  answer(handlers: Handlers<F>): void
  /**
   * Tells all sockets that have joined a group, in one namespace where that is given.
   * @throws OptionError when there is no such group; EncodeError
   * @example kernel.multicast('link', 'RTM_NEWLINK', { ifiIndex: 2, ifname: 'eth0', mtu: 1400 })
   */
  multicast<T extends keyof F['messages'] & string>(
    group: (keyof F['groups'] & string) | number,
    type: T,
    body: BodyOf<F, T>,
    netns?: Namespace,
  ): void
  /** All sockets hear that datagrams were lost (ENOBUFS). */
  overrun(): void
}

/**
 * A kernel that answers what you say, typed by the definitions. A message type without a function is an error that says
 * so.
 * @param handlers for each message type what to answer: an object; a list, which a dump gives in parts; nothing for a
 * change that is done; `refuse(errno, { message, blame })`, `ack({ message })`, `list(items, { interrupted })`, `silence`
 * @example
 * const kernel = fakeKernel({
 *   RTM_GETLINK: ({ ifname }) => (ifname === 'eth0' ? { ifiIndex: 2, ifname } : refuse('ENODEV')),
 *   RTM_NEWLINK: () => refuse('EBUSY', { message: 'the parent is a port of a bridge', blame: 'link' }),
 * })
 * await using rtnl = await openRtnl({ host: kernel.host })
 */
export function fakeKernel<F extends Protocol = typeof route>(
  handlers: Handlers<F>,
  options: FakeKernelOptions<F> = {},
): FakeKernel<F> {
  checkOptions('fakeKernel', options, fakeOptions)
  return new Fake<F>(handlers, options)
}

interface Socket {
  readonly transport: MemoryTransport
  readonly netns: Namespace | undefined
}

type Handler = (body: unknown, request: unknown) => unknown

class Fake<F extends Protocol> implements FakeKernel<F> {
  readonly host: Host
  readonly requests: FakeRequest<F>[] = []
  readonly #family: F
  readonly #byteOrder: ByteOrder
  readonly #sockets: Socket[] = []
  readonly #handlers: Record<string, Handler | undefined>

  constructor(handlers: Handlers<F>, options: FakeKernelOptions<F>) {
    const { family, byteOrder = hostByteOrder, sysctls = {} } = options
    const namespaces = new FakeNamespaces(options.namespaces, options.deleted)
    this.#family = family ?? (route as Protocol as F)
    this.#byteOrder = byteOrder
    checkHandlers(this.#family, handlers)
    this.#handlers = { ...(handlers as Record<string, Handler>) }
    this.host = {
      open: (where) => {
        namespaces.check(where)
        return this.open(where)
      },
      namespace: (where) => namespaces.open(where),
      names: () => namespaces.list(),
      netns: namespaces,
      sysctl: fakeSysctls(sysctls, (where) => namespaces.key(where)),
    }
  }

  open(netns?: Namespace): MemoryTransport {
    const port = FIRST_PORT + this.#sockets.length
    const transport = new MemoryTransport({
      protocol: this.#family.protocol,
      port,
      byteOrder: this.#byteOrder,
      onSend: (bytes) => this.#request(bytes, { transport, netns }),
    })
    this.#sockets.push({ transport, netns })
    return transport
  }

  answer(handlers: Handlers<F>): void {
    checkHandlers(this.#family, handlers)
    Object.assign(this.#handlers, handlers)
  }

  #request(datagram: Uint8Array, { transport, netns }: Socket): void {
    const byteOrder = this.#byteOrder
    for (const { at, length } of headersOf(datagram, byteOrder)) {
      const bytes = copyOf(datagram, at, at + length)
      const [message] = decode<Protocol>(this.#family, bytes, { byteOrder }) as Message[]
      const { type, flags, seq, body } = message!
      const request = { type, flags, seq, body, netns, bytes } as unknown as FakeRequest<F>
      this.requests.push(request)
      const handler = this.#handlers[type]
      if (!handler) throw new Error(`the fake kernel has no answer to ${type}: give it a function of this name`)
      const bits = flagsAt(new Reader(bytes, byteOrder), 0)
      const asked = { family: this.#family, byteOrder, type: String(type), bytes, bits, seq, port: transport.port }
      const give = (answer: unknown) => {
        for (const one of answerDatagrams(asked, answer)) transport.queue(one)
      }
      const answer = handler(body, request)
      if (answer instanceof Promise) answer.then(give).catch((error: Error) => transport.fail(error))
      else give(answer)
    }
  }

  multicast(group: string | number, type: string, body: unknown, netns?: Namespace): void {
    const { groups } = this.#family
    const number = typeof group === 'string' && Object.hasOwn(groups, group) ? groups[group] : group
    if (typeof number === 'string')
      throw unknownName('group', number, `multicast groups of ${this.#family.name}`, Object.keys(groups))
    integerOption('group', number, 1, INT_MAX)
    const bytes = encode<Protocol>(this.#family, [{ type, body } as AnyMessageInput], { byteOrder: this.#byteOrder })
    for (const { transport, netns: where } of this.#sockets)
      if (!transport.closed && transport.groups.has(number!) && (netns === undefined || netns === where))
        transport.queue(bytes, { group: number! })
  }

  overrun(): void {
    for (const { transport } of this.#sockets) if (!transport.closed) transport.overrun()
  }
}
