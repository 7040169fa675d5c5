/**
 * The transport: where datagrams go out and come in. A conversation runs over any of them: the kernel's socket,
 * a recording that answers (nlwire/testing), or one held in memory. This file knows no Node and no socket.
 */

import { type ByteOrder, hostByteOrder } from '../bytes/byte-order.js'

export { type ByteOrder, hostByteOrder }

/** A receive slot: one buffer that a transport fills again and again, and what the last fill was. */
export interface Slot {
  /** Where the bytes are put. A transport may replace it by a larger one when a datagram did not fit. */
  bytes: Uint8Array
  /** How many bytes of `bytes` the last datagram took. */
  length: number
  /** The sender's netlink port (nl_pid): 0 is the kernel. */
  port: number
  /** The multicast group it was sent to (NETLINK_PKTINFO), 0 for none. */
  group: number
  /** The namespace id of the message (NETLINK_LISTEN_ALL_NSID), -1 for our own. */
  nsid: number
}

/**
 * What one attempt to receive gave: a datagram in the slot; nothing waits; datagrams were lost (ENOBUFS); or the
 * datagram was longer than the buffer and has been cut, so that it cannot be used (MSG_TRUNC): of that one too the slot
 * says who sent it, and to which group.
 */
export type Received = 'datagram' | 'empty' | 'overrun' | 'truncated'

/** Datagrams out and in, never blocking. */
export interface Transport {
  /** The netlink protocol: NETLINK_ROUTE is 0 (linux/netlink.h). */
  readonly protocol: number
  /** Our own netlink port, as the other side sees it. */
  readonly port: number
  /** The byte order that the other side speaks. */
  readonly byteOrder: ByteOrder
  /** Whether the other side checks and filters GET requests; false: it gives all of a list, whatever is asked for. */
  readonly strictCheck?: boolean | undefined
  /**
   * Sends the first `length` bytes as one datagram.
   * @throws TransportError when the system refuses.
   */
  send(bytes: Uint8Array, length: number): void
  /** Takes one waiting datagram into the slot, without waiting for it. @throws TransportError. */
  receive(slot: Slot): Received
  /**
   * `send` and `receive` at once, where a transport can. `empty`: `receive` tells more, errors of receiving as well.
   * @throws TransportError when the system refuses to send.
   */
  exchange?(bytes: Uint8Array, length: number, slot: Slot): Received
  /** Calls back each time something can be received, until `undefined` is set. Called again after an overrun. */
  onReadable(callback: (() => void) | undefined): void
  /** Joins or leaves a multicast group by number. @throws TransportError. */
  join(group: number): void
  leave(group: number): void
  /** Whether this transport keeps the process alive while it is watched. */
  ref(): void
  unref(): void
  /** Closes for good; a second close does nothing. */
  close(): void
}
