/** The annotated hex dump: one attribute a line, its bytes and what they say. It is also the format of fixtures. */
import { hexPairs } from './bytes.js'
import type { Field } from './dissect.js'

/** How to print. */
export interface AnnotateOptions {
  /** Bytes to point at: those that the kernel blamed, say. Lines that hold one of them end with the note. */
  readonly mark?: { readonly offset: number; readonly length: number; readonly note: string }
}

const COLUMNS = 16
/** Where notes begin: after a full line with its widest grouping. */
const NOTE_AT = 6 + 3 * COLUMNS + 4

/**
 * Prints dissected bytes.
 * @param bytes the datagram
 * @param fields what `dissect` made of it
 * @returns lines, each with its offset, at most sixteen bytes and a note
 * @example annotate(bytes, dissect(route, bytes)).join('\n')
 */
export function annotate(bytes: Uint8Array, fields: readonly Field[], options: AnnotateOptions = {}): string[] {
  const printer = new Printer(bytes, options)
  for (const [i, message] of fields.entries()) {
    const end = fields[i + 1]?.offset ?? bytes.length
    if (message.children) printer.fields(message.children, end, 0)
    else printer.rows(message.offset, end, 4, describeField(message))
  }
  return printer.lines
}

class Printer {
  readonly lines: string[] = []
  readonly #bytes: Uint8Array
  readonly #options: AnnotateOptions
  constructor(bytes: Uint8Array, options: AnnotateOptions) {
    this.#bytes = bytes
    this.#options = options
  }

  fields(list: readonly Field[], end: number, depth: number, label = ''): void {
    for (const [i, field] of list.entries()) {
      this.field(field, list[i + 1]?.offset ?? end, depth, i === 0 ? label : '')
    }
  }

  /** Prints a field and the padding after it, up to `end`. */
  field(field: Field, end: number, depth: number, label: string): void {
    const indent = '  '.repeat(depth) + (label === '' ? '' : `${label} `)
    const { children } = field
    if (children === undefined || isFlat(children)) {
      this.flat(field, end, indent)
      return
    }
    if (field.header > 0) {
      this.rows(field.offset, field.offset + field.header, 4, [`${indent}${title(field)} {${problemOf(field)}`])
      this.fields(children, end, depth + 1)
    } else this.fields(children, end, depth, field.name)
  }

  /** A leaf, a struct or an array of numbers: as many rows as it takes, with what begins in each of them. */
  flat(field: Field, end: number, indent: string): void {
    const { children } = field
    if (children === undefined || children.length === 0) {
      this.rows(field.offset, end, field.struct === 'nlmsghdr' ? 0 : 4, [indent + describeField(field)[0]!])
      return
    }
    const notes: string[] = []
    const rowOf = (child: Field) => Math.floor((child.offset - field.offset) / COLUMNS)
    for (const child of children) {
      if (this.#isZero(child)) continue
      const row = rowOf(child)
      const text = `${child.name} ${child.text ?? child.children?.map((one) => one.text).join(' ') ?? ''}`
      notes[row] = notes[row] === undefined ? text : `${notes[row]}, ${text}`
    }
    const name = field.name === '' ? (field.struct ?? '') : title(field)
    notes[0] = `${indent}${name}${notes[0] === undefined ? '' : `: ${notes[0]}`}${problemOf(field)}`
    for (let row = 1; row < notes.length; row++) if (notes[row] !== undefined) notes[row] = `${indent}  ${notes[row]}`
    this.rows(field.offset, end, 4, notes)
  }

  rows(from: number, end: number, group: number, notes: readonly (string | undefined)[]): void {
    for (let at = from, row = 0; at < end; at += COLUMNS, row++) {
      const to = Math.min(at + COLUMNS, end)
      let hex = ''
      for (let i = at; i < to; i++) {
        const column = i - at
        const wide = group === 0 ? column === 4 || column === 6 || column === 8 || column === 12 : column % group === 0
        hex += (column === 0 ? '' : wide ? '  ' : ' ') + hexPairs[this.#bytes[i]!]
      }
      const start = `${at.toString(16).padStart(4, '0')}  ${hex}`
      const note = [notes[row], this.#markAt(at, to)].filter(Boolean).join('  ')
      this.lines.push(note === '' ? start : `${start.padEnd(NOTE_AT)}; ${note}`)
    }
  }

  #isZero({ offset, length }: Field): boolean {
    return this.#bytes.subarray(offset, offset + length).every((byte) => byte === 0)
  }

  #markAt(from: number, to: number): string | undefined {
    const { mark } = this.#options
    return mark && mark.offset < to && mark.offset + Math.max(1, mark.length) > from ? `<-- ${mark.note}` : undefined
  }
}

const isFlat = (children: readonly Field[]): boolean =>
  children.every(
    (child) =>
      child.header === 0 && child.struct === undefined && (child.children === undefined || isFlat(child.children)),
  )

const title = (field: Field): string => (field.selected === undefined ? field.name : `${field.name}(${field.selected})`)
const problemOf = (field: Field): string => (field.problem === undefined ? '' : `  !! ${field.problem}`)

function describeField(field: Field): string[] {
  if (field.struct === 'nlmsghdr') return [`${field.text ?? ''}${problemOf(field)}`]
  const name = field.name === '' ? 'payload' : title(field)
  const text = field.text === undefined ? '' : field.header > 0 ? ` = ${field.text}` : `: ${field.text}`
  const unknown =
    field.name === 'unknown' && field.attributeType !== undefined ? ` ${field.attributeType & 0x3fff}` : ''
  return [`${name}${unknown}${text}${problemOf(field)}`]
}
