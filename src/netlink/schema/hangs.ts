/** What types hang on: the members of the object that they stand in, and those further out. For checks of definitions. */
import { isOuter } from './outer.js'
import type { AnyType } from './type.js'

/** An attribute, as far as it is looked at here. */
export interface HangingAttribute {
  readonly name: string
  readonly type: AnyType
  readonly repeated?: boolean
  readonly selector:
    | { readonly by: string; readonly fallback: string; readonly cases: Readonly<Record<string, AnyType>> }
    | undefined
}

/** The members that a type looks for in the object that it stands in; what is nested has an object of its own. */
export function hangsOn(type: AnyType): readonly string[] {
  if (type.kind === 'nest' || type.kind === 'struct') return []
  const inside = [...(type.items ? [type.items] : []), ...(type.choices ?? [])].flatMap(hangsOn)
  return type.by === undefined || isOuter(type.by) ? inside : [type.by, ...inside]
}

/** The same of an attribute, with the member that a selector reads. */
export function attributeHangsOn({ type, selector }: HangingAttribute): readonly string[] {
  if (!selector) return hangsOn(type)
  const cases = Object.values(selector.cases).flatMap(hangsOn)
  return isOuter(selector.by) ? cases : [selector.by, ...cases]
}

/** What a member can be that others hang on: its value is compared as a number or as text. */
const deciding: ReadonlySet<string> = new Set([
  ...['integer', 'bigint', 'enum', 'bool', 'flag', 'string', 'notation', 'address', 'mac', 'lazy', 'by-member'],
])

/** Whether the value of a type can decide for others. */
export const canDecide = (type: AnyType, repeated = false): boolean => !repeated && deciding.has(type.kind)

/** What a definition has in it, whatever nests in what. */
export interface NamesWithin {
  /** The names of all members and attributes. */
  readonly names: Set<string>
  /** The names that are looked for further out. */
  readonly wanted: Set<string>
}

/**
 * Walks a definition, and what its lazy types stand for.
 * @returns undefined where a lazy type stands for what is not there yet
 * @throws Error of a lazy type that stands for no type
 */
export function namesWithin(type: AnyType): NamesWithin | undefined {
  const found: NamesWithin = { names: new Set(), wanted: new Set() }
  const seen = new Set<AnyType>()
  const want = (by: string | undefined) => {
    if (by !== undefined && isOuter(by)) found.wanted.add(by.slice(1))
  }
  const todo = [type]
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (seen.has(one)) continue
    seen.add(one)
    want(one.by)
    if (one.kind === 'lazy')
      try {
        todo.push(one.resolve!(undefined))
      } catch (error) {
        // A constant that is read before it is made.
        if (error instanceof ReferenceError) return undefined
        throw error
      }
    if (one.items) todo.push(one.items)
    if (one.each) todo.push(one.each)
    todo.push(...(one.choices ?? []))
    for (const [name, member] of Object.entries(one.members ?? {})) {
      found.names.add(name)
      todo.push(member)
    }
    for (const { name, type, selector } of (one as { readonly list?: readonly HangingAttribute[] }).list ?? []) {
      found.names.add(name)
      if (selector) found.names.add(selector.fallback)
      want(selector?.by)
      todo.push(type, ...Object.values(selector?.cases ?? {}))
    }
  }
  return found
}
