/** Random definitions, recursive ones too, each with random values that it accepts. */
import fc from 'fast-check'
import { Reader } from '../../src/netlink/bytes/bytes.js'
import {
  type AnyType,
  type AttributeSet,
  attributes,
  byMember,
  bytes,
  followedBy,
  headed,
  indexed,
  ipv4,
  ipv6,
  lazy,
  listOf,
  nulString,
  ordered,
  outer,
  packed,
  padding,
  records,
  repeated,
  type Struct,
  select,
  struct,
  type Type,
  u8,
  u16,
} from '../../src/netlink/index.js'
import { arbitrary } from './arbitrary.js'
import { leaves, sized } from './leaves.js'

/** How a definition is made: data, so that it can be made several times over, with nothing shared. */
export type Recipe =
  | { readonly kind: 'leaf'; readonly leaf: number }
  | { readonly kind: 'struct'; readonly leaves: readonly number[] }
  | { readonly kind: 'packed'; readonly leaves: readonly number[] }
  | { readonly kind: 'followed'; readonly leaves: readonly number[]; readonly aligned: boolean; readonly of: Recipe }
  | { readonly kind: 'ordered'; readonly of: readonly Recipe[] }
  | { readonly kind: 'list'; readonly of: Recipe; readonly number: number | 'index' }
  | { readonly kind: 'indexed'; readonly of: Recipe }
  | { readonly kind: 'repeated'; readonly of: Recipe }
  | { readonly kind: 'records'; readonly of: readonly Recipe[] }
  | { readonly kind: 'select'; readonly cases: readonly Recipe[] }
  | { readonly kind: 'itself' }
  | { readonly kind: 'outer' }
  | SetRecipe

export interface SetRecipe {
  readonly kind: 'set'
  readonly header: readonly number[] | undefined
  readonly nestedBit: boolean
  readonly of: readonly Recipe[]
}

const places = (list: readonly unknown[]) => fc.nat(list.length - 1)
const within: fc.Arbitrary<Recipe> = fc.letrec<{ any: Recipe; set: SetRecipe }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('leaf' as const), leaf: places(leaves) }),
    fc.record({
      kind: fc.constant('struct' as const),
      leaves: fc.array(places(sized), { minLength: 1, maxLength: 5 }),
    }),
    fc.record({
      kind: fc.constant('packed' as const),
      leaves: fc.array(places(sized), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('followed' as const),
      leaves: fc.array(places(sized), { minLength: 1, maxLength: 4 }),
      aligned: fc.boolean(),
      of: tie('any'),
    }),
    fc.record({
      kind: fc.constant('ordered' as const),
      of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('itself' as const) }),
    fc.record({ kind: fc.constant('outer' as const) }),
    fc.record({
      kind: fc.constant('list' as const),
      of: tie('any'),
      number: fc.constantFrom<(number | 'index')[]>(1, 'index'),
    }),
    fc.record({ kind: fc.constant('indexed' as const), of: tie('any') }),
    fc.record({ kind: fc.constant('records' as const), of: fc.array(tie('any'), { maxLength: 3 }) }),
    tie('set'),
  ),
  set: fc.record({
    kind: fc.constant('set' as const),
    header: fc.option(fc.array(places(sized), { minLength: 1, maxLength: 4 }), { nil: undefined }),
    nestedBit: fc.boolean(),
    of: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: tie('any') },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeated' as const), of: tie('any') }) },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: fc.constant('select' as const),
            cases: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
          }),
        },
      ),
      { minLength: 1, maxLength: 6 },
    ),
  }),
})).set

/** A random set. */
export const recipes = within as fc.Arbitrary<SetRecipe>

const headerOf = (list: readonly number[]): Struct => {
  const members = list.map((leaf, i) => [`h${i}`, sized[leaf]!] as const)
  const size = members.reduce((sum, [, type]) => sum + type.size!, 0)
  const rest: [string, AnyType][] = size % 4 === 0 ? [] : [['_pad', padding(4 - (size % 4))]]
  return struct(
    'header',
    Object.fromEntries([['fam', u8], ['_pad0', padding(3)], ...members, ...rest]) as never,
  ) as Struct
}

/** Makes the definition of a recipe. `sets` is told of every attribute set in it. */
export function made(recipe: SetRecipe, sets: AttributeSet[] = []): AttributeSet {
  // Without a header anywhere there is no family to look for.
  const hasFamily = JSON.stringify(recipe).includes('"header":[')
  const type = (one: Recipe, itself: () => AnyType): AnyType => {
    if (one.kind === 'leaf') return leaves[one.leaf]!
    if (one.kind === 'struct') return structOf(one.leaves)
    if (one.kind === 'packed') return packed(structOf(one.leaves))
    if (one.kind === 'followed')
      return followedBy(structOf(one.leaves, one.aligned), 'after', type(one.of, itself)) as AnyType
    if (one.kind === 'ordered') {
      const entries = one.of.map((each, i) => [`o${i}`, [i + 1, type(each, itself)]])
      const set = attributes('ORDERED', Object.fromEntries(entries) as never)
      sets.push(set as unknown as AttributeSet)
      return ordered(set) as AnyType
    }
    if (one.kind === 'list') return listOf(type(one.of, itself), { number: one.number })
    if (one.kind === 'indexed') return indexed(type(one.of, itself))
    if (one.kind === 'records') {
      const header = struct('record', { _length: u16, flags: u8, hops: u8 })
      const set = headed(
        header,
        attributes(
          'RECORD',
          Object.fromEntries(one.of.map((each, i) => [`r${i}`, [i + 1, type(each, itself)]])) as never,
        ),
      )
      sets.push(set as unknown as AttributeSet)
      return records(set as never)
    }
    if (one.kind === 'itself') return lazy('itself', itself as () => Type<unknown>)
    if (one.kind === 'outer') return !hasFamily ? bytes : byMember(outer('fam'), { 2: ipv4, 10: ipv6 }, bytes)
    if (one.kind === 'set') return setOf(one)
    throw new Error(`no type for a ${one.kind}`)
  }
  const structOf = (list: readonly number[], aligned = false) =>
    struct('s', Object.fromEntries(list.map((leaf, i) => [`m${i}`, sized[leaf]!])) as never, { aligned }) as Struct
  const setOf = (one: SetRecipe): AttributeSet => {
    const itself = (): AnyType => set
    const entries: Record<string, unknown> = {}
    for (const [i, each] of one.of.entries()) {
      // Numbers neither dense nor in the order of the names.
      const number = 3 * ((i * 5) % 7) + 2
      if (each.kind === 'repeated') entries[`a${i}`] = [number, repeated(type(each.of, itself))]
      else if (each.kind === 'select') {
        const cases = Object.fromEntries(each.cases.map((case_, c) => [`case${c}`, type(case_, itself)]))
        entries[`kind${i}`] = [40 + i, nulString()]
        entries[`a${i}`] = [number, select(`kind${i}`, cases, `other${i}`)]
      } else entries[`a${i}`] = [number, type(each, itself)]
    }
    if (one.header) entries.addr = [60, byMember('fam', { 2: ipv4, 10: ipv6 }, bytes)]
    const plain = attributes('RANDOM', entries as never, { nestedBit: one.nestedBit })
    const set = (one.header ? headed(headerOf(one.header), plain) : plain) as unknown as AttributeSet
    sets.push(set)
    return set
  }
  return setOf(recipe)
}

const valuesOf = (type: AnyType): fc.Arbitrary<unknown> => arbitrary(type.describe() as never)
const list = (one: fc.Arbitrary<unknown>, minLength = 0) => fc.array(one, { minLength, maxLength: 3 })
const structValues = (leaves: readonly number[], prefix: string) =>
  fc.record(Object.fromEntries(leaves.map((leaf, i) => [`${prefix}${i}`, valuesOf(sized[leaf]!)])))

const addresses = (fam: number | undefined) =>
  fam === 2 ? valuesOf(ipv4) : fam === 10 ? valuesOf(ipv6) : valuesOf(bytes)

/**
 * Values that the definition of a recipe accepts.
 * @param outer the family of the nearest object further out that has one
 */
export function valuesFor(recipe: SetRecipe, depth = 0, outer?: number): fc.Arbitrary<Record<string, unknown>> {
  const { header } = recipe
  if (!header) return some(entriesOf(recipe, depth, outer, outer))
  return fc.constantFrom(2, 10, 7).chain((fam) => {
    const entries = [...entriesOf(recipe, depth, outer, fam), entry('addr', addresses(fam))]
    return fc.tuple(structValues(header, 'h'), some(entries)).map(([members, rest]) => ({ fam, ...members, ...rest }))
  })
}

/** What a set can have: `outer` is the family further out for its own attributes, `inner` for what is nested in them. */
function entriesOf(recipe: SetRecipe, depth: number, outer: number | undefined, inner: number | undefined) {
  const any = (one: Recipe, outer: number | undefined): fc.Arbitrary<unknown> => {
    if (one.kind === 'leaf') return valuesOf(leaves[one.leaf]!)
    if (one.kind === 'outer') return addresses(outer)
    if (one.kind === 'struct') return structValues(one.leaves, 'm')
    if (one.kind === 'packed') return list(structValues(one.leaves, 'm'))
    if (one.kind === 'followed')
      return fc.tuple(structValues(one.leaves, 'm'), any(one.of, inner)).map(([head, after]) => ({ ...head, after }))
    if (one.kind === 'ordered')
      return list(fc.oneof(...one.of.map((each, i) => any(each, inner).map((value) => ({ [`o${i}`]: value })))))
    if (one.kind === 'list') return list(any(one.of, outer))
    if (one.kind === 'indexed')
      return fc.dictionary(fc.nat(200).map(String), any(one.of, outer), { maxKeys: 3, noNullPrototype: true })
    if (one.kind === 'records')
      return list(
        fc
          .tuple(
            fc.record({ flags: fc.nat(255), hops: fc.nat(255) }),
            some(one.of.map((each, i) => entry(`r${i}`, any(each, inner)))),
          )
          .map(([header, rest]) => ({ ...header, ...rest })),
      )
    if (one.kind === 'itself') return depth > 1 ? fc.constant(empty(recipe)) : valuesFor(recipe, depth + 1, inner)
    if (one.kind === 'set') return valuesFor(one, depth + 1, inner)
    throw new Error(`no values for a ${one.kind}`)
  }
  return recipe.of.map((each, i) => {
    const name = `a${i}`
    if (each.kind === 'repeated') return entry(name, list(any(each.of, outer), 1))
    if (each.kind !== 'select') return entry(name, any(each, outer))
    const cases = each.cases.map((one, c) =>
      fc.tuple(any(one, outer), fc.boolean()).map(([value, first]) => pair(`kind${i}`, `case${c}`, name, value, first)),
    )
    const other = fc.uint8Array({ maxLength: 9 }).map((value) => pair(`kind${i}`, 'nosuch', `other${i}`, value, true))
    return fc.oneof(...cases, other)
  })
}

const empty = (recipe: SetRecipe): object =>
  recipe.header
    ? { fam: 7, ...Object.fromEntries(recipe.header.map((leaf, i) => [`h${i}`, zeroOf(sized[leaf]!)])) }
    : {}
const zeroOf = (type: AnyType): unknown =>
  type.read(new Reader(new Uint8Array(type.size!), 'little'), 0, type.size!, undefined)

type Entry = readonly (readonly [string, unknown])[]
const entry = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Entry> => value.map((one) => [[name, one]])
/** The discriminator before what it decides, or after it. */
const pair = (by: string, kind: string, name: string, value: unknown, first: boolean): Entry =>
  first
    ? [
        [by, kind],
        [name, value],
      ]
    : [
        [name, value],
        [by, kind],
      ]

/** Some of the entries, in any order. */
const some = (entries: readonly fc.Arbitrary<Entry>[]): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .shuffledSubarray([...entries.keys()])
    .chain((chosen) => fc.tuple(...chosen.map((i) => entries[i]!)))
    .map((all) => Object.fromEntries(all.flat()))
