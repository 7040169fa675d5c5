/**
 * What a definition must keep to. It is checked once, when the definition is made, so that a mistake in one is an error
 * at the line that has it, and never bytes that mean something else.
 */
import { TYPE_MASK } from '../bytes/nlattr.js'
import { isOuter } from './outer.js'
import type { AnyType } from './type.js'

/** The names in a message's path: `linkinfo.data[0]`. Digits alone would be moved to the front of an object by JavaScript. */
const usableName = /^(?!\d+$)[^\s.[\]()]+$/

function checkName(owner: string, name: string): void {
  if (name === '__proto__' || !usableName.test(name))
    throw new Error(
      `${owner}: "${name}" cannot be a name: expected letters and digits, not only digits, and not __proto__`,
    )
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

/** A type for one value: no selector, no `repeated`, and no undefined that came from a circle of imports. */
export function checkType(owner: string, name: string, type: unknown, repeated = false): asserts type is AnyType {
  const given = type as (Partial<AnyType> & { selector?: boolean }) | null | undefined
  const at = name === '' ? owner : `${owner}: ${name}`
  if (given?.selector) throw new Error(`${at}: select() can only be the type of an attribute`)
  if (typeof given?.read !== 'function') throw new Error(`${at} has no type (is it used before it is defined?)`)
  if (given.repeated && !repeated) throw new Error(`${at}: repeated() can only be the type of an attribute`)
  const missing = waiting.get(given)
  if (missing) throw new Error(`${at}: ${missing}`)
}

/** Sets whose selectors hang on a member of the header that they wait for, and what is missing. */
const waiting = new WeakMap<object, string>()

/** What is checked of an attribute set. */
interface SetParts {
  readonly name: string
  readonly list: readonly {
    readonly name: string
    readonly number: number
    readonly type: AnyType
    readonly selector: { readonly by: string; readonly fallback: string } | undefined
  }[]
  readonly header: { readonly memberNames: readonly string[] } | undefined
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
    checkName(owner, name)
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
  for (const { name, type, selector } of list) {
    const by = selector?.by ?? type.by
    if (by === undefined || names.has(by) || isOuter(by)) continue
    const missing = `${owner}: ${name} hangs on "${by}", which is no member of the set or of its header`
    if (header) throw new Error(missing)
    waiting.set(set, missing)
  }
}

/** Checks the members of a struct: each has a size, so that the next one's place is known. */
export function checkStruct(name: string, members: Readonly<Record<string, AnyType>>): void {
  const owner = `struct ${name}`
  checkObject(owner, members)
  for (const [key, type] of Object.entries(members)) {
    checkName(owner, key)
    checkReserved(owner, key, 'tail', 'the bytes after the last member')
    checkType(owner, key, type)
    if (!Number.isInteger(type.size) || type.size! < 0)
      throw new Error(
        `${owner}: ${key} has a type without a size (${type.name}): members of a struct have a fixed size`,
      )
  }
}

/** Checks an entry of a set before it is taken apart: `[number, type]`. */
export function checkEntry(owner: string, name: string, entry: unknown): void {
  if (!Array.isArray(entry) || entry.length !== 2) throw new Error(`${owner}: ${name}: expected [number, type]`)
  if (!(entry[1] as { selector?: boolean } | undefined)?.selector) checkType(owner, name, entry[1], true)
}

/** Checks a record: its header begins with its length. */
export function checkRecords(
  type: AnyType & { readonly header?: { readonly members: Readonly<Record<string, AnyType>> } | undefined },
): void {
  const [first] = Object.values(type.header?.members ?? {})
  if (first?.size !== 2)
    throw new Error(`records of ${type.name}: expected a header that begins with a length of 16 bits`)
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

/** What is checked of a protocol. */
interface ProtocolParts {
  readonly name: string
  readonly messages: Readonly<Record<string, { readonly number: number; readonly body: AnyType }>>
  readonly groups: Readonly<Record<string, number>>
}

/** Checks the messages and groups of a protocol. */
export function checkProtocol({ name, messages, groups }: ProtocolParts): void {
  const owner = `protocol ${name}`
  checkObject(owner, messages)
  checkObject(owner, groups)
  for (const [key, message] of Object.entries(messages)) {
    checkName(owner, key)
    checkNumber(owner, key, 'message number', message.number, 0, 0xffff)
    checkType(owner, key, message.body)
  }
  for (const [key, group] of Object.entries(groups)) {
    checkName(owner, key)
    checkNumber(owner, key, 'group', group, 1, 0xffffffff)
  }
}
