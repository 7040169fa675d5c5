/** Turning recorded bytes into those that a machine of the other byte order would have sent. */

import { copyOf } from '../../netlink/bytes/bytes.js'
import { dissect } from '../../netlink/dissect/message.js'
import { DecodeError } from '../../netlink/errors.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import { bytesOption, isByteOrder } from '../../netlink/options.js'
import type { Field } from '../../netlink/schema/field.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'

/**
 * The same message in the other byte order: every number in the headers, attribute headers, structs and attributes is
 * turned round where it stands, by what the dissector says of each byte. Nothing is decoded and encoded, so that the
 * result can test the codec.
 * @param from the byte order that the bytes have now
 * @throws DecodeError for bytes that cannot be dissected to the end, or hold attributes that no definition knows; OptionError
 * @example convertByteOrder(route, recorded, 'little') // big-endian
 */
export function convertByteOrder(family: Protocol, bytes: Uint8Array, from: ByteOrder): Uint8Array {
  isByteOrder('from', from)
  bytesOption('bytes', bytes)
  const result = copyOf(bytes)
  for (const message of dissect(family, bytes, { byteOrder: from })) turnMessage(result, message)
  return result
}

const unreadable = (bytes: Uint8Array, { path, offset }: Field, reason: string) =>
  new DecodeError(reason, { path, offset, bytes })

const reverse = (bytes: Uint8Array, at: number, size: number) => void bytes.subarray(at, at + size).reverse()

function turnMessage(bytes: Uint8Array, message: Field): void {
  if (message.name === 'trailing') return
  if (message.problem !== undefined || !message.children)
    throw unreadable(bytes, message, message.problem ?? 'no header')
  turnHeader(bytes, message.offset)
  for (const child of message.children.slice(1)) turn(bytes, child)
}

/** struct nlmsghdr: length, type, flags, sequence number, port. */
function turnHeader(bytes: Uint8Array, at: number): void {
  reverse(bytes, at, 4)
  reverse(bytes, at + 4, 2)
  reverse(bytes, at + 6, 2)
  reverse(bytes, at + 8, 4)
  reverse(bytes, at + 12, 4)
}

function turn(bytes: Uint8Array, field: Field): void {
  if (field.problem !== undefined) throw unreadable(bytes, field, field.problem)
  if (field.name === 'unknown') throw unreadable(bytes, field, 'what an unknown attribute holds cannot be told')
  if (field.name === 'request' && field.header === 0) turnHeader(bytes, field.offset)
  if (field.header > 0) {
    reverse(bytes, field.offset, 2)
    reverse(bytes, field.offset + 2, 2)
  }
  const { width, children } = field
  if (width !== undefined) {
    const end = field.offset + field.length
    for (let at = field.offset + field.header; end - at >= width; at += width) reverse(bytes, at, width)
  }
  for (const child of children ?? []) turn(bytes, child)
}
