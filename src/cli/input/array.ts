/** Arrays of bytes in a program's source: C, Rust, Go, Python, JavaScript; what `xxd -i` prints. */
import type { Format } from './format.js'
import { type InputSource, textOf } from './source.js'
import { joined, type PrintedUnit } from './units.js'

const number = String.raw`(?:0x[0-9a-f]+|0o[0-7]+|0b[01]+|\d+)(?:_?u8|u)?|b?'(?:\\?.|\\x[0-9a-f]{2})'`
const list = new RegExp(String.raw`(?:${number})(?:\s*,\s*(?:${number}))*\s*,?`, 'gi')
const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|^\s*#[^\n]*|\s#\s[^\n]*/gm

/** A number of a list as it stands in the source; undefined when it is no byte. */
function byteOf(text: string): number | undefined {
  const character = /^b?'(.*)'$/s.exec(text)?.[1]
  if (character !== undefined) {
    const code = character.startsWith('\\x')
      ? Number.parseInt(character.slice(2), 16)
      : character.charCodeAt(character.length - 1)
    return character === '\\0' ? 0 : code & 0xff
  }
  const value = Number(text.replace(/_?u8$|u$/i, ''))
  return value <= 0xff ? value : undefined
}

function* arrays(text: string): Generator<PrintedUnit> {
  // Comments are blanked, not removed: places stay where they are.
  const plain = text.replace(comment, (found) => found.replace(/[^\n]/g, ' '))
  for (const match of plain.matchAll(list)) {
    const items = match[0]
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
    // A length, as in `[u8; 88]` or `buf[88]`, and other lone numbers are no list.
    if (items.length < 4) continue
    const where = `line ${plain.slice(0, match.index).split('\n').length}`
    const bytes = items.map(byteOf)
    const wrong = bytes.indexOf(undefined)
    if (wrong >= 0)
      yield { garbage: match[0].slice(0, 60), where, reason: `element ${wrong}, ${items[wrong]}, is no byte` }
    else yield { bytes: Uint8Array.from(bytes as number[]), where }
    yield 'break'
  }
}

async function* units(source: InputSource): AsyncGenerator<PrintedUnit> {
  yield* arrays(await textOf(source))
}

/** Byte arrays of programming languages. */
export const array: Format = {
  name: 'array',
  title: 'byte arrays of a program',
  looks({ text }) {
    if (text === undefined) return false
    const found = new RegExp(String.raw`(?:(?:${number})\s*,\s*){4}`, 'i').exec(text.replace(comment, ' '))
    return found !== null && (/0x|[{[(]/i.test(text) || /^[\d\s,]+$/.test(text))
  },
  read: (source, hints) => joined(units(source), hints),
}
