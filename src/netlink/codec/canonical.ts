/**
 * Whether the canonical encoding of a decoded value is the bytes that it came from. Most of a message need not be
 * encoded to know it: a number is its bytes, whatever they are, so headers, order and padding are enough.
 */

import { align4, areZeros, type Reader, Writer } from '../bytes/bytes.js'
import { NESTED } from '../bytes/nlattr.js'
import { type Attribute, AttributeSet } from '../schema/attributes.js'
import { type AnyType, type Owner, resolved } from '../schema/type.js'
import { bytes } from '../schema/types/text.js'

type Value = Record<string, unknown>

const LARGEST_SPARE = 65536
let spare = new Writer('little')

/** Whether encoding a value gives the bytes between two places. */
export const isCanonical = (r: Reader, type: AnyType, at: number, end: number, value: unknown, owner: Owner): boolean =>
  isKnown(r, type, at, end, value, owner) || isEncoded(r, type, at, end, value, owner)

/** The key of an attribute's value: a selector has two. */
export const keyOf = ({ name, selector }: Attribute, owner: Value): string =>
  selector && owner[name] === undefined ? selector.fallback : name

/** The type that an attribute has under a key. */
export const typeOfKey = ({ selector, type }: Attribute, key: string, owner: Value): AnyType =>
  resolved((selector ? selector.typeOf(key, owner) : type) ?? bytes, owner)

/** Whether it is certain without encoding all of it. */
function isKnown(r: Reader, type: AnyType, at: number, end: number, value: unknown, owner: Owner): boolean {
  if (type.scalar !== undefined) return end - at === type.scalar
  if (type instanceof AttributeSet) return isKnownSet(r, type, at, end, value as Value)
  return type.exact?.(r, at, end, owner) === true
}

function isEncoded(r: Reader, type: AnyType, at: number, end: number, value: unknown, owner: Owner): boolean {
  if (spare.little !== r.little || spare.bytes.length > LARGEST_SPARE) spare = new Writer(r.little ? 'little' : 'big')
  spare.length = 0
  spare.depth = 0
  try {
    type.write(spare, value, owner)
  } catch {
    return false
  }
  if (spare.length !== end - at) return false
  for (let i = 0; i < spare.length; i++) if (spare.bytes[i] !== r.bytes[at + i]) return false
  return true
}

/** Whether a set and all in it is: its numbers are, by their places, and the others are looked at one by one. */
function isKnownSet(r: Reader, set: AttributeSet, at: number, end: number, value: Value): boolean {
  const { header } = set
  if (header) {
    const stop = at + header.size
    if (stop > end || !header.exact(r, at, stop) || !areZeros(r.bytes, stop, align4(stop))) return false
  }
  const shape = set.layoutOf(r, at, end)
  if (!shape?.regular) return false
  for (const from of shape.paddings) if (!areZeros(r.bytes, at + from, at + align4(from))) return false
  // More are unknown than the definition lacks: one of its own does not fit its type.
  const unknown = (value.unknown as unknown[] | undefined)?.length ?? 0
  if (unknown !== shape.steps.filter((step) => step === null).length) return false
  let key: string | undefined
  let index = 0
  for (const place of shape.others) {
    const attribute = shape.steps[place]?.attribute
    if (!attribute) continue
    const name = keyOf(attribute, value)
    index = name === key ? index + 1 : 0
    key = name
    const p = at + shape.at[place]!
    const type = typeOfKey(attribute, name, value)
    if (r.view.getUint16(p + 2, r.little) !== (type.nestedBit ? attribute.number | NESTED : attribute.number))
      return false
    const one = attribute.repeated ? (value[name] as unknown[])[index] : value[name]
    if (!isCanonical(r, type, p + 4, p + r.view.getUint16(p, r.little), one, value)) return false
  }
  return true
}
