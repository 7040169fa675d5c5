/** What every reader of an input format gives: datagrams, and what is no datagram, in their order. */
import type { ByteOrder } from '../../netlink/index.js'

/** One datagram of the input. */
export interface InputDatagram {
  readonly bytes: Uint8Array
  /** Where it stands in the input: `line 4`, `byte 0x40`, `packet 3`. */
  readonly where: string
  /** Sent to the kernel or received from it, where the input tells. */
  readonly direction?: 'sent' | 'received'
  /** The netlink protocol, by number or by the name of its family, where the input tells. */
  readonly protocol?: number | string
  readonly byteOrder?: ByteOrder
  /** Whose conversation it belongs to, where the input tells several apart. */
  readonly conversation?: string
  /** How long it was, where the input holds only its beginning. */
  readonly truncated?: number
}

/** A part of the input that is no datagram. */
export interface Garbage {
  readonly garbage: Uint8Array | string
  readonly where: string
  readonly reason: string
}

/** Something that happened, and is no datagram: an overrun, a time. */
interface Remark {
  readonly remark: string
  readonly where: string
}

export type Piece = InputDatagram | Garbage | Remark

/** What the command line says about the input. */
export interface Hints {
  readonly byteOrder?: ByteOrder | undefined
  /** The bytes are payloads without a header: they cannot be told apart by their lengths. */
  readonly payload?: boolean
}
