/** The annotated hex dump: one attribute a line, its bytes and what they say. It is also the format of fixtures. */

import { hexPairs } from '../bytes/bytes.js'
import { TYPE_MASK } from '../bytes/nlattr.js'
import { visible } from '../bytes/visible.js'
import {
  bytesOption,
  checkOptions,
  integerFrom,
  isArray,
  isBoolean,
  isFunction,
  isRecord,
  isText,
  limitOption,
  type OptionTable,
} from '../options.js'
import type { Field } from '../schema/field.js'

/** How to print. */
export interface AnnotateOptions {
  /** Bytes to point at: those that the kernel blamed, say. The note is at the first line that holds one of them. */
  readonly mark?: { readonly offset: number; readonly length: number; readonly note: string }
  /** Only the lines that hold a marked byte. */
  readonly onlyMarked?: boolean
  /** The columns that a line may take, at least 60: where there are few, a line has eight bytes. Default: sixteen bytes. */
  readonly width?: number
  /** Breaks a note into lines of so many columns. Default: notes are as long as they are. */
  readonly fold?: (note: string, columns: number) => string[]
  /** What becomes of a note before it is broken into lines: escaping for a terminal. */
  readonly escape?: (text: string) => string
}

const marking: OptionTable<NonNullable<AnnotateOptions['mark']>> = {
  offset: integerFrom(0),
  length: integerFrom(0),
  note: isText,
}
const annotating: OptionTable<AnnotateOptions> = {
  mark(name, value) {
    isRecord(name, value)
    checkOptions(name, value, marking)
  },
  onlyMarked: isBoolean,
  width: limitOption,
  fold: isFunction,
  escape: isFunction,
}

/** What stands in notes that tell of something wrong. */
export const alarm = /!! |<--/

/** From so many columns on a line of sixteen bytes leaves room for a note: a little less than 100, for what is indented. */
const WIDE = 96

/**
 * Prints dissected bytes.
 * @param bytes the datagram
 * @param fields what `dissect` made of it
 * @returns lines, each with its offset, at most sixteen bytes and a note; with `fold` also lines that only go on with
 * a note
 * @throws OptionError
 * @example annotate(bytes, dissect(route, bytes)).join('\n')
 */
export function annotate(bytes: Uint8Array, fields: readonly Field[], options: AnnotateOptions = {}): string[] {
  bytesOption('bytes', bytes)
  isArray('fields', fields)
  for (const [i, field] of fields.entries()) isRecord(`fields[${i}]`, field)
  checkOptions('annotate', options, annotating)
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
  /** The bytes of a line, and where its note begins: after a full line with its widest grouping. */
  readonly #columns: number
  readonly #noteAt: number
  #marked = false
  constructor(bytes: Uint8Array, options: AnnotateOptions) {
    this.#bytes = bytes
    this.#options = options
    this.#columns = (options.width ?? WIDE) < WIDE ? 8 : 16
    this.#noteAt = 6 + 3 * this.#columns + this.#columns / 4
  }

  fields(list: readonly Field[], end: number, depth: number, label = ''): void {
    for (const [i, field] of list.entries()) {
      this.field(field, list[i + 1]?.offset ?? end, depth, i === 0 ? label : '')
    }
  }

  /** Prints a field and the padding after it, up to `end`. */
  field(field: Field, end: number, depth: number, label: string): void {
    const indent = '  '.repeat(depth)
    const start = indent + (label === '' ? '' : `${label} `)
    const { children } = field
    if (children === undefined || isFlat(children)) {
      this.flat(field, end, start, indent)
      return
    }
    if (field.header > 0) {
      this.rows(field.offset, field.offset + field.header, 4, [`${start}${title(field)} {${problemOf(field)}`])
      this.fields(children, end, depth + 1)
    } else this.fields(children, end, depth, field.name)
  }

  /** A leaf, a struct or an array of numbers: as many rows as it takes, with what begins in each of them. */
  flat(field: Field, end: number, start: string, indent: string): void {
    const { children } = field
    if (children === undefined || children.length === 0) {
      this.rows(field.offset, end, field.struct === 'nlmsghdr' ? 0 : 4, [start + describeField(field)[0]!])
      return
    }
    const notes: string[] = []
    const rowOf = (child: Field) => Math.floor((child.offset - field.offset) / this.#columns)
    for (const child of children) {
      if (this.#isZero(child)) continue
      const row = rowOf(child)
      const text = `${child.name} ${child.text ?? child.children?.map((one) => one.text).join(' ') ?? ''}`
      notes[row] = notes[row] === undefined ? text : `${notes[row]}, ${text}`
    }
    const name = field.name === '' ? (field.struct ?? '') : title(field)
    notes[0] = `${start}${name}${notes[0] === undefined ? '' : `: ${notes[0]}`}${problemOf(field)}`
    for (let row = 1; row < notes.length; row++) if (notes[row] !== undefined) notes[row] = `${indent}  ${notes[row]}`
    // One for each row, also where it says nothing.
    notes.length = Math.ceil((end - field.offset) / this.#columns)
    this.rows(field.offset, end, 4, notes)
  }

  rows(from: number, end: number, group: number, notes: readonly (string | undefined)[]): void {
    const { onlyMarked = false, width = Infinity, fold = unfolded, escape: escaped = String } = this.#options
    let rest: string[] = []
    const finish = (at: number) => {
      for (const note of rest) this.lines.push(`${' '.repeat(at)}; ${note}`)
      rest = []
    }
    for (let at = from, row = 0; at < end; at += this.#columns, row++) {
      const to = Math.min(at + this.#columns, end)
      const mark = this.#markAt(at, to)
      if (onlyMarked && mark === undefined) continue
      const start = `${this.#hexOf(at, to, from, group).padEnd(this.#noteAt - 1)} `
      const own = escaped(visible([notes[row], mark].filter(Boolean).join('  ')))
      if (own !== '') {
        finish(start.length)
        rest = fold(own, width - start.length - 2)
        isArray('what fold returns', rest)
      }
      // What is left of a note about all of the bytes goes on beside them; one about this line does not.
      const note = rest.shift()
      this.lines.push(note === undefined ? start.trimEnd() : `${start}; ${note}`)
      if (to === end || notes.length > 1 || alarm.test(own)) finish(start.length)
    }
  }

  /** The offset and the bytes of a line, in groups that are counted from `start`. */
  #hexOf(from: number, to: number, start: number, group: number): string {
    let hex = ''
    for (let i = from; i < to; i++) {
      const at = i - start
      const wide = group === 0 ? at === 4 || at === 6 || at === 8 || at === 12 : at % group === 0
      hex += (i === from ? '' : wide ? '  ' : ' ') + hexPairs[this.#bytes[i]!]
    }
    return `${from.toString(16).padStart(4, '0')}  ${hex}`
  }

  #isZero({ offset, length }: Field): boolean {
    return this.#bytes.subarray(offset, offset + length).every((byte) => byte === 0)
  }

  #markAt(from: number, to: number): string | undefined {
    const { mark } = this.#options
    if (!mark || mark.offset >= to || mark.offset + Math.max(1, mark.length) <= from) return undefined
    const note = this.#marked ? '<--' : `<-- ${mark.note}`
    this.#marked = true
    return note
  }
}

const unfolded = (note: string): string[] => [note]

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
    field.name === 'unknown' && field.attributeType !== undefined ? ` ${field.attributeType & TYPE_MASK}` : ''
  return [`${name}${unknown}${text}${problemOf(field)}`]
}
