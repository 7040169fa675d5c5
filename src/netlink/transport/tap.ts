/** A transport that lets everything through and shows it: for printing, recording and debugging. */
import { copyOf } from '../bytes/bytes.js'
import { isFunction, isTransport } from '../options.js'
import type { ByteOrder, Received, Slot, Transport } from './transport.js'

/** What passed: a datagram, or the news that datagrams were lost (`overrun`). */
export interface Passed {
  readonly direction: 'sent' | 'received'
  /** The datagram's bytes, a copy; empty for an overrun. */
  readonly bytes: Uint8Array
  readonly overrun: boolean
  /** The multicast group that it was sent to, 0 for none. */
  readonly group: number
  /** The namespace id of the message, -1 for our own. */
  readonly nsid: number
}

/**
 * Shows every datagram that a transport carries. A request is shown once it is sent: what the system refused was not.
 * @param listener called for each, in order; what it throws goes to the sender or receiver
 * @returns a transport to use in place of the other
 * @example openRtnl({ transport: tap(openKernel({ protocol: 0 }), ({ bytes }) => console.log(toHex(bytes))) })
 */
export function tap(transport: Transport, listener: (passed: Passed) => void): Transport {
  isTransport('transport', transport)
  isFunction('listener', listener)
  return new Tap(transport, listener)
}

class Tap implements Transport {
  readonly #inner: Transport
  readonly #listener: (passed: Passed) => void
  constructor(inner: Transport, listener: (passed: Passed) => void) {
    this.#inner = inner
    this.#listener = listener
  }
  get protocol(): number {
    return this.#inner.protocol
  }
  get port(): number {
    return this.#inner.port
  }
  get byteOrder(): ByteOrder {
    return this.#inner.byteOrder
  }
  get strictCheck(): boolean | undefined {
    return this.#inner.strictCheck
  }
  send(bytes: Uint8Array, length: number): void {
    this.#inner.send(bytes, length)
    this.#listener({ direction: 'sent', bytes: copyOf(bytes, 0, length), overrun: false, group: 0, nsid: -1 })
  }
  receive(slot: Slot): Received {
    const received = this.#inner.receive(slot)
    const { group, nsid } = slot
    if (received === 'datagram')
      this.#listener({ direction: 'received', bytes: copyOf(slot.bytes, 0, slot.length), overrun: false, group, nsid })
    else if (received === 'overrun')
      this.#listener({ direction: 'received', bytes: new Uint8Array(), overrun: true, group: 0, nsid: -1 })
    return received
  }
  onReadable(callback: (() => void) | undefined): void {
    this.#inner.onReadable(callback)
  }
  join(group: number): void {
    this.#inner.join(group)
  }
  leave(group: number): void {
    this.#inner.leave(group)
  }
  ref(): void {
    this.#inner.ref()
  }
  unref(): void {
    this.#inner.unref()
  }
  close(): void {
    this.#inner.close()
  }
}
