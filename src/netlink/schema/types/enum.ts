/** Names for numbers: one of them (enumOf), or a set of bits (flagsOf, bitfield32). */
import { type ConstantsOf, constantsIn } from '../meaning.js'
import { type AnyType, type Expected, type Leaf, leaf, type Type } from '../type.js'
import { checkInteger, checkValues } from '../validate.js'
import { type Integer, u32 } from './integer.js'
import { flagsText, type SizeOf, type WideEnum, type WideFlags, type WideNumbers, wideEnum, wideFlags } from './wide.js'

/** Names and their numbers. */
export type Numbers = Readonly<Record<string, number>>

/** A name of the enum; a number that no name stands for is kept as it is. */
export type EnumValue<N extends Numbers> = (keyof N & string) | (number & {})
/** The names of the bits that are set; bits without a name stay together as one number. */
export type FlagsValue<N extends Numbers> = readonly EnumValue<N>[]

/** An enum or flags type, with its table: `values.l3` is 1. */
export interface Named<T, N extends Numbers> extends Leaf<T> {
  readonly size: number
  readonly values: N
}
/** What `enumOf` makes. */
export interface Enum<N extends Numbers> extends Named<EnumValue<N>, N> {}
/** What `flagsOf` makes. */
export interface Flags<N extends Numbers> extends Named<FlagsValue<N>, N> {}
/** What `flagsOf` makes where bits have other names with one of the flags. */
export interface FlagsWith<N extends Numbers, A extends Numbers> extends Named<FlagsValue<N & A>, N & A> {}
/** Other names of bits, for where one of the flags is set. */
export interface FlagsInstead<N extends Numbers, A extends Numbers> {
  /** The flag that decides. */
  readonly when: keyof N & string
  /** The names that bits have where it is set. Flags that share a bit with one of them have no meaning there. */
  readonly values: A
}
/** What `bitfield32` makes. */
export interface Bitfield<N extends Numbers> extends Type<Bitfield32<N>> {
  readonly values: N
}

/**
 * A number of which some values have names (NLA_U8 with an enum, and so on). Decoding gives the name, or the number
 * where there is none; encoding takes either. Over an integer of 64 bits (u64, uint) a number without a name is a bigint.
 * @param constants the prefix of their C constants, so that the numbers can be held against the kernel's headers
 * @example enumOf(u16, { l2: 0, l3: 1, l3s: 2 }, 'IPVLAN_MODE')
 */
export function enumOf<const N extends Numbers>(base: Integer, values: N, constants?: ConstantsOf): Enum<N>
export function enumOf<B extends Leaf<bigint>, const N extends WideNumbers>(
  base: B,
  values: N,
  constants?: ConstantsOf,
): WideEnum<N> & SizeOf<B>
export function enumOf(base: Integer | Leaf<bigint>, values: WideNumbers, constants?: ConstantsOf): AnyType {
  const owner = `enum ${(base as AnyType | undefined)?.name}`
  checkInteger(owner, base, { wide: true })
  checkValues(owner, values, base.min ?? 0, base.max ?? 0)
  return base.kind === 'bigint'
    ? wideEnum(base as Leaf<bigint>, values, constants)
    : narrowEnum(base as Integer, values as Numbers, constants)
}

function narrowEnum<N extends Numbers>(base: Integer, values: N, constants: ConstantsOf | undefined): Enum<N> {
  const names = new Map<number, string>()
  // The first name of a number is the one that decoding gives: later ones are other spellings.
  for (const [name, value] of Object.entries(values)) if (!names.has(value)) names.set(value, name)
  const table: (string | undefined)[] = []
  for (const [value, name] of names) if (value >= 0 && value < 256) table[value] = name
  for (let i = 0; i < table.length; i++) table[i] ??= undefined
  const numbers = new Map(Object.entries(values))
  // A number beyond a short list that has no gaps is mostly a mistake: the reader sees what there is. Lists with gaps
  // (tables, scopes) leave the other numbers to their users.
  const [low, high] = [Math.min(...names.keys()), Math.max(...names.keys())]
  const counted = names.size <= 8 && high - low === names.size - 1
  const known = counted ? ` (known: ${[...names.values()].join(', ')})` : ''
  const { min, max } = base
  const accepted: Expected = { kind: 'enum', names: Object.keys(values), min, max, ...(counted ? { counted } : {}) }
  const type = leaf<EnumValue<N>>({
    kind: 'enum',
    name: `enum ${base.name}`,
    size: base.size,
    scalar: base.size,
    ...(base.width === undefined ? {} : { width: base.width }),
    problem: (value) =>
      (typeof value === 'string' ? numbers.has(value) : base.problem(value) === undefined) ? undefined : accepted,
    read(r, at, end) {
      const value = base.read(r, at, end, undefined)
      return (value >= 0 && value < table.length ? table[value] : names.get(value)) ?? value
    },
    put: (w, at, value) => base.put!(w, at, typeof value === 'string' ? numbers.get(value) : value),
    show: (value) => (typeof value === 'string' ? value : `${value}${known}`),
    describe: { base: base.name, values },
  })
  return Object.freeze({ ...type, size: base.size, min: base.min, max: base.max, values, ...constantsIn(constants) })
}

/** Turns numbers to lists of names and back; shared by flagsOf and bitfield32. */
function flagTable(base: Integer, values: Numbers, instead?: FlagsInstead<Numbers, Numbers>) {
  const usual = Object.entries(values)
  const marker = instead === undefined ? 0 : values[instead.when]!
  const replaced = Object.entries(instead?.values ?? {})
  const taken = replaced.reduce((bits, [, bit]) => bits | bit, 0)
  const others = [...usual.filter(([, bit]) => (bit & taken) === 0), ...replaced]
  const namesIn = (value: number) => (marker !== 0 && (value & marker) >>> 0 === marker ? others : usual)
  const numbers = new Map([...usual, ...replaced])
  // A dump repeats few combinations, so each list is made once, frozen and shared.
  const lists = new Map<number, FlagsValue<Numbers>>()
  const toList = (value: number): FlagsValue<Numbers> => {
    const known = lists.get(value)
    if (known !== undefined) return known
    const list: EnumValue<Numbers>[] = []
    let rest = value
    for (const [name, bit] of namesIn(value)) {
      if (bit === 0 || (rest & bit) >>> 0 !== bit >>> 0) continue
      list.push(name)
      rest = (rest & ~bit) >>> 0
    }
    if (rest !== 0) list.push(rest)
    Object.freeze(list)
    if (lists.size < 512) lists.set(value, list)
    return list
  }
  const toNumber = (list: FlagsValue<Numbers>): number => tryNumber(list) ?? 0
  /** Undefined when it is not a list of names and numbers. */
  const tryNumber = (list: unknown): number | undefined => {
    if (!Array.isArray(list)) return undefined
    let value = 0
    for (let i = 0; i < list.length; i++) {
      const item: unknown = list[i]
      const number = typeof item === 'string' ? numbers.get(item) : item
      if (number === undefined || (typeof item !== 'string' && base.problem(item) !== undefined)) return undefined
      value |= number as number
    }
    value >>>= 0
    return marker === 0 || haveMeaning(list, value) ? value : undefined
  }
  /** Whether all names are those that their bits have beside the others. */
  const haveMeaning = (list: readonly unknown[], value: number): boolean => {
    const known = namesIn(value)
    return list.every((item) => typeof item !== 'string' || known.some(([name]) => name === item))
  }
  const accepted: Expected = {
    kind: 'flags',
    names: Object.keys(values),
    max: base.max,
    ...(instead === undefined ? {} : { instead: { when: instead.when, names: others.map(([name]) => name) } }),
  }
  const problem = (value: unknown): Expected | undefined => (tryNumber(value) === undefined ? accepted : undefined)
  return { toList, toNumber, tryNumber, problem, show: flagsText }
}

/**
 * A number whose bits have names. Decoding gives a frozen list of names in the order of the definition, with the bits
 * that have no name as one number at its end; encoding takes names and numbers in any order. Over an integer of 64 bits
 * (u64, uint) that number is a bigint.
 * @param constants the prefix of their C constants
 * @param instead other names that bits have where one of the flags is set; not over 64 bits
 * @example flagsOf(u16, { private: 1, vepa: 2 }, 'IPVLAN_F')
 * @example flagsOf(u32, routeFlags, 'RTM_F', { when: 'cloned', values: { multicast: 0x20000000, local: 0x80000000 } })
 */
export function flagsOf<const N extends Numbers>(base: Integer, values: N, constants?: ConstantsOf): Flags<N>
export function flagsOf<const N extends Numbers, const A extends Numbers>(
  base: Integer,
  values: N,
  constants: ConstantsOf | undefined,
  instead: FlagsInstead<N, A>,
): FlagsWith<N, A>
export function flagsOf<B extends Leaf<bigint>, const N extends WideNumbers>(
  base: B,
  values: N,
  constants?: ConstantsOf,
): WideFlags<N> & SizeOf<B>
export function flagsOf(
  base: Integer | Leaf<bigint>,
  values: WideNumbers,
  constants?: ConstantsOf,
  instead?: FlagsInstead<Numbers, Numbers>,
): AnyType {
  const owner = `flags ${(base as AnyType | undefined)?.name}`
  checkInteger(owner, base, { wide: true, unsigned: true })
  checkValues(owner, values, 0, base.max ?? 0)
  if (instead !== undefined) checkInstead(owner, base, values, instead)
  return base.kind === 'bigint'
    ? wideFlags(base as Leaf<bigint>, values, constants)
    : narrowFlags(base as Integer, values as Numbers, constants, instead)
}

function checkInstead(owner: string, base: AnyType, values: WideNumbers, instead: FlagsInstead<Numbers, Numbers>) {
  if (base.kind === 'bigint') throw new Error(`${owner}: flags of 64 bits have no other names for a bit`)
  checkValues(owner, instead.values, 0, base.max ?? 0)
  const marker = Object.hasOwn(values, instead.when) ? Number(values[instead.when]) : 0
  if (marker === 0) throw new Error(`${owner}: "${instead.when}" is no flag on which names can hang`)
  for (const [name, bit] of Object.entries(instead.values)) {
    if (Object.hasOwn(values, name)) throw new Error(`${owner}: two flags have the name "${name}"`)
    if ((bit & marker) !== 0) throw new Error(`${owner}: ${name} is ${bit}, which has bits of ${instead.when}`)
  }
}

function narrowFlags(
  base: Integer,
  values: Numbers,
  constants: ConstantsOf | undefined,
  instead: FlagsInstead<Numbers, Numbers> | undefined,
): Flags<Numbers> {
  const table = flagTable(base, values, instead)
  const type = leaf<FlagsValue<Numbers>>({
    kind: 'flags',
    name: `flags ${base.name}`,
    size: base.size,
    scalar: base.size,
    ...(base.width === undefined ? {} : { width: base.width }),
    problem: table.problem,
    show: table.show,
    read: (r, at, end) => table.toList(base.read(r, at, end, undefined)),
    put: (w, at, value) => base.put!(w, at, table.tryNumber(value)),
    describe: { base: base.name, values, ...(instead === undefined ? {} : { instead }) },
  })
  const { size, min, max } = base
  return Object.freeze({
    ...type,
    size,
    min,
    max,
    values: { ...values, ...instead?.values },
    ...constantsIn(constants),
  })
}

/** struct nla_bitfield32: the bits in `selector` are meant, and each is set as in `value`. */
export interface Bitfield32<N extends Numbers> {
  readonly value: FlagsValue<N>
  readonly selector: FlagsValue<N>
}

/**
 * NLA_BITFIELD32 (linux/netlink.h): values with a mask of those that are meant.
 * @example bitfield32({ mcastFlood: 1, learning: 2 })
 */
export function bitfield32<const N extends Numbers>(values: N, constants?: ConstantsOf): Bitfield<N> {
  checkValues('bitfield32', values, 0, u32.max)
  const table = flagTable(u32, values)
  const problem = (value: unknown): Expected | undefined => {
    const it = value as Partial<Bitfield32<N>> | null
    if (typeof it !== 'object' || it === null) return { kind: 'object', names: ['value', 'selector'] }
    for (const name of ['value', 'selector'] as const) {
      const expected = table.problem(it[name])
      if (expected !== undefined) return { kind: 'member', name, expected }
    }
    return undefined
  }
  const type = leaf<Bitfield32<N>>({
    kind: 'bitfield',
    name: 'bitfield32',
    size: 8,
    width: 4,
    problem,
    read: (r, at) => ({
      value: table.toList(r.view.getUint32(at, r.little)),
      selector: table.toList(r.view.getUint32(at + 4, r.little)),
    }),
    write(w, { value, selector }) {
      u32.write(w, table.toNumber(value), undefined)
      u32.write(w, table.toNumber(selector), undefined)
    },
    show: ({ value, selector }) => `${table.show(value)} of ${table.show(selector)}`,
    describe: { values },
  })
  return Object.freeze({ ...type, values, ...constantsIn(constants) })
}
