/** struct nlattr (linux/netlink.h): the four bytes before every attribute, and attributes that no definition knows. */

import { align4, type Reader, type Writer } from './bytes.js'
import type { Expected } from './expected.js'
import { type Issue, issueOf, Malformed, Unwritable } from './failure.js'

/** NLA_F_NESTED: the payload is attributes. Many senders leave it out, so it is never relied on. */
export const NESTED = 0x8000
/** NLA_F_NET_BYTEORDER: the payload is big-endian. */
const NET_BYTE_ORDER = 0x4000
/** NLA_TYPE_MASK: the number without the two flags. */
export const TYPE_MASK = 0x3fff
/** The length is 16 bits wide. */
export const MAX_ATTRIBUTE = 0xffff
/** No kernel message is nested deeper than about ten; hostile bytes must not exhaust the stack. */
export const MAX_DEPTH = 32

/** An attribute that the definition does not know: kept whole, and written back. */
export interface UnknownAttribute {
  /** Its number, without the flag bits. */
  type: number
  /** NLA_F_NESTED was set. */
  nested?: true
  /** NLA_F_NET_BYTEORDER was set. */
  netByteOrder?: true
  /** Its payload. */
  data: Uint8Array
}

export function unknownAttribute(header: number, data: Uint8Array): UnknownAttribute {
  return {
    type: header & TYPE_MASK,
    ...(header & NESTED ? { nested: true } : {}),
    ...(header & NET_BYTE_ORDER ? { netByteOrder: true } : {}),
    data,
  }
}

/** Fills in the header of an attribute that begins at `at`, when its length is known. */
export function putAttributeHeader(w: Writer, at: number, length: number, type: number): void {
  w.view.setUint16(at, length, w.little)
  w.view.setUint16(at + 2, type, w.little)
}

/** Whether an unknown attribute can be written. */
function fits(one: unknown): one is UnknownAttribute {
  const { type, data } = (one ?? {}) as Partial<UnknownAttribute>
  const number = Number.isInteger(type) && type! >= 0 && type! <= TYPE_MASK
  return number && data instanceof Uint8Array && data.length + 4 <= MAX_ATTRIBUTE
}

export function writeUnknown(w: Writer, one: UnknownAttribute): void {
  if (!fits(one)) throw new Unwritable()
  const { type, nested, netByteOrder, data } = one
  const at = w.take(4)
  w.put(data)
  putAttributeHeader(w, at, data.length + 4, type | (nested ? NESTED : 0) | (netByteOrder ? NET_BYTE_ORDER : 0))
  w.align()
}

export function checkUnknown(value: unknown, path: string, issues: Issue[]): void {
  const expected: Expected = { kind: 'unknown', maxType: TYPE_MASK, maxLength: MAX_ATTRIBUTE - 4 }
  if (!Array.isArray(value)) issues.push(issueOf(path, value, expected))
  else for (const [i, one] of value.entries()) if (!fits(one)) issues.push(issueOf(`${path}[${i}]`, one, expected))
}

/**
 * Visits the attributes between two bytes, up to the first whose length cannot be right. The decoder's own loops are
 * written out: they are the fast path.
 * @returns where it stopped: at most three bytes before the end, when all was well
 */
export function walkAttributes(
  r: Reader,
  at: number,
  end: number,
  visit: (at: number, length: number, type: number) => void,
): number {
  let p = at
  while (end - p >= 4) {
    const length = r.view.getUint16(p, r.little)
    if (length < 4 || length > end - p) break
    visit(p, length, r.view.getUint16(p + 2, r.little))
    p += align4(length)
  }
  return Math.min(p, end)
}

/**
 * Called where an attribute's length cannot be right. Nothing but zeros up to the end is no attribute: some programs
 * send a header that is too long for its message (struct ifinfomsg before a route), and the kernel passes over it.
 * @throws Malformed in all other cases
 */
export function endOfAttributes(r: Reader, at: number, length: number, end: number): void {
  let rest = at
  while (rest < end && r.bytes[rest] === 0) rest++
  if (rest === end) return
  throw new Malformed(
    at,
    length < 4
      ? `the attribute's length is ${length}, less than its own header of 4 bytes`
      : `the attribute's length is ${length}, but ${end - at} bytes are left`,
  )
}

/**
 * Checks the lengths of all attributes between two bytes.
 * @returns where they end
 * @throws Malformed when one cannot be right
 */
export function checkFraming(r: Reader, at: number, end: number): number {
  let p = at
  while (end - p >= 4) {
    const length = r.view.getUint16(p, r.little)
    if (length < 4 || length > end - p) {
      endOfAttributes(r, p, length, end)
      break
    }
    p += align4(length)
  }
  return p
}

/** Why an attribute's payload cannot be of its type. */
export const payloadTooShort = (
  at: number,
  type: { readonly name: string; readonly minimum: number },
  has: number,
): Malformed => new Malformed(at, `${type.name} needs ${type.minimum} bytes, the attribute has ${has}`)

/** The list under a name, made when there is none yet. */
export function listAt(value: Record<string, unknown>, name: string): unknown[] {
  const list = value[name] as unknown[] | null | undefined
  if (list) return list
  const made: unknown[] = []
  value[name] = made
  return made
}
