/** Datagrams as people read them: annotated bytes, or the tree of names and values. */
import { TYPE_MASK } from '../../netlink/bytes/nlattr.js'
import { alarm } from '../../netlink/dissect/annotate.js'
import { HEADER } from '../../netlink/frame/nlmsghdr.js'
import { annotate, dissect, type Field, type KernelError, toHex } from '../../netlink/index.js'
import { explain } from '../../rtnl/explain.js'
import { withCNames } from '../output/c-names.js'
import { safe } from '../output/escape.js'
import { colour, columns, lines } from '../output/output.js'
import { foldNote, wrap } from '../output/wrap.js'
import type { Parsed } from './messages.js'

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
  return { bytes: datagram.bytes.subarray(HEADER), fields: moved }
}

const shifted = (field: Field): Field => ({
  ...field,
  offset: Math.max(0, field.offset - HEADER),
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
  const heading = headingLines(direction, names || 'nothing', facts.filter(Boolean).join(', '))
  if (!showing.tree)
    return [...heading, ...painted(annotate(bytes, fields, { width: columns(), fold: foldNote, escape: safe }))]
  const tree = fields.flatMap((field) => (field.children ?? [field]).flatMap((one) => treeLines(one, bytes, 1)))
  return [
    ...heading,
    ...tree.flatMap((line) => lines(line, '    ').map((part) => (alarm.test(line) ? colour.red(part) : part))),
  ]
}

/** Which way a datagram went, and what it is. Further lines are notes, as below. */
function headingLines(direction: 'sent' | 'received', names: string, facts: string): string[] {
  const [first = '', ...more] = wrap(safe(`${names}  (${facts})`), columns() - 2, { hang: '  ' })
  const arrow = direction === 'sent' ? colour.green('>') : colour.cyan('<')
  const [, name = first, fact = ''] = /^(.*? {2})(\(.*)$/.exec(first) ?? []
  return [`${arrow} ${colour.bold(name)}${colour.dim(fact)}`, ...more.map((line) => colour.dim(`; ${line}`))]
}

/** Colours for the lines of a dump: the offsets and the bytes recede behind what they say. */
function painted(dump: readonly string[]): string[] {
  let alarming = false
  return dump.map((line) => {
    const [, bytes = '', note = ''] = /^([0-9a-f ]*)(;.*)?$/.exec(line) ?? []
    // A note that goes on in lines without bytes.
    alarming = alarm.test(note) || (alarming && bytes.trim() === '')
    return (bytes.trim() === '' ? bytes : colour.dim(bytes)) + (alarming ? colour.red(note) : note)
  })
}

/** A field and what is in it, one a line, without bytes. Members of structs that are zero are left out. */
function treeLines(field: Field, bytes: Uint8Array, depth: number): string[] {
  const { name, children, selected, struct, text, problem, offset, length, attributeType } = field
  const label = name === '' ? (struct ?? 'payload') : selected === undefined ? name : `${name}(${selected})`
  const number = name === 'unknown' && attributeType !== undefined ? ` ${attributeType & TYPE_MASK}` : ''
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

/** What the kernel's no means, in lines of a width: the error, the line of the request that it blames, and what to do. */
export function refusalText(refusal: KernelError, width: number): string[] {
  const said = (text: string) => wrap(safe(text), width, { hang: '  ' })
  const blamed = refusal.annotated({ onlyMarked: true, width: width - 2, fold: foldNote, escape: safe })
  const advice = advised(refusal)
  return [
    ...said(refusal.message),
    ...(refusal.offset === undefined ? [] : blamed.map((line) => `  ${line}`)),
    ...(advice === undefined ? [] : said(advice)),
  ]
}

/** The same below a dump, as comments. */
export const refusalLines = (refusal: KernelError): string[] =>
  refusalText(refusal, columns() - 2).map((line) => colour.red(`# ${line}`))

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
  return [
    ...lines(`!! garbage at ${where}: ${reason}`, '   '),
    ...(text === '' ? [] : lines(`   ${text}${more}`, '')),
  ].map(colour.red)
}
