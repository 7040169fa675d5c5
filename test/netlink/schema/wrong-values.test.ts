/** Values of no use at all: whatever a program gives, encode refuses it with an EncodeError, just where check does. */
import { expect } from 'chai'
import {
  type AnyMessageInput,
  type AnyType,
  attributes,
  be16,
  bitFields,
  bool,
  check,
  decode,
  defineProtocol,
  EncodeError,
  encode,
  fixedArray,
  indexed,
  listOf,
  type Protocol,
  packed,
  range,
  u8,
  u16,
  u32,
  u64,
} from '../../../src/netlink/index.js'
import { leaves } from '../../support/leaves.js'

const wrong = [
  null,
  true,
  '',
  'x',
  0.5,
  -1,
  2 ** 40,
  Number.NaN,
  5n,
  2n ** 70n,
  Symbol('x'),
  Object.create(null),
  {},
  [],
  [null],
  () => 1,
]
const types: readonly AnyType[] = [
  ...leaves,
  range(u16, 0, 4094),
  bool(u8),
  indexed(u8),
  listOf(u8, { number: 1 }),
  packed(u16),
  fixedArray(u8, 2),
  bitFields(u8, { a: 3, b: 5 }),
]

describe('values that are none', () => {
  for (const [i, type] of types.entries())
    it(`${i}: ${type.name}`, () => {
      const protocol = defineProtocol(
        'wrong',
        0,
        { X_NEWX: { number: 16, operation: 'new', body: attributes('X', { a: [1, type] }) } },
        {},
      ) as unknown as Protocol
      for (const value of wrong) {
        const issues = check(protocol, 'X_NEWX', { a: value })
        const encoding = () => encode(protocol, [{ type: 'X_NEWX', body: { a: value } } as AnyMessageInput])
        if (issues.length > 0) expect(encoding, String(typeof value)).to.throw(EncodeError)
        else expect(encoding, String(typeof value)).to.not.throw()
      }
    })

  it('a field of 32 bits is read as a number without a sign', () => {
    const type = bitFields(u32, { a: 32 })
    const body = attributes('X', { a: [1, type] })
    const protocol = defineProtocol('wide', 0, { X_NEWX: { number: 16, operation: 'new', body } }, {})
    const bytes = encode(protocol, [{ type: 'X_NEWX', body: { a: { a: 0xfffffff0 } } }])
    expect(decode(protocol, bytes)[0]!.body).to.deep.equal({ a: { a: 0xfffffff0 } })
  })

  it('bit fields are those of their integer, whatever order the message has', () => {
    const body = attributes('X', { a: [1, bitFields(be16, { a: 4, b: 12 })] })
    const protocol = defineProtocol('orders', 0, { X_NEWX: { number: 16, operation: 'new', body } }, {})
    for (const byteOrder of ['little', 'big'] as const) {
      const bytes = encode(protocol, [{ type: 'X_NEWX', body: { a: { a: 1, b: 0x234 } } }], { byteOrder })
      expect([...bytes.subarray(-4)]).to.deep.equal([0x12, 0x34, 0, 0])
      expect(decode(protocol, bytes, { byteOrder })[0]!.body).to.deep.equal({ a: { a: 1, b: 0x234 } })
    }
    expect(() => bitFields(u64 as never, { a: 64 })).to.throw(RangeError, /^bit fields u64: expected an integer/)
  })
})
