/** Dissecting an attribute set: the slow, complete walk that never stops at the first thing it cannot read. */

import { align4, type Reader } from '../bytes/bytes.js'
import { endOfAttributes, MAX_DEPTH, payloadTooShort, TYPE_MASK, walkAttributes } from '../bytes/nlattr.js'
import { escapedCharacter } from '../bytes/visible.js'
import type { Attribute, AttributeTable } from './attribute.js'
import { type Field, leafField } from './field.js'
import { enclose } from './outer.js'
import { type AnyType, join, Malformed, type Owner } from './type.js'
import { bytes, quote } from './types/text.js'

/**
 * The name of a case as it stands in paths and notes. Bytes can hold any text for it: what is no plain word is quoted,
 * without a bracket that would end it. A long one is cut: it would stand in the note of each attribute that hangs on it.
 */
function caseName(name: string): string {
  if (name.length <= LONGEST_CASE && /^[\w-]+$/.test(name)) return name
  const text = quote(name.slice(0, LONGEST_CASE)).replace(/[()]/g, escapedCharacter)
  return name.length > LONGEST_CASE ? `${text}...` : text
}

/** Longer than any kind that the kernel knows. */
const LONGEST_CASE = 64

export function dissectAttributes(
  this: AttributeTable,
  r: Reader,
  at: number,
  end: number,
  field: Field,
  outer?: Owner,
): void {
  const children: Field[] = []
  field.set = this
  field.children = children
  if (r.depth >= MAX_DEPTH) {
    field.problem = `nested more than ${MAX_DEPTH} deep`
    return
  }
  r.depth++
  const owner: Record<string, unknown> = {}
  if (this.outer !== undefined) enclose(owner, outer)
  let start = at
  if (this.header) {
    const length = Math.min(this.header.size, end - at)
    const header = leafField('', field.path, at, length)
    Object.assign(owner, this.header.read(r, at, at + length, outer))
    this.header.dissect(r, at, at + length, header, outer)
    children.push(header)
    start = Math.min(at + align4(this.header.size), end)
  }
  const seen = new Map<string, number>()
  // Thousands of attributes can hang on one case, whose name can be long: it is made once.
  let lastCase: string | undefined
  let lastName: string | undefined
  const named = (chosen: string): string => {
    if (chosen !== lastCase) {
      lastCase = chosen
      lastName = caseName(chosen)
    }
    return lastName!
  }
  let p = walkAttributes(r, start, end, (at, length, attributeType) => {
    const attribute = this.attribute(attributeType & TYPE_MASK)
    const { name, type, selected: chosen } = typeAt(r, this, attribute, owner, start, end)
    const selected = chosen === undefined ? undefined : named(chosen)
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    const label = attribute ? (attribute.repeated ? `${name}[${count}]` : name) : `unknown[${count}]`
    const path = join(field.path, selected === undefined ? label : `${label}(${selected})`)
    const child: Field = { name: attribute ? name : 'unknown', path, offset: at, length, header: 4, attributeType }
    if (selected !== undefined) child.selected = selected
    const readable = dissectPayload(r, type, at + 4, at + length, child, owner)
    if (attribute && child.children === undefined && readable) {
      // What a selector may need later.
      owner[attribute.name] = type.read(r, at + 4, at + length, owner)
    }
    children.push(child)
  })
  if (end - p >= 4) {
    const garbled = garbledAt(r, this, p, end, field.path)
    if (garbled) {
      field.problem = garbled.problem!
      children.push(garbled)
      p = end
    }
  }
  if (p < end)
    children.push({
      ...leafField('trailing', field.path, p, end - p),
      text: `${end - p} bytes after the last attribute`,
    })
  r.depth--
}

/** What begins with a length that cannot be right; undefined when it is nothing but zeros. */
function garbledAt(r: Reader, set: AttributeTable, at: number, end: number, path: string): Field | undefined {
  try {
    endOfAttributes(r, at, r.view.getUint16(at, r.little), end)
    return undefined
  } catch (error) {
    const name = set.attribute(r.view.getUint16(at + 2, r.little))?.name ?? ''
    const field = leafField(name === '' ? 'garbled' : `garbled ${name}`, join(path, name), at, end - at)
    field.problem = (error as Malformed).message
    return field
  }
}

function typeAt(
  r: Reader,
  set: AttributeTable,
  attribute: Attribute | undefined,
  owner: Record<string, unknown>,
  start: number,
  end: number,
): { name: string; type: AnyType; selected?: string | undefined } {
  if (!attribute) return { name: 'unknown', type: bytes }
  if (!attribute.selector) return attribute
  const { selected, type } = attribute.selector.choose(r, set, owner, start, end)
  return { name: type ? attribute.name : attribute.selector.fallback, type: type ?? bytes, selected }
}

function dissectPayload(r: Reader, type: AnyType, from: number, to: number, field: Field, owner: Owner): boolean {
  try {
    if (to - from < type.minimum) throw payloadTooShort(from, type, to - from)
    type.dissect(r, from, to, field, owner)
    return true
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    field.problem = error.message
    return false
  }
}
