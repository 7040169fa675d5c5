/** The sixteen bytes before each datagram in captures of an nlmon device (LINKTYPE_NETLINK). */
import { COOKED, LINKTYPE_NETLINK, PACKET_KERNEL, PACKET_USER } from '../../testing/pcap.js'
import { Failure } from '../failure.js'
import { byteOrderOf } from './messages.js'
import type { Hints, Piece } from './piece.js'

/** @throws Failure for captures of anything else */
export function requireNetlink(name: string, linkType: number): void {
  if (linkType === LINKTYPE_NETLINK) return
  const what = linkType === 1 ? ' (Ethernet)' : linkType === 113 || linkType === 276 ? ' (Linux cooked)' : ''
  throw new Failure(
    `${name}: a capture of link type ${linkType}${what}, not of netlink (${LINKTYPE_NETLINK}): capture on an nlmon device`,
  )
}

/** The datagram in a captured packet. `little` is the byte order of the file, which mostly is that of the messages. */
export function cooked(packet: Uint8Array, original: number, where: string, little: boolean, hints: Hints): Piece {
  if (packet.length < COOKED)
    return { garbage: packet, where, reason: `a packet of nlmon has ${COOKED} bytes before the datagram` }
  const view = new DataView(packet.buffer, packet.byteOffset)
  const type = view.getUint16(0)
  const bytes = packet.subarray(COOKED)
  return {
    bytes,
    where,
    protocol: view.getUint16(14),
    byteOrder: hints.byteOrder ?? byteOrderOf(bytes, little ? 'little' : 'big'),
    ...(type === PACKET_USER ? { direction: 'received' } : type === PACKET_KERNEL ? { direction: 'sent' } : {}),
    ...(original > packet.length ? { truncated: original - COOKED } : {}),
  }
}
