/** Datagrams as people read them: annotated bytes, or the tree of names and values. */
import { annotate, dissect, type Field, type KernelError, toHex } from '../netlink/index.js'
import { explain } from '../rtnl/explain.js'
import { withCNames } from './c-names.js'
import { safe } from './escape.js'
import type { Parsed } from './messages.js'
import { colour } from './output.js'

/** How to show datagrams. */
export interface Showing {
  readonly tree?: boolean | undefined
  readonly cNames?: boolean | undefined
}

/** The fields of a datagram. A header that was not in the input is left out again, and offsets count without it. */
function fieldsOf(parsed: Parsed, { cNames = false }: Showing): { bytes: Uint8Array; fields: Field[] } {
  const { datagram, family, byteOrder, bare } = parsed
  const found = dissect(family, datagram.bytes, { byteOrder })
  const fields = cNames ? withCNames(found) : found
  if (!bare) return { bytes: datagram.bytes, fields }
  const moved = fields.map((field) => shifted({ ...field, children: field.children?.slice(1) ?? [] }))
  return { bytes: datagram.bytes.subarray(16), fields: moved }
}

const shifted = (field: Field): Field => ({
  ...field,
  offset: Math.max(0, field.offset - 16),
  ...(field.children ? { children: field.children.map(shifted) } : {}),
})

/** The lines of a datagram, with its heading. */
export function datagramLines(parsed: Parsed, showing: Showing): string[] {
  const { datagram, direction, protocol, byteOrder, items } = parsed
  const { bytes, fields } = fieldsOf(parsed, showing)
  const names = [...new Set(fields.map((field) => field.name))].join(', ')
  const facts = [
    datagram.conversation,
    protocol === 'route' ? undefined : protocol,
    byteOrder === 'big' ? 'big-endian' : undefined,
    datagram.truncated === undefined ? undefined : `cut off: it had ${datagram.truncated} bytes`,
    items.length > 1 ? `${items.length} messages` : undefined,
    datagram.where,
  ]
  const arrow = direction === 'sent' ? colour.green('>') : colour.cyan('<')
  const heading = `${arrow} ${colour.bold(safe(names || 'nothing'))}  ${colour.dim(safe(`(${facts.filter(Boolean).join(', ')})`))}`
  const lines = showing.tree
    ? fields.flatMap((field) => (field.children ?? [field]).flatMap((one) => treeLines(one, bytes, 1)))
    : annotate(bytes, fields)
  return [heading, ...lines.map((line) => painted(safe(line)))]
}

/** Colours for one line of a dump: the offset and the bytes recede behind what they say. */
function painted(line: string): string {
  const [, offset, bytes, note] = /^([0-9a-f]{4,} {2})([0-9a-f ]+)(;.*)?$/.exec(line) ?? []
  if (offset === undefined) return line.includes('!!') ? colour.red(line) : line
  const said = note === undefined ? '' : /!!|<--/.test(note) ? colour.red(note) : note
  return `${colour.dim(offset)}${colour.dim(bytes!)}${said}`
}

/** A field and what is in it, one a line, without bytes. Members of structs that are zero are left out. */
function treeLines(field: Field, bytes: Uint8Array, depth: number): string[] {
  const { name, children, selected, struct, text, problem, offset, length, attributeType } = field
  const label = name === '' ? (struct ?? 'payload') : selected === undefined ? name : `${name}(${selected})`
  const number = name === 'unknown' && attributeType !== undefined ? ` ${attributeType & 0x3fff}` : ''
  const value = struct === 'nlmsghdr' ? text : text === undefined ? '' : `= ${text}`
  const said = struct === 'nlmsghdr' ? value : `${label}${number} ${value}`
  const line = `${'  '.repeat(depth)}${said}`.trimEnd() + (problem === undefined ? '' : `  !! ${problem}`)
  const inside = (children ?? []).filter(
    (child) =>
      field.header > 0 ||
      !struct ||
      bytes.subarray(child.offset, child.offset + child.length).some((byte) => byte !== 0),
  )
  const from = field.header === 0 && text === undefined && name === '' ? depth : depth + 1
  const own = from === depth && !struct && problem === undefined && children ? [] : [line]
  if (own.length === 0 && offset === 0 && length === 0) return []
  return [...own, ...inside.flatMap((child) => treeLines(child, bytes, own.length === 0 ? depth : depth + 1))]
}

/** What the kernel's no means: the error, the line of the request that it blames, and what to do. */
export function refusalLines(refusal: KernelError): string[] {
  const blamed = refusal.offset === undefined ? [] : refusal.annotated().filter((line) => line.includes('<--'))
  const advice = advised(refusal)
  const lines = [refusal.message, ...blamed.map((line) => `  ${line}`), ...(advice === undefined ? [] : [advice])]
  return lines.map((line) => colour.red(`# ${safe(line)}`))
}

function advised(refusal: KernelError): string | undefined {
  try {
    return explain(refusal)
  } catch {
    // A request that cannot be decoded: the kernel's own words are all there is.
    return undefined
  }
}

/** Lines for input that is no datagram. */
export function garbageLines(garbage: Uint8Array | string, where: string, reason: string): string[] {
  const text = typeof garbage === 'string' ? garbage.slice(0, 100) : toHex(garbage.subarray(0, 32), ' ')
  const more = garbage.length > (typeof garbage === 'string' ? 100 : 32) ? ` ... (${garbage.length} in all)` : ''
  const lines = [`!! garbage at ${where}: ${reason}`, ...(text === '' ? [] : [`   ${text}${more}`])]
  return lines.map((line) => colour.red(safe(line)))
}
