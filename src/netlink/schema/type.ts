/**
 * The face that every wire type has. A message is described once, as a value made of these, and decode, encode,
 * dissect, check, blame and the schema as JSON all walk that value.
 */
import type { Reader, Writer } from '../bytes/bytes.js'
import type { Expected } from '../bytes/expected.js'
import { type Issue, issueOf, join, Malformed, Unwritable } from '../bytes/failure.js'
import type { Field } from './field.js'
import type { Meaning, TypeKind } from './meaning.js'

export type { TypeKind }
export { type Expected, type Issue, issueOf, join, Malformed, Unwritable }

/** A definition as plain JSON: for documents, and for checks against the kernel's headers. */
export type Description = { [key: string]: unknown; type: string }

/** The object that an attribute belongs to: a selector finds its discriminator there. */
export type Owner = Record<string, unknown> | undefined

/** A wire type whose plain value is T. */
export interface Type<T = unknown> extends Meaning {
  /** What its plain value is. The data that belongs to a kind follows below. */
  readonly kind: TypeKind
  /** The least and the greatest value: of integers, also of those below an enum or flags. */
  readonly min?: number | bigint
  readonly max?: number | bigint
  /** The names and their numbers: of an enum, of flags and of a bitfield. */
  readonly values?: Readonly<Record<string, number | bigint>>
  /** What each item is: of a list, and of what is indexed. */
  readonly items?: AnyType
  /** The types that it can stand for: of one that hangs on a member. */
  readonly choices?: readonly AnyType[]
  /** The members in the order of the wire: of a struct, and of the header of a nest. */
  readonly members?: Readonly<Record<string, AnyType>>
  /** What it is called in documents and errors: `u32`, `enum u16`, `struct ifinfomsg`. */
  readonly name: string
  /** The least number of bytes that it needs. */
  readonly minimum: number
  /** The number of bytes that it always takes, where that is fixed. */
  readonly size?: number
  /** On a multiple of how many bytes C puts it in a struct, where that is not its number of bytes (see `scalar`). */
  readonly alignment?: number
  /**
   * The number of bytes (1, 2, 4 or 8), for a value that depends on nothing but these bytes and cannot be changed: it
   * may be shared between results (see fast/template.ts).
   */
  readonly scalar?: number
  /**
   * Whether these bytes are for certain what the encoding of their value gives, told without encoding it. False where
   * it would have to be tried; scalars need not say it.
   */
  exact?(r: Reader, at: number, end: number, owner: Owner): boolean
  /** For numbers in the message's byte order, how many bytes each of them has. */
  readonly width?: number
  /** A list of attributes with the same number makes one array (see `repeated`), */
  readonly repeated?: boolean
  /** and each of them is of this type. */
  readonly each?: AnyType
  /** The names that it looks for in objects further out than its own (see `outer`). */
  readonly outer?: readonly string[]
  /** The member of the owner that decides how to read (see `byMember`): it must have been read before. */
  readonly by?: string
  /** Whether the canonical encoding sets NLA_F_NESTED in the attribute's header. */
  readonly nestedBit?: boolean
  /** The type that this one stands for: it is looked up later, or chosen by a member of the owner. */
  resolve?(owner: Owner): AnyType
  read(r: Reader, at: number, end: number, owner: Owner): T
  /** Writes `size` bytes where room was taken; false when the value cannot be written. Of leaves with a size. */
  put?(w: Writer, at: number, value: unknown): boolean
  write(w: Writer, value: T, owner: Owner): void
  check(value: unknown, path: string, issues: Issue[], owner: Owner): void
  /** Fills in what the bytes say: `text` for a leaf, `children` for what has members. */
  dissect(r: Reader, at: number, end: number, field: Field, owner: Owner): void
  describe(): Description
}

/** The plain value of a type: `Infer<typeof ipvlan>`. */
export type Infer<T> = T extends { read(r: never, at: never, end: never, owner: never): infer V } ? V : never

// biome-ignore lint/suspicious/noExplicitAny: a list of types has values of every type; unknown would refuse them all
export type AnyType = Type<any>

/** What a type stands for: itself, mostly. */
export const resolved = (type: AnyType, owner: Owner): AnyType => type.resolve?.(owner) ?? type

/** What a leaf type is made from. */
export interface LeafParts<T> {
  readonly kind: TypeKind
  readonly name: string
  readonly size?: number
  readonly minimum?: number
  readonly scalar?: number
  readonly width?: number
  read(r: Reader, at: number, end: number): T
  exact?(r: Reader, at: number, end: number): boolean
  /** Writes a value that has no problem. */
  write?(w: Writer, value: T): void
  /** In place of `write`, where to check a value is half of writing it: false when the value cannot be written. */
  tryWrite?(w: Writer, value: unknown): boolean
  /** The same for a fixed size, where room was taken already. */
  put?(w: Writer, at: number, value: unknown): boolean
  /** What would be accepted, when the value is not. */
  problem(value: unknown): Expected | undefined
  show(value: T): string
  describe?: Omit<Description, 'type'>
}

/** Makes a leaf type: the only kind of type that carries code. */
export function leaf<T>(parts: LeafParts<T>): Leaf<T> {
  const type: Leaf<T> = {
    kind: parts.kind,
    name: parts.name,
    minimum: parts.minimum ?? parts.size ?? 0,
    ...(parts.size === undefined ? {} : { size: parts.size }),
    ...(parts.scalar === undefined ? {} : { scalar: parts.scalar }),
    ...(parts.width === undefined ? {} : { width: parts.width }),
    read: parts.read,
    ...(parts.exact === undefined ? {} : { exact: parts.exact }),
    problem: parts.problem,
    show: parts.show,
    ...(parts.put === undefined ? {} : { put: parts.put }),
    write(w, value) {
      if (parts.put) {
        if (!parts.put(w, w.take(parts.size!), value)) throw new Unwritable()
        return
      }
      if (parts.tryWrite) {
        if (!parts.tryWrite(w, value)) throw new Unwritable()
        return
      }
      if (parts.problem(value) !== undefined) throw new Unwritable()
      parts.write?.(w, value)
    },
    check(value, path, issues) {
      const expected = parts.problem(value)
      if (expected !== undefined) issues.push(issueOf(path, value, expected))
    },
    dissect(r, at, end, field) {
      if (end - at < type.minimum)
        throw new Malformed(at, `${parts.name} needs ${type.minimum} bytes, ${end - at} are left`)
      if (parts.width !== undefined) field.width = parts.width
      field.kind = parts.kind
      field.text = parts.show(parts.read(r, at, end))
      // Read all the same, as the kernel mostly does; some kernels refuse it.
      if (field.header > 0 && parts.size !== undefined && end - at > parts.size)
        field.problem = `${end - at} bytes, ${parts.name} takes ${parts.size}`
    },
    describe: () => ({ type: parts.name, ...parts.describe }),
  }
  return Object.freeze(type)
}

/** A leaf type, with the two functions that wrappers around it use. */
export interface Leaf<T> extends Type<T> {
  problem(value: unknown): Expected | undefined
  show(value: T): string
}
