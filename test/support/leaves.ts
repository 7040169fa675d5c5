/** Leaf types of every form, for random definitions. */
import {
  type AnyType,
  address,
  be16,
  be32,
  be64,
  bes16,
  bes32,
  bes64,
  bitFields,
  bitfield32,
  bytes,
  enumOf,
  fixedArray,
  fixedBytes,
  fixedHex,
  fixedString,
  flag,
  flagsOf,
  hexBytes,
  ipv4,
  ipv6,
  le16,
  le32,
  le64,
  mac,
  mac6,
  nulString,
  s8,
  s16,
  s32,
  s64,
  sint,
  string,
  u8,
  u16,
  u32,
  u64,
  uint,
  uuid,
} from '../../src/netlink/index.js'

const names = { off: 0, on: 1, far: 2n ** 40n }
const bits = { one: 1, high: 2n ** 32n, top: 2n ** 63n }

/** Those of a fixed size, which a struct can have. */
export const sized: readonly AnyType[] = [
  ...[u8, s8, u16, s16, u32, s32, u64, s64],
  ...[be16, be32, be64, bes16, bes32, bes64, le16, le32, le64],
  enumOf(u16, { l2: 0, l3: 1, l3s: 2 }),
  flagsOf(u32, { private: 1, vepa: 2, high: 0x80000000 }),
  flagsOf(u16, { a: 1, b: 2, c: 8 }, undefined, { when: 'b', values: { d: 8, e: 0x8000 } }),
  enumOf(u64, names),
  flagsOf(u64, bits),
  ...[mac6, ipv4, ipv6, uuid],
  ...[bitFields(u8, { align: 4, flags: 4 }), bitFields(u32, { a: 1, b: 31 }), bitFields(be16, { a: 3, b: 13 })],
  ...[fixedBytes(3), fixedHex(5), fixedString(8), fixedArray(u16, 3)],
]

export const leaves: readonly AnyType[] = [
  ...sized,
  ...[bytes, flag, nulString({ max: 15 }), string(), mac, address, hexBytes],
  ...[uint, sint, enumOf(uint, names), flagsOf(uint, bits)],
  bitfield32({ a: 1, b: 4 }),
]
