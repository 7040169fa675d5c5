/** The tree that a dissection gives: which bytes are what. The annotated dump, blame and the inspector read it. */

import type { TypeKind } from './meaning.js'

/** What the children of a field are described by. */
export interface FieldSet {
  readonly name: string
  readonly list: readonly FieldAttribute[]
  attribute(numberOrName: number | string): FieldAttribute | undefined
}

/** An attribute of such a set; of a selected one, the member that decides. */
export interface FieldAttribute {
  readonly name: string
  readonly number: number
  readonly selector: { readonly by: string } | undefined
}

/** One thing in the bytes: a message, a header, an attribute, or a member of a struct. */
export interface Field {
  /** Its name in plain values: `mode`. */
  readonly name: string
  /** Where it is in the message's body: `linkinfo.data.mode`. */
  readonly path: string
  /** Its first byte, from the beginning of the buffer. For an attribute that is its header. */
  readonly offset: number
  /** How many bytes it takes, without the padding after it. */
  readonly length: number
  /** How many bytes of it are the attribute's header: 4, or 0 for what is not an attribute. */
  readonly header: number
  /** The attribute's type as it stands in the bytes, with its two flag bits. */
  readonly attributeType?: number
  /** What the value is, for a leaf: `l3s`. */
  text?: string
  /** What kind of value it is, for a leaf. */
  kind?: TypeKind
  /** For numbers in the message's byte order: how many bytes each of them has. */
  width?: number
  /** What is inside, for anything else. */
  children?: Field[]
  /** The kind that chose how to read it: `ipvlan` for linkinfo.data. */
  selected?: string
  /** The name of the struct that it is. */
  struct?: string
  /** The attribute set that describes its children. */
  set?: FieldSet
  /** Why it, or what follows in it, cannot be read. */
  problem?: string
}

/** A field that is no attribute: a header, or a member of a struct. */
export const leafField = (name: string, path: string, offset: number, length: number): Field => ({
  name,
  path,
  offset,
  length,
  header: 0,
})

/** Adds a field for the next item of a list, whose items have no header of their own. */
export function addItem(list: Field, offset: number, length: number): Field {
  list.children ??= []
  const name = `[${list.children.length}]`
  const item = leafField(name, `${list.path}${name}`, offset, length)
  list.children.push(item)
  return item
}

/**
 * The innermost field that covers a byte: what the kernel's extended ack blames, or where decoding failed.
 * @returns undefined when the offset is outside
 */
export function fieldAt(fields: readonly Field[], offset: number): Field | undefined {
  for (const field of fields) {
    if (offset < field.offset || offset >= field.offset + field.length) continue
    const inside = offset < field.offset + field.header ? undefined : fieldAt(field.children ?? [], offset)
    return inside ?? field
  }
  return undefined
}

/** Why a message cannot be decoded at all: an attribute that does not fit its type alone is kept as raw bytes. */
export function fatalProblem(message: Field): Field | undefined {
  if (message.problem === undefined) return undefined
  return message.children?.findLast((child) => child.problem === message.problem) ?? message
}

/** The first field, in the order of the bytes and innermost first, that cannot be read. */
export function firstProblem(fields: readonly Field[]): Field | undefined {
  for (const field of fields) {
    const found = firstProblem(field.children ?? []) ?? (field.problem === undefined ? undefined : field)
    if (found) return found
  }
  return undefined
}
