/**
 * Whether the canonical encoding of a decoded value is the bytes that it came from. Most of a message need not be
 * encoded to know it: a number is its bytes, whatever they are, so headers, order and padding are enough.
 */

import { align4, areZeros, type Reader, toHex, Writer } from '../bytes/bytes.js'
import { NESTED } from '../bytes/nlattr.js'
import { type Attribute, AttributeSet } from '../schema/attributes.js'
import type { Layout } from '../schema/fast/layouts.js'
import { type AnyType, type Owner, resolved } from '../schema/type.js'
import { bytes } from '../schema/types/text.js'

type Value = Record<string, unknown>

const LARGEST_SPARE = 65536
let spare = new Writer('little')

/** Whether encoding a value gives the bytes between two places. */
export function isCanonical(r: Reader, type: AnyType, at: number, end: number, value: unknown, owner: Owner): boolean {
  const known = isKnown(r, type, at, end, value, owner)
  if (known && verifying && !isEncoded(r, type, at, end, value, owner))
    throw new Error(`${type.name} was taken for canonical: ${toHex(r.bytes.subarray(at, end))}`)
  return known || isEncoded(r, type, at, end, value, owner)
}

let verifying = false
/** Holds each judgement that bytes are canonical against a full encoding. For tests: it costs what the judgement saves. */
export const verifyCanonical = (on: boolean): void => {
  verifying = on
}

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

/** What the layout of a set tells about all bytes that have it. */
interface Judgement {
  /**
   * Whether the bytes are what encoding their value gives, as far as order, lengths and the headers of numbers say: not
   * the header of the set, nor other attributes, nor paddings.
   */
  readonly regular: boolean
  /** Where padding begins, counted from the beginning of the set; it ends at the next multiple of four. */
  readonly paddings: readonly number[]
  /** How many attributes the definition does not know. */
  readonly unknowns: number
}

/** Layouts are kept by their sets, and so are judgements of them. */
const judgements = new WeakMap<Layout, Judgement>()

function judgementOf(layout: Layout, r: Reader, at: number, end: number): Judgement {
  const known = judgements.get(layout)
  if (known) return known
  const { steps } = layout
  const ends = steps.map((_, i) => layout.at[i]! + r.view.getUint16(at + layout.at[i]!, r.little))
  // No key comes again after another one, or comes twice and is no list: its values are written together.
  const inOrder = steps.every((step, i) => {
    const first = steps.findIndex((one) => one?.name === step?.name)
    return first === i || (steps[i - 1]?.name === step?.name && step?.attribute.repeated !== false)
  })
  const whole = align4(ends.at(-1) ?? layout.start) === end - at
  const numbers = steps.every(
    (step, i) =>
      !step ||
      step.scalar === 0 ||
      (ends[i]! - layout.at[i]! - 4 === step.scalar &&
        r.view.getUint16(at + layout.at[i]! + 2, r.little) === step.attribute.number),
  )
  const judgement = {
    regular: inOrder && whole && numbers,
    paddings: ends.filter((one) => one % 4 !== 0),
    unknowns: steps.filter((step) => step === null).length,
  }
  judgements.set(layout, judgement)
  return judgement
}

/** Whether a set and all in it is: its numbers are, by their places, and the others are looked at one by one. */
function isKnownSet(r: Reader, set: AttributeSet, at: number, end: number, value: Value): boolean {
  const { header } = set
  if (header) {
    const stop = at + header.size
    if (stop > end || !header.exact(r, at, stop) || !areZeros(r.bytes, stop, align4(stop))) return false
  }
  const layout = set.layoutOf(r, at, end)
  if (!layout) return false
  const { regular, paddings, unknowns } = judgementOf(layout, r, at, end)
  if (!regular) return false
  for (const from of paddings) if (!areZeros(r.bytes, at + from, at + align4(from))) return false
  // More are unknown than the definition lacks: one of its own does not fit its type.
  const unknown = (value.unknown as unknown[] | undefined)?.length ?? 0
  if (unknown !== unknowns) return false
  let key: string | undefined
  let index = 0
  for (const place of layout.others) {
    const attribute = layout.steps[place]?.attribute
    if (!attribute) continue
    const name = keyOf(attribute, value)
    index = name === key ? index + 1 : 0
    key = name
    const p = at + layout.at[place]!
    const type = typeOfKey(attribute, name, value)
    if (r.view.getUint16(p + 2, r.little) !== (type.nestedBit ? attribute.number | NESTED : attribute.number))
      return false
    const one = attribute.repeated ? (value[name] as unknown[])[index] : value[name]
    if (!isCanonical(r, type, p + 4, p + r.view.getUint16(p, r.little), one, value)) return false
  }
  return true
}
