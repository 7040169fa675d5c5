/** How definitions are written: attribute sets from plain objects, and the types that follow from them. */

import type { Reader, Writer } from '../bytes/bytes.js'
import { payloadTooShort, type UnknownAttribute } from '../bytes/nlattr.js'
import { type AnyAttributeSet, type Attribute, AttributeSet } from './attributes.js'
import { type Constants, constantsIn } from './meaning.js'
import { anyOuter, type Outer } from './outer.js'
import { isSelector, type Selector } from './select.js'
import type { Members, MemberValues, Struct } from './struct.js'
import type { AnyType, Infer, Owner, Type } from './type.js'
import { bytes } from './types/text.js'
import { checkEntry, checkHeaded, checkObject, checkType } from './validate.js'

/** The attributes of a set: `name: [number, type]`. */
export type Entries = Readonly<Record<string, readonly [number, AnyType | Selector]>>

/** The values of some entries. E has no constraint here and below: to check it costs most of what a client costs. Over keys of E as they are, so that the comments of the definition reach its values. */
export type EntryValues<E, K extends keyof E> = { -readonly [P in K]?: Infer<EntryType<E[P]>> }
/** The type of an entry. */
type EntryType<D> = D extends readonly [number, infer T] ? T : never
/** The entries that selectors read. */
type SelectorKeys<E> = {
  [K in keyof E]: E[K] extends readonly [number, { readonly selector: true }] ? K : never
}[keyof E]
/** The entries that decide for selectors. */
type DiscriminatorKeys<E, S extends keyof E> = S extends keyof E
  ? E[S] extends readonly [number, { readonly by: infer By }]
    ? By
    : never
  : never

declare const other: unique symbol
/**
 * A discriminator that no definition knows, such as the kind of a link from a module that nlwire has never heard of.
 * It is a string at run time. Its type has what strings have but is none: for the compiler any string could be
 * 'ipvlan', even one with a brand, and `kind === 'ipvlan'` would narrow nothing.
 */
// biome-ignore lint/complexity/noBannedTypes: the point is what strings have, without being one
export interface OtherCase extends String {
  readonly [other]: true
}
/** Says that a discriminator is meant although nlwire does not know it. @example otherCase('batadv') */
export const otherCase = (value: string): OtherCase => value as unknown as OtherCase

type Selected<E, Header> = Union2Intersection<
  {
    [K in keyof E & string]: E[K] extends readonly [number, Selector<infer By, infer C, infer Other>]
      ? {
          value: By extends keyof E
            ? ByAttribute<E, K, By, C, Other>
            : By extends keyof Header | Outer
              ? ByHeader<E, K, C, Other>
              : never
        }
      : never
  }[keyof E & string]
>
type ByAttribute<E, K extends keyof E, By extends keyof E, C, Other extends string> =
  | {
      [Case in keyof C & string]: Given<E, By, Case> & Optional<E, K, Infer<C[Case]>> & { [O in Other]?: undefined }
    }[keyof C & string]
  | (Optional<E, By, OtherCase> & Optional<E, K, undefined> & { [O in Other]?: Uint8Array })
type ByHeader<E, K extends keyof E, C, Other extends string> = Optional<E, K, Infer<C[keyof C]>> & {
  [O in Other]?: Uint8Array
}
/** Entries that are there, or may be: over keys of E, so that the comments of the definition reach its values. */
type Given<E, K extends keyof E, V> = { -readonly [P in K]: V }
type Optional<E, K extends keyof E, V> = { -readonly [P in K]?: V }
type Union2Intersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void
  ? I extends { value: infer V }
    ? V
    : unknown
  : unknown

/** What every attribute set keeps. */
export type Unknowns = {
  /** Attributes that the definition does not know. */
  unknown?: UnknownAttribute[]
}

/** The plain value of an attribute set, every attribute optional. */
export type AttributesValue<E, Header = unknown> = [SelectorKeys<E>] extends [never]
  ? EntryValues<E, keyof E> & Unknowns
  : EntryValues<E, Exclude<keyof E, SelectorKeys<E> | DiscriminatorKeys<E, SelectorKeys<E>>>> &
      Selected<E, Header> &
      Unknowns

/** A set of attributes, with its definition, of which V is the value. */
export interface AttributesOf<E, V> extends AttributeSet<V> {
  readonly entries: E
}
/**
 * What `attributes` makes. `read` and `write` are written here, for the compiler works out V of a base AttributesOf<E, V>
 * whether it is needed or not.
 */
export interface Attributes<E = Entries> extends AnyAttributeSet {
  readonly entries: E
  read(r: Reader, at: number, end: number, owner?: Owner): AttributesValue<E>
  write(w: Writer, value: AttributesValue<E>, owner?: Owner): void
}

/** How a set is written. */
export interface SetOptions {
  /** Whether the canonical encoding sets NLA_F_NESTED for a nest of this set. rtnetlink mostly does not. */
  readonly nestedBit?: boolean
  /** What differs from its name in the constants: `{ subset: true }` where it has only some of them. */
  readonly constants?: Omit<Constants, 'prefix' | 'bits'>
}

const toList = (set: string, entries: Entries): Attribute[] =>
  Object.entries(entries).map(([name, entry]) => {
    checkEntry(set, name, entry)
    const [number, type] = entry
    return isSelector(type)
      ? { name, number, type: bytes, selector: type, repeated: false }
      : { name, number, type, selector: undefined, repeated: type.repeated === true }
  })

/**
 * A set of attributes: each `name: [number, type]`, the number written out as in the kernel's header.
 * @param name what errors and documents call it, the prefix of its C constants without the underscore: `IFLA_IPVLAN`
 * @throws Error for a definition that cannot work: two attributes of one number or name, a number over 0x3fff, a name
 * that values need for themselves (`unknown`), a type that is not there
 * @example const ipvlan = attributes('IFLA_IPVLAN', { mode: [1, enumOf(u16, { l2: 0, l3: 1, l3s: 2 })] })
 */
export function attributes<const E extends Entries>(name: string, entries: E, options: SetOptions = {}): Attributes<E> {
  checkObject(name, entries)
  const set = new AttributeSet<AttributesValue<E>>(name, toList(name, entries), undefined, undefined, options.nestedBit)
  return Object.assign(set, { entries }, constantsIn(options.constants))
}

/**
 * A fixed header and the attributes after it, as one flat object: the body of a message, or a message within an
 * attribute (veth's peer).
 * @example headed(ifinfomsg, linkAttributes)
 */
export function headed<M extends Members, E extends Entries>(
  header: Struct<M>,
  set: AttributesOf<E, unknown>,
): Headed<M, E> {
  checkHeaded(header, set)
  const both = new AttributeSet<HeadedValue<M, E>>(set.name, set.list, header as unknown as Struct)
  return Object.assign(both, { entries: set.entries, members: header.members }, constantsIn(set.constants))
}

/** The plain value of a header with attributes among which there are no selectors: the least work for the compiler. */
export type PlainHeadedValue<M, E> = MemberValues<M> & EntryValues<E, keyof E> & Unknowns
/** The plain value of a header with its attributes. */
export type HeadedValue<M, E> = MemberValues<M> & AttributesValue<E, M>
/** A header with its attributes, of which V is the value. */
export interface HeadedOf<M, E, V> extends AttributesOf<E, V> {
  readonly members: M
}
/** What `headed` makes. */
export interface Headed<M, E> extends AnyAttributeSet {
  readonly entries: E
  readonly members: M
  read(r: Reader, at: number, end: number, owner?: Owner): HeadedValue<M, E>
  write(w: Writer, value: HeadedValue<M, E>, owner?: Owner): void
}

/**
 * A type that is looked up when it is first used: for definitions that contain themselves. A protocol that has it looks
 * it up when it is made, where it is there by then.
 * @throws Error when it is used and \`get\` gives no type
 * @example lazy('IFLA', () => linkMessage)
 */
export function lazy<T>(name: string, get: () => Type<T>): Type<T> {
  if (typeof get !== 'function') throw new Error(`lazy ${name}: expected a function that gives the type`)
  let known: Type<T> | undefined
  const found = (): Type<T> => {
    if (known !== undefined) return known
    const type = get()
    checkType(`lazy ${name}`, '', type)
    if (type === self) throw new Error(`lazy ${name}: stands for itself`)
    known = type
    return type
  }
  const self: Type<T> = Object.freeze({
    kind: 'lazy',
    outer: anyOuter,
    name,
    minimum: 0,
    resolve: found,
    read(r, at, end, owner) {
      const type = found()
      if (end - at < type.minimum) throw payloadTooShort(at, type, end - at)
      return type.read(r, at, end, owner)
    },
    write: (w, value, owner) => found().write(w, value, owner),
    check: (value, path, issues, owner) => found().check(value, path, issues, owner),
    dissect: (r, at, end, field, owner) => found().dissect(r, at, end, field, owner),
    // A definition that contains itself is described once and then named.
    describe: () => ({ type: 'reference', set: name }),
  } satisfies Type<T>)
  return self
}
