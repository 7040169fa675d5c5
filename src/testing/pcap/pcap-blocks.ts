/** The blocks of a pcapng file: sections in either byte order, several interfaces, packets in their three blocks. */
import { align4 } from '../../netlink/bytes/bytes.js'
import { type CaptureFormat, type CaptureRecord, LARGEST, LINKTYPE_NETLINK, requireNetlink } from './pcap-format.js'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const PACKET = 2
const SIMPLE = 3
const ENHANCED = 6
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** A block's type and its length before it, the length again behind it. */
const AROUND = 12
/** if_tsresol: an option of an interface. */
const RESOLUTION = 9

/** Whether a file that begins so is a pcapng file: the type of its first block is the same in both byte orders. */
export const isPcapng = (start: DataView): boolean => start.getUint32(0) === SECTION

interface Face {
  readonly linkType: number
  /** How many units of its time are a second. */
  readonly perSecond: bigint
}

/** The blocks of a file, the first section's header included. */
export function pcapngBlocks(): CaptureFormat {
  let little = true
  let faces: Face[] = []
  let number = 0

  function packet(type: number, view: DataView, at: number, length: number): CaptureRecord {
    number++
    const body = at + 8
    const room = length - AROUND - (type === SIMPLE ? 4 : 20)
    const problem = 'a packet that is longer than its block'
    if (room < 0) return { length, problem }
    const original = view.getUint32(body + (type === SIMPLE ? 0 : 16), little)
    const size = type === SIMPLE ? Math.min(original, room) : view.getUint32(body + 12, little)
    if (size > room) return { length, problem }
    const index = type === SIMPLE ? 0 : type === PACKET ? view.getUint16(body, little) : view.getUint32(body, little)
    const face = faces[index]
    if (!face) return { length, problem: `a packet of interface ${index}, which the file does not describe` }
    // A capture of several devices may have netlink among others.
    if (faces.length === 1) requireNetlink(face.linkType, at)
    else if (face.linkType !== LINKTYPE_NETLINK) return { length }
    const high = type === SIMPLE ? 0 : view.getUint32(body + 4, little)
    const low = type === SIMPLE ? 0 : view.getUint32(body + 8, little)
    const time = (BigInt(high) << 32n) | BigInt(low)
    const { perSecond } = face
    const seconds = Number(time / perSecond)
    const nanoseconds = Number(((time % perSecond) * 1_000_000_000n) / perSecond)
    return { length, packet: { at: type === SIMPLE ? 12 : 28, length: size, original, seconds, nanoseconds, number } }
  }

  return {
    get little() {
      return little
    },
    next(view, at) {
      const left = view.byteLength - at
      if (left < AROUND) return undefined
      if (view.getUint32(at) === SECTION) {
        const order = [true, false].find((one) => view.getUint32(at + 8, one) === BYTE_ORDER_MAGIC)
        if (order === undefined) return 'a section without a byte-order magic'
        little = order
        faces = []
      }
      const type = view.getUint32(at, little)
      const length = view.getUint32(at + 4, little)
      if (length < AROUND || length % 4 !== 0 || length > LARGEST) return `a block cannot have ${length} bytes`
      if (left < length) return undefined
      if (type === ENHANCED || type === SIMPLE || type === PACKET) return packet(type, view, at, length)
      if (type === INTERFACE && length >= AROUND + 8) faces.push(faceAt(view, at, length, little))
      return { length }
    },
    missing: (view) =>
      view.byteLength < AROUND
        ? 'the file ends within the header of a block'
        : `the file ends within a block of ${view.getUint32(4, little)} bytes`,
  }
}

function faceAt(view: DataView, at: number, length: number, little: boolean): Face {
  const linkType = view.getUint16(at + 8, little)
  const end = at + length - 4
  for (let p = at + 16; end - p >= 4; ) {
    const code = view.getUint16(p, little)
    const size = view.getUint16(p + 2, little)
    if (code === RESOLUTION && size >= 1 && end - p > 4) {
      // A power of ten, or of two where the highest bit is set.
      const value = view.getUint8(p + 4)
      return { linkType, perSecond: (value & 0x80 ? 2n : 10n) ** BigInt(value & 0x7f) }
    }
    p += 4 + align4(size)
  }
  return { linkType, perSecond: 1_000_000n }
}
