/** A transport in memory: what is sent goes to a function, which queues the answers. For tests, without a kernel. */
import { copyOf } from '../bytes/bytes.js'
import { TransportError } from '../errors.js'
import {
  bytesOption,
  checkOptions,
  INT_MAX,
  integerFrom,
  isByteOrder,
  isFunction,
  type OptionTable,
  U32_MAX,
} from '../options.js'
import { type ByteOrder, hostByteOrder, type Received, type Slot, type Transport } from './transport.js'

/** How a memory transport behaves. */
export interface MemoryOptions {
  /** The netlink protocol that it stands for. Default 0, NETLINK_ROUTE. */
  readonly protocol?: number
  /** Our own port. Default 1. */
  readonly port?: number
  /** The byte order that the other side speaks. Default: the host's. */
  readonly byteOrder?: ByteOrder
  /** Called with each datagram that is sent, as a copy; it can answer at once with `queue`. What it throws, `send` throws. */
  readonly onSend?: (datagram: Uint8Array, transport: MemoryTransport) => void
}

/** Where a queued datagram comes from. */
export interface QueueOptions {
  /** The sender's port. Default 0, the kernel. */
  readonly port?: number
  /** The multicast group. Default 0: none. */
  readonly group?: number
  /** The namespace id. Default -1: our own. */
  readonly nsid?: number
}

/** What they can be. */
const memoryOptions: OptionTable<MemoryOptions> = {
  protocol: integerFrom(0, INT_MAX),
  port: integerFrom(0, U32_MAX),
  byteOrder: isByteOrder,
  onSend: isFunction,
}
const queueOptions: OptionTable<QueueOptions> = {
  port: integerFrom(0, U32_MAX),
  group: integerFrom(0, U32_MAX),
  nsid: integerFrom(-1, INT_MAX),
}

type Queued = { readonly bytes: Uint8Array; readonly from: QueueOptions } | 'overrun' | Error

/**
 * Both ends of a conversation in memory.
 * @example
 * const transport = new MemoryTransport({ onSend: (datagram, { queue }) => queue(answerTo(datagram)) })
 * const conversation = new Conversation(transport, route)
 */
export class MemoryTransport implements Transport {
  readonly protocol: number
  readonly port: number
  readonly byteOrder: ByteOrder
  /** All datagrams that were sent. */
  readonly sent: Uint8Array[] = []
  /** The groups that are joined. */
  readonly groups = new Set<number>()
  /** How often `receive` was called: one call too many costs a tenth of a round trip. */
  received = 0
  closed = false
  readonly #onSend: MemoryOptions['onSend']
  readonly #queue: Queued[] = []
  #callback: (() => void) | undefined
  #scheduled = false

  constructor(options: MemoryOptions = {}) {
    checkOptions('MemoryTransport', options, memoryOptions)
    this.protocol = options.protocol ?? 0
    this.port = options.port ?? 1
    this.byteOrder = options.byteOrder ?? hostByteOrder
    this.#onSend = options.onSend
  }

  /** Whether somebody is called back when something can be received. */
  get watched(): boolean {
    return this.#callback !== undefined
  }

  /** How many datagrams wait to be received. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Queues a datagram as if the kernel had sent it. */
  readonly queue = (bytes: Uint8Array, from: QueueOptions = {}): void => {
    bytesOption('bytes', bytes)
    checkOptions('queue', from, queueOptions)
    this.#put({ bytes: copyOf(bytes), from })
  }
  /** Tells at this place of the queue that datagrams were lost (ENOBUFS). */
  overrun(): void {
    this.#put('overrun')
  }
  /** Makes the receive at this place of the queue throw. */
  fail(error: Error): void {
    this.#put(error)
  }

  #put(queued: Queued): void {
    this.#queue.push(queued)
    this.#schedule()
  }

  send(bytes: Uint8Array, length: number): void {
    if (this.closed) throw closed()
    const datagram = copyOf(bytes, 0, length)
    this.sent.push(datagram)
    this.#onSend?.(datagram, this)
  }

  receive(slot: Slot): Received {
    this.received++
    if (this.closed) throw closed()
    const queued = this.#queue.shift()
    if (queued === undefined) return 'empty'
    if (queued === 'overrun') return 'overrun'
    if (queued instanceof Error) throw queued
    const { bytes, from } = queued
    slot.port = from.port ?? 0
    slot.group = from.group ?? 0
    slot.nsid = from.nsid ?? -1
    if (bytes.length > slot.bytes.length) {
      slot.bytes = new Uint8Array(bytes.length)
      slot.length = 0
      return 'truncated'
    }
    slot.bytes.set(bytes)
    slot.length = bytes.length
    return 'datagram'
  }

  onReadable(callback: (() => void) | undefined): void {
    this.#callback = callback
    this.#schedule()
  }

  /** As an event loop does: later, and again as long as something waits. */
  #schedule(): void {
    if (this.#scheduled || !this.#callback || this.#queue.length === 0) return
    this.#scheduled = true
    later(() => {
      this.#scheduled = false
      if (this.#queue.length > 0) this.#callback?.()
      this.#schedule()
    })
  }

  join(group: number): void {
    if (this.closed) throw closed()
    this.groups.add(group)
  }

  leave(group: number): void {
    this.groups.delete(group)
  }

  ref(): void {}
  unref(): void {}

  close(): void {
    this.closed = true
    this.#callback = undefined
    this.#queue.length = 0
  }
}

const closed = () => new TransportError('ERR_NETLINK_CLOSED', 'the memory transport is closed')

/**
 * In the next turn of the event loop, once a turn, as a socket is told. Timers would do less: on a busy machine several that
 * follow one another are due in one turn. A browser has no setImmediate.
 */
const later: (callback: () => void) => void =
  typeof setImmediate === 'function' ? setImmediate : (callback) => setTimeout(callback, 0)
