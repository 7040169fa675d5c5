/** Random values that a definition accepts, made from its description as JSON. */
import fc from 'fast-check'
import type { Description } from '../../src/netlink/index.js'

type Json = Description & Record<string, unknown>

const address4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'))
const address6 = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  // A dotted tail is another spelling of the same address, which decoding gives for ::ffff:0:0/96 only.
  .filter((groups) => !(groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff))
  .map((groups) => canonical6(groups))
const byte = fc.nat(255).map((value) => value.toString(16).padStart(2, '0'))
const macOf = (size: number) => fc.array(byte, { minLength: size, maxLength: size }).map((parts) => parts.join(':'))
const hexOf = (min: number, max: number) =>
  fc.array(byte, { minLength: min, maxLength: max }).map((parts) => parts.join(''))
const bytesOf = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max })

const names: Record<string, fc.Arbitrary<unknown>> = {
  flag: fc.constant(true),
  'flag or u8': fc.oneof(fc.constant(true), fc.nat(255)),
  bytes: bytesOf(0, 40),
  mac: fc.oneof(macOf(6), macOf(4), macOf(16), fc.constant('')),
  'mac(6)': macOf(6),
  address: fc.oneof(address4, address6),
  ipv4: address4,
  ipv6: address6,
  hex: hexOf(0, 40),
  uuid: hexOf(16, 16).map((text) => text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')),
}

/** The longest run of zero groups left out, as RFC 5952 has it; the first of two, never a single group. */
function canonical6(groups: number[]): string {
  const hex = groups.map((group) => group.toString(16))
  const runs = [...hex.join(',').matchAll(/(?<=^|,)0(?:,0)+(?=,|$)/g)].map((match) => match[0])
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  if (longest === '') return hex.join(':')
  const text = hex.join(',')
  const at = new RegExp(`(?<=^|,)${longest}(?=,|$)`).exec(text)!.index
  const before = text.slice(0, at).replace(/,$/, '')
  const after = text.slice(at + longest.length).replace(/^,/, '')
  return `${before.replaceAll(',', ':')}::${after.replaceAll(',', ':')}`
}

function text({ max }: Json): fc.Arbitrary<string> {
  const one = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme' }))
  return one.filter((value) => !value.includes('\0') && Buffer.byteLength(value) <= Number(max ?? 1000))
}

function integer(json: Json): fc.Arbitrary<unknown> {
  if (typeof json.min === 'string') return fc.bigInt(BigInt(json.min), BigInt(String(json.max)))
  const [min, max] = [json.min as number, json.max as number]
  return fc.oneof(
    fc
      .double({ min, max, noNaN: true })
      .map(Math.trunc)
      .map((value) => value + 0),
    fc.constantFrom(min, max),
  )
}

const sizes: Record<string, number> = { u8: 1, s8: 1, u16: 2, s16: 2, be16: 2, u32: 4, s32: 4, be32: 4 }
const wide = new Set(['u64', 's64', 'be64', 'uint', 'sint'])
const bitsOf = (json: Json) => Object.entries(json.values as Record<string, number>)

/** The same over 64 bits, where all numbers are bigint. */
const wideBitsOf = (json: Json) =>
  Object.entries(json.values as Record<string, number | string>).map(([name, bit]) => [name, BigInt(bit)] as const)

function wideEnumValue(json: Json): fc.Arbitrary<unknown> {
  const known = wideBitsOf(json)
  const other = fc.bigInt(0n, 2n ** 63n - 1n).filter((value) => !known.some(([, one]) => one === value))
  return fc.oneof(fc.constantFrom(...known.map(([name]) => name)), other)
}

/** Of single bits. */
const wideFlagsValue = (json: Json): fc.Arbitrary<unknown> => {
  const all = wideBitsOf(json).reduce((bits, [, bit]) => bits | bit, 0n)
  return fc
    .tuple(fc.subarray(wideBitsOf(json)), fc.bigInt(0n, 2n ** 64n - 1n))
    .map(([chosen, more]) => [...chosen.map(([name]) => name), more & ~all].filter((one) => one !== 0n))
}

function enumValue(json: Json): fc.Arbitrary<unknown> {
  const first = new Map<number, string>()
  for (const [name, value] of bitsOf(json)) if (!first.has(value)) first.set(value, name)
  const other = fc.nat(2 ** (8 * sizes[String(json.base)]! - 1) - 1).filter((value) => !first.has(value))
  return first.size === 0 ? other : fc.oneof(fc.constantFrom(...first.values()), other)
}

/** Names in the order of the definition; those that contain others' bits stand for themselves. */
function flagsValue(json: Json): fc.Arbitrary<unknown> {
  const single = bitsOf(json).filter(([, bit]) => bit !== 0)
  const instead = json.instead as { when: string; values: Record<string, number> } | undefined
  if (!instead) return fc.subarray(single).map((chosen) => namesOf(single, chosen))
  const marker = single.find(([name]) => name === instead.when)!
  const replaced = Object.entries(instead.values)
  const others = [...single.filter(([, bit]) => !replaced.some(([, one]) => (one & bit) !== 0)), ...replaced]
  return fc.oneof(
    fc.subarray(single.filter((one) => one !== marker)).map((chosen) => namesOf(single, chosen)),
    fc.subarray(others).map((chosen) => namesOf(others, [...chosen, marker])),
  )
}

type Bits = readonly (readonly [string, number])[]
function namesOf(names: Bits, chosen: Bits): string[] {
  let rest = chosen.reduce((all, [, bit]) => (all | bit) >>> 0, 0)
  const list: string[] = []
  for (const [name, bit] of names) {
    if ((rest & bit) >>> 0 !== bit >>> 0) continue
    list.push(name)
    rest = (rest & ~bit) >>> 0
  }
  return list
}

/** Values for rules that a description does not tell: leaf types of a family, by their name. */
export type Special = Readonly<Record<string, fc.Arbitrary<unknown>>>

/** Random values for a description. */
export function arbitrary(json: Json, special: Special = {}, depth = 0): fc.Arbitrary<unknown> {
  const inner = (one: unknown) => arbitrary(one as Json, special, depth + 1)
  const known = special[json.type] ?? names[json.type]
  if (known) return known
  if (json.type === 'attributes') return attributes(json, special, depth)
  if (json.type === 'struct') return struct(json, special, depth)
  if (json.type === 'list' || json.type === 'packed' || json.type === 'records')
    return fc.array(inner(json.items), { maxLength: 3 })
  if (json.type === 'indexed')
    return fc.dictionary(fc.nat(200).map(String), inner(json.items), { maxKeys: 3, noNullPrototype: true })
  if (json.type === 'bitfield32') {
    const flags = flagsValue(json)
    return fc.record({ value: flags, selector: flags })
  }
  if (json.type.startsWith('enum ')) return wide.has(String(json.base)) ? wideEnumValue(json) : enumValue(json)
  if (json.type.startsWith('flags ')) return wide.has(String(json.base)) ? wideFlagsValue(json) : flagsValue(json)
  if (json.type.startsWith('hex(')) return hexOf(Number(json.type.slice(4, -1)), Number(json.type.slice(4, -1)))
  if (json.type === 'nul-string' || json.type === 'string') return text(json)
  if (json.type.startsWith('bytes(')) return bytesOf(Number(json.type.slice(6, -1)), Number(json.type.slice(6, -1)))
  if (json.type.startsWith('bit fields '))
    return fc.record(
      Object.fromEntries(
        Object.entries(json.fields as Record<string, number>).map(([name, width]) => [name, fc.nat(2 ** width - 1)]),
      ),
    )
  if (json.type.startsWith('char[')) return text(json)
  if (json.type === 'array')
    return fc.array(inner(json.items), { minLength: Number(json.count), maxLength: Number(json.count) })
  if (json.type === 'followed') return followed(json, special, depth)
  if (json.type === 'ordered') return singles(json.items as Json, special, depth)
  if (json.type === 'reference') return fc.constant({})
  if (json.min !== undefined) return integer(json)
  throw new Error(`no random values for a ${json.type}: ${JSON.stringify(json).slice(0, 80)}`)
}

const members = (json: Json) => (json.members as Json[]).filter((one) => !String(one.name).startsWith('_'))

function struct(json: Json, special: Special, depth: number): fc.Arbitrary<object> {
  return fc.record(Object.fromEntries(members(json).map((one) => [one.name, arbitrary(one, special, depth)])))
}

function attributes(json: Json, special: Special, depth: number): fc.Arbitrary<object> {
  const list = json.attributes as (Json & { name: string; repeated?: boolean })[]
  const header = json.header ? struct(json.header as Json, special, depth) : fc.constant({})
  const plain = list.filter((one) => one.type !== 'select' && one.type !== 'by member')
  const byMember = list.filter((one) => one.type === 'by member')
  const selects = list.filter((one) => one.type === 'select')
  // Deep in, most attributes are left out: values stay small enough for one attribute.
  const some = depth > 2 ? fc.subarray(plain, { maxLength: Math.min(3, plain.length) }) : fc.subarray(plain)
  const values = some.chain((chosen) =>
    fc.record(
      Object.fromEntries(
        chosen.map((one) => {
          const value = arbitrary(one, special, depth + 1)
          return [one.name, one.repeated ? fc.array(value, { minLength: 1, maxLength: 3 }) : value]
        }),
      ),
    ),
  )
  const both = fc.tuple(header, values).map(([first, rest]) => ({ ...first, ...rest }) as Record<string, unknown>)
  const told = byMember.reduce(
    (value, one) => value.chain((owner) => toldByMember(one, owner, special, depth)),
    both as fc.Arbitrary<Record<string, unknown>>,
  )
  return selects.reduce((value, one) => value.chain((owner) => selected(one, owner, special, depth)), told)
}

/** Adds an attribute whose type hangs on a member that the value already has. */
function toldByMember(
  json: Json,
  owner: Record<string, unknown>,
  special: Special,
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const by = owner[String(json.by)]
  const others = by === undefined ? json.usual : (json.others ?? json.usual)
  const type = (json.cases as Record<string, Json>)[String(by)] ?? (others as Json)
  // Of families without a notation there is no value.
  if (type.type === 'address of another family') return fc.constant(owner)
  const added = arbitrary(type, special, depth + 1).map((value) => ({ ...owner, [String(json.name)]: value }))
  return fc.oneof(fc.constant(owner), added)
}

/** Adds what a selector reads: for one of its cases, or as bytes where the discriminator is no case. */
function selected(
  json: Json,
  owner: Record<string, unknown>,
  special: Special,
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const cases = json.cases as Record<string, Json>
  const by = String(json.by)
  const choices: fc.Arbitrary<Record<string, unknown>>[] = [fc.constant(owner)]
  const other = { ...owner }
  if (!(String(other[by]) in cases))
    choices.push(bytesOf(0, 12).map((value) => ({ ...other, [String(json.fallback)]: value })))
  for (const [name, type] of Object.entries(cases)) {
    const number = /^\d+$/.test(name) ? Number(name) : name
    choices.push(
      arbitrary(type, special, depth + 1).map((value) => ({ ...owner, [by]: number, [String(json.name)]: value })),
    )
  }
  return fc.oneof(...choices)
}

/** A struct and what comes after it, as one of its members may choose. */
function followed(json: Json, special: Special, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const after = json.after as Json
  const name = String(json.member)
  return struct(json.header as Json, special, depth).chain((value) => {
    const owner = value as Record<string, unknown>
    if (after.type !== 'by member')
      return arbitrary(after, special, depth + 1).map((one) => ({
        ...owner,
        ...(json.count === undefined ? {} : { [String(json.count)]: (one as unknown[]).length }),
        [name]: one,
      }))
    const cases = Object.entries(after.cases as Record<string, Json>).map(([key, type]) =>
      arbitrary(type, special, depth + 1).map((one) => ({
        ...owner,
        [String(after.by)]: /^\d+$/.test(key) ? Number(key) : key,
        [name]: one,
      })),
    )
    const known = String(owner[String(after.by)]) in (after.cases as object)
    const usual = arbitrary(after.usual as Json, special, depth + 1).map((one) => ({ ...owner, [name]: one }))
    return known ? fc.oneof(...cases) : fc.oneof(usual, ...cases)
  })
}

/** Attributes of a set in any order, each as an object of its own. */
const singles = (json: Json, special: Special, depth: number): fc.Arbitrary<object[]> =>
  fc.array(
    fc.oneof(
      ...(json.attributes as (Json & { name: string; repeated?: boolean })[])
        .filter((one) => one.type !== 'select' && one.type !== 'by member')
        .map((one) =>
          arbitrary(one, special, depth + 1).map((value) => ({ [one.name]: one.repeated ? [value] : value })),
        ),
    ),
    { maxLength: 5 },
  )
