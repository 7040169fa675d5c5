/** What a selector reads may come before the attribute that hangs on it, after it, or several times: the last one counts. */
import { expect } from 'chai'
import {
  attributes,
  decode,
  defineProtocol,
  dissect,
  encode,
  fromHex,
  ipv4,
  nulString,
  select,
  u32,
} from '../../../src/netlink/index.js'

const body = attributes('X', {
  kind: [1, nulString()],
  data: [2, select('kind', { a: attributes('A', { v: [1, u32] }), b: attributes('B', { w: [1, u32] }) }, 'otherData')],
  address: [3, ipv4],
  byAddress: [4, select('address', { '10.0.0.1': u32 }, 'otherByAddress')],
})
const protocol = defineProtocol('p', 0, { X_NEW: { number: 16, operation: 'new', body } }, {})
const attribute = (number: number, hex: string) =>
  `${(4 + hex.length / 2).toString(16).padStart(2, '0')}000${number}00${hex}`.padEnd(
    8 + 8 * Math.ceil(hex.length / 8),
    '0',
  )
const message = (attributes: string) =>
  fromHex(`${(16 + attributes.length / 2).toString(16).padStart(2, '0')}0000001000${'00'.repeat(10)}${attributes}`)

const a = attribute(1, '6100')
const b = attribute(1, '6200')
const data = attribute(2, attribute(1, '07000000'))

const cases: Record<string, [string, object]> = {
  before: [a + data, { kind: 'a', data: { v: 7 } }],
  'before, another one': [b + data, { kind: 'b', data: { w: 7 } }],
  'before, none that is known': [
    attribute(1, '6300') + data,
    { kind: 'c', otherData: fromHex(attribute(1, '07000000')) },
  ],
  after: [data + a, { data: { v: 7 }, kind: 'a' }],
  'on both sides': [a + data + b, { kind: 'b', data: { w: 7 } }],
  'twice before': [b + a + data, { kind: 'a', data: { v: 7 } }],
  'not at all': [data, { otherData: fromHex(attribute(1, '07000000')) }],
  'two that hang on it': [a + data + data, { kind: 'a', data: { v: 7 } }],
  'before, and not of its type': [
    attribute(3, '0a00000100') + attribute(4, '05000000'),
    {
      unknown: [
        { type: 3, data: fromHex('0a00000100') },
        { type: 4, data: fromHex('05000000') },
      ],
    },
  ],
  'before, of its type': [attribute(3, '0a000001') + attribute(4, '05000000'), { address: '10.0.0.1', byAddress: 5 }],
}

describe('what a selector reads', () => {
  for (const [title, [hex, expected]] of Object.entries(cases))
    it(title, () => {
      const bytes = message(hex)
      // Without a layout, and with one.
      for (let i = 0; i < 4; i++) {
        const [one] = decode(protocol, bytes, { byteOrder: 'little', lossless: true })
        expect(one!.body).to.deep.equal(expected)
        expect(encode(protocol, [one!], { byteOrder: 'little' })).to.deep.equal(bytes)
      }
      dissect(protocol, bytes, { byteOrder: 'little' })
    })

  it('the values of one layout change', () => {
    for (const [first, key] of [
      [a, 'v'],
      [b, 'w'],
      [a, 'v'],
      [a, 'v'],
      [b, 'w'],
    ] as const)
      expect(decode(protocol, message(first + data), { byteOrder: 'little' })[0]!.body).to.deep.include({
        data: { [key]: 7 },
      })
  })
})
