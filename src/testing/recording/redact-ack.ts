/** Where the kernel's blame lies in a request whose attributes have other lengths now. */

import { dissect } from '../../netlink/dissect/message.js'
import type { ExtendedAck } from '../../netlink/frame/control.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import type { Field } from '../../netlink/schema/field.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'

/** A request as it was and as it is now. */
export interface Pair {
  readonly before: Uint8Array
  readonly after: Uint8Array
}

/** The offsets of an extended ack for the changed request. What is in no field stays where it was. */
export function movedAck(
  family: Protocol,
  byteOrder: ByteOrder,
  ack: ExtendedAck,
  { before, after }: Pair,
): ExtendedAck {
  const [from, to] = [before, after].map((bytes) => dissect(family, bytes, { byteOrder }))
  const moved = (offset: number) => movedOffset(from!, to!, offset)
  return {
    ...(ack.offset === undefined ? {} : { offset: moved(ack.offset) }),
    ...(ack.missNest === undefined ? {} : { missNest: moved(ack.missNest) }),
  }
}

/** Both trees have the same shape: the innermost field that covers the offset, and how far into it. */
function movedOffset(from: readonly Field[], to: readonly Field[], offset: number): number {
  for (const [i, field] of from.entries()) {
    const same = to[i]
    if (!same || offset < field.offset || offset >= field.offset + field.length) continue
    if (field.children && offset >= field.offset + field.header)
      return movedOffset(field.children, same.children ?? [], offset)
    return same.offset + (offset - field.offset)
  }
  return offset
}
