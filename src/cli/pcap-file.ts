/** Writing a pcap file as tcpdump writes it of an nlmon device. */
import type { ByteOrder } from '../netlink/index.js'
import { COOKED, DEVICE, LINKTYPE_NETLINK, TO_KERNEL, TO_USER } from './input/cooked.js'

const LONGEST = 262144

/** The file's header. */
export function pcapHeader(byteOrder: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  const little = byteOrder === 'little'
  view.setUint32(0, 0xa1b2c3d4, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  view.setUint32(16, LONGEST, little)
  view.setUint32(20, LINKTYPE_NETLINK, little)
  return bytes
}

/** One datagram as a packet. There is no time in messages: it is zero. */
export function pcapPacket(
  datagram: Uint8Array,
  direction: 'sent' | 'received',
  protocol: number,
  byteOrder: ByteOrder,
): Uint8Array {
  const bytes = new Uint8Array(16 + COOKED + datagram.length)
  const view = new DataView(bytes.buffer)
  const little = byteOrder === 'little'
  view.setUint32(8, COOKED + datagram.length, little)
  view.setUint32(12, COOKED + datagram.length, little)
  view.setUint16(16, direction === 'sent' ? TO_KERNEL : TO_USER)
  view.setUint16(18, DEVICE)
  view.setUint16(30, protocol)
  bytes.set(datagram, 16 + COOKED)
  return bytes
}
