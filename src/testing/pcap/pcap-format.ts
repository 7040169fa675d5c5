/** What captures are made of: the packets, what can be wrong, and the two formats of files. */

/** One captured datagram. */
export interface PcapPacket {
  /** The netlink protocol: 0 is NETLINK_ROUTE. */
  readonly protocol: number
  /** To the kernel or from it. Where the capture does not tell, a message that is a request was sent. */
  readonly direction: 'sent' | 'received'
  /** The datagram, without the capture's own header: a copy. */
  readonly bytes: Uint8Array
  /** How many bytes of it the capture left out (tcpdump's -s). */
  readonly missing: number
  /** When, in seconds and nanoseconds. */
  readonly seconds: number
  readonly nanoseconds: number
  /** Where its record begins in the file. */
  readonly offset: number
  /** Its number in the file, from 1, packets of other devices counted. */
  readonly number: number
}

/** A part of a capture that is no packet. */
export interface PcapDamage {
  readonly reason: string
  /** Where it begins in the file. */
  readonly offset: number
  /** The part: one record, or all that is there when no next record can be told. */
  readonly damaged: Uint8Array
}

/** A capture that cannot be read, with the byte of the file. */
export class PcapError extends Error {
  override readonly name = 'PcapError'
  readonly offset: number
  /** The message without the offset. */
  readonly reason: string
  constructor(offset: number, reason: string) {
    super(`${reason} (at byte ${offset} of the capture)`)
    this.offset = offset
    this.reason = reason
  }
}

/** The link type of nlmon devices. */
export const LINKTYPE_NETLINK = 253
/** The sizes of a pcap file's header and of a record's, and the file's magic numbers. */
export const FILE_HEADER = 24
export const RECORD_HEADER = 16
export const MICROSECONDS = 0xa1b2c3d4
export const NANOSECONDS = 0xa1b23c4d
/** Larger than any datagram: a length above it is garbage. */
export const LARGEST = 64 * 1024 * 1024

/** A record of a pcap file or a block of a pcapng file. */
export interface CaptureRecord {
  /** How many bytes it takes. */
  readonly length: number
  /** The packet in it, counted from its beginning; undefined when it holds none of netlink. */
  readonly packet?: {
    readonly at: number
    readonly length: number
    /** How long it was before it was cut. */
    readonly original: number
    readonly seconds: number
    readonly nanoseconds: number
    readonly number: number
  }
  /** Why the packet cannot be read. */
  readonly problem?: string
}

/** How the records of a file are found. */
export interface CaptureFormat {
  /** The byte order of the file. */
  readonly little: boolean
  /**
   * What begins at `at`: a record, or why there can be none and no other after it; undefined when not all of it is
   * there.
   * @throws PcapError for captures of anything but netlink
   */
  next(view: DataView, at: number): CaptureRecord | string | undefined
  /** What is missing where the file ends within a record. */
  missing(view: DataView): string
}

/** @throws PcapError when it is not that of nlmon */
export function requireNetlink(linkType: number, offset: number): void {
  if (linkType === LINKTYPE_NETLINK) return
  const what = linkType === 1 ? ' (Ethernet)' : linkType === 113 || linkType === 276 ? ' (Linux cooked)' : ''
  throw new PcapError(
    offset,
    `a capture of link type ${linkType}${what}, not of netlink (${LINKTYPE_NETLINK}): capture on an nlmon device`,
  )
}
