/** A family for tests of the engine, with every kind of type and none of rtnetlink's own definitions. */
import {
  address,
  attributes,
  be16,
  be32,
  be64,
  bes16,
  bes32,
  bes64,
  bitFields,
  bitfield32,
  byMember,
  bytes,
  defineProtocol,
  enumOf,
  fixedArray,
  fixedBytes,
  fixedHex,
  fixedString,
  flag,
  flagsOf,
  followedBy,
  headed,
  hexBytes,
  indexed,
  ipv4,
  ipv6,
  lazy,
  le16,
  le32,
  le64,
  listOf,
  mac,
  mac6,
  nulString,
  ordered,
  packed,
  padding,
  records,
  repeated,
  s8,
  s16,
  s32,
  s64,
  select,
  sint,
  string,
  struct,
  type Type,
  u8,
  u16,
  u32,
  u64,
  uint,
  uuid,
} from '../../src/netlink/index.js'

export const point = struct('point', { x: u16, _pad: padding(2), y: s32, big: be16, id: mac6 })
export const head = struct('samplehdr', {
  smpFamily: enumOf(u8, { unspec: 0, inet: 2, inet6: 10 }),
  _pad: u8,
  smpFlags: flagsOf(u16, { up: 1, down: 2 }),
  smpIndex: s32,
})
const recordHead = struct('samplerec', { _recLen: u16, recHops: u8, recFlags: u8, recIndex: u32 })

export const circle = attributes('CIRCLE', { radius: [1, u32], mode: [2, enumOf(u16, { thin: 0, thick: 1 })] })
export const square = attributes('SQUARE', { side: [1, u64], name: [3, nulString({ max: 15 })] })
export const marked = attributes('MARKED', { a: [1, u8], b: [2, nulString()] }, { nestedBit: true })
export const shape = attributes('SHAPE', {
  kind: [1, nulString()],
  data: [2, select('kind', { circle, square }, 'otherData')],
  extra: [3, bytes],
})

const key = struct('samplekey', { mask: be32, off: s32 })
const selector = struct('sampleselector', { nkeys: u8, offset: u16 }, { aligned: true })
const match = struct('samplematch', { matchKind: u16, matchFlags: u16 })
const table = struct('sampletable', { ifname: fixedString(16), prio: u8, mask: fixedArray(u32, 3) }, { aligned: true })
export const actions = attributes('ACTIONS', {
  output: [1, u32],
  push: [2, u16],
  pop: [3, flag],
  nested: [4, lazy('SAMPLE', (): Type<object> => circle)],
  several: [5, repeated(u8)],
})

export const sample = attributes('SAMPLE', {
  u8: [1, u8],
  u16: [2, u16],
  u32: [3, u32],
  u64: [4, u64],
  s8: [5, s8],
  s16: [6, s16],
  s32: [7, s32],
  s64: [8, s64],
  be16: [9, be16],
  be32: [10, be32],
  be64: [11, be64],
  name: [12, nulString({ max: 15 })],
  text: [13, string()],
  flag: [14, flag],
  bytes: [15, bytes],
  mac: [16, mac],
  address: [17, address],
  ipv4: [18, ipv4],
  ipv6: [19, ipv6],
  fixed: [20, fixedBytes(3)],
  switches: [21, bitfield32({ one: 1, two: 2 })],
  mode: [22, enumOf(u16, { l2: 0, l3: 1, l3s: 2 })],
  flags: [23, flagsOf(u32, { private: 1, vepa: 2, top: 0x80000000 })],
  point: [24, point],
  aliases: [25, repeated(nulString())],
  points: [26, packed(point)],
  numbers: [27, packed(u32)],
  list: [28, listOf(circle, { number: 'index' })],
  table: [29, indexed(u32)],
  hops: [30, records(headed(recordHead, circle))],
  shape: [31, shape],
  marked: [32, marked],
  byFamily: [33, select('smpFamily', { inet: ipv4, inet6: ipv6 }, 'otherByFamily')],
  circles: [34, repeated(circle)],
  marks: [36, listOf(marked, { number: 1 })],
  counters: [37, struct('counters', { one: u32, two: u32 }, { grows: true })],
  bes16: [40, bes16],
  bes32: [41, bes32],
  bes64: [42, bes64],
  le16: [43, le16],
  le32: [44, le32],
  le64: [45, le64],
  uint: [46, uint],
  sint: [47, sint],
  wideMode: [48, enumOf(u64, { off: 0, on: 1, far: 2n ** 63n })],
  wideFlags: [49, flagsOf(u64, { one: 1, high: 2n ** 32n, top: 2n ** 63n })],
  anyMode: [50, enumOf(uint, { off: 0, far: 2n ** 40n })],
  anyFlags: [51, flagsOf(uint, { one: 1, high: 2n ** 40n })],
  hex: [52, hexBytes],
  fixedHex: [53, fixedHex(3)],
  uuid: [54, uuid],
  keys: [60, followedBy(selector, 'keys', packed(key), { count: 'nkeys' })],
  match: [61, followedBy(match, 'data', byMember('matchKind', { 1: point, 2: circle }, bytes))],
  fixedForms: [62, table],
  actions: [63, ordered(actions)],
  bitFields: [64, bitFields(u16, { a: 3, b: 5, c: 8 })],
  again: [35, lazy('SAMPLE', (): Type<{ u8?: number; again?: object }> => again)],
})

const again = attributes('AGAIN', { u8: [1, u8], again: [35, lazy('AGAIN', (): Type<object> => again)] })

export const body = headed(head, sample)

export const family = defineProtocol(
  'sample',
  31,
  {
    SMP_NEW: { number: 16, operation: 'new', body },
    SMP_DEL: { number: 17, operation: 'del', body },
    SMP_GET: { number: 18, operation: 'get', body, answer: 'SMP_NEW' },
  },
  { things: 1 },
)
