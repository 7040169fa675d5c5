/**
 * Members further out: what is nested may hang on a member of an object that it is nested in, such as the address
 * family of a message for an address in one of its structs, or the kind of a qdisc for its own statistics.
 *
 * Plain values have no link to the object around them, so the link is kept beside them, and only for definitions that
 * look outward (`Type.outer`): all others pay nothing for it.
 */
import type { AnyType, Owner } from './type.js'

type Value = Record<string, unknown>

/** A member of an object further out, as `by` of a selector or of `byMember` has it. */
export type Outer<Name extends string = string> = `^${Name}`

/**
 * Looks for the member in the objects around the one that it stands in, the nearest first. It must be decoded before
 * what hangs on it: a member of a header, or an attribute that the kernel sends first.
 * @example app: [4, select(outer('kind'), { fq_codel: fqCodelStats }, 'otherApp')]
 */
export const outer = <const Name extends string>(name: Name): Outer<Name> => `^${name}`

export const isOuter = (by: string): by is Outer => by.startsWith('^')

/** The object that each is nested in. */
const around = new WeakMap<object, Value>()

/** Says what an object is nested in, before anything in it is read, written or checked. */
export function enclose(value: object, owner: Owner): void {
  if (owner !== undefined) around.set(value, owner)
}

/** The member that decides: of the object itself, or further out. */
export function memberBy(owner: Owner, by: string): unknown {
  if (!isOuter(by)) return owner?.[by]
  const name = by.slice(1)
  for (let one = owner && around.get(owner); one !== undefined; one = around.get(one))
    if (one[name] !== undefined) return one[name]
  return undefined
}

/**
 * The names that are looked for further out, undefined when there are none.
 * @param types what may look for them
 * @param members the members that decide, of which some may be further out
 */
export function outerNames(
  types: Iterable<AnyType>,
  members: Iterable<string | undefined> = [],
): readonly string[] | undefined {
  const names = new Set<string>()
  for (const by of members) if (by !== undefined && isOuter(by)) names.add(by.slice(1))
  for (const type of types) for (const name of type.outer ?? []) names.add(name)
  return names.size === 0 ? undefined : [...names]
}

/** Of a type that is looked up later: it may look for anything. */
export const anyOuter: readonly string[] = Object.freeze(['*'])
