/** Text with \x41 escapes: C and Rust strings, Python's bytes, what strace -xx and many logs print. */
import type { Format } from './format.js'
import { type InputSource, linesOf } from './source.js'
import { joined, type PrintedUnit } from './units.js'

const simple: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 }
const part = /\\x([0-9a-f]{2})|\\([0-7]{1,3})|\\([abefnrtv])|\\(.)|([^\\]+)/gis

/** The bytes that a string with C's escapes stands for. */
export function fromEscapes(text: string): Uint8Array {
  const parts: Uint8Array[] = []
  let run: number[] = []
  for (const [, hex, octal, letter, any, plain] of text.matchAll(part)) {
    if (plain !== undefined) {
      parts.push(Uint8Array.from(run), Buffer.from(plain))
      run = []
    } else if (hex !== undefined) run.push(Number.parseInt(hex, 16))
    else if (octal !== undefined) run.push(Number.parseInt(octal, 8) & 0xff)
    else run.push(letter === undefined ? any!.charCodeAt(0) & 0xff : simple[letter]!)
  }
  parts.push(Uint8Array.from(run))
  return Buffer.concat(parts)
}

async function* units(source: InputSource): AsyncGenerator<PrintedUnit> {
  for await (const [text, number] of linesOf(source)) {
    const where = `line ${number}`
    const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map((one) => one[1] ?? one[2]!)
    const found =
      strings.length > 0 ? strings : [...text.matchAll(/(?:\\x[0-9a-f]{2}\s*)+/gi)].map((one) => one[0].trim())
    for (const one of found) yield { bytes: fromEscapes(strings.length > 0 ? one : one.replace(/\s+/g, '')), where }
    if (text.trim() === '' || /;\s*$/.test(text)) yield 'break'
    else if (found.length === 0 && !/^[\s\w[\]{}()=*&:,<>/#-]*$/.test(text))
      yield { garbage: text, where, reason: 'here are no \\x escapes' }
  }
}

/** \x41\x42 text. */
export const escaped: Format = {
  name: 'escaped',
  title: 'text with \\x escapes',
  looks: ({ text }) => text !== undefined && /(?:\\x[0-9a-f]{2}[^\\\n]{0,8}){4}/i.test(text),
  read: (source, hints) => joined(units(source), hints),
}
