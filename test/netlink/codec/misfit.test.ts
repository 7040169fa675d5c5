/** An attribute that does not fit its type is kept as raw bytes and marked: it costs itself, and never a message. */
import { expect } from 'chai'
import { verifyCanonical } from '../../../src/netlink/codec/canonical.js'
import {
  type AnyMessageInput,
  decode,
  dissect,
  encode,
  type Field,
  fromHex,
  type Message,
  toHex,
} from '../../../src/netlink/index.js'
import { family } from '../../support/sample.js'

type Any = Record<string, unknown>
const hexOf = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, one) => (one instanceof Uint8Array ? toHex(one) : one)))

/** Every problem that a dissection tells, by its path. */
function problems(fields: readonly Field[]): Record<string, string> {
  return Object.assign(
    {},
    ...fields.map((one) => ({
      ...(one.problem === undefined ? {} : { [one.path]: one.problem }),
      ...problems(one.children ?? []),
    })),
  )
}

for (const byteOrder of ['little', 'big'] as const) {
  const u16 = (value: number) => {
    const hex = value.toString(16).padStart(4, '0')
    return byteOrder === 'big' ? hex : hex.slice(2) + hex.slice(0, 2)
  }
  const attribute = (type: number, hex: string, length = hex.length / 2 + 4) =>
    u16(length) + u16(type) + hex + '00'.repeat((4 - ((hex.length / 2) % 4)) % 4)
  const message = (attributes: string, header = '0000000000000000') => {
    const bytes = fromHex('00'.repeat(16) + header + attributes)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, byteOrder === 'little')
    view.setUint16(4, 16, byteOrder === 'little')
    return bytes
  }
  /** The body, after it was seen that both ways back to bytes keep what was there. */
  const read = (bytes: Uint8Array): Any => {
    const [lossless] = decode(family, bytes, { byteOrder, lossless: true }) as Message[]
    expect(toHex(encode(family, [lossless!], { byteOrder }))).to.equal(toHex(bytes))
    const [plain] = decode(family, bytes, { byteOrder }) as Message[]
    expect(plain!.body).to.deep.equal(lossless!.body)
    const again = encode(family, [plain as AnyMessageInput], { byteOrder })
    expect((decode(family, again, { byteOrder }) as Message[])[0]!.body).to.deep.equal(plain!.body)
    return hexOf(plain!.body) as Any
  }
  const told = (bytes: Uint8Array) => problems(dissect(family, bytes, { byteOrder }))
  const plainHeader = { smpFamily: 'unspec', smpFlags: [], smpIndex: 0 }
  const ok = attribute(1, '07')

  describe(`an attribute that does not fit its type, ${byteOrder}-endian`, () => {
    before(() => verifyCanonical(true))
    after(() => verifyCanonical(false))
    const cases: Record<string, [string, Any, Record<string, RegExp>]> = {
      'too short for a number': [
        attribute(3, '0102') + ok,
        { unknown: [{ type: 3, data: '0102' }], u8: 7 },
        { u32: /^u32 needs 4 bytes, the attribute has 2/ },
      ],
      'an address of five bytes': [
        ok + attribute(17, '0102030405'),
        { u8: 7, unknown: [{ type: 17, data: '0102030405' }] },
        { address: /4 or 16 bytes, not 5/ },
      ],
      'an IPv4 address of sixteen bytes': [
        attribute(18, '0a020101'.padEnd(32, '0')),
        { unknown: [{ type: 18, data: '0a020101'.padEnd(32, '0') }] },
        { ipv4: /ipv4 takes 4 bytes, not 16/ },
      ],
      'with the nested bit set': [
        attribute(0x8003, '0102'),
        { unknown: [{ type: 3, nested: true, data: '0102' }] },
        { u32: /needs 4 bytes/ },
      ],
      'one of a list by its number': [
        attribute(34, attribute(1, '00000001')) + attribute(34, `${u16(9)}${u16(1)}`) + attribute(34, ''),
        {
          circles: [{ radius: byteOrder === 'big' ? 1 : 0x1000000 }, {}],
          unknown: [{ type: 34, data: `${u16(9)}${u16(1)}` }],
        },
        { 'circles[1]': /length is 9, but 4 bytes are left/, 'circles[1].radius': /length is 9/ },
      ],
      'packed items that do not come out even': [
        attribute(27, '010203040506') + ok,
        { unknown: [{ type: 27, data: '010203040506' }], u8: 7 },
        { numbers: /items of 4 bytes each/ },
      ],
      'a list with an item that is too short': [
        attribute(28, attribute(1, `${u16(3)}${u16(1)}`)) + ok,
        { unknown: [{ type: 28, data: attribute(1, `${u16(3)}${u16(1)}`) }], u8: 7 },
        { 'list[0].radius': /length is 3/, 'list[0]': /length is 3/ },
      ],
      'a list with an entry of another number': [
        attribute(36, attribute(1, '') + attribute(2, '')) + ok,
        { unknown: [{ type: 36, data: attribute(1, '') + attribute(2, '') }], u8: 7 },
        { marks: /\[1\] has another number/, 'marks[1]': /number 2, those of the list have 1/ },
      ],
      'and with the nested bit at one of them, which is no other number': [
        attribute(36, attribute(0x8001, '') + attribute(1, '')),
        { marks: [{}, {}] },
        {},
      ],
      'a number in more bytes than it takes is read, and marked': [
        attribute(2, byteOrder === 'big' ? '00010000' : '01000000') + ok,
        { u16: 1, u8: 7 },
        { u16: /^4 bytes, u16 takes 2$/ },
      ],
      'records of a wrong length': [
        attribute(30, `${u16(99)}0000`.padEnd(16, '0')),
        { unknown: [{ type: 30, data: `${u16(99)}0000`.padEnd(16, '0') }] },
        { hops: /the record's length is 99/ },
      ],
      'deep inside: the nest around it keeps the rest': [
        attribute(31, attribute(1, '636972636c6500') + attribute(2, attribute(2, '01') + attribute(7, 'ff'))),
        {
          shape: {
            kind: 'circle',
            data: {
              unknown: [
                { type: 2, data: '01' },
                { type: 7, data: 'ff' },
              ],
            },
          },
        },
        { 'shape.data(circle).mode': /^enum u16 needs 2 bytes, the attribute has 1/ },
      ],
      'what a selector reads: neither its own key nor the fallback': [
        attribute(31, attribute(2, `${u16(77)}${u16(1)}`) + attribute(1, '636972636c6500')),
        { shape: { unknown: [{ type: 2, data: `${u16(77)}${u16(1)}` }], kind: 'circle' } },
        { 'shape.data(circle)': /length is 77/, 'shape.data(circle).radius': /length is 77/ },
      ],
      'twice, the second one broken: the first counts': [
        attribute(3, '00000000') + attribute(3, '01'),
        { u32: 0, unknown: [{ type: 3, data: '01' }] },
        { u32: /needs 4 bytes/ },
      ],
    }
    for (const [title, [attributes, body, expected]] of Object.entries(cases))
      it(title, () => {
        // The first time, and from the layout that is known by then.
        for (let i = 0; i < 3; i++)
          expect(JSON.stringify(read(message(attributes)))).to.equal(JSON.stringify({ ...plainHeader, ...body }))
        const found = told(message(attributes))
        expect(Object.keys(found)).to.have.members(Object.keys(expected))
        for (const [path, text] of Object.entries(expected)) expect(found[path]).to.match(text)
      })

    describe('where only some names are asked for', () => {
      const only = (bytes: Uint8Array, names: readonly string[]) => {
        const all = Array.from(
          { length: 3 },
          () => decode(family, bytes, { byteOrder, only: names as never[] })[0]!.body,
        )
        expect(all[1]).to.deep.equal(all[0])
        expect(all[2]).to.deep.equal(all[0])
        return hexOf(all[0])
      }

      it('is kept if it is one of them, in its place', () => {
        const bytes = message(ok + attribute(3, '0102') + attribute(2, `${u16(9)}`))
        expect(JSON.stringify(only(bytes, ['u16', 'u32', 'u8']))).to.equal(
          JSON.stringify({ u8: 7, unknown: [{ type: 3, data: '0102' }], u16: 9 }),
        )
      })

      it('is left out as all others are if it is not', () => {
        const bytes = message(attribute(3, '0102') + ok + attribute(17, '0102030405') + attribute(0x3abc, '01'))
        expect(only(bytes, ['u8'])).to.deep.equal({ u8: 7 })
        expect(only(bytes, ['u8', 'address'])).to.deep.equal({ u8: 7, unknown: [{ type: 17, data: '0102030405' }] })
      })

      it('is kept in what is nested, and of what a selector reads', () => {
        const shape = attribute(31, attribute(2, `${u16(77)}${u16(1)}`) + attribute(1, '636972636c6500'))
        expect(only(message(ok + shape), ['shape'])).to.deep.equal({
          shape: { unknown: [{ type: 2, data: `${u16(77)}${u16(1)}` }], kind: 'circle' },
        })
      })

      it('is kept one of many layouts', () => {
        // More orders of attributes than a set keeps layouts for.
        for (let i = 0; i <= 520; i++) only(message(attribute(1000 + i, '') + ok), ['u8'])
        const bytes = message(attribute(1999, '') + attribute(3, '0102') + ok)
        expect(only(bytes, ['u8', 'u32'])).to.deep.equal({ unknown: [{ type: 3, data: '0102' }], u8: 7 })
        expect(only(bytes, ['u8'])).to.deep.equal({ u8: 7 })
      })
    })

    it('thousands of them are read in good time', () => {
      const bytes = message(attribute(17, '0102030405').repeat(5400))
      const [one] = decode(family, bytes, { byteOrder, lossless: true }) as Message<string, { unknown: unknown[] }>[]
      expect(one!.body.unknown.length).to.equal(5400)
      expect(toHex(encode(family, [one!], { byteOrder }))).to.equal(toHex(bytes))
    })
  })
}
