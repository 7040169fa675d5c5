import { expect } from 'chai'
import {
  type AnyMessageInput,
  decode,
  EncodeError,
  encode,
  fromHex,
  type Message,
  toHex,
} from '../../../src/netlink/index.js'
import { family } from '../../support/sample.js'

/** The attribute's bytes after its header, without padding, for a body of one member. */
function payload(body: object, byteOrder: 'little' | 'big'): string {
  const bytes = encode(family, [{ type: 'SMP_NEW', body } as AnyMessageInput], { byteOrder })
  const view = new DataView(bytes.buffer)
  const length = view.getUint16(24, byteOrder === 'little')
  return toHex(bytes.subarray(28, 24 + length))
}

const back = (body: object, byteOrder: 'little' | 'big') => {
  const bytes = encode(family, [{ type: 'SMP_NEW', body } as AnyMessageInput], { byteOrder })
  return (decode(family, bytes, { byteOrder })[0] as Message).body as Record<string, unknown>
}

/** Each: the member, its value, the payload in little-endian, and in big-endian where that is another. */
const cases: [string, unknown, string, string?][] = [
  ['u8', 255, 'ff'],
  ['u16', 0x1234, '3412', '1234'],
  ['u32', 0xfedcba98, '98badcfe', 'fedcba98'],
  ['u64', 0x0102030405060708n, '0807060504030201', '0102030405060708'],
  ['u64', 2n ** 64n - 1n, 'ffffffffffffffff'],
  ['u64', 0n, '0000000000000000'],
  ['s8', -1, 'ff'],
  ['s16', -2, 'feff', 'fffe'],
  ['s32', -2147483648, '00000080', '80000000'],
  ['s64', -3n, 'fdffffffffffffff', 'fffffffffffffffd'],
  ['be16', 0x0800, '0800'],
  ['be32', 0x0a000001, '0a000001'],
  ['be64', 1n, '0000000000000001'],
  ['bes16', -300, 'fed4'],
  ['bes32', -300, 'fffffed4'],
  ['bes64', -2n, 'fffffffffffffffe'],
  ['le16', 0x1234, '3412'],
  ['le32', 0xfedcba98, '98badcfe'],
  ['le64', 0x0102030405060708n, '0807060504030201'],
  ['uint', 2n ** 32n - 1n, 'ffffffff'],
  ['uint', 2n ** 32n, '0000000001000000', '0000000100000000'],
  ['sint', -2n, 'feffffff', 'fffffffe'],
  ['sint', -(2n ** 31n), '00000080', '80000000'],
  ['sint', 2n ** 31n, '0000008000000000', '0000000080000000'],
  ['sint', -(2n ** 31n) - 1n, 'ffffff7fffffffff', 'ffffffff7fffffff'],
  ['wideMode', 'far', '0000000000000080', '8000000000000000'],
  ['wideMode', 7n, '0700000000000000', '0000000000000007'],
  ['wideFlags', ['one', 'high', 'top'], '0100000001000080', '8000000100000001'],
  ['wideFlags', ['high', 0x40000000000004n], '0400000001004000', '0040000100000004'],
  ['wideFlags', [], '0000000000000000'],
  ['anyMode', 'off', '00000000'],
  ['anyMode', 'far', '0000000000010000', '0000010000000000'],
  ['anyFlags', ['one'], '01000000', '00000001'],
  ['anyFlags', ['one', 'high', 6n], '0700000000010000', '0000010000000007'],
  ['hex', '0aff', '0aff'],
  ['hex', '', ''],
  ['fixedHex', '010203', '010203'],
  ['uuid', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'f81d4fae7dec11d0a76500a0c91e6bf6'],
  ['name', 'ipvl0', '6970766c3000'],
  ['text', 'ipvlan', '6970766c616e'],
  ['text', 'é', 'c3a9'],
  ['name', 'a\udcffb', '61ff6200'],
  ['flag', true, ''],
  ['bytes', fromHex('00ff10'), '00ff10'],
  ['mac', '02:00:00:00:00:01', '020000000001'],
  ['mac', '', ''],
  ['address', '192.168.1.10', 'c0a8010a'],
  ['address', '2001:db8::1', '20010db8000000000000000000000001'],
  ['ipv6', '::', '00000000000000000000000000000000'],
  ['ipv6', '::ffff:10.0.0.1', '00000000000000000000ffff0a000001'],
  ['ipv6', '1:0:0:2::', '00010000000000020000000000000000'],
  ['fixed', fromHex('010203'), '010203'],
  ['switches', { value: ['one'], selector: ['one', 'two'] }, '0100000003000000', '0000000100000003'],
  ['mode', 'l3s', '0200', '0002'],
  ['mode', 77, '4d00', '004d'],
  ['flags', ['private', 'vepa'], '03000000', '00000003'],
  ['flags', ['top'], '00000080', '80000000'],
  ['flags', ['vepa', 0x1c], '1e000000', '0000001e'],
  ['flags', [], '00000000'],
  [
    'point',
    { x: 1, y: -1, big: 2, id: 'ff:00:00:00:00:01' },
    '01000000ffffffff0002ff0000000001',
    '00010000ffffffff0002ff0000000001',
  ],
  ['numbers', [1, 2], '0100000002000000', '0000000100000002'],
  ['table', { 3: 9 }, '0800030009000000', '0008000300000009'],
  ['list', [{ radius: 5 }], '0c0001000800010005000000', '000c00010008000100000005'],
  ['marks', [{ a: 1 }], '0c0001800500010001000000', '000c80010005000101000000'],
  [
    'keys',
    {
      nkeys: 2,
      offset: 3,
      keys: [
        { mask: 255, off: -1 },
        { mask: 1, off: 4 },
      ],
    },
    '02000300000000ffffffffff0000000104000000',
    '02000003000000ffffffffff0000000100000004',
  ],
  ['keys', { nkeys: 7, offset: 0, keys: [] }, '07000000'],
  ['match', { matchKind: 3, matchFlags: 1, data: fromHex('0102') }, '030001000102', '000300010102'],
  [
    'match',
    { matchKind: 2, matchFlags: 0, data: { radius: 5 } },
    '020000000800010005000000',
    '000200000008000100000005',
  ],
  [
    'fixedForms',
    { ifname: 'eth0', prio: 7, mask: [1, 2, 3] },
    '6574683000000000000000000000000007000000010000000200000003000000',
    '6574683000000000000000000000000007000000000000010000000200000003',
  ],
  [
    'actions',
    [{ output: 1 }, { push: 5 }, { output: 2 }, { pop: true }, { nested: { radius: 9 } }, { several: [1] }],
    '0800010001000000060002000500000008000100020000000400030' + '00c0004000800010009000000' + '0500050001000000',
    '0008000100000001000600020005000000080001000000020004000' + '3000c00040008000100000009' + '0005000501000000',
  ],
  ['bitFields', { a: 5, b: 1, c: 0xab }, '0dab', 'a1ab'],
  ['counters', { one: 1, two: 2 }, '0100000002000000', '0000000100000002'],
  ['counters', { one: 1 }, '01000000', '00000001'],
  ['marked', { a: 1 }, '0500010001000000', '0005000101000000'],
]

describe('leaf types, in both byte orders', () => {
  for (const [name, value, little, big = little] of cases) {
    const shown = JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))
    it(`${name} ${shown}`, () => {
      const before = { smpFamily: 'unspec', smpFlags: [], smpIndex: 0, [name]: value }
      expect(payload({ [name]: value }, 'little')).to.equal(little)
      expect(payload({ [name]: value }, 'big')).to.equal(big)
      expect(back({ [name]: value }, 'little')).to.deep.equal(before)
      expect(back({ [name]: value }, 'big')).to.deep.equal(before)
    })
  }
})

describe('values that cannot be encoded', () => {
  const bad: [string, unknown, RegExp][] = [
    ['u8', 256, /integer from 0 to 255/],
    ['u8', 1.5, /integer/],
    ['u32', -1, /0 to 4294967295/],
    ['u64', 5, /bigint/],
    ['s64', 2n ** 63n, /bigint/],
    ['name', 'sixteen-letters!', /at most 15 bytes, got 16/],
    ['text', 'a\0b', /without NUL/],
    ['flag', false, /true/],
    ['bytes', [1, 2], /Uint8Array/],
    ['mac', '02:00:zz', /hardware address/],
    ['address', '10.0.0.256', /address such as/],
    ['address', '10.0.0.01', /address such as/],
    ['ipv6', '1::2::3', /address such as/],
    ['ipv6', '1:2:3:4:5:6:7:8:9', /address such as/],
    ['ipv4', '::1', /address such as/],
    ['fixed', fromHex('01'), /3 bytes/],
    ['mode', 'l4', /one of l2, l3, l3s, or an integer from 0 to 65535/],
    ['flags', ['nosuch'], /private, vepa/],
    ['flags', 'private', /list/],
    ['bes16', 32768, /-32768 to 32767/],
    ['le32', -1, /0 to 4294967295/],
    ['sint', 2n ** 63n, /bigint from -9223372036854775808/],
    ['wideMode', 7, /one of off, on, far, or a bigint from 0 to 18446744073709551615/],
    ['wideMode', -1n, /bigint from 0/],
    ['wideFlags', ['nosuch'], /a list of one, high, top, or bigints up to 18446744073709551615/],
    ['wideFlags', [2n ** 64n], /bigints up to/],
    ['wideFlags', [-1n], /bigints up to/],
    ['anyFlags', [1], /bigints up to/],
    ['hex', 'abc', /bytes in hex such as 0a1b2c/],
    ['fixedHex', '0102', /3 bytes in hex such as 010203/],
    ['uuid', 'f81d4fae', /a UUID such as/],
    ['point', { z: 1 }, /no such member: expected x, y, big, id/],
    ['aliases', 'x', /list/],
    ['keys', { nkeys: 1, keys: [{ mask: -1 }] }, /keys.keys\[0\].mask: expected an integer from 0/],
    ['keys', { keyz: [] }, /no such member: expected nkeys, offset, keys/],
    ['keys', 1, /an object with nkeys, offset, keys/],
    ['match', { matchKind: 1, data: fromHex('00') }, /match.data/],
    ['fixedForms', { ifname: 'sixteen-letters!!' }, /at most 15 bytes, got 17/],
    ['fixedForms', { mask: [1, 2] }, /a list of 3/],
    ['actions', [{ output: 1, push: 2 }], /actions\[0\]: expected an object with one of output, push, pop/],
    ['actions', [{ several: [1, 2] }], /actions\[0\]: expected an object with one of/],
    ['actions', [{ pop: true }, { output: -1 }], /actions\[1\].output: expected an integer/],
    ['bitFields', { a: 8 }, /bitFields: a: expected an integer from 0 to 7/],
    ['bitFields', { z: 1 }, /an object with a, b, c/],
    ['actions', [{ nosuch: 1 }], /no such attribute/],
    ['shape', { kind: 'triangle', data: {} }, /kind "triangle" has no known data.*circle, square.*otherData/],
    ['nosuch', 1, /no such attribute/],
    ['unknown', [{ type: 70000, data: fromHex('') }], /number up to 16383/],
    ['bytes', new Uint8Array(65536), /longer than 65535/],
  ]
  for (const [name, value, message] of bad) {
    it(`${name}: ${message}`, () => {
      const attempt = () => encode(family, [{ type: 'SMP_NEW', body: { [name]: value } } as AnyMessageInput])
      expect(attempt).to.throw(EncodeError, message).with.property('code', 'ERR_NETLINK_ENCODE')
    })
  }

  it('all issues are told at once, each with its path', () => {
    const body = {
      u8: 300,
      shape: { kind: 'circle', data: { mode: 'wide', radius: -1 } },
      circles: [{}, { mode: 'x' }],
    }
    try {
      encode(family, [{ type: 'SMP_NEW', body } as AnyMessageInput])
      expect.fail('it was encoded')
    } catch (error) {
      const paths = (error as EncodeError).issues.map((issue) => issue.path)
      expect(paths).to.deep.equal(['u8', 'shape.data.mode', 'shape.data.radius', 'circles[1].mode'])
    }
  })
})
