/** The rules of the codec, each shown in both byte orders. */
import { expect } from 'chai'
import {
  type AnyMessageInput,
  type AttributeSet,
  DecodeError,
  decode,
  dissect,
  encode,
  fieldAt,
  firstProblem,
  fromHex,
  type Message,
  OptionError,
  toHex,
} from '../../../src/netlink/index.js'
import { family, shape } from '../../support/sample.js'

type Any = Record<string, unknown>

for (const byteOrder of ['little', 'big'] as const) {
  const make = (body: object) => encode(family, [{ type: 'SMP_NEW', body } as AnyMessageInput], { byteOrder })
  const read = (bytes: Uint8Array, options = {}) =>
    (decode(family, bytes, { byteOrder, ...options })[0] as unknown as Message).body as Any
  const u16 = (value: number) => {
    const view = new DataView(new ArrayBuffer(2))
    view.setUint16(0, value, byteOrder === 'little')
    return toHex(new Uint8Array(view.buffer))
  }
  /** An attribute of hand-made bytes: length, type and payload, padded. */
  const attribute = (type: number, hex: string, length = hex.length / 2 + 4) =>
    u16(length) + u16(type) + hex + '00'.repeat((4 - ((hex.length / 2) % 4)) % 4)
  /** A message of hand-made attributes after an empty header. */
  const message = (attributes: string, header = '0000000000000000') => {
    const hex = header + attributes
    const bytes = fromHex('00'.repeat(16) + hex)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, byteOrder === 'little')
    view.setUint16(4, 16, byteOrder === 'little')
    return bytes
  }

  describe(`rules of the codec, ${byteOrder}-endian`, () => {
    it('writes what the value has itself, not what a prototype has', () => {
      const plain = toHex(make({ mode: 1 }))
      Object.defineProperty(Object.prototype, 'u16', { value: 7, enumerable: true, configurable: true, writable: true })
      try {
        expect(toHex(make({ mode: 1 }))).to.equal(plain)
      } finally {
        Reflect.deleteProperty(Object.prototype, 'u16')
      }
      expect(toHex(make(Object.create({ u16: 7 }, { mode: { value: 1, enumerable: true } })))).to.equal(plain)
    })

    it('a key whose value is undefined is not there, whatever its name', () => {
      expect(toHex(make({ nosuch: undefined, mode: 1, u16: undefined }))).to.equal(toHex(make({ mode: 1 })))
    })

    it('an unknown enum value stays a number, and unknown flag bits one number among the names', () => {
      const body = read(make({ mode: 9, flags: ['vepa', 0x30] }))
      expect(body.mode).to.equal(9)
      expect(body.flags).to.deep.equal(['vepa', 0x30])
    })

    it('unknown attributes are kept with type, header bits and bytes, and are written back', () => {
      const bytes = message(attribute(0x8000 | 900, 'aabbcc') + attribute(1, '07') + attribute(0x4000 | 901, ''))
      const body = read(bytes)
      expect(body.unknown).to.deep.equal([
        { type: 900, nested: true, data: fromHex('aabbcc') },
        { type: 901, netByteOrder: true, data: fromHex('') },
      ])
      const again = decode(family, bytes, { byteOrder, lossless: true })
      expect(toHex(encode(family, again, { byteOrder }))).to.equal(toHex(bytes))
    })

    it('an unknown kind keeps its bytes under a member that no known kind has', () => {
      const body = read(message(attribute(31, attribute(1, '666f6f00') + attribute(2, 'deadbeef'))))
      expect(body.shape).to.deep.equal({ kind: 'foo', otherData: fromHex('deadbeef') })
      expect(read(make({ shape: body.shape })).shape).to.deep.equal(body.shape)
    })

    it('a kind that comes after its data still chooses it', () => {
      const radius = attribute(1, byteOrder === 'little' ? '05000000' : '00000005')
      const body = read(message(attribute(31, attribute(2, radius) + attribute(1, '636972636c6500'))))
      expect(body.shape).to.deep.equal({ data: { radius: 5 }, kind: 'circle' })
    })

    it('a selector by a header member', () => {
      expect(read(make({ smpFamily: 'inet', byFamily: '10.0.0.1' })).byFamily).to.equal('10.0.0.1')
      expect(read(make({ smpFamily: 'inet6', byFamily: '::1' })).byFamily).to.equal('::1')
      expect(read(make({ smpFamily: 7, otherByFamily: fromHex('00') })).otherByFamily).to.deep.equal(fromHex('00'))
    })

    it('a struct longer than we know keeps its tail, a shorter one leaves members out', () => {
      const whole = toHex(make({ point: { x: 1, y: 2, big: 3, id: '00:00:00:00:00:04' } }).subarray(28))
      expect(read(message(attribute(24, `${whole}abcd`))).point).to.deep.include({ x: 1, tail: fromHex('abcd') })
      expect(read(message(attribute(24, whole.slice(0, 16)))).point).to.deep.equal({ x: 1, y: 2 })
      const long = { x: 1, y: 2, big: 3, id: '00:00:00:00:00:04', tail: fromHex('abcd') }
      expect(read(make({ point: long })).point).to.deep.equal(long)
    })

    it('keys come in wire order, and encoding writes in key order', () => {
      const body = {
        smpIndex: 3,
        name: 'x',
        u8: 1,
        text: 'y',
        shape: { kind: 'square', data: { name: 'n', side: 1n } },
      }
      const keys = Object.keys(read(make(body)))
      expect(keys).to.deep.equal(['smpFamily', 'smpFlags', 'smpIndex', 'name', 'u8', 'text', 'shape'])
      expect(toHex(make(read(make(body))))).to.equal(toHex(make(body)))
    })

    it('repeated attributes make one list, also when others stand between them', () => {
      const bytes = message(attribute(25, '6100') + attribute(1, '01') + attribute(25, '6200'))
      expect(read(bytes).aliases).to.deep.equal(['a', 'b'])
    })

    it('of an attribute that should be single the last one counts, as in the kernel', () => {
      expect(read(message(attribute(1, '01') + attribute(1, '02'))).u8).to.equal(2)
    })

    it('the nested bit is ignored when reading, and written where the definition says so', () => {
      expect(read(message(attribute(31, attribute(1, '666f6f00')))).shape).to.deep.equal({ kind: 'foo' })
      expect(read(message(attribute(0x8000 | 31, attribute(1, '666f6f00')))).shape).to.deep.equal({ kind: 'foo' })
      const type = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint16(26, byteOrder === 'little')
      expect(type(make({ marked: { a: 1 } }))).to.equal(0x8020)
      expect(type(make({ shape: { kind: 'x' } as object }))).to.equal(31)
    })

    it('strings are read with and without their NUL', () => {
      expect(read(message(attribute(12, '6162'))).name).to.equal('ab')
      expect(read(message(attribute(12, '616200'))).name).to.equal('ab')
      expect(read(message(attribute(13, '616200'))).text).to.equal('ab')
    })

    it('only: nothing else is decoded, selectors bring their discriminator', () => {
      const bytes = make({ smpIndex: 7, u8: 1, name: 'n', shape: { kind: 'circle', data: { radius: 1 } } })
      expect(read(bytes, { only: ['name', 'smpIndex'] })).to.deep.equal({ smpIndex: 7, name: 'n' })
      expect(read(bytes, { only: ['shape'] })).to.deep.equal({ shape: { kind: 'circle', data: { radius: 1 } } })
      expect(() => read(bytes, { only: ['nosuch'] })).to.throw(OptionError, 'nosuch')
    })

    it('a header that is shorter than its struct gives the members that are there', () => {
      expect(read(message('', '02'))).to.deep.equal({ smpFamily: 'inet' })
    })

    it('decoded bytes do not alias the buffer', () => {
      const bytes = make({ bytes: fromHex('0102') })
      const body = read(bytes)
      bytes.fill(0xff)
      expect(body.bytes).to.deep.equal(fromHex('0102'))
    })

    it('many shapes of the same set, large ones too, decode alike', () => {
      for (let i = 0; i < 700; i++) {
        const names = ['u8', 'u16', 'u32', 's8', 's16', 's32', 'be16', 'be32', 'mode'].filter(
          (_, bit) => i & (1 << bit),
        )
        const body = Object.fromEntries(
          [...names, ...(i % 2 ? names.toReversed() : [])].map((name, j) => [name, name === 'mode' ? 'l3' : j]),
        )
        expect(read(make(body))).to.deep.equal({ smpFamily: 'unspec', smpFlags: [], smpIndex: 0, ...body })
      }
    })

    it('errors name the attribute, the byte and the reason', () => {
      const two = attribute(1, '01') + attribute(2, '0000', 5) + attribute(3, '0000', 9)
      const error = thrown(() => read(message(two)))
      expect(error.path).to.equal('u32')
      expect(error.message).to.match(/^SMP_NEW: u32: the attribute's length is 9, but 8 bytes are left \(at byte 0x28/)
      expect(thrown(() => read(message(`${u16(3)}${u16(1)}`))).message).to.match(
        /length is 3, less than its own header/,
      )
      expect(thrown(() => read(message(attribute(1, '00', 9)))).message).to.match(/length is 9, but 8 bytes are left/)
      expect(thrown(() => decode(family, make({}).subarray(0, 10), { byteOrder })).message).to.match(/needs 16 bytes/)
      expect(thrown(() => decode(family, make({ u8: 1 }).subarray(0, 30), { byteOrder })).message).to.match(
        /only 30 bytes are there/,
      )
    })

    it('nesting has a limit in both directions', () => {
      let nested = attribute(1, '01')
      for (let i = 0; i < 40; i++) nested = attribute(35, nested)
      const innermost = (one: Any): Any => (one.again ? innermost(one.again as Any) : one)
      expect(innermost(read(message(nested))).unknown).to.have.nested.property('[0].type', 35)
      const problem = firstProblem(dissect(family, message(nested), { byteOrder }))
      expect(problem?.problem).to.equal('nested more than 32 deep')
      let value: object = { u8: 1 }
      for (let i = 0; i < 40; i++) value = { again: value }
      expect(() => make(value)).to.throw(/nested more than 32 deep/)
    })

    it('lists of names in any order are one, and only the last few are kept', () => {
      const names = ['u8', 'u16', 'u32', 's8', 's16', 's32', 'be16', 'be32', 'mode', 'name']
      const set = (family.messages.SMP_NEW.body as unknown as AttributeSet).pick(['u8', 'mode'])
      const again = (list: string[]) => (family.messages.SMP_NEW.body as unknown as AttributeSet).pick(list)
      expect(again(['mode', 'u8'])).to.equal(set)
      for (let i = 1; i < 200; i++) again(names.filter((_, bit) => i & (1 << bit)))
      expect(again(['mode', 'u8'])).not.to.equal(set)
      expect(read(make({ u8: 1, mode: 'l3', u16: 2 }), { only: ['mode', 'u8'] })).to.deep.equal({ u8: 1, mode: 'l3' })
    })

    it('an offset is blamed on the attribute that covers it', () => {
      const bytes = make({ u8: 1, shape: { kind: 'circle', data: { radius: 1, mode: 'thin' } } })
      const fields = dissect(family, bytes, { byteOrder })
      const at = bytes.length - 8
      expect(fieldAt(fields, at)?.path).to.equal('shape.data(circle).mode')
      expect(fieldAt(fields, at)?.text).to.equal('thin')
      expect(fieldAt(fields, 24)?.path).to.equal('u8')
      expect(fieldAt(fields, 17)?.path).to.equal('')
      expect(fieldAt(fields, 5000)).to.equal(undefined)
    })
  })
}

describe('the schema as JSON', () => {
  it('says names, numbers, types and cases', () => {
    const json = JSON.parse(JSON.stringify(shape.describe()))
    expect(json.attributes[0]).to.deep.equal({ name: 'kind', number: 1, type: 'nul-string' })
    expect(json.attributes[1].cases.circle.attributes[1].values).to.deep.equal({ thin: 0, thick: 1 })
  })
})

function thrown(run: () => unknown): DecodeError {
  try {
    run()
  } catch (error) {
    expect(error).to.be.instanceOf(DecodeError)
    return error as DecodeError
  }
  return expect.fail('nothing was thrown')
}
