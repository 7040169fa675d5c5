/** Base64, in lines of any length, in the usual and the URL alphabet. */
import type { Format } from './format.js'
import { byteOrderOf, isDatagram, isHeader, isWhole } from './messages.js'
import { type InputSource, linesOf } from './source.js'
import { joined, type PrintedUnit } from './units.js'

const decode = (text: string): Uint8Array => Buffer.from(text, 'base64')

async function* units(source: InputSource): AsyncGenerator<PrintedUnit> {
  let text = ''
  let from = ''
  const finish = function* (): Generator<PrintedUnit> {
    if (text !== '') yield { bytes: decode(text), where: from }
    yield 'break'
    text = ''
  }
  for await (const [line, number] of linesOf(source)) {
    const where = `line ${number}`
    const digits = line.trim()
    if (!/^[\w+/-]*={0,2}$/.test(digits)) {
      yield* finish()
      const column = line.search(/[^\w+/=\s-]/)
      yield { garbage: line, where: `${where}, column ${Math.max(0, column) + 1}`, reason: 'this is no base64' }
    } else if (digits === '') yield* finish()
    else {
      const whole = decode(digits)
      if (text === '') from = where
      if (text === '' && digits.length % 4 === 0 && isWhole(whole, byteOrderOf(whole))) {
        text = digits
        yield* finish()
      } else text += digits
      if (digits.endsWith('=')) yield* finish()
    }
  }
  yield* finish()
}

/** Base64. Taken for it only where the bytes look like messages: any word would do otherwise. */
export const base64: Format = {
  name: 'base64',
  title: 'base64',
  looks({ text }) {
    if (text === undefined || !/^[\w+/\s-]+=*\s*/.test(text)) return false
    const first = text
      .trim()
      .split(/\n\s*\n/)[0]!
      .replace(/\s+/g, '')
    const bytes = decode(first)
    return /^[\w+/=-]+$/.test(first) && isHeader(bytes, 0, byteOrderOf(bytes), 1 << 24)
  },
  sure: (line) => /^[\w+/-]{22,}={0,2}$/.test(line) && isDatagram(decode(line)),
  read: (source, hints) => joined(units(source), hints),
}
