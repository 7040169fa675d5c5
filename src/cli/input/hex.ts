/** Bare hex in any spacing, with or without colons, commas, 0x and \x between the bytes. */
import type { Format } from './format.js'
import { isDatagram } from './messages.js'
import { type InputSource, linesOf } from './source.js'
import { joined, type PrintedUnit } from './units.js'

const separators = /[\s:,;-]+/g

/** Hex digits of a line without what people put between them; undefined when there is something else. */
function digitsOf(line: string): string | undefined {
  const digits = line.replace(/\b0x/gi, '').replace(separators, '')
  return /^[0-9a-f]*$/i.test(digits) ? digits : undefined
}

async function* units(source: InputSource): AsyncGenerator<PrintedUnit> {
  // A byte whose two digits stand on two lines.
  let half = ''
  let halfAt = ''
  for await (const [text, number] of linesOf(source)) {
    const where = `line ${number}`
    const digits = digitsOf(text)
    if (digits === undefined || digits === '') {
      if (half !== '') yield odd(half, halfAt)
      half = ''
      if (digits === '') yield 'break'
      else if (!/^\s*(#|\/\/)/.test(text)) {
        const column = /[^0-9a-fx\s:,;-]/i.exec(text)?.index ?? 0
        yield { garbage: text, where: `${where}, column ${column + 1}`, reason: 'this is no hex' }
      }
      continue
    }
    const all = half + digits
    half = all.length % 2 === 0 ? '' : all.slice(-1)
    halfAt = `${where}, column ${text.trimEnd().length}`
    yield { bytes: Buffer.from(all.slice(0, all.length - half.length), 'hex'), where }
  }
  if (half !== '') yield odd(half, halfAt)
}

const odd = (half: string, where: string): PrintedUnit => ({
  garbage: half,
  where,
  reason: 'an odd number of hex digits: half a byte is left over at the end',
})

/** Hex as people paste it. */
export const hex: Format = {
  name: 'hex',
  title: 'hex',
  looks({ text }) {
    const lines = text?.split('\n').filter((line) => line.trim() !== '') ?? []
    const good = lines.slice(0, 200).filter((line) => digitsOf(line) !== undefined)
    return good.length > 0 && good.length * 2 > Math.min(200, lines.length) && /[0-9a-f]{2}/i.test(good.join(' '))
  },
  sure(line) {
    // Other characters between the bytes could be those of an array.
    if (!/^[0-9a-f\s:]{32,}$/i.test(line)) return false
    return isDatagram(Buffer.from(line.replace(/[\s:]/g, ''), 'hex'))
  },
  read: (source, hints) => joined(units(source), hints),
}
