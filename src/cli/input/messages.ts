/** Telling messages from other bytes by their headers, without knowing what they say. */

import { align4, Reader } from '../../netlink/bytes/bytes.js'
import { HEADER, lengthAt, typeAt } from '../../netlink/frame/nlmsghdr.js'
import { splitMessages } from '../../netlink/frame/split.js'
import { type ByteOrder, hostByteOrder } from '../../netlink/index.js'
import { knownProtocols } from '../../rtnl/protocols.js'
import type { Garbage, Hints, InputDatagram } from './piece.js'

const other = (order: ByteOrder): ByteOrder => (order === 'little' ? 'big' : 'little')

/** Whether messages, one after the other, take exactly all of these bytes. Zeros after the last are let pass. */
export function isWhole(bytes: Uint8Array, order: ByteOrder): boolean {
  const parts = splitMessages(bytes, order)
  return parts.length > 0 && parts.every(({ sound }) => sound)
}

/** Whether these bytes are whole messages of which somebody described the first. */
export function isDatagram(bytes: Uint8Array): boolean {
  const order = byteOrderOf(bytes)
  return isWhole(bytes, order) && isHeader(bytes, 0, order)
}

/** The byte order in which these bytes are whole messages: the host's when both or neither fit. */
export function byteOrderOf(bytes: Uint8Array, first: ByteOrder = hostByteOrder): ByteOrder {
  if (isWhole(bytes, first)) return first
  if (isWhole(bytes, other(first))) return other(first)
  if (isHeader(bytes, 0, first) || !isHeader(bytes, 0, other(first))) return first
  return other(first)
}

/** Whether a message with a type that somebody described seems to begin here. */
export function isHeader(bytes: Uint8Array, at: number, order: ByteOrder, limit = bytes.length - at): boolean {
  if (bytes.length - at < HEADER) return false
  const r = new Reader(bytes, order)
  const length = lengthAt(r, at)
  if (length < HEADER || length > limit) return false
  const type = typeAt(r, at)
  return knownProtocols().some((family) => family.find(type) !== undefined)
}

/**
 * Pasted bytes as datagrams: whole ones as they are; from others the messages that can be told, with what is between
 * them as garbage.
 */
export function* datagramsOf(
  bytes: Uint8Array,
  where: string,
  { byteOrder, payload = false }: Hints,
): Generator<InputDatagram | Garbage> {
  const order = byteOrder ?? byteOrderOf(bytes)
  if (payload || isWhole(bytes, order)) {
    yield { bytes, where, byteOrder: order }
    return
  }
  const place = (at: number) => (at === 0 ? where : `${where}, byte 0x${at.toString(16)}`)
  const r = new Reader(bytes, order)
  for (let at = 0; at < bytes.length; ) {
    let next = at
    while (next < bytes.length && !isHeader(bytes, next, order)) next++
    // A first message that is cut off is shown as far as it goes: its header says what it is.
    if (next > at && isHeader(bytes, at, order, 1 << 24)) {
      yield { bytes: bytes.subarray(at, next), where: place(at), byteOrder: order }
    } else if (next > at) {
      const garbage = bytes.subarray(at, next)
      yield { garbage, where: place(at), reason: reasonAt(garbage, order) }
    }
    if (next >= bytes.length) return
    let end = next
    while (isHeader(bytes, end, order)) end += align4(lengthAt(r, end))
    yield { bytes: bytes.subarray(next, end), where: place(next), byteOrder: order }
    at = end
  }
}

/** Why these bytes are no message. */
export function reasonAt(bytes: Uint8Array, order: ByteOrder): string {
  if (bytes.length < HEADER) return `a message needs ${HEADER} bytes, here are ${bytes.length}`
  const length = lengthAt(new Reader(bytes, order), 0)
  return length < HEADER || length > bytes.length
    ? `a message would have a length from ${HEADER} to ${bytes.length} here, not ${length}`
    : 'no message begins here'
}
