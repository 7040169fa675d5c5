/** Bytes as text: valid UTF-8 as TextDecoder has it, every other byte kept as a lone surrogate. */
import { expect } from 'chai'
import fc from 'fast-check'
import { attributes, bytes, decode, defineProtocol, encode, nulString, toHex } from '../../../../src/netlink/index.js'
import { decodeText } from '../../../../src/netlink/schema/types/utf8.js'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const valid = (given: Uint8Array): string | undefined => {
  try {
    return strict.decode(given)
  } catch {
    return undefined
  }
}

/** The same by TextDecoder alone: the shortest valid sequence at each place, else one byte. */
function byTextDecoder(given: Uint8Array): string {
  let text = ''
  for (let i = 0; i < given.length; ) {
    let length = 1
    while (length < 4 && valid(given.subarray(i, i + length)) === undefined) length++
    const one = i + length <= given.length ? valid(given.subarray(i, i + length)) : undefined
    text += one ?? String.fromCharCode(0xdc00 + given[i]!)
    i += one === undefined ? 1 : length
  }
  return text
}

const decoded = (given: Uint8Array) => decodeText(given, 0, given.length)

describe('bytes as text', () => {
  it('what is valid is what TextDecoder says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const given = new TextEncoder().encode(text)
        expect(decoded(given)).to.equal(valid(given))
      }),
    )
  })

  it('what is not is kept byte by byte', () => {
    const likely = fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed)
    const lead = fc.constantFrom(0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xf8, 0xff)
    const byte = fc.oneof(likely, lead, fc.nat(255))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(byte, { maxLength: 12 }), (any, chosen) => {
        for (const given of [any, new Uint8Array(chosen)]) expect(decoded(given)).to.equal(byTextDecoder(given))
      }),
      { numRuns: 2000 },
    )
  })

  it('every sequence of two bytes, and every lead with its limits', () => {
    for (let first = 0x80; first < 256; first++)
      for (let second = 0; second < 256; second++)
        for (const rest of [[], [0x80], [0x80, 0x80], [0xbf, 0xbf], [0x41]]) {
          const given = new Uint8Array([first, second, ...rest])
          if (decoded(given) !== byTextDecoder(given)) expect.fail(toHex(given))
        }
  })

  it('goes back to the same bytes', () => {
    const set = attributes('X', { name: [1, nulString()], raw: [2, bytes] })
    const family = defineProtocol('x', 0, { X_NEW: { number: 16, operation: 'new', body: set } }, {})
    fc.assert(
      fc.property(
        fc.uint8Array().map((given) => given.map((one) => one || 1)),
        (given) => {
          const encoded = encode(family, [{ type: 'X_NEW', body: { name: decoded(given), raw: given } }])
          const body = decode(family, encoded)[0]!.body as { name: string }
          expect(toHex(encoded.subarray(20, 20 + given.length))).to.equal(toHex(given))
          expect(body.name).to.equal(decoded(given))
        },
      ),
    )
  })
})
