/**
 * Integers: u8 to u64, s8 to s64, in the message's byte order, always big-endian (the kernel's __be16 and so on) or
 * always little-endian (__le16 and so on).
 */
import type { Reader, Writer } from '../../bytes/bytes.js'
import { type Expected, type Leaf, leaf } from '../type.js'

/** An integer type, with its range. */
export interface Integer<T extends number | bigint = number> extends Leaf<T> {
  readonly size: number
  readonly min: T
  readonly max: T
  /** The byte order that it has whatever the message has. */
  readonly order?: 'big' | 'little'
}

/** The byte order of a type: the message's, or one of its own. */
type Order = 'message' | 'big' | 'little'

type Get<T> = (view: DataView, at: number, little: boolean) => T

/**
 * Puts a number that fits, and tells whether it did: one that fits equals itself cut to its size. A function for each
 * width, so that each is compiled for one kind of number: 3 times faster than one for all.
 */
const puts: Record<string, (w: Writer, at: number, value: unknown) => boolean> = {
  u8(w, at, value) {
    if (typeof value !== 'number' || (value & 0xff) !== value) return false
    w.bytes[at] = value
    return true
  },
  s8(w, at, value) {
    if (typeof value !== 'number' || (value << 24) >> 24 !== value) return false
    w.bytes[at] = value
    return true
  },
  u16(w, at, value) {
    if (typeof value !== 'number' || (value & 0xffff) !== value) return false
    w.view.setUint16(at, value, w.little)
    return true
  },
  s16(w, at, value) {
    if (typeof value !== 'number' || (value << 16) >> 16 !== value) return false
    w.view.setInt16(at, value, w.little)
    return true
  },
  u32(w, at, value) {
    if (typeof value !== 'number' || value >>> 0 !== value) return false
    w.view.setUint32(at, value, w.little)
    return true
  },
  s32(w, at, value) {
    if (typeof value !== 'number' || (value | 0) !== value) return false
    w.view.setInt32(at, value, w.little)
    return true
  },
  be16(w, at, value) {
    if (typeof value !== 'number' || (value & 0xffff) !== value) return false
    w.view.setUint16(at, value)
    return true
  },
  be32(w, at, value) {
    if (typeof value !== 'number' || value >>> 0 !== value) return false
    w.view.setUint32(at, value)
    return true
  },
  bes16(w, at, value) {
    if (typeof value !== 'number' || (value << 16) >> 16 !== value) return false
    w.view.setInt16(at, value)
    return true
  },
  bes32(w, at, value) {
    if (typeof value !== 'number' || (value | 0) !== value) return false
    w.view.setInt32(at, value)
    return true
  },
  le16(w, at, value) {
    if (typeof value !== 'number' || (value & 0xffff) !== value) return false
    w.view.setUint16(at, value, true)
    return true
  },
  le32(w, at, value) {
    if (typeof value !== 'number' || value >>> 0 !== value) return false
    w.view.setUint32(at, value, true)
    return true
  },
}

function integer(name: string, size: number, signed: boolean, order: Order, get: Get<number>): Integer {
  const min = signed ? -(2 ** (8 * size - 1)) : 0
  const max = signed ? 2 ** (8 * size - 1) - 1 : 2 ** (8 * size) - 1
  const accepted: Expected = { kind: 'integer', min, max }
  const problem = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? undefined : accepted
  const type = leaf<number>({
    kind: 'integer',
    name,
    size,
    scalar: size,
    ...(order === 'message' ? { width: size } : {}),
    problem,
    read:
      order === 'message'
        ? (r: Reader, at: number) => get(r.view, at, r.little)
        : order === 'big'
          ? (r: Reader, at: number) => get(r.view, at, false)
          : (r: Reader, at: number) => get(r.view, at, true),
    put: puts[name]!,
    show: String,
    describe: { min, max },
  })
  return Object.freeze({ ...type, size, min, max, ...(order === 'message' ? {} : { order }) })
}

/** 64-bit numbers are always bigint. */
function integer64(name: string, signed: boolean, order: Order): Integer<bigint> {
  const min = signed ? -(2n ** 63n) : 0n
  const max = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n
  const accepted: Expected = { kind: 'bigint', min, max }
  const own = order !== 'message'
  const ownLittle = order === 'little'
  const type = leaf<bigint>({
    kind: 'bigint',
    name,
    size: 8,
    scalar: 8,
    ...(order === 'message' ? { width: 8 } : {}),
    problem: (value) => (typeof value === 'bigint' && value >= min && value <= max ? undefined : accepted),
    read(r, at) {
      // Most counters are zero, and 0n costs no allocation.
      if (r.view.getInt32(at) === 0 && r.view.getInt32(at + 4) === 0) return 0n
      const little = own ? ownLittle : r.little
      return signed ? r.view.getBigInt64(at, little) : r.view.getBigUint64(at, little)
    },
    put(w, at, value) {
      if (typeof value !== 'bigint' || value < min || value > max) return false
      w.view.setBigUint64(at, BigInt.asUintN(64, value), own ? ownLittle : w.little)
      return true
    },
    show: String,
    describe: { min: String(min), max: String(max) },
  })
  return Object.freeze({ ...type, size: 8, min, max })
}

const getU8: Get<number> = (v, at) => v.getUint8(at)
const getU16: Get<number> = (v, at, le) => v.getUint16(at, le)
const getU32: Get<number> = (v, at, le) => v.getUint32(at, le)
const getS16: Get<number> = (v, at, le) => v.getInt16(at, le)
const getS32: Get<number> = (v, at, le) => v.getInt32(at, le)

/** Unsigned, 8 bits (NLA_U8). */
export const u8 = integer('u8', 1, false, 'message', getU8)
/** Unsigned, 16 bits (NLA_U16). */
export const u16 = integer('u16', 2, false, 'message', getU16)
/** Unsigned, 32 bits (NLA_U32). */
export const u32 = integer('u32', 4, false, 'message', getU32)
/** Unsigned, 64 bits, as bigint (NLA_U64). */
export const u64 = integer64('u64', false, 'message')
/** Signed, 8 bits (NLA_S8). */
export const s8 = integer('s8', 1, true, 'message', (v, at) => v.getInt8(at))
/** Signed, 16 bits (NLA_S16). */
export const s16 = integer('s16', 2, true, 'message', getS16)
/** Signed, 32 bits (NLA_S32). */
export const s32 = integer('s32', 4, true, 'message', getS32)
/** Signed, 64 bits, as bigint (NLA_S64). */
export const s64 = integer64('s64', true, 'message')
/** Unsigned, 16 bits, big-endian whatever the message is (__be16). */
export const be16 = integer('be16', 2, false, 'big', getU16)
/** Unsigned, 32 bits, big-endian whatever the message is (__be32). */
export const be32 = integer('be32', 4, false, 'big', getU32)
/** Unsigned, 64 bits, big-endian whatever the message is (__be64). */
export const be64 = integer64('be64', false, 'big')
/** Signed, 16 bits, big-endian whatever the message is. */
export const bes16 = integer('bes16', 2, true, 'big', getS16)
/** Signed, 32 bits, big-endian whatever the message is: the numbers of nf_tables, such as a hook's priority. */
export const bes32 = integer('bes32', 4, true, 'big', getS32)
/** Signed, 64 bits, big-endian whatever the message is, as bigint. */
export const bes64 = integer64('bes64', true, 'big')
/** Unsigned, 16 bits, little-endian whatever the message is (__le16). */
export const le16 = integer('le16', 2, false, 'little', getU16)
/** Unsigned, 32 bits, little-endian whatever the message is (__le32). */
export const le32 = integer('le32', 4, false, 'little', getU32)
/** Unsigned, 64 bits, little-endian whatever the message is (__le64), as bigint. */
export const le64 = integer64('le64', false, 'little')
