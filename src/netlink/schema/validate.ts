/**
 * What a definition must keep to. It is checked once, when the definition is made, so that a mistake in one is an error
 * at the line that has it, and never bytes that mean something else.
 */
import { TYPE_MASK } from '../bytes/nlattr.js'
import { attributeHangsOn, canDecide, type HangingAttribute, hangsOn } from './hangs.js'
import type { AnyType } from './type.js'

/** The names in a message's path: `linkinfo.data[0]`. Digits alone would be moved to the front of an object by JavaScript. */
const usableName = /^(?!\d+$)[^\s.[\]()]+$/

export function checkName(owner: string, name: string): void {
  if (name === '__proto__' || !usableName.test(name))
    throw new Error(
      `${owner}: "${name}" cannot be a name: expected letters and digits, not only digits, and not __proto__`,
    )
}

/** The name of a member of a value: an object has what every object has although nobody gave it. */
export function checkMemberName(owner: string, name: string): void {
  checkName(owner, name)
  if (name in Object.prototype) throw new Error(`${owner}: "${name}" cannot be a name: every object has a ${name}`)
}

function checkReserved(owner: string, name: string, reserved: string, what: string): void {
  if (name === reserved) throw new Error(`${owner}: "${name}" cannot be a name: values keep ${what} under it`)
}

/** A plain object of members. `{ __proto__: ... }` defines no member but sets the prototype. */
export function checkObject(owner: string, members: unknown): void {
  if (typeof members !== 'object' || members === null) throw new Error(`${owner}: expected an object of members`)
  const proto = Object.getPrototypeOf(members)
  if (proto !== null && Object.getPrototypeOf(proto) !== null)
    throw new Error(`${owner}: the definition has a prototype of its own ("__proto__" cannot be a name)`)
}

export function checkNumber(owner: string, name: string, what: string, number: unknown, min: number, max: number) {
  if (!Number.isInteger(number) || (number as number) < min || (number as number) > max)
    throw new Error(`${owner}: ${name} has the ${what} ${String(number)}: expected an integer from ${min} to ${max}`)
}

/** The number of bytes of a type that always takes so many. */
export function checkSize(owner: string, size: unknown, min = 1): void {
  if (!Number.isInteger(size) || (size as number) < min)
    throw new Error(`${owner}: a type of size ${String(size)}: expected an integer from ${min}`)
}

/**
 * A type for one value: no selector, no `repeated`, no `padding`, and no undefined that came from a circle of imports.
 * @param allowed what it may be all the same
 */
export function checkType(
  owner: string,
  name: string,
  type: unknown,
  allowed?: 'repeated' | 'padding',
): asserts type is AnyType {
  const given = type as (Partial<AnyType> & { selector?: boolean }) | null | undefined
  const at = name === '' ? owner : `${owner}: ${name}`
  if (given?.selector) throw new Error(`${at}: select() can only be the type of an attribute`)
  if (typeof given?.read !== 'function') throw new Error(`${at} has no type (is it used before it is defined?)`)
  if (given.kind === 'padding' && allowed !== 'padding')
    throw new Error(`${at}: padding() can only be a member of a struct whose name begins with an underscore`)
  if (given.repeated && allowed !== 'repeated')
    throw new Error(`${at}: repeated() can only be the type of an attribute`)
  const missing = waiting.get(given)
  if (missing) throw new Error(`${at}: ${missing}`)
}

/** Sets whose selectors hang on a member of the header that they wait for, and what is missing. */
const waiting = new WeakMap<object, string>()

/** What is checked of an attribute set. */
interface SetParts {
  readonly name: string
  readonly list: readonly (HangingAttribute & { readonly number: number })[]
  readonly header:
    | { readonly memberNames: readonly string[]; readonly members: Readonly<Record<string, AnyType>> }
    | undefined
}

/**
 * Checks an attribute set.
 * @throws Error that names the set and the member
 */
export function checkSet(set: SetParts): void {
  const { name: owner, list, header } = set
  const names = new Set<string>()
  const numbers = new Map<number, string>()
  const add = (name: string, what: string) => {
    checkMemberName(owner, name)
    checkReserved(owner, name, 'unknown', 'attributes that the definition does not know')
    if (names.has(name)) throw new Error(`${owner}: two members have the name "${name}" (${what})`)
    names.add(name)
  }
  for (const name of header?.memberNames ?? []) add(name, 'a member of the header')
  for (const { name, number, selector } of list) {
    checkNumber(owner, name, 'number', number, 0, TYPE_MASK)
    if (numbers.has(number))
      throw new Error(`${owner}: ${numbers.get(number)} and ${name}: two attributes have number ${number}`)
    numbers.set(number, name)
    add(name, 'an attribute')
    if (selector) add(selector.fallback, `for what ${name} cannot be decoded as`)
  }
  const missing = (text: string) => {
    if (header) throw new Error(text)
    waiting.set(set, text)
  }
  for (const attribute of list) {
    const { name, type, selector } = attribute
    for (const by of attributeHangsOn(attribute)) {
      if (by === name || by === selector?.fallback) throw new Error(`${owner}: ${name} hangs on itself`)
      if (!names.has(by)) missing(`${owner}: ${name} hangs on "${by}", which is no member of the set or of its header`)
      else checkDeciding(owner, name, by, set)
    }
    const { maskOf } = type
    if (maskOf !== undefined && !names.has(maskOf))
      missing(`${owner}: ${name} is the mask of "${maskOf}", which is no member of the set or of its header`)
  }
}

/** Checks that a member that others hang on has a value to compare. */
function checkDeciding(owner: string, name: string, by: string, { list, header }: SetParts): void {
  const attribute = list.find((one) => one.name === by || one.selector?.fallback === by)
  const type = attribute?.type ?? header?.members[by]
  if (type === undefined || (canDecide(type, attribute?.repeated) && !attribute?.selector)) return
  const what = attribute?.selector ? 'what a selector reads' : attribute?.repeated ? 'a list' : type.name
  throw new Error(`${owner}: ${name} hangs on "${by}", which is ${what}: expected a number or text`)
}

/** Checks a set whose attributes each have an object of their own. */
export function checkOrdered(set: SetParts): void {
  for (const attribute of set.list) {
    const [by] = attributeHangsOn(attribute)
    if (by !== undefined)
      throw new Error(
        `ordered: ${set.name}: ${attribute.name} hangs on "${by}", and each item has one attribute: use outer() for a member further out`,
      )
  }
}

/** Checks the members of a struct: each has a size, so that the next one's place is known. */
export function checkStruct(name: string, members: Readonly<Record<string, AnyType>>): void {
  const owner = `struct ${name}`
  checkObject(owner, members)
  const before = new Map<string, AnyType>()
  for (const [key, type] of Object.entries(members)) {
    checkMemberName(owner, key)
    checkReserved(owner, key, 'tail', 'the bytes after the last member')
    checkType(owner, key, type, key.startsWith('_') ? 'padding' : undefined)
    if (!Number.isInteger(type.size) || type.size! < 0)
      throw new Error(
        `${owner}: ${key} has a type without a size (${type.name}): members of a struct have a fixed size`,
      )
    checkMember(owner, key, type, before, 'which is no member before it')
    if (!key.startsWith('_')) before.set(key, type)
  }
  for (const [key, { maskOf }] of before)
    if (maskOf !== undefined && !before.has(maskOf))
      throw new Error(`${owner}: ${key} is the mask of "${maskOf}", which is no member of the struct`)
}

/** Checks that what a member hangs on is there. */
export function checkMember(
  owner: string,
  name: string,
  type: AnyType,
  members: ReadonlyMap<string, AnyType>,
  text: string,
): void {
  for (const by of hangsOn(type)) {
    const other = members.get(by)
    if (other === undefined) throw new Error(`${owner}: ${name} hangs on "${by}", ${text}`)
    if (!canDecide(other))
      throw new Error(`${owner}: ${name} hangs on "${by}", which is ${other.name}: expected a number or text`)
  }
}

/** Checks the header of a set, and that there is none before it. */
export function checkHeaded(header: unknown, set: unknown): void {
  const { name = String(header), memberNames } = (header ?? {}) as { name?: string; memberNames?: unknown }
  const attributes = (set ?? {}) as { name?: string; list?: unknown; header?: { name: string } }
  if (!Array.isArray(attributes.list)) throw new Error(`${name}: ${attributes.name ?? String(set)} is no attribute set`)
  if (!Array.isArray(memberNames)) throw new Error(`${attributes.name}: the header ${name} is no struct`)
  if (attributes.header) throw new Error(`${attributes.name}: has a header already, ${attributes.header.name}`)
}

/** Checks the integer that names, bit fields, a range, ... are of. @throws RangeError */
export function checkInteger(owner: string, type: unknown, { wide = false, unsigned = false } = {}): void {
  const { kind, min } = (type ?? {}) as Partial<AnyType>
  if (kind !== 'integer' && !(wide && kind === 'bigint'))
    throw new RangeError(`${owner}: expected an integer${wide ? '' : ' of at most 32 bits'}`)
  if (unsigned && min! < 0) throw new RangeError(`${owner}: expected an integer without a sign`)
}

/** Checks an entry of a set before it is taken apart: `[number, type]`. */
export function checkEntry(owner: string, name: string, entry: unknown): void {
  if (!Array.isArray(entry) || entry.length !== 2) throw new Error(`${owner}: ${name}: expected [number, type]`)
  if (!(entry[1] as { selector?: boolean } | undefined)?.selector) checkType(owner, name, entry[1], 'repeated')
}

/** Checks a record: its header begins with its length. */
export function checkRecords(
  type: AnyType & { readonly header?: { readonly members: Readonly<Record<string, AnyType>> } | undefined },
): void {
  const [first] = Object.entries(type.header?.members ?? {})
  if (first?.[1].kind !== 'integer' || first[1].size !== 2 || first[1].width !== 2)
    throw new Error(`records of ${type.name}: expected a header that begins with a length of 16 bits`)
  if (!first[0].startsWith('_'))
    throw new Error(
      `records of ${type.name}: expected the name of the length to begin with an underscore: it is worked out, and no value (got ${first[0]})`,
    )
}

/** Checks the cases of a selector, or of a type by a member. */
export function checkCases(owner: string, cases: Readonly<Record<string, AnyType>>): void {
  checkObject(owner, cases)
  for (const [key, type] of Object.entries(cases)) {
    if (key === '__proto__') checkName(owner, key)
    checkType(owner, key, type)
  }
}

/** Checks the names of an enum or of flags against the range of their integer. */
export function checkValues(
  owner: string,
  values: Readonly<Record<string, unknown>>,
  min: number | bigint,
  max: number | bigint,
): void {
  checkObject(owner, values)
  for (const [name, value] of Object.entries(values)) {
    checkName(owner, name)
    const integer = Number.isInteger(value) || typeof value === 'bigint'
    if (!integer || (value as number) < min || (value as number) > max)
      throw new Error(`${owner}: ${name} is ${String(value)}: expected an integer from ${min} to ${max}`)
  }
}
