/** Captures of an nlmon device, as tcpdump writes them: classic pcap files of link type 253 (LINKTYPE_NETLINK). */
import { Reader } from '../netlink/bytes.js'
import { flagsAt, HEADER, NLM_F } from '../netlink/nlmsghdr.js'
import type { ByteOrder } from '../netlink/transport.js'

/** One captured datagram. */
export interface PcapPacket {
  /** The netlink protocol: 0 is NETLINK_ROUTE. */
  readonly protocol: number
  /** To the kernel or from it. Where the capture does not tell, a message that is a request was sent. */
  readonly direction: 'sent' | 'received'
  /** The datagram, without the capture's own header. It aliases what was pushed. */
  readonly bytes: Uint8Array
  /** How many bytes of it the capture left out (tcpdump's -s). */
  readonly missing: number
  /** When, in seconds and nanoseconds. */
  readonly seconds: number
  readonly nanoseconds: number
  /** Where its record begins in the file. */
  readonly offset: number
}

/** A capture that cannot be read, with the byte of the file. */
export class PcapError extends Error {
  override readonly name = 'PcapError'
  readonly offset: number
  constructor(offset: number, message: string) {
    super(`${message} (at byte ${offset} of the capture)`)
    this.offset = offset
  }
}

export const LINKTYPE_NETLINK = 253
const FILE_HEADER = 24
const RECORD_HEADER = 16
/** The "cooked" header before each datagram: packet type, device type, unused, protocol; big-endian on any machine. */
export const COOKED = 16
const ARPHRD_NETLINK = 824
/** Packet types of nlmon (linux/if_packet.h). libpcap gives 4, outgoing, for both directions. */
export const PACKET_USER = 6
export const PACKET_KERNEL = 7
const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
/** Larger than any datagram: a length above it is garbage. */
const LARGEST = 64 * 1024 * 1024

/** Whether a file that begins so is a classic pcap file, of whatever link type. */
export function isPcap(start: Uint8Array): boolean {
  return start.length >= 4 && orderOf(start) !== undefined
}

function orderOf(start: Uint8Array): { little: boolean; nano: boolean } | undefined {
  const view = new DataView(start.buffer, start.byteOffset)
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little)
    if (magic === MICROSECONDS || magic === NANOSECONDS) return { little, nano: magic === NANOSECONDS }
  }
  return undefined
}

/**
 * Reads a capture piece by piece, in flat memory.
 * @example
 * const reader = new PcapReader()
 * for await (const chunk of createReadStream(file)) for (const packet of reader.push(chunk)) show(packet)
 * reader.end()
 */
export class PcapReader {
  #rest: Uint8Array = new Uint8Array()
  #at = 0
  #file: { little: boolean; nano: boolean } | undefined
  #byteOrder: ByteOrder | undefined

  /**
   * The byte order that the messages have: the machine's that captured them. Known from the first packet on, and then
   * by that packet's own length, since a program that rewrote the capture may have turned the file's order.
   */
  get byteOrder(): ByteOrder {
    return this.#byteOrder ?? (this.#file?.little === false ? 'big' : 'little')
  }

  /**
   * Takes the next piece of the file.
   * @returns the packets that are whole now
   * @throws PcapError when it is no capture of netlink, or a record's length cannot be right
   */
  push(chunk: Uint8Array): PcapPacket[] {
    let bytes = chunk
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length)
      bytes.set(this.#rest)
      bytes.set(chunk, this.#rest.length)
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const packets: PcapPacket[] = []
    let at = 0
    if (!this.#file && bytes.length >= FILE_HEADER) {
      this.#file = fileHeader(bytes, view)
      at = FILE_HEADER
    }
    while (this.#file && bytes.length - at >= RECORD_HEADER) {
      const length = view.getUint32(at + 8, this.#file.little)
      if (length > LARGEST) throw new PcapError(this.#at + at, `a record of ${length} bytes: the capture is garbled`)
      if (bytes.length - at - RECORD_HEADER < length) break
      packets.push(this.#packet(bytes, view, at, length, this.#file))
      at += RECORD_HEADER + length
    }
    this.#at += at
    this.#rest = bytes.slice(at)
    return packets
  }

  #packet(bytes: Uint8Array, view: DataView, at: number, length: number, file: { little: boolean; nano: boolean }) {
    const { little, nano } = file
    const start = at + RECORD_HEADER
    if (length < COOKED)
      throw new PcapError(this.#at + at, `a record of ${length} bytes, less than its header of ${COOKED}`)
    const datagram = bytes.subarray(start + COOKED, start + length)
    this.#byteOrder ??= messageOrder(datagram, little)
    const type = view.getUint16(start, false)
    const direction =
      type === PACKET_KERNEL || (type !== PACKET_USER && isRequest(datagram, this.#byteOrder)) ? 'sent' : 'received'
    return {
      protocol: view.getUint16(start + 14, false),
      direction,
      bytes: datagram,
      missing: Math.max(0, view.getUint32(at + 12, little) - length),
      seconds: view.getUint32(at, little),
      nanoseconds: view.getUint32(at + 4, little) * (nano ? 1 : 1000),
      offset: this.#at + at,
    } satisfies PcapPacket
  }

  /** The end of the file. @throws PcapError when it ends in the middle of a record: what was whole has been given */
  end(): void {
    const left = this.#rest.length
    if (!this.#file) throw new PcapError(0, `no capture: ${left} bytes, a pcap file begins with ${FILE_HEADER}`)
    if (left > 0) throw new PcapError(this.#at, `the capture ends within a record: ${left} bytes of it are there`)
  }
}

function fileHeader(bytes: Uint8Array, view: DataView): { little: boolean; nano: boolean } {
  const file = orderOf(bytes)
  if (!file) throw new PcapError(0, 'no pcap file: it begins with other bytes')
  // The upper bits say whether frames end with a checksum.
  const linkType = view.getUint32(20, file.little) & 0x0fffffff
  if (linkType !== LINKTYPE_NETLINK)
    throw new PcapError(20, `link type ${linkType}, not ${LINKTYPE_NETLINK}: it was not captured on an nlmon device`)
  return file
}

/** The byte order in which the first message's length can be right; the file's where both or neither can. */
function messageOrder(datagram: Uint8Array, little: boolean): ByteOrder {
  const fits = (order: ByteOrder) => {
    if (datagram.length < HEADER) return false
    const length = new Reader(datagram, order).view.getUint32(0, order === 'little')
    return length >= HEADER && length <= datagram.length
  }
  const [usual, other]: ByteOrder[] = little ? ['little', 'big'] : ['big', 'little']
  return !fits(usual!) && fits(other!) ? other! : usual!
}

const isRequest = (datagram: Uint8Array, order: ByteOrder): boolean =>
  datagram.length >= HEADER && (flagsAt(new Reader(datagram, order), 0) & NLM_F.REQUEST) !== 0

/** What a packet is made from. */
export type PcapInput = Pick<PcapPacket, 'direction' | 'bytes'> & Partial<PcapPacket>

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
  view.setUint16(RECORD_HEADER, direction === 'sent' ? PACKET_KERNEL : PACKET_USER, false)
  view.setUint16(RECORD_HEADER + 2, ARPHRD_NETLINK, false)
  view.setUint16(RECORD_HEADER + 14, protocol, false)
  record.set(bytes, RECORD_HEADER + COOKED)
  return record
}

/**
 * Makes a capture, which Wireshark, tcpdump and `readPcap` read.
 * @param byteOrder the order of the messages, and of the file
 * @example await writeFile('conversation.pcap', writePcap(packets, 'little'))
 */
export function writePcap(packets: readonly PcapInput[], byteOrder: ByteOrder): Uint8Array {
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

/**
 * Reads a capture that is in memory. For a long one, see PcapReader.
 * @throws PcapError
 * @example readPcap(await readFile('nlmon.pcap')).packets.map(({ bytes }) => decode(route, bytes))
 */
export function readPcap(file: Uint8Array): { packets: PcapPacket[]; byteOrder: ByteOrder } {
  const reader = new PcapReader()
  const packets = reader.push(file)
  reader.end()
  return { packets, byteOrder: reader.byteOrder }
}
