/** Fixed structs: members one after the other, each of a fixed size. */
import { areZeros, type Reader, type Writer } from '../bytes/bytes.js'
import { isObject } from '../bytes/equal.js'
import { ObjectTemplate, type Part, reachOf, unitsOf } from './fast/template.js'
import { type Field, leafField } from './field.js'
import { enclose, outerNames } from './outer.js'
import { alignmentOf, withPaddings } from './padding.js'
import { type AnyType, type Infer, type Issue, issueOf, join, type Owner, type Type, Unwritable } from './type.js'
import { bytes } from './types/text.js'
import { checkStruct } from './validate.js'

/** The members of a struct in their order. A name that begins with an underscore is padding: no value, zero bytes. */
export type Members = Readonly<Record<string, AnyType & { readonly size: number }>>

/** The values of a struct's members. */
export type MemberValues<M> = ValuesOf<M, Exclude<keyof M, `_${string}`>>
/** Over keys of M as they are, so that the comments of the definition reach its values. */
type ValuesOf<M, K extends keyof M> = { -readonly [P in K]?: Infer<M[P]> }

/**
 * The value of a struct. Members that the bytes were too short for are left out, and a longer one keeps the rest in
 * `tail`: kernels grow structs.
 */
export type StructValue<M> = MemberValues<M> & {
  tail?: Uint8Array
}

/** A member and where it is. */
export interface Member extends Part {
  readonly type: AnyType & { readonly size: number }
  readonly offset: number
  readonly end: number
  readonly padding: boolean
}

/** A struct type. */
export interface Struct<M extends Members = Members> extends Type<StructValue<M>> {
  readonly size: number
  readonly members: M
  /** The names of its members, padding left out. */
  readonly memberNames: readonly string[]
  /** Writes all members; those that the value lacks are zero. */
  writeFrom(w: Writer, value: Record<string, unknown>): void
  /** The members that `length` bytes hold, padding left out. @internal */
  within(length: number): readonly Member[]
  exact(r: Reader, at: number, end: number): boolean
}

/** How a struct is written. */
export interface StructOptions {
  /**
   * Each kernel version adds members to its end, and it is only ever read (counters, settings): a value that lacks
   * the last members is written as short as the kernel that sent it had it. Others are always written whole.
   */
  readonly grows?: boolean
  /**
   * Members are where C puts them: each number on a multiple of its size (aligned, and the struct as a whole to the
   * largest of them), with paddings between that the definition leaves out. For structs whose C definition has no
   * `__attribute__((packed))`.
   */
  readonly aligned?: boolean
}

/**
 * A fixed struct, its members in the order of the wire with their paddings written out (`_pad: u8`).
 * @param name the C name, without `struct`
 * @example struct('rtnexthop', { rtnhLen: u16, rtnhFlags: flagsOf(u8, {...}), rtnhHops: u8, rtnhIfindex: s32 })
 */
export function struct<const M extends Members>(name: string, given: M, options: StructOptions = {}): Struct<M> {
  checkStruct(name, given)
  const members = (options.aligned ? withPaddings(given) : given) as M
  let size = 0
  const all: Member[] = Object.entries(members).map(([key, type]) => {
    const offset = size
    size += type.size
    const scalar = type.scalar ?? 0
    return { name: key, type, scalar, offset, end: size, padding: key.startsWith('_') }
  })
  const real = all.filter((member) => !member.padding)
  const paddings = all.filter((member) => member.padding)
  const byName = new Map(real.map((member) => [member.name, member]))
  const memberNames = real.map((member) => member.name)
  const fitting = (length: number) => (length >= size ? real : real.filter((member) => member.end <= length))
  // By byte order, since a template compares bytes, and by the number of members that are there.
  const templates: [ObjectTemplate[], ObjectTemplate[]] = [[], []]
  const templateFor = (r: Reader, count: number): ObjectTemplate => {
    const byCount = templates[r.little ? 1 : 0]
    byCount[count] ??= new ObjectTemplate(memberNames.slice(0, count), unitsOf(real.slice(0, count)), r.little)
    return byCount[count]
  }
  const others = real.filter((member) => member.scalar === 0)
  const outer = outerNames(Object.values(members))
  /** Whether a member needs to see the others. */
  const hangs = outer !== undefined || real.some((member) => member.type.by !== undefined)
  const ends = new Set(real.map((member) => member.end))
  /** How far a template may look. */
  const reach = reachOf(unitsOf(real))

  const type: Struct<M> = {
    kind: 'struct',
    ...(outer ? { outer } : {}),
    name: `struct ${name}`,
    minimum: 0,
    size,
    alignment: Math.max(1, ...all.map((member) => alignmentOf(member.type))),
    members,
    memberNames,
    within: fitting,
    read(r, at, end, owner) {
      if (at + reach > r.bytes.length) return readEach(r, at, end, owner)
      const count = end - at >= size ? real.length : fitting(end - at).length
      const template = templateFor(r, count)
      const value = template.make()
      template.fill(value, r, at, template.where)
      if (outer !== undefined) enclose(value, owner)
      for (let i = 0; i < others.length; i++) {
        const { name, type, offset, end: stop } = others[i]!
        if (at + stop <= end) value[name] = type.read(r, at + offset, at + stop, value)
      }
      if (end - at > size) value.tail = bytes.read(r, at + size, end, undefined)
      return value as StructValue<M>
    },
    exact(r, at, end) {
      const length = end - at
      if (others.length > 0 || !(options.grows ? ends.has(length) : length === size)) return false
      return paddings.every((one) => areZeros(r.bytes, at + one.offset, Math.min(at + one.end, end)))
    },
    writeFrom(w, value) {
      let zeros = 0
      for (const member of all) {
        const one = member.padding ? undefined : value[member.name]
        if (one === undefined) zeros += member.type.size
        else {
          if (zeros > 0) w.take(zeros)
          zeros = 0
          member.type.write(w, one, value)
        }
      }
      w.take(zeros)
    },
    write(w, value, owner) {
      if (!isObject(value)) throw new Unwritable()
      if (outer !== undefined) enclose(value, owner)
      for (const key of Object.keys(value)) if (key !== 'tail' && !byName.has(key)) throw new Unwritable()
      const start = w.length
      type.writeFrom(w, value as Record<string, unknown>)
      if (options.grows && value.tail === undefined) w.length = start + endOf(value as Record<string, unknown>)
      if (value.tail !== undefined) bytes.write(w, value.tail, undefined)
    },
    check(value, path, issues, owner) {
      if (!isObject(value)) {
        issues.push(issueOf(path, value, { kind: 'object', names: memberNames }))
        return
      }
      if (outer !== undefined) enclose(value, owner)
      checkMembers(value, path, issues)
    },
    dissect(r, at, end, field, owner) {
      const children: Field[] = []
      const value = hangs ? (type.read(r, at, end, owner) as Record<string, unknown>) : undefined
      for (const member of all) {
        // A hidden number, such as a record's own length, is no value but is there to be seen.
        if (member.padding && (member.type.width ?? 1) === 1) continue
        if (member.end > end - at) break
        const name = member.padding ? member.name.slice(1) : member.name
        const child = leafField(name, join(field.path, name), at + member.offset, member.type.size)
        member.type.dissect(r, at + member.offset, at + member.end, child, value)
        children.push(child)
      }
      if (end - at > size) {
        const tail = leafField('tail', join(field.path, 'tail'), at + size, end - at - size)
        bytes.dissect(r, at + size, end, tail, undefined)
        children.push(tail)
      }
      field.struct = name
      field.children = children
    },
    describe: () => ({
      type: 'struct',
      struct: name,
      size,
      members: all.map((member) => ({ ...member.type.describe(), name: member.name, offset: member.offset })),
    }),
  }

  /** At the end of the buffer, where a template would look beyond it. */
  const readEach = (r: Reader, at: number, end: number, owner: Owner): StructValue<M> => {
    const value: Record<string, unknown> = {}
    if (outer !== undefined) enclose(value, owner)
    for (const { name, type, offset, end: stop } of fitting(end - at))
      value[name] = type.read(r, at + offset, at + stop, value)
    if (end - at > size) value.tail = bytes.read(r, at + size, end, undefined)
    return value as StructValue<M>
  }

  /** Where the last member that the value has ends. */
  const endOf = (value: Record<string, unknown>): number =>
    real.findLast((member) => value[member.name] !== undefined)?.end ?? 0

  const checkMembers = (value: Record<string, unknown>, path: string, issues: Issue[]) => {
    for (const [key, one] of Object.entries(value)) {
      if (one === undefined && (key === 'tail' || byName.has(key))) continue
      const member = byName.get(key)
      if (key === 'tail') bytes.check(one, join(path, key), issues, undefined)
      else if (!member) issues.push(issueOf(join(path, key), one, { kind: 'key', what: 'member', names: memberNames }))
      else member.type.check(one, join(path, key), issues, value)
    }
  }
  return Object.freeze(type)
}
