/** Taking a datagram apart by the headers of its messages alone. */

import type { ByteOrder } from '../bytes/byte-order.js'
import { align4, areZeros, Reader } from '../bytes/bytes.js'
import { flagsAt, HEADER, lengthAt, portAt, seqAt, typeAt } from './nlmsghdr.js'

/** The members of a message's header. */
export interface MessageHeader {
  /** As it stands there: of the header and the payload, without padding. */
  readonly length: number
  readonly type: number
  readonly flags: number
  readonly seq: number
  readonly port: number
}

/** A message of a datagram, or what is left of it where no message can be told. */
export interface MessagePart {
  /** Where it begins. */
  readonly at: number
  /** Where it ends, with its padding; the last message also has the zeros after it. */
  readonly end: number
  /** Whether its length can be right; false for the garbled rest of a datagram. */
  readonly sound: boolean
  /** undefined where there are too few bytes for one. */
  readonly header: MessageHeader | undefined
}

/**
 * The messages of a datagram, one after the other, of all its bytes. What comes after a length that cannot be right is
 * one part that is not sound.
 * @example splitMessages(datagram, 'little').map(({ header }) => header?.seq)
 */
export function splitMessages(bytes: Uint8Array, byteOrder: ByteOrder): MessagePart[] {
  const r = new Reader(bytes, byteOrder)
  const parts: MessagePart[] = []
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at
    const header = left < HEADER ? undefined : headerAt(r, at)
    const sound = header !== undefined && header.length >= HEADER && header.length <= left
    // Compared before it is rounded: that is done with 32 bits and a sign.
    let end = sound ? at + align4(header.length) : bytes.length
    if (end > bytes.length || areZeros(bytes, end, bytes.length)) end = bytes.length
    parts.push({ at, end, sound, header })
    at = end
  }
  return parts
}

const headerAt = (r: Reader, at: number): MessageHeader => ({
  length: lengthAt(r, at),
  type: typeAt(r, at),
  flags: flagsAt(r, at),
  seq: seqAt(r, at),
  port: portAt(r, at),
})
