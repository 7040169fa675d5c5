/**
 * Random definitions, recursive ones too: the fast decoder, the slow one and the dissector say the same, and encoding
 * and decoding round-trip, in both byte orders, from a Uint8Array and from a Buffer.
 */
import { expect } from 'chai'
import fc from 'fast-check'
import { Reader } from '../../../src/netlink/bytes/bytes.js'
import {
  type AnyMessageInput,
  type AnyType,
  type AttributeSet,
  DecodeError,
  decode,
  defineProtocol,
  dissect,
  encode,
  type Field,
  type Leaf,
  type Message,
  type Protocol,
  toHex,
} from '../../../src/netlink/index.js'
import { made, recipes, valuesFor } from '../../support/random-definition.js'

const RUNS = Number(process.env.NLWIRE_PROPERTY_RUNS ?? 100)
const protocolOf = (body: AttributeSet): Protocol =>
  defineProtocol('random', 0, { X_NEWX: { number: 16, operation: 'new', body } }, {}) as unknown as Protocol

/** More orders of attributes than a set has layouts for: from then on it decodes one attribute after the other. */
function exhaust(set: AttributeSet, byteOrder: 'little' | 'big'): void {
  const start = ((set.header?.size ?? 0) + 3) & ~3
  const bytes = new Uint8Array(start + 4)
  const r = new Reader(bytes, byteOrder)
  for (let i = 0; i <= 512; i++) {
    r.view.setUint16(start, 4, r.little)
    r.view.setUint16(start + 2, 1000 + i, r.little)
    set.read(r, 0, bytes.length)
  }
}

/** What a dissection says: each leaf's path with its text. */
function said(field: Field): string[] {
  if (field.problem !== undefined) return [`${field.path} !! ${field.problem}`]
  if (field.children === undefined) return [`${field.path} ${field.text}`]
  // A record's own length is there to be seen, but is no value.
  return field.children.filter(({ name, header }) => name !== 'length' || header > 0).flatMap(said)
}

/** What a dissection must say of a decoded value, by the definition. */
function expected(type: AnyType, value: unknown, path: string, owner: Record<string, unknown> | undefined): string[] {
  const stands = type.resolve?.(owner) ?? type
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`)
  if (stands.kind === 'list')
    return (value as unknown[]).flatMap((one, i) => expected(stands.items!, one, `${path}[${i}]`, owner))
  if (stands.kind === 'indexed')
    return Object.entries(value as object).flatMap(([key, one]) =>
      expected(stands.items!, one, `${path}[${key}]`, owner),
    )
  if (stands.kind !== 'nest' && stands.kind !== 'struct') return [`${path} ${(stands as Leaf<unknown>).show(value)}`]
  const members = stands.members ?? {}
  const object = value as Record<string, unknown>
  const header = Object.keys(members).filter((name) => !name.startsWith('_'))
  const lines = header.flatMap((name) => expected(members[name]!, object[name], inside(name), object))
  if (stands.kind === 'struct') return lines
  for (const [key, one] of Object.entries(object)) {
    if (key in members) continue
    const { selector, repeated, type } = (stands as unknown as AttributeSet).attribute(key)!
    const chosen = selector ? object[selector.by] : undefined
    const at = inside(selector ? `${key}(${chosen})` : key)
    if (repeated)
      lines.push(...(one as unknown[]).flatMap((each, i) => expected(type.each!, each, `${at}[${i}]`, object)))
    else lines.push(...expected(selector?.typeOf(key, object) ?? type, one, at, object))
  }
  return lines
}

describe('random definitions', () => {
  it('are decoded alike by all decoders, and encoded again to the same bytes', function () {
    this.timeout(120_000)
    const cases = recipes.chain((recipe) =>
      fc.record({
        recipe: fc.constant(recipe),
        values: fc.array(valuesFor(recipe), { minLength: 2, maxLength: 4 }),
        byteOrder: fc.constantFrom<('little' | 'big')[]>('little', 'big'),
      }),
    )
    const property = fc.property(cases, ({ recipe, values, byteOrder }) => {
      const protocol = protocolOf(made(recipe))
      const sets: AttributeSet[] = []
      const slow = protocolOf(made(recipe, sets))
      for (const set of sets) exhaust(set, byteOrder)
      const written: Uint8Array[] = []
      for (const value of values) {
        const bytes = encode(protocol, [{ type: 'X_NEWX', body: value } as AnyMessageInput], { byteOrder })
        written.push(bytes)
        const [message] = decode(protocol, bytes, { byteOrder, lossless: true }) as Message[]
        expect(message!.body).to.deep.equal(value)
        expect(message!.wire, 'canonical').to.equal(undefined)
        expect(decode(slow, bytes, { byteOrder })[0]!.body, 'slow').to.deep.equal(value)
        expect(Object.keys(decode(slow, bytes, { byteOrder })[0]!.body as object)).to.deep.equal(
          Object.keys(message!.body as object),
        )
        expect(toHex(encode(protocol, [message!], { byteOrder }))).to.equal(toHex(bytes))
        const [field] = dissect(protocol, bytes, { byteOrder })
        const body = protocol.find('X_NEWX')!.body
        expect(field!.children!.slice(1).flatMap(said)).to.deep.equal(expected(body, value, '', undefined))
      }
      // All of them again in one buffer, where each one finds the layout of another.
      const all = Buffer.concat(written)
      const again = decode(protocol, all, { byteOrder }).map((message) => message.body)
      all.fill(0xa5)
      expect(again).to.deep.equal(values)
    })
    fc.assert(property, { numRuns: RUNS, seed: 20261127, interruptAfterTimeLimit: 100_000 })
  })

  it('lose nothing of bytes that were changed', function () {
    this.timeout(120_000)
    const cases = recipes.chain((recipe) =>
      fc.record({
        recipe: fc.constant(recipe),
        value: valuesFor(recipe),
        changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        byteOrder: fc.constantFrom<('little' | 'big')[]>('little', 'big'),
      }),
    )
    const property = fc.property(cases, ({ recipe, value, changes, byteOrder }) => {
      const protocol = protocolOf(made(recipe))
      const bytes = encode(protocol, [{ type: 'X_NEWX', body: value } as AnyMessageInput], { byteOrder })
      for (const [at, byte] of changes) bytes[16 + (at % Math.max(1, bytes.length - 16))] = byte
      dissect(protocol, bytes, { byteOrder })
      let messages: Message[]
      try {
        messages = decode(protocol, bytes, { byteOrder, lossless: true }) as Message[]
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
        return
      }
      expect(toHex(encode(protocol, messages, { byteOrder }))).to.equal(toHex(bytes))
      // Objects that no decoder made, as when they come from JSON.
      expect(toHex(encode(protocol, structuredClone(messages), { byteOrder }))).to.equal(toHex(bytes))
    })
    fc.assert(property, { numRuns: 4 * RUNS, seed: 20261127, interruptAfterTimeLimit: 100_000 })
  })
})
