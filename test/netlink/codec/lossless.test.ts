/** Lossless decoding: the same bytes come back for messages that no canonical encoder would make. */
import { expect } from 'chai'
import fc from 'fast-check'
import { type AnyMessageInput, decode, encode, type Message, toHex } from '../../../src/netlink/index.js'
import { family } from '../../support/sample.js'

for (const byteOrder of ['little', 'big'] as const) {
  const le = byteOrder === 'little'
  /** A raw attribute: type bits, payload, and the padding bytes after it. */
  const raw = (type: number, payload: number[], pad?: number[]): number[] => {
    const length = payload.length + 4
    const zeros = pad ?? Array.from({ length: -length & 3 }, () => 0)
    const u16 = (value: number) => (le ? [value & 255, value >> 8] : [value >> 8, value & 255])
    return [...u16(length), ...u16(type), ...payload, ...zeros]
  }
  const message = (attributes: number[], header = [0, 0, 0, 0, 0, 0, 0, 0]) => {
    const bytes = new Uint8Array([...Array.from({ length: 16 }, () => 0), ...header, ...attributes])
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, le)
    view.setUint16(4, 16, le)
    return bytes
  }
  const lossless = (bytes: Uint8Array) => decode(family, bytes, { byteOrder, lossless: true }) as unknown as Message[]
  const roundTrip = (bytes: Uint8Array) => {
    const messages = lossless(bytes)
    expect(toHex(encode(family, messages, { byteOrder }))).to.equal(toHex(bytes))
    return messages[0]!
  }
  const kind = [0x63, 0x69, 0x72, 0x63, 0x6c, 0x65]

  describe(`lossless decoding, ${byteOrder}-endian`, () => {
    it('gives nothing beside the value where the canonical encoding is the same', () => {
      const bytes = encode(family, [{ type: 'SMP_NEW', body: { u8: 1, aliases: ['a', 'b'] } } as AnyMessageInput], {
        byteOrder,
      })
      expect(roundTrip(bytes)).not.to.have.property('wire')
    })
    it('a nested bit that was set, or left out', () => {
      expect(roundTrip(message(raw(0x8000 | 31, raw(1, [0x61, 0])))).wire).to.deep.equal({
        attributes: [{ name: 'shape', type: 0x801f }],
      })
      expect(roundTrip(message(raw(32, raw(1, [1])))).wire).to.deep.equal({
        attributes: [{ name: 'marked', type: 32 }],
      })
    })
    it('the place of a repeated attribute and of unknown ones', () => {
      const bytes = message([
        ...raw(25, [0x61, 0]),
        ...raw(900, [1]),
        ...raw(1, [7]),
        ...raw(25, [0x62, 0]),
        ...raw(901, [2]),
      ])
      expect(roundTrip(bytes).wire).to.deep.equal({ attributes: ['aliases', 'unknown', 'u8', 'aliases', 'unknown'] })
    })
    it('an attribute that a later one replaced', () => {
      const { body, wire } = roundTrip(message([...raw(1, [1]), ...raw(1, [2])]))
      expect(body).to.include({ u8: 2 })
      expect(wire!.attributes![0]).to.deep.equal({ name: 'u8', raw: new Uint8Array([1]), hidden: true })
    })
    it('padding that is not zero, missing at the end, or bytes too few for an attribute', () => {
      roundTrip(message(raw(1, [1], [9, 9, 9])))
      roundTrip(message(raw(1, [1], [])))
      roundTrip(message([...raw(2, [1, 0]), 1, 2, 3]))
      roundTrip(message(raw(31, raw(1, [...kind, 0], [7]))))
    })
    it('strings with other endings, payloads longer than their type, short structs and headers', () => {
      roundTrip(message(raw(12, [0x61])))
      roundTrip(message(raw(12, [0x61, 0, 0, 5])))
      roundTrip(message(raw(1, [1, 2, 3, 4])))
      roundTrip(message(raw(24, [1, 0, 2, 0])))
      roundTrip(message(raw(14, [1])))
      roundTrip(message([], [2]))
      roundTrip(message([], [2, 9, 0, 0, 0, 0, 0, 0]))
    })
    it('deep inside, and only there', () => {
      const data = raw(2, [...raw(2, [1, 0, 5, 5]), ...raw(1, [4, 0, 0, 0])])
      const { wire } = roundTrip(message([...raw(1, [1]), ...raw(31, [...raw(1, kind), ...data])]))
      expect(wire!.attributes![0]).to.equal('u8')
      expect(wire!.attributes![1]).to.have.nested.property('wire.attributes[0].name', 'kind')
    })
    it('several messages, the last one unaligned', () => {
      const one = message(raw(1, [1], []))
      const padded = new Uint8Array([...one, 0, 0, 0, ...one])
      expect(toHex(encode(family, lossless(padded), { byteOrder }))).to.equal(toHex(padded))
    })
    it('a value that was changed wins over what the wire says', () => {
      const decoded = lossless(message([...raw(25, [0x61]), ...raw(12, [0x61]), ...raw(1, [1, 2])]))
      const body = decoded[0]!.body as Record<string, unknown>
      Object.assign(body, { name: 'other', aliases: ['a', 'z'], u32: 5, u8: 1 })
      const again = decode(family, encode(family, decoded, { byteOrder }), { byteOrder })[0] as unknown as Message
      expect(again.body).to.deep.equal(body)
      delete body.name
      const without = decode(family, encode(family, decoded, { byteOrder }), { byteOrder })[0] as unknown as Message
      expect(without.body).to.deep.equal(body)
    })
    it('any garbling that still decodes', () => {
      const whole = message([
        ...raw(25, [0x61, 0]),
        ...raw(31, [...raw(1, [...kind, 0]), ...raw(2, raw(1, [1, 0, 0, 0]))]),
        ...raw(24, [1, 2, 3]),
      ])
      const edits = fc.array(fc.tuple(fc.integer({ min: 16, max: whole.length - 1 }), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      })
      fc.assert(
        fc.property(edits, (list) => {
          const bytes = whole.slice()
          for (const [at, value] of list) bytes[at] = value
          let messages: Message[]
          try {
            messages = lossless(bytes)
          } catch {
            return
          }
          expect(toHex(encode(family, messages, { byteOrder }))).to.equal(toHex(bytes))
        }),
        { numRuns: 3000, seed: 1 },
      )
    })
  })
}
