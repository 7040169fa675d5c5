/** Captures of an nlmon device: pcap files, as tcpdump writes them, and pcapng files, as Wireshark does. */
import { copyOf, Reader } from '../../netlink/bytes/bytes.js'
import { bytesOption } from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { isPcapng, pcapngBlocks } from './pcap-blocks.js'
import { COOKED, directionAt, messageOrder, protocolAt } from './pcap-cooked.js'
import {
  type CaptureFormat,
  type CaptureRecord,
  FILE_HEADER,
  type PcapDamage,
  PcapError,
  type PcapPacket,
} from './pcap-format.js'
import { pcapOrder, pcapRecords } from './pcap-records.js'

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Which kind of capture begins so, of whatever link type; undefined for anything else. */
export function captureFormat(start: Uint8Array): 'pcap' | 'pcapng' | undefined {
  if (start.length < 4) return undefined
  if (isPcapng(viewOf(start))) return 'pcapng'
  return pcapOrder(viewOf(start)) && 'pcap'
}

/** Whether a file that begins so is a pcap or pcapng file, of whatever link type. */
export function isPcap(start: Uint8Array): boolean {
  bytesOption('start', start)
  return captureFormat(start) !== undefined
}

/**
 * Reads a capture piece by piece, in flat memory.
 * @example
 * const reader = new PcapReader()
 * for await (const chunk of createReadStream(file)) for (const packet of reader.push(chunk)) show(packet)
 * reader.end()
 */
export class PcapReader {
  /** The part of a record that is there, at the beginning of memory of our own. */
  #rest: Uint8Array = new Uint8Array()
  #at = 0
  #format: CaptureFormat | undefined
  #byteOrder: ByteOrder | undefined
  /** The bytes that are read now. */
  #reader: Reader | undefined
  /** Nothing more can be read. */
  #lost = false
  #error: PcapError | undefined

  /**
   * The byte order that the messages have: the machine's that captured them. Known from the first packet on, and then
   * by that packet's own length, since a program that rewrote the capture may have turned the file's order.
   */
  get byteOrder(): ByteOrder {
    return this.#byteOrder ?? (this.#format?.little === false ? 'big' : 'little')
  }

  /**
   * Takes the next piece of the file.
   * @returns the packets that are whole now
   * @throws PcapError when it is no capture of netlink, or a record cannot be right; the packets before it are given
   * first, and the next call throws
   */
  push(chunk: Uint8Array): PcapPacket[] {
    bytesOption('chunk', chunk)
    if (this.#error) throw this.#error
    const packets: PcapPacket[] = []
    try {
      for (const one of this.read(chunk)) {
        if (!('bytes' in one)) throw new PcapError(one.offset, one.reason)
        packets.push(one)
      }
    } catch (error) {
      this.#error = error as PcapError
    }
    if (this.#error && packets.length === 0) throw this.#error
    return packets
  }

  /** The end of the file. @throws PcapError when it ends in the middle of a record: what was whole has been given */
  end(): void {
    if (this.#error) throw this.#error
    const damage = this.last()
    if (damage) throw new PcapError(damage.offset, damage.reason)
  }

  /**
   * Like push, for those who want to read as much of a damaged capture as there is: what cannot be read stands in its
   * place among the packets.
   * @throws PcapError when it is no capture of netlink
   */
  *read(chunk: Uint8Array): Generator<PcapPacket | PcapDamage> {
    if (this.#lost) return
    const bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk)
    const view = viewOf(bytes)
    let at = 0
    if (!this.#format) {
      this.#format = formatOf(bytes, view)
      if (this.#format && captureFormat(bytes) === 'pcap') at = FILE_HEADER
    }
    const format = this.#format
    for (let one = format?.next(view, at); one !== undefined; one = format!.next(view, at)) {
      if (typeof one === 'string') {
        this.#lost = true
        yield { reason: one, offset: this.#at + at, damaged: copyOf(bytes, at) }
        return
      }
      if (one.packet || one.problem) yield this.#packet(bytes, view, at, one)
      at += one.length
    }
    this.#at += at
    this.#rest = at === 0 && bytes !== chunk ? bytes : copyOf(bytes, at)
    this.#reader = undefined
  }

  /** What is left at the end of the file, for those who use `read`. @throws PcapError when it is no capture at all */
  last(): PcapDamage | undefined {
    const damaged = this.#rest
    if (this.#lost || (this.#format && damaged.length === 0)) return undefined
    if (!this.#format)
      throw new PcapError(0, `no capture: ${damaged.length} bytes, and a pcap file begins with ${FILE_HEADER}`)
    return { reason: this.#format.missing(viewOf(damaged)), offset: this.#at, damaged }
  }

  #packet(bytes: Uint8Array, view: DataView, at: number, record: CaptureRecord): PcapPacket | PcapDamage {
    const { packet, problem } = record
    const offset = this.#at + at
    if (!packet || packet.length < COOKED) {
      const reason = problem ?? `a packet of ${packet?.length} bytes, less than the ${COOKED} before each datagram`
      return { reason, offset, damaged: copyOf(bytes, at, at + record.length) }
    }
    const start = at + packet.at
    const end = start + packet.length
    const datagram = copyOf(bytes, start + COOKED, end)
    this.#byteOrder ??= messageOrder(datagram, this.#format!.little)
    if (this.#reader?.bytes !== bytes) this.#reader = new Reader(bytes, this.#byteOrder)
    return {
      protocol: protocolAt(view, start),
      direction: directionAt(this.#reader, start, end),
      bytes: datagram,
      missing: Math.max(0, packet.original - packet.length),
      seconds: packet.seconds,
      nanoseconds: packet.nanoseconds,
      offset,
      number: packet.number,
    }
  }
}

/** How to read a file that begins so; undefined when too little of it is there. @throws PcapError */
function formatOf(bytes: Uint8Array, view: DataView): CaptureFormat | undefined {
  if (bytes.length < 4) return undefined
  if (isPcapng(view)) return pcapngBlocks()
  const order = pcapOrder(view)
  if (!order) throw new PcapError(0, 'no pcap file: it begins with other bytes')
  return bytes.length < FILE_HEADER ? undefined : pcapRecords(view, order)
}

/** The rest and what follows it: behind it where there is room, which doubles, since a long record has many pieces. */
function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  const length = rest.length + chunk.length
  let room = new Uint8Array(rest.buffer)
  if (room.length < length) {
    room = new Uint8Array(Math.max(length, 2 * rest.length))
    room.set(rest)
  }
  room.set(chunk, rest.length)
  return room.subarray(0, length)
}

/**
 * Reads a capture that is in memory. For a long one, see PcapReader.
 * @throws PcapError
 * @example readPcap(await readFile('nlmon.pcap')).packets.map(({ bytes }) => decode(route, bytes))
 */
export function readPcap(file: Uint8Array): { packets: PcapPacket[]; byteOrder: ByteOrder } {
  bytesOption('file', file)
  const reader = new PcapReader()
  const packets = reader.push(file)
  reader.end()
  return { packets, byteOrder: reader.byteOrder }
}
