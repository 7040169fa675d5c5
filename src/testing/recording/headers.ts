/** The message headers of recorded datagrams: which numbers of theirs are a program's own, and change at every run. */

import { copyOf, Reader } from '../../netlink/bytes/bytes.js'
import { control, ECHOED, HEADER, portAt, putPort, putSeq } from '../../netlink/frame/nlmsghdr.js'
import { type MessageHeader, splitMessages } from '../../netlink/frame/split.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { type Exchange, FixtureError, lineOf } from './nl.js'

/** A number of things: `1 socket`, `2 sockets`. */
export const counted = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`

/** One message's header within a datagram. */
export interface RecordedHeader extends MessageHeader {
  readonly at: number
}

/** The headers of a datagram's messages; it ends at the first that is garbled. */
export function headersOf(bytes: Uint8Array, byteOrder: ByteOrder): RecordedHeader[] {
  return splitMessages(bytes, byteOrder).flatMap(({ at, sound, header }) => (sound ? [{ at, ...header! }] : []))
}

/**
 * Makes sure that recorded datagrams are whole messages: with others no conversation can be played.
 * @throws FixtureError for the first whose length cannot be right
 */
export function checkWhole(exchanges: readonly Exchange[], byteOrder: ByteOrder): void {
  for (const [i, exchange] of exchanges.entries()) {
    if (!('bytes' in exchange)) continue
    const garbled = splitMessages(exchange.bytes, byteOrder).find(({ sound }) => !sound)
    if (!garbled) continue
    const { at, end, header } = garbled
    const left = `${counted(end - at, 'byte')} ${end - at === 1 ? 'is' : 'are'} there`
    throw new FixtureError(
      lineOf(exchange),
      `the recording's datagram ${i + 1} (${exchange.direction}): the message at byte 0x${at.toString(16)} ${
        header ? `has the length ${header.length}, but ${left}` : `has no whole header: ${left}`
      }`,
    )
  }
}

/** What a header becomes. */
export interface HeaderNumbers {
  readonly seq: number
  readonly port: number
}

/**
 * A copy of a datagram with other sequence numbers and ports, in the requests that an NLMSG_ERROR echoes as well.
 * @param change what a header becomes; undefined leaves it. For an echoed header the port is only changed, never set.
 */
export function renumbered(
  bytes: Uint8Array,
  byteOrder: ByteOrder,
  change: (header: RecordedHeader) => HeaderNumbers | undefined,
): Uint8Array {
  const copy = copyOf(bytes)
  const r = new Reader(copy, byteOrder)
  for (const header of headersOf(bytes, byteOrder)) {
    const { at, length, type } = header
    const to = change(header)
    if (!to) continue
    putSeq(r, at, to.seq)
    putPort(r, at, to.port)
    const echoed = at + ECHOED
    if (type !== control.NLMSG_ERROR || length < ECHOED + HEADER || echoed + HEADER > copy.length) continue
    putSeq(r, echoed, to.seq)
    if (portAt(r, echoed) !== 0) putPort(r, echoed, to.port)
  }
  return copy
}

export const socketOf = (exchange: Exchange): number => exchange.socket ?? 0

/** Whether an exchange is a message to a multicast group. */
export const isEvent = (exchange: Exchange): boolean => 'bytes' in exchange && (exchange.groups ?? 0) !== 0

/** The ports of a recording's sockets: those to which the answers to their requests came. */
export function portsOf(exchanges: readonly Exchange[], byteOrder: ByteOrder): Map<number, number> {
  const ports = new Map<number, number>()
  const asked = new Map<number, Set<number>>()
  for (const exchange of exchanges) {
    if (!('bytes' in exchange)) continue
    const socket = socketOf(exchange)
    const sequences = asked.get(socket) ?? new Set()
    asked.set(socket, sequences)
    for (const { seq, port } of headersOf(exchange.bytes, byteOrder))
      if (exchange.direction === 'sent') sequences.add(seq)
      else if (!isEvent(exchange) && port !== 0 && sequences.has(seq) && !ports.has(socket)) ports.set(socket, port)
  }
  return ports
}
