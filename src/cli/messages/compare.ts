/** Comparing two messages by meaning: values first, then what differs in the bytes without a meaning. */

import { isObject } from '../../netlink/bytes/equal.js'
import { TYPE_MASK } from '../../netlink/bytes/nlattr.js'
import { HEADER } from '../../netlink/frame/nlmsghdr.js'
import { DecodeError, dissect, equal, type Field, type Message } from '../../netlink/index.js'
import { jsonText } from '../output/json-text.js'
import { decodeItem, type MessageItem, type Parsed } from './messages.js'

/** One side of a comparison. */
export interface Side {
  readonly parsed: Parsed
  readonly item: MessageItem
}

/** A value that differs. */
interface Difference {
  readonly path: string
  /** Each side's value as JSON, with the place of its bytes; undefined where it has none. */
  readonly a: string | undefined
  readonly b: string | undefined
}

/** What a comparison found. */
export interface Comparison {
  readonly differences: readonly Difference[]
  /** What differs without a meaning: `order`, `padding`, `nested bits`, `sequence number or port`. */
  readonly notes: readonly string[]
}

/** Compares two messages. */
export function compare(a: Side, b: Side): Comparison {
  const [left, right] = [decodeItem(a.parsed, a.item, false), decodeItem(b.parsed, b.item, false)]
  if (left instanceof DecodeError || right instanceof DecodeError) return compareBytes(a, b, left, right)
  const [fieldsA, fieldsB] = [fieldsOf(a), fieldsOf(b)]
  const differences: Difference[] = []
  const tell = (path: string, one: unknown, other: unknown) =>
    void differences.push({ path, a: shown(one, path, fieldsA), b: shown(other, path, fieldsB) })
  for (const key of ['type', 'flags'] as const) if (!equal(left[key], right[key])) tell(key, left[key], right[key])
  if (left.type === right.type) walk('', left.body, right.body, tell)
  // The same value in bytes that its type does not expect: kernels take them, cut them off or refuse them.
  for (const path of new Set([...fieldsA.keys(), ...fieldsB.keys()])) {
    const [one, other] = [fieldsA.get(path), fieldsB.get(path)]
    if (one?.problem !== other?.problem && !differences.some((known) => isWithin(path, known.path)))
      differences.push({ path, a: problemOf(one), b: problemOf(other) })
  }
  return { differences, notes: differences.length > 0 ? [] : notes(a, b, left, right, fieldsA, fieldsB) }
}

const isWithin = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`)

function problemOf(field: Field | undefined): string | undefined {
  if (field === undefined) return undefined
  const place = `bytes 0x${field.offset.toString(16)}-0x${(field.offset + field.length - 1).toString(16)}`
  return `${field.text ?? 'unreadable'}${field.problem === undefined ? '' : `, ${field.problem}`} (${place})`
}

function compareBytes(a: Side, b: Side, left: Message | DecodeError, right: Message | DecodeError): Comparison {
  const [one, other] = [a.item.bytes, b.item.bytes]
  if (equal(one, other)) return { differences: [], notes: [] }
  const at = one.findIndex((byte, i) => byte !== other[i])
  const place = at < 0 ? one.length : at
  const text = (bytes: Uint8Array, found: Message | DecodeError) =>
    `${bytes.length} bytes${found instanceof DecodeError ? `: ${found.message}` : ''}`
  const path = `byte 0x${place.toString(16)}`
  return { differences: [{ path, a: text(one, left), b: text(other, right) }], notes: [] }
}

type Tell = (path: string, a: unknown, b: unknown) => void

/** What an error repeats of the request's header: other in each conversation. */
const meaningless = new Set(['request.seq', 'request.pid'])

function walk(path: string, a: unknown, b: unknown, tell: Tell): void {
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      walk(path === '' ? key : `${path}.${key}`, a[key], b[key], tell)
  } else if (Array.isArray(a) && Array.isArray(b) && [...a, ...b].every(isObject)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) walk(`${path}[${i}]`, a[i], b[i], tell)
  } else if (!equal(a, b) && !meaningless.has(path)) tell(path, a, b)
}

/** All fields of a message by their paths, without the kinds that the dissector puts in. */
function fieldsOf({ parsed, item }: Side): Map<string, Field> {
  const found = new Map<string, Field>()
  const add = (field: Field) => {
    const path = field.path.replace(/\([^)]*\)/g, '')
    if (path !== '' && !found.has(path)) found.set(path, field)
    field.children?.forEach(add)
  }
  dissect(parsed.family, item.bytes, { byteOrder: parsed.byteOrder }).forEach(add)
  return found
}

function shown(value: unknown, path: string, fields: ReadonlyMap<string, Field>): string | undefined {
  if (value === undefined) return undefined
  const field = fields.get(path)
  const hex = (number: number) => `0x${number.toString(16)}`
  return jsonText(value) + (field ? ` (bytes ${hex(field.offset)}-${hex(field.offset + field.length - 1)})` : '')
}

/** What is different in the bytes, when all values are the same. */
function notes(
  a: Side,
  b: Side,
  left: Message,
  right: Message,
  fieldsA: ReadonlyMap<string, Field>,
  fieldsB: ReadonlyMap<string, Field>,
): string[] {
  const found: string[] = []
  if (left.seq !== right.seq || left.pid !== right.pid) found.push('sequence number or port')
  const [bodyA, bodyB] = [a.item.bytes.subarray(HEADER), b.item.bytes.subarray(HEADER)]
  if (equal(bodyA, bodyB)) return found
  const paths = [...fieldsA.keys()]
  const ordered = paths.every((path, i) => [...fieldsB.keys()][i] === path)
  if (!ordered) found.push('order')
  const bits = (field: Field | undefined) => (field?.attributeType ?? 0) & ~TYPE_MASK
  const nested = paths.filter((path) => bits(fieldsA.get(path)) !== bits(fieldsB.get(path)))
  if (nested.length > 0) found.push(`nested bits (${nested.join(', ')})`)
  // The same attributes, headers and places: what is left is between them, or after the end of a text.
  const others = a.item.bytes.length !== b.item.bytes.length || (ordered && nested.length === 0)
  if (others) found.push('padding')
  return found.length > 0 ? found : ['padding']
}
