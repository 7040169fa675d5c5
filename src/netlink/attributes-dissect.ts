/** Dissecting an attribute set: the slow, complete walk that never stops at the first thing it cannot read. */
import type { Attribute, AttributeSet } from './attributes.js'
import type { Reader } from './bytes.js'
import { type Field, leafField } from './dissect.js'
import { endOfAttributes, MAX_DEPTH, payloadTooShort, TYPE_MASK } from './nlattr.js'
import { type AnyType, join, Malformed, type Owner } from './type.js'
import { bytes } from './types/text.js'

export function dissectAttributes(
  this: AttributeSet<unknown>,
  r: Reader,
  at: number,
  end: number,
  field: Field,
  _owner?: Owner,
): void {
  const set = this as AttributeSet
  const children: Field[] = []
  field.set = set
  field.children = children
  if (r.depth >= MAX_DEPTH) {
    field.problem = `nested more than ${MAX_DEPTH} deep`
    return
  }
  r.depth++
  const owner: Record<string, unknown> = {}
  let start = at
  if (set.header) {
    const length = Math.min(set.header.size, end - at)
    const header = leafField('', field.path, at, length)
    set.header.dissect(r, at, at + length, header, undefined)
    Object.assign(owner, set.header.read(r, at, at + length, undefined))
    children.push(header)
    start = Math.min(at + ((set.header.size + 3) & ~3), end)
  }
  const seen = new Map<string, number>()
  let p = start
  while (end - p >= 4) {
    const length = r.view.getUint16(p, r.little)
    const attributeType = r.view.getUint16(p + 2, r.little)
    if (length < 4 || length > end - p) {
      try {
        endOfAttributes(r, p, length, end)
        break
      } catch (error) {
        field.problem = (error as Malformed).message
      }
      children.push({ ...leafField('garbled', field.path, p, end - p), problem: field.problem })
      p = end
      break
    }
    const attribute = set.attribute(attributeType & TYPE_MASK)
    const { name, type, selected } = typeAt(r, set, attribute, owner, start, end)
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    const label = attribute ? (attribute.repeated ? `${name}[${count}]` : name) : `unknown[${count}]`
    const path = join(field.path, selected === undefined ? label : `${label}(${selected})`)
    const child: Field = { name: attribute ? name : 'unknown', path, offset: p, length, header: 4, attributeType }
    if (selected !== undefined) child.selected = selected
    dissectPayload(r, type, p + 4, p + length, child, owner)
    if (attribute && child.children === undefined && child.problem === undefined) {
      // What a selector may need later.
      owner[attribute.name] = type.read(r, p + 4, p + length, owner)
    }
    children.push(child)
    p += (length + 3) & ~3
  }
  if (p < end)
    children.push({
      ...leafField('trailing', field.path, p, end - p),
      text: `${end - p} bytes after the last attribute`,
    })
  r.depth--
}

function typeAt(
  r: Reader,
  set: AttributeSet,
  attribute: Attribute | undefined,
  owner: Record<string, unknown>,
  start: number,
  end: number,
): { name: string; type: AnyType; selected?: string | undefined } {
  if (!attribute) return { name: 'unknown', type: bytes }
  if (!attribute.selector) return attribute
  const { selected, type } = attribute.selector.choose(r, set, owner, start, end)
  return { name: type ? attribute.name : attribute.selector.otherwise, type: type ?? bytes, selected }
}

function dissectPayload(r: Reader, type: AnyType, from: number, to: number, field: Field, owner: Owner): void {
  try {
    if (to - from < type.minimum) throw payloadTooShort(from, type, to - from)
    type.dissect(r, from, to, field, owner)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    field.problem = error.message
  }
}
