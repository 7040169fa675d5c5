/** Writing captures: classic pcap files of link type 253, as tcpdump writes them of an nlmon device. */
import {
  bytesOption,
  checkOptions,
  integerFrom,
  isArray,
  isByteOrder,
  type OptionTable,
  oneOf,
  U32_MAX,
} from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { COOKED, putCooked } from './pcap-cooked.js'
import { FILE_HEADER, LINKTYPE_NETLINK, NANOSECONDS, type PcapPacket, RECORD_HEADER } from './pcap-format.js'

/** What a packet is made from. */
export type PcapInput = Pick<PcapPacket, 'direction' | 'bytes'> & Partial<PcapPacket>

const count = integerFrom(0, U32_MAX)
/** What the parts of a packet can be. */
const packetParts: OptionTable<PcapInput> = {
  direction: oneOf('sent', 'received'),
  bytes: bytesOption,
  protocol: integerFrom(0, 0xffff),
  ...{ missing: count, seconds: count, nanoseconds: count, offset: integerFrom(0), number: integerFrom(0) },
}

/** The header of a capture's file: link type 253, times in nanoseconds. */
export function pcapHeader(byteOrder: ByteOrder): Uint8Array {
  const little = byteOrder === 'little'
  const header = new Uint8Array(FILE_HEADER)
  const view = new DataView(header.buffer)
  view.setUint32(0, NANOSECONDS, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  // Not larger: libpcap refuses a snapshot length beyond 256 KiB for a link type that it does not know better.
  view.setUint32(16, 262144, little)
  view.setUint32(20, LINKTYPE_NETLINK, little)
  return header
}

/** One datagram as a record of a capture. */
export function pcapRecord(packet: PcapInput, byteOrder: ByteOrder): Uint8Array {
  const { bytes, direction, protocol = 0, missing = 0, seconds = 0, nanoseconds = 0 } = packet
  const little = byteOrder === 'little'
  const record = new Uint8Array(RECORD_HEADER + COOKED + bytes.length)
  const view = new DataView(record.buffer)
  view.setUint32(0, seconds, little)
  view.setUint32(4, nanoseconds, little)
  view.setUint32(8, COOKED + bytes.length, little)
  view.setUint32(12, COOKED + bytes.length + missing, little)
  putCooked(view, RECORD_HEADER, direction, protocol)
  record.set(bytes, RECORD_HEADER + COOKED)
  return record
}

/**
 * Makes a capture, which Wireshark, tcpdump and `readPcap` read.
 * @param byteOrder the order of the messages, and of the file
 * @throws OptionError
 * @example await writeFile('conversation.pcap', writePcap(packets, 'little'))
 */
export function writePcap(packets: readonly PcapInput[], byteOrder: ByteOrder): Uint8Array {
  isByteOrder('byteOrder', byteOrder)
  isArray('packets', packets)
  for (const [i, packet] of packets.entries()) {
    checkOptions(`packets[${i}]`, packet, packetParts)
    packetParts.direction(`packets[${i}].direction`, packet.direction)
    bytesOption(`packets[${i}].bytes`, packet.bytes)
  }
  // Without a time, one microsecond after the other: programs that sort keep the order.
  const timed = packets.map((packet, i) => ({ nanoseconds: (i * 1000) % 1e9, ...packet }))
  const parts = [pcapHeader(byteOrder), ...timed.map((packet) => pcapRecord(packet, byteOrder))]
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    file.set(part, at)
    at += part.length
  }
  return file
}
