/** A family for tests of the engine, with every kind of type and none of rtnetlink's own definitions. */
import {
  address,
  attributes,
  be16,
  be32,
  be64,
  bitfield32,
  bytes,
  defineProtocol,
  enumOf,
  fixedBytes,
  flag,
  flagsOf,
  headed,
  indexed,
  ipv4,
  ipv6,
  lazy,
  listOf,
  mac,
  mac6,
  nulString,
  packed,
  padding,
  records,
  repeated,
  s8,
  s16,
  s32,
  s64,
  select,
  string,
  struct,
  type Type,
  u8,
  u16,
  u32,
  u64,
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
    SMP_GET: { number: 18, operation: 'get', body },
  },
  { things: 1 },
)
