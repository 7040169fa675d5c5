/** Fixed structs: members one after the other, each of a fixed size. */
import type { Reader, Writer } from './bytes.js'
import { type Field, leafField } from './dissect.js'
import { stamp, type Template, template } from './shapes.js'
import { type AnyType, type Infer, type Issue, join, Malformed, type Type, Unwritable } from './type.js'
import { bytes } from './types/text.js'

/** The members of a struct in their order. A name that begins with an underscore is padding: no value, zero bytes. */
export type Members = Readonly<Record<string, AnyType & { readonly size: number }>>

type Named<M> = { [K in keyof M as K extends `_${string}` ? never : K]?: M[K] }

/**
 * The value of a struct. Members that the bytes were too short for are left out, and a longer one keeps the rest in
 * `tail`: kernels grow structs.
 */
export type StructValue<M extends Members> = { -readonly [K in keyof Named<M>]?: Infer<M[K & keyof M]> } & {
  tail?: Uint8Array
}

interface Member {
  readonly name: string
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
  /** Reads the members that fit between `at` and `end` into an object that is being made. */
  readInto(r: Reader, at: number, end: number, into: Record<string, unknown>, only?: ReadonlySet<string>): void
  /** Writes all members; those that the value lacks are zero. */
  writeFrom(w: Writer, value: Record<string, unknown>): void
  /** The names of the members that `length` bytes hold. */
  namesWithin(length: number): readonly string[]
}

/**
 * A fixed struct, its members in the order of the wire with their paddings written out (`_pad: u8`).
 * @param name the C name, without `struct`
 * @example struct('rtnexthop', { rtnhLen: u16, rtnhFlags: flagsOf(u8, {...}), rtnhHops: u8, rtnhIfindex: s32 })
 */
export function struct<const M extends Members>(name: string, members: M): Struct<M> {
  let size = 0
  const all: Member[] = Object.entries(members).map(([key, type]) => {
    const offset = size
    size += type.size
    return { name: key, type, offset, end: size, padding: key.startsWith('_') }
  })
  const real = all.filter((member) => !member.padding)
  const byName = new Map(real.map((member) => [member.name, member]))
  const memberNames = real.map((member) => member.name)
  const fitting = (length: number) => (length >= size ? real : real.filter((member) => member.end <= length))
  const whole = template(memberNames)
  const shorter = new Map<number, Template>()
  const templateFor = (length: number): Template => {
    if (length >= size) return whole
    const count = fitting(length).length
    const found = shorter.get(count) ?? template(memberNames.slice(0, count))
    shorter.set(count, found)
    return found
  }

  const type: Struct<M> = {
    name: `struct ${name}`,
    minimum: 0,
    size,
    members,
    memberNames,
    namesWithin: (length) => fitting(length).map((member) => member.name),
    readInto(r, at, end, into, only) {
      const length = end - at
      for (let i = 0; i < real.length; i++) {
        const member = real[i]!
        if (member.end > length) break
        if (only !== undefined && !only.has(member.name)) continue
        into[member.name] = member.type.read(r, at + member.offset, at + member.end, undefined)
      }
    },
    read(r, at, end) {
      const value = stamp(templateFor(end - at))
      type.readInto(r, at, end, value)
      if (end - at > size) value.tail = bytes.read(r, at + size, end, undefined)
      return value as StructValue<M>
    },
    writeFrom(w, value) {
      for (const member of all) {
        const one = member.padding ? undefined : value[member.name]
        if (one === undefined) w.take(member.type.size)
        else member.type.write(w, one, undefined)
      }
    },
    write(w, value) {
      if (typeof value !== 'object' || value === null) throw new Unwritable()
      for (const key of Object.keys(value)) if (key !== 'tail' && !byName.has(key)) throw new Unwritable()
      type.writeFrom(w, value as Record<string, unknown>)
      if (value.tail) bytes.write(w, value.tail, undefined)
    },
    check(value, path, issues) {
      if (typeof value !== 'object' || value === null) {
        issues.push({ path, value, message: `expected an object with ${memberNames.join(', ')}` })
        return
      }
      checkMembers(value as Record<string, unknown>, path, issues)
    },
    dissect(r, at, end, field) {
      const children: Field[] = []
      for (const member of real) {
        if (member.end > end - at) break
        const child = leafField(member.name, join(field.path, member.name), at + member.offset, member.type.size)
        member.type.dissect(r, at + member.offset, at + member.end, child, undefined)
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
      name,
      size,
      members: all.map((member) => ({ name: member.name, offset: member.offset, ...member.type.describe() })),
    }),
  }

  const checkMembers = (value: Record<string, unknown>, path: string, issues: Issue[]) => {
    for (const [key, one] of Object.entries(value)) {
      const member = byName.get(key)
      if (key === 'tail') bytes.check(one, join(path, key), issues, undefined)
      else if (!member)
        issues.push({
          path: join(path, key),
          value: one,
          message: `no such member: expected ${memberNames.join(', ')}`,
        })
      else if (one !== undefined) member.type.check(one, join(path, key), issues, undefined)
    }
  }
  return Object.freeze(type)
}

/** Zero bytes between the members of a struct. */
export const padding = (size: number): Type<never> & { readonly size: number } =>
  Object.freeze({
    name: 'padding',
    minimum: size,
    size,
    read(_r: Reader, at: number): never {
      throw new Malformed(at, 'padding has no value')
    },
    write: (w: Writer) => void w.take(size),
    check() {},
    dissect() {},
    describe: () => ({ type: 'padding', size }),
  })
