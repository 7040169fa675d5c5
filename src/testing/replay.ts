/** A transport that answers from a recording, so that a test needs no kernel, no root and no Linux. */
import { annotate } from '../netlink/annotate.js'
import { Reader } from '../netlink/bytes.js'
import { dissect } from '../netlink/dissect-message.js'
import { equal } from '../netlink/equal.js'
import { NetlinkError } from '../netlink/errors.js'
import type { Family } from '../netlink/family.js'
import { decode, type Message } from '../netlink/message.js'
import { control, HEADER, seqAt, typeAt } from '../netlink/nlmsghdr.js'
import type { ByteOrder, Received, Slot, Transport } from '../netlink/transport.js'
import type { Datagram, Exchange, Recording } from './nl.js'

/** A request that the recording does not have: the message shows what was sent and what was recorded in its place. */
export class ReplayError extends NetlinkError {
  override readonly name = 'ReplayError'
  readonly code = 'ERR_NETLINK_REPLAY'
}

/** How to replay. */
export interface ReplayOptions {
  /** Which of the recorded sockets to be, where the recording has several (see Datagram.socket). Default: all in one. */
  readonly socket?: number
  /** Members of bodies that need not be as recorded: numbers that are this process's own, such as descriptors. */
  readonly ignore?: readonly string[]
}

/** Our port in a replay: what the recorded port becomes. */
const PORT = 4242

/**
 * A transport that plays the other side of a recorded conversation. Requests must come in the recorded order and mean
 * the same: type, flags and body, whatever the order of attributes; sequence numbers and ports are rewritten.
 * @throws ReplayError from `send`, for a request that is not the next one in the recording
 * @example openRtnl({ transport: replay(parseNl(text), route) })
 */
export function replay(recording: Recording, family: Family, options: ReplayOptions = {}): Replay {
  return new Replay(recording, family, options)
}

/** A recording that answers; `remaining` tells what was not asked for. */
export class Replay implements Transport {
  readonly protocol: number
  readonly port = PORT
  readonly byteOrder: ByteOrder
  readonly #family: Family
  readonly #exchanges: readonly Exchange[]
  readonly #ignore: readonly string[]
  #at = 0
  #queue: (Uint8Array | 'overrun')[] = []
  /** The recorded sequence number of each request, and the one that it has now. */
  readonly #sequence = new Map<number, number>()
  #callback: (() => void) | undefined
  #closed = false

  constructor(recording: Recording, family: Family, { socket, ignore = [] }: ReplayOptions) {
    this.protocol = family.protocol
    this.byteOrder = recording.byteOrder
    this.#family = family
    this.#ignore = ignore
    this.#exchanges = recording.exchanges.filter(
      (exchange) => socket === undefined || (('bytes' in exchange ? exchange.socket : undefined) ?? 0) === socket,
    )
    this.#takeReceived()
  }

  /** How many recorded datagrams were neither asked for nor received. */
  get remaining(): number {
    return this.#exchanges.length - this.#at + this.#queue.length
  }

  send(bytes: Uint8Array, length: number): void {
    const sent = bytes.slice(0, length)
    const recorded = this.#exchanges[this.#at]
    if (!recorded || !('bytes' in recorded))
      throw new ReplayError(`the recording has no further request:\n${this.#show(sent)}`)
    const options = { byteOrder: this.byteOrder }
    const [ours, theirs] = [decode(this.#family, sent, options), decode(this.#family, recorded.bytes, options)]
    if (!sameMeaning(ours as Message[], theirs as Message[], this.#ignore))
      throw new ReplayError(
        `not the recorded request. Sent:\n${this.#show(sent)}\nrecorded:\n${this.#show(recorded.bytes)}`,
      )
    for (const [i, message] of (theirs as Message[]).entries())
      this.#sequence.set(message.seq, (ours as Message[])[i]!.seq)
    this.#at++
    this.#takeReceived()
  }

  /** Queues what was received after the last request, up to the next one. */
  #takeReceived(): void {
    for (;;) {
      const exchange = this.#exchanges[this.#at]
      if (exchange?.direction !== 'received') break
      this.#queue.push('overrun' in exchange ? 'overrun' : this.#rewrite(exchange))
      this.#at++
    }
    if (this.#queue.length > 0 && this.#callback) queueMicrotask(() => this.#callback?.())
  }

  /** Gives the answers to our own requests our own sequence numbers and port; events stay as they are. */
  #rewrite(datagram: Datagram): Uint8Array {
    const bytes = datagram.bytes.slice()
    const r = new Reader(bytes, this.byteOrder)
    const put = (at: number, value: number) => r.view.setUint32(at, value, r.little)
    for (let at = 0; bytes.length - at >= HEADER; ) {
      const length = r.view.getUint32(at, r.little)
      if (length < HEADER) break
      const sequence = this.#sequence.get(seqAt(r, at))
      if (sequence !== undefined) {
        put(at + 8, sequence)
        put(at + 12, PORT)
        const echoed = at + HEADER + 4
        if (typeAt(r, at) === control.NLMSG_ERROR && length >= 2 * HEADER + 4) put(echoed + 8, sequence)
      }
      at += (length + 3) & ~3
    }
    return bytes
  }

  receive(slot: Slot): Received {
    const next = this.#queue.shift()
    if (next === undefined) return 'empty'
    if (next === 'overrun') return 'overrun'
    if (next.length > slot.bytes.length) slot.bytes = new Uint8Array(next.length)
    slot.bytes.set(next)
    slot.length = next.length
    slot.port = 0
    slot.group = 0
    slot.nsid = -1
    return 'datagram'
  }

  #show(bytes: Uint8Array): string {
    return annotate(bytes, dissect(this.#family, bytes, { byteOrder: this.byteOrder })).join('\n')
  }

  onReadable(callback: (() => void) | undefined): void {
    this.#callback = callback
    if (callback && this.#queue.length > 0 && !this.#closed) queueMicrotask(() => this.#callback?.())
  }
  join(): void {}
  leave(): void {}
  ref(): void {}
  unref(): void {}
  close(): void {
    this.#closed = true
    this.#callback = undefined
  }
}

function sameMeaning(a: readonly Message[], b: readonly Message[], ignore: readonly string[]): boolean {
  const meaning = ({ type, flags, body }: Message) => {
    const compared = Object.entries(body as object).filter(([name]) => !ignore.includes(name))
    return { type, flags: [...flags].sort(), body: Object.fromEntries(compared) }
  }
  return equal(a.map(meaning), b.map(meaning))
}
