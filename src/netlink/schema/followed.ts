/** A struct and what comes after it in the same payload: its keys, its text, or what one of its members chooses. */
import type { Reader, Writer } from '../bytes/bytes.js'
import { isObject } from '../bytes/equal.js'
import { type Field, leafField } from './field.js'
import { enclose, outerNames } from './outer.js'
import type { Members, MemberValues, Struct } from './struct.js'
import {
  type AnyType,
  type Infer,
  type Issue,
  issueOf,
  join,
  Malformed,
  type Owner,
  resolved,
  type Type,
  Unwritable,
} from './type.js'
import { checkMember, checkMemberName, checkType } from './validate.js'

/** The members of the struct, and under a name of its own what comes after it, as one object. */
export type FollowedValue<M extends Members, K extends string, T> = MemberValues<M> & { [P in K]?: Infer<T> }
/** What `followedBy` makes. */
export interface Followed<M extends Members, K extends string, T> extends AnyType {
  read(r: Reader, at: number, end: number, owner: Owner): FollowedValue<M, K, T>
  write(w: Writer, value: FollowedValue<M, K, T>, owner: Owner): void
}

/** How a struct with something after it is written. */
export interface FollowedOptions<M extends Members> {
  /**
   * The integer of the struct that counts the items after it: written by itself where the value leaves it out. Another
   * number than that of the items is read all the same, marked by `dissect` and reported by `check`; a client refuses it.
   */
  readonly count?: keyof M & string
}

/**
 * A struct and what comes after it, up to the end of the payload, as one flat object. What comes after may hang on a
 * member of the struct (`byMember`).
 * @param name the member under which it is
 * @example sel: [5, followedBy(tcU32Sel, 'keys', packed(tcU32Key), { count: 'nkeys' })]
 * @example ematch: [1, followedBy(tcfEmatchHdr, 'data', byMember('kind', { cmp: tcfEmCmp }, bytes))]
 */
export function followedBy<M extends Members, const K extends string, T extends AnyType>(
  header: Struct<M>,
  name: K,
  type: T,
  options: FollowedOptions<M> = {},
): Followed<M, K, T> {
  const owner = `${(header as Struct | undefined)?.name} followed by ${name}`
  if (!Array.isArray((header as Struct | undefined)?.memberNames))
    throw new Error(`${owner}: ${header?.name} is no struct`)
  const { size, memberNames } = header
  checkMemberName(owner, name)
  if (Object.hasOwn(header.members, name) || name === 'unknown' || name === 'tail')
    throw new Error(`${owner}: the struct has a member of that name, or values need it`)
  checkType(owner, '', type)
  const before = new Map(memberNames.map((one) => [one, header.members[one]!] as const))
  checkMember(owner, name, type, before, 'which is no member of the struct')
  const { count } = options
  if (count !== undefined && !memberNames.includes(count))
    throw new Error(`${owner}: the struct has no member "${count}" to count with`)
  if (count !== undefined && header.members[count]!.kind !== 'integer')
    throw new Error(`${owner}: "${count}" is no integer to count with`)
  if (count !== undefined && type.kind !== 'list')
    throw new Error(`${owner}: ${type.name} is no list whose items "${count}" can count`)
  const names = [...memberNames, name]
  const known = new Set(names)
  const outer = outerNames([header, type])
  const inside = (at: number, end: number, owner: Owner) => {
    const { minimum, name } = resolved(type, owner)
    const from = at + size
    if (end - from < minimum) throw new Malformed(from, `${name} needs ${minimum} bytes, ${end - from} are left`)
    return from
  }
  /** The value with its count. */
  const counted = (value: Record<string, unknown>): Record<string, unknown> => {
    const list = value[name]
    return count === undefined || value[count] !== undefined || !Array.isArray(list)
      ? value
      : { ...value, [count]: list.length }
  }
  /** How many items there are, where the struct's number is another one. */
  const miscounted = (value: Record<string, unknown>): number | undefined => {
    if (count === undefined || value[count] === undefined) return undefined
    const list = value[name] ?? []
    return Array.isArray(list) && list.length !== value[count] ? list.length : undefined
  }

  return Object.freeze({
    kind: 'struct',
    ...(outer ? { outer } : {}),
    members: { ...header.members, [name]: type },
    name: `${header.name} with ${name}`,
    minimum: size,
    read(r: Reader, at: number, end: number, owner: Owner) {
      const value = header.read(r, at, at + size, owner) as Record<string, unknown>
      if (outer !== undefined) enclose(value, owner)
      value[name] = type.read(r, inside(at, end, value), end, value)
      return value as FollowedValue<M, K, T>
    },
    write(w: Writer, value, owner: Owner) {
      if (!isObject(value)) throw new Unwritable()
      for (const key of Object.keys(value)) if (!known.has(key)) throw new Unwritable()
      const whole = counted(value)
      if (outer !== undefined) enclose(whole, owner)
      if (w.strict && miscounted(whole) !== undefined) throw new Unwritable()
      header.writeFrom(w, whole)
      if (whole[name] === undefined) return
      // Attributes are padded by where they are in the buffer, and counted from where the first one begins.
      const at = w.length
      w.align()
      const from = w.length
      type.write(w, whole[name], whole)
      if (from === at) return
      w.bytes.copyWithin(at, from, w.length)
      w.length -= from - at
    },
    check(value: unknown, path: string, issues: Issue[], owner: Owner) {
      if (!isObject(value)) {
        issues.push(issueOf(path, value, { kind: 'object', names }))
        return
      }
      const whole = counted(value)
      if (outer !== undefined) enclose(whole, owner)
      const items = miscounted(whole)
      for (const [key, one] of Object.entries(whole)) {
        const at = join(path, key)
        const before = issues.length
        if (!known.has(key)) issues.push(issueOf(at, one, { kind: 'key', what: 'member', names }))
        else if (one !== undefined) (key === name ? type : header.members[key]!).check(one, at, issues, whole)
        if (key === count && items !== undefined && issues.length === before)
          issues.push(issueOf(at, one, { kind: 'choice', values: [String(items)] }))
      }
    },
    dissect(r: Reader, at: number, end: number, field: Field, around: Owner) {
      const own = leafField('', field.path, at, Math.min(size, end - at))
      field.children = [own]
      header.dissect(r, at, at + own.length, own, around)
      const owner = header.read(r, at, at + own.length, around) as Record<string, unknown>
      if (outer !== undefined) enclose(owner, around)
      const from = inside(at, end, owner)
      const child = leafField(name, join(field.path, name), from, end - from)
      field.children.push(child)
      type.dissect(r, from, end, child, owner)
      if (count === undefined) return
      const items = miscounted({ ...owner, [name]: type.read(r, from, end, owner) })
      const counter = own.children?.find((one) => one.name === count)
      if (counter && items !== undefined) counter.problem = `${owner[count]} counted, ${items} follow`
    },
    describe: () => ({
      type: 'followed',
      header: header.describe(),
      member: name,
      after: type.describe(),
      ...(count === undefined ? {} : { count }),
    }),
  } satisfies Type<FollowedValue<M, K, T>>)
}
