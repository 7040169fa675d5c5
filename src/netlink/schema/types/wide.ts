/** Names for numbers of 64 bits: what enumOf and flagsOf make of u64, uint and their like. All numbers are bigint. */
import { type ConstantsOf, constantsIn } from '../meaning.js'
import { type Expected, type Leaf, leaf } from '../type.js'

/** Names and their numbers; a number beyond 2^53 is written as a bigint. */
export type WideNumbers = Readonly<Record<string, number | bigint>>

/** A name of the enum; a number that no name stands for is kept as a bigint. */
export type WideEnumValue<N extends WideNumbers> = (keyof N & string) | bigint
/** The names of the bits that are set; bits without a name stay together as one bigint. */
export type WideFlagsValue<N extends WideNumbers> = readonly WideEnumValue<N>[]

/** What `enumOf` makes of an integer of 64 bits. */
export interface WideEnum<N extends WideNumbers> extends Leaf<WideEnumValue<N>> {
  readonly values: N
}
/** What `flagsOf` makes of an integer of 64 bits. */
export interface WideFlags<N extends WideNumbers> extends Leaf<WideFlagsValue<N>> {
  readonly values: N
}

/** Of fixed size as the integer is. */
export type SizeOf<B> = B extends { readonly size: number } ? { readonly size: number } : unknown

/** Flags as a note shows them: `up|running|0x40000`. */
export const flagsText = (list: readonly (string | number | bigint)[]): string =>
  list.length === 0
    ? 'none'
    : list.map((item) => (typeof item === 'string' ? item : `0x${item.toString(16)}`)).join('|')

const numbersOf = (values: WideNumbers) =>
  new Map(Object.entries(values).map(([name, value]) => [name, BigInt(value)] as const))

/** As plain JSON, which has no bigint. */
const described = (values: WideNumbers) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  )

/** A leaf whose value stands for the bigint of another one. */
function over<T>(
  base: Leaf<bigint>,
  kind: 'enum' | 'flags',
  values: WideNumbers,
  constants: ConstantsOf | undefined,
  parts: {
    readonly accepted: Expected
    of(value: bigint): T
    /** Undefined when it is no such value; whether a bigint fits is for the base to say. */
    number(value: unknown): bigint | undefined
    show(value: T): string
  },
) {
  const { size, scalar, width, minimum, min, max } = base
  const number = (value: unknown) => {
    const one = parts.number(value)
    return one !== undefined && base.problem(one) === undefined ? one : undefined
  }
  const own = leaf<T>({
    kind,
    name: `${kind} ${base.name}`,
    minimum,
    ...(size === undefined ? {} : { size }),
    ...(scalar === undefined ? {} : { scalar }),
    ...(width === undefined ? {} : { width }),
    problem: (value) => (number(value) === undefined ? parts.accepted : undefined),
    read: (r, at, end) => parts.of(base.read(r, at, end, undefined)),
    ...(base.put
      ? { put: (w, at, value) => base.put!(w, at, parts.number(value)) }
      : {
          tryWrite(w, value) {
            const one = number(value)
            if (one !== undefined) base.write(w, one, undefined)
            return one !== undefined
          },
        }),
    show: parts.show,
    describe: { base: base.name, values: described(values) },
  })
  const type: Leaf<T> = {
    ...own,
    ...(min === undefined || max === undefined ? {} : { min, max }),
    values,
    ...constantsIn(constants),
    dissect(r, at, end, field, owner) {
      // The base says how wide the number is.
      base.dissect(r, at, end, field, owner)
      own.dissect(r, at, end, field, owner)
    },
  }
  return Object.freeze(type)
}

export function wideEnum<N extends WideNumbers>(base: Leaf<bigint>, values: N, constants?: ConstantsOf): WideEnum<N> {
  const numbers = numbersOf(values)
  const names = new Map<bigint, string>()
  // The first name of a number is the one that decoding gives: later ones are other spellings.
  for (const [name, value] of numbers) if (!names.has(value)) names.set(value, name)
  const { min = 0n, max = 0n } = base
  return over<WideEnumValue<N>>(base, 'enum', values, constants, {
    accepted: { kind: 'enum', names: [...numbers.keys()], min, max },
    of: (value) => names.get(value) ?? value,
    number: (value) => (typeof value === 'string' ? numbers.get(value) : typeof value === 'bigint' ? value : undefined),
    show: String,
  }) as WideEnum<N>
}

export function wideFlags<N extends WideNumbers>(base: Leaf<bigint>, values: N, constants?: ConstantsOf): WideFlags<N> {
  const numbers = numbersOf(values)
  // A dump repeats few combinations, so each list is made once, frozen and shared.
  const lists = new Map<bigint, WideFlagsValue<N>>()
  return over<WideFlagsValue<N>>(base, 'flags', values, constants, {
    accepted: { kind: 'flags', names: [...numbers.keys()], max: base.max ?? 0n },
    of(value) {
      const known = lists.get(value)
      if (known !== undefined) return known
      const list: WideEnumValue<N>[] = []
      let rest = value
      for (const [name, bit] of numbers) {
        if (bit === 0n || (rest & bit) !== bit) continue
        list.push(name)
        rest &= ~bit
      }
      if (rest !== 0n) list.push(rest)
      Object.freeze(list)
      if (lists.size < 512) lists.set(value, list)
      return list
    },
    number(list) {
      if (!Array.isArray(list)) return undefined
      let value = 0n
      for (const item of list) {
        const bits = typeof item === 'string' ? numbers.get(item) : item
        if (typeof bits !== 'bigint' || bits < 0n) return undefined
        value |= bits
      }
      return value
    },
    show: flagsText,
  }) as WideFlags<N>
}
