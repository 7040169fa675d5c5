/**
 * Lossless decoding: what plain values cannot carry. Where the canonical encoding of a decoded body gives other bytes
 * than those it came from, `wire` says what is different: attributes out of order, a nested bit set or left out,
 * unusual padding, a payload longer or shorter than its type. Encoding with it gives the same bytes; and where the
 * value was changed since, the change wins.
 */

import { align4, areZeros, copyOf, onlyZeros, Reader, Writer } from '../bytes/bytes.js'
import { equal } from '../bytes/equal.js'
import {
  MAX_ATTRIBUTE,
  NESTED,
  putAttributeHeader,
  TYPE_MASK,
  type UnknownAttribute,
  walkAttributes,
  writeUnknown,
} from '../bytes/nlattr.js'
import { endMessage, HEADER } from '../frame/nlmsghdr.js'
import { AttributeSet } from '../schema/attributes.js'
import { enclose } from '../schema/outer.js'
import { type AnyType, Malformed, Unwritable } from '../schema/type.js'
import { isCanonical, keyOf, typeOfKey } from './canonical.js'
import { fillIn, type MessageParts, writing } from './writing.js'

/** One attribute, as it stood in the bytes. */
export interface WireAttribute {
  /** The key of the plain value that it belongs to. */
  name: string
  /** nla_type, where its flag bits are not the canonical ones. */
  type?: number
  /** The payload, where the canonical encoding of its value differs. */
  raw?: Uint8Array
  /** The value is not in the plain value: a later attribute of the same number has replaced it. */
  hidden?: true
  /** The bytes between it and the next, where they are not the usual zeros. */
  padding?: Uint8Array
  /** What differs inside, for a nest. */
  wire?: Wire
}

/** What differs in a body or a nest. */
export interface Wire {
  /** All bytes of it, for a body that is no attribute set. */
  raw?: Uint8Array
  /** The bytes of the fixed header, where they differ. */
  header?: Uint8Array
  /** The attributes in their order: just the name where the attribute itself is canonical. */
  attributes?: (string | WireAttribute)[]
  /** Bytes after the last attribute that are too few for another. */
  trailing?: Uint8Array
  /** The bytes between the end of the message and the next one, where they are not the usual zeros up to a multiple of four. */
  padding?: Uint8Array
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])
const zeros = (list: Uint8Array): boolean => areZeros(list, 0, list.length)
const cut = (r: Reader, from: number, to: number): Uint8Array => copyOf(r.bytes, from, to)

/** What differs between a message's bytes and the canonical encoding of its body, undefined when nothing does. */
export function wireOf(body: AnyType, r: Reader, at: number, length: number, value: unknown): Wire | undefined {
  const end = at + length
  const next = Math.min(r.bytes.length, at + align4(length))
  const padding = cut(r, end, onlyZeros(r.bytes, next) ? r.bytes.length : next)
  const usual = padding.length === (-length & 3) && zeros(padding)
  const wire = bodyWire(body, r, at + HEADER, end, value)
  if (!wire && usual) return undefined
  return { ...wire, ...(usual ? {} : { padding }) }
}

function bodyWire(type: AnyType, r: Reader, at: number, end: number, value: unknown): Wire | undefined {
  if (isCanonical(r, type, at, end, value, undefined)) return undefined
  r.begin()
  return type instanceof AttributeSet
    ? setWire(type, r, at, end, value as Record<string, unknown>)
    : { raw: cut(r, at, end) }
}

function setWire(set: AttributeSet, r: Reader, at: number, end: number, value: Record<string, unknown>): Wire {
  const wire: Wire = { attributes: [] }
  let p = at
  if (set.header) {
    const w = new Writer(r.little ? 'little' : 'big')
    set.header.writeFrom(w, value)
    w.align()
    const to = Math.min(at + w.length, end)
    if (!same(w.copy(), r.bytes.subarray(at, to))) wire.header = cut(r, at, to)
    p = to
  }
  const counts = new Map<string, number>()
  r.depth++
  const misfits = misfitsOf(set, r, p, end, value)
  const last = lastOf(set, r, p, end, misfits)
  p = walkAttributes(r, p, end, (start, length, header) => {
    const item: WireAttribute = misfits.has(start)
      ? { name: 'unknown' }
      : attributeWire(set, r, start, start + length, header, value, counts, last)
    const padding = cut(r, start + length, Math.min(start + align4(length), end))
    if (padding.length !== (-length & 3) || !zeros(padding)) item.padding = padding
    wire.attributes!.push(Object.keys(item).length === 1 ? item.name : item)
  })
  if (p < end) wire.trailing = cut(r, p, end)
  r.depth--
  return wire
}

/** Where the attributes begin whose payload their type refuses, so that they are among the unknown ones. */
function misfitsOf(set: AttributeSet, r: Reader, at: number, end: number, value: Record<string, unknown>): Set<number> {
  const misfits = new Set<number>()
  if (value.unknown === undefined) return misfits
  walkAttributes(r, at, end, (start, length, header) => {
    const attribute = set.attribute(header)
    if (attribute && !fits(r, typeOfKey(attribute, attribute.name, value), start + 4, start + length, value))
      misfits.add(start)
  })
  return misfits
}

function fits(r: Reader, type: AnyType, at: number, end: number, owner: Record<string, unknown>): boolean {
  if (end - at < type.minimum) return false
  const { depth } = r
  try {
    type.read(r, at, end, owner)
    return true
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    r.depth = depth
    return false
  }
}

/** Where the last attribute of each number begins: that one is in the plain value. */
function lastOf(
  set: AttributeSet,
  r: Reader,
  at: number,
  end: number,
  misfits: ReadonlySet<number>,
): Map<string, number> {
  const last = new Map<string, number>()
  walkAttributes(r, at, end, (start, _length, header) => {
    const attribute = set.attribute(header)
    if (attribute && !misfits.has(start)) last.set(attribute.name, start)
  })
  return last
}

function attributeWire(
  set: AttributeSet,
  r: Reader,
  at: number,
  end: number,
  header: number,
  value: Record<string, unknown>,
  counts: Map<string, number>,
  last: Map<string, number>,
): WireAttribute {
  const attribute = set.attribute(header)
  if (!attribute) return { name: 'unknown' }
  const selectedName = keyOf(attribute, value)
  const item: WireAttribute = { name: selectedName }
  const type = typeOfKey(attribute, selectedName, value)
  const usual = attribute.number | (type.nestedBit ? NESTED : 0)
  if (header !== usual) item.type = header
  if (!attribute.repeated && last.get(attribute.name) !== at) return { ...item, raw: cut(r, at + 4, end), hidden: true }
  const index = counts.get(selectedName) ?? 0
  counts.set(selectedName, index + 1)
  const one = attribute.repeated ? (value[selectedName] as unknown[])[index] : value[selectedName]
  if (isCanonical(r, type, at + 4, end, one, value)) return item
  if (type instanceof AttributeSet) item.wire = setWire(type, r, at + 4, end, one as Record<string, unknown>)
  else item.raw = cut(r, at + 4, end)
  return item
}

/** Writes a message's body as `wire` says; `at` is where the message began. @throws EncodeError */
export function writeWire(w: Writer, at: number, message: MessageParts, value: unknown, wire: Wire): void {
  const { body } = message
  const before = w.length
  writing(w, message, value, () => {
    if (typeof value !== 'object' || value === null) throw new Unwritable()
    if (body instanceof AttributeSet && wire.attributes)
      writeSet(w, body, value as Record<string, unknown>, wire, undefined)
    else if (wire.raw && unchanged(w, body, wire.raw, value, undefined, copyOf(w.bytes, at, before))) w.put(wire.raw)
    else body.write(w, value, undefined)
    if (message.discriminator) fillIn(w, before, message, value)
  })
  const length = w.length - at
  endMessage(w, at)
  if (wire.padding) {
    w.length = at + length
    w.put(wire.padding)
  }
}

/**
 * Whether raw bytes still mean this value: it may have been changed since it was decoded. What is before the bytes
 * matters to control messages, which look at their own header.
 */
function unchanged(
  w: Writer,
  type: AnyType,
  raw: Uint8Array,
  value: unknown,
  owner: Record<string, unknown> | undefined,
  before: Uint8Array = new Uint8Array(),
): boolean {
  if (raw.length < type.minimum) return false
  const whole = new Uint8Array(before.length + raw.length)
  whole.set(before)
  whole.set(raw, before.length)
  try {
    const r = new Reader(whole, w.little ? 'little' : 'big')
    return equal(type.read(r, before.length, whole.length, owner), value)
  } catch {
    return false
  }
}

function writeSet(
  w: Writer,
  set: AttributeSet,
  value: Record<string, unknown>,
  wire: Wire,
  owner: Record<string, unknown> | undefined,
): void {
  if (set.outer !== undefined) enclose(value, owner)
  if (set.header) {
    const headerValue = Object.fromEntries(
      set.header.memberNames.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]),
    )
    if (wire.header && unchanged(w, set.header, wire.header.subarray(0, set.header.size), headerValue, owner))
      w.put(wire.header)
    else {
      set.header.writeFrom(w, value)
      w.align()
    }
  }
  const counts = new Map<string, number>()
  for (const entry of wire.attributes ?? []) {
    const item = typeof entry === 'string' ? { name: entry } : entry
    writeItem(w, set, value, item, counts)
  }
  // What was added to the value since it was decoded.
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined || set.header?.memberNames.includes(key)) continue
    const rest = Array.isArray(one) && isList(set, key) ? one.slice(counts.get(key) ?? 0) : counts.has(key) ? [] : one
    if (key === 'unknown' || (Array.isArray(rest) && rest.length === 0 && counts.has(key))) {
      for (const each of key === 'unknown' ? (rest as UnknownAttribute[]) : []) writeUnknown(w, each)
    } else set.writeNamed(w, key, rest, value)
  }
  if (wire.trailing) w.put(wire.trailing)
}

const isList = (set: AttributeSet, key: string): boolean => key === 'unknown' || set.attribute(key)?.repeated === true

function writeItem(
  w: Writer,
  set: AttributeSet,
  value: Record<string, unknown>,
  item: WireAttribute,
  counts: Map<string, number>,
): void {
  const attribute = set.attribute(item.name)
  const index = counts.get(item.name) ?? 0
  if (!item.hidden) counts.set(item.name, index + 1)
  const held = value[item.name]
  const one = isList(set, item.name) ? (held as unknown[] | undefined)?.[index] : held
  if (one === undefined && !item.hidden) return
  const at = w.length
  if (!attribute) {
    writeUnknown(w, one as UnknownAttribute)
  } else {
    const type = typeOfKey(attribute, item.name, value)
    w.take(4)
    if (item.raw && (item.hidden || unchanged(w, type, item.raw, one, value))) w.put(item.raw)
    else if (item.wire && type instanceof AttributeSet)
      writeSet(w, type, one as Record<string, unknown>, item.wire, value)
    else type.write(w, one, value)
    const length = Math.min(w.length - at, MAX_ATTRIBUTE)
    const usual = attribute.number | (type.nestedBit ? NESTED : 0)
    putAttributeHeader(w, at, length, ((item.type ?? usual) & ~TYPE_MASK) | attribute.number)
    w.align()
  }
  if (item.padding && item.padding.length <= 3) {
    w.length = at + w.view.getUint16(at, w.little)
    w.put(item.padding)
  }
}
