/** Dumps with an offset on each line: xxd, hexdump, od, tcpdump -x, Wireshark's. */
import { type ByteOrder, hostByteOrder } from '../../netlink/index.js'
import type { Format } from './format.js'
import type { Hints } from './piece.js'
import { type InputSource, linesOf } from './source.js'
import { joined, type PrintedUnit } from './units.js'

/** A line of a dump, its offset not yet understood: that it is octal, say, shows only beside the next one. */
interface Row {
  readonly offset: string
  /** The words of the line, as digits. */
  readonly words: readonly string[]
  readonly where: string
}

const shape = /^\s*(?:0x)?([0-9a-f]{4,16})(:?)(?:\s+(.*))?$/i

function rowOf(line: string, where: string): Row | undefined {
  const [, offset, colon, rest = ''] = shape.exec(line) ?? []
  if (offset === undefined) return undefined
  // The text beside the bytes: after a bar for hexdump -C, after two spaces for xxd.
  const plain = colon === ':' ? rest.trimStart().split(/ {2,}/)[0]! : rest.split(/\||>/)[0]!
  const words: string[] = []
  for (const word of plain.trim().split(/\s+/)) {
    const fits = /^[0-9a-f]+$/i.test(word) && (colon === ':' || words.length === 0 || word.length === words[0]!.length)
    if (!fits) break
    words.push(word)
  }
  return { offset, words, where }
}

/** What the words of a dump are: two digits a byte in order, or numbers of the machine that dumped them. */
function bytesOf({ words }: Row, colon: boolean, octal: boolean, order: ByteOrder): Uint8Array {
  if (colon || words[0]?.length === 2) return Buffer.from(words.join(''), 'hex')
  const width = octal
    ? words[0]?.length === 3
      ? 1
      : words[0]?.length === 6
        ? 2
        : words[0]?.length === 11
          ? 4
          : 8
    : words[0]!.length / 2
  const bytes = words.flatMap((word) => {
    let value = BigInt(octal ? `0o${word}` : `0x${word}`)
    const list: number[] = []
    for (let i = 0; i < width; i++, value >>= 8n) list.push(Number(value & 0xffn))
    return order === 'little' ? list : list.reverse()
  })
  return Uint8Array.from(bytes)
}

async function* units(source: InputSource, { byteOrder = hostByteOrder }: Hints): AsyncGenerator<PrintedUnit> {
  let rows: Row[] = []
  let colon = false
  const finish = () => {
    const done = rows
    rows = []
    return done.length === 0 ? [] : unitsOf(done, colon, byteOrder)
  }
  let repeated = false
  for await (const [text, number] of linesOf(source)) {
    const where = `line ${number}`
    if (text.trim() === '*') {
      repeated = true
      continue
    }
    const row = rowOf(text, where)
    if (!row) {
      yield* finish()
      if (text.trim() !== '') yield { garbage: text, where, reason: 'this is no line of a dump' }
      continue
    }
    if (/^0+$/.test(row.offset)) yield* finish()
    if (rows.length === 0) colon = /^\s*(?:0x)?[0-9a-f]+:/i.test(text)
    if (repeated && rows.length > 0) rows.push({ ...rows.at(-1)!, offset: '*' })
    repeated = false
    rows.push(row)
  }
  yield* finish()
}

/** The bytes of one dump: the offsets say how they count, and how much a line of words holds at most. */
function* unitsOf(rows: readonly Row[], colon: boolean, order: ByteOrder): Generator<PrintedUnit> {
  const text = rows.flatMap((row) => row.words)
  const octal =
    !colon && text.length > 0 && text.every((word) => /^(?:[0-7]{3}|[0-7]{6}|[0-7]{11}|[0-7]{22})$/.test(word))
  const data = rows.filter((row) => row.words.length > 0)
  const size = data[0] ? bytesOf(data[0], colon, octal, order).length : 0
  const radix =
    [16, 8, 10].find(
      (base) => Number.parseInt(rows[1]?.offset ?? '', base) - Number.parseInt(rows[0]!.offset, base) === size,
    ) ?? (octal ? 8 : 16)
  const parts: Uint8Array[] = []
  let length = 0
  const start = Number.parseInt(rows[0]!.offset, radix)
  for (const [i, row] of rows.entries()) {
    if (row.offset === '*') {
      const gap = Number.parseInt(rows[i + 1]?.offset ?? '', radix) - start - length
      const line = parts.at(-1)!
      // A dump that was changed by hand must not make us fill the memory.
      if (gap > 0 && gap <= 1 << 24)
        for (let left = gap; left > 0; left -= line.length) parts.push(line.subarray(0, left))
      length += Math.max(0, gap)
      continue
    }
    if (Number.parseInt(row.offset, radix) - start !== length) {
      if (row.words.length === 0 && length - (Number.parseInt(row.offset, radix) - start) < 8) break
      yield {
        garbage: `${row.offset} ${row.words.join(' ')}`,
        where: row.where,
        reason: `the offset ${(start + length).toString(radix)} would be next`,
      }
      continue
    }
    const bytes = row.words.length === 0 ? new Uint8Array() : bytesOf(row, colon, octal, order)
    parts.push(bytes)
    length += bytes.length
  }
  // The last offset is the length, where the last word was filled up.
  const end = rows.at(-1)!.words.length === 0 ? Number.parseInt(rows.at(-1)!.offset, radix) - start : length
  yield { bytes: Buffer.concat(parts).subarray(0, end), where: rows[0]!.where }
  yield 'break'
}

/** Rows that are dumped bytes: one alone could be bare hex, unless its offset stands apart. */
const looksLike =
  (line: RegExp) =>
  ({ text }: { text: string | undefined }) => {
    const lines = text?.split('\n').filter((one) => one.trim() !== '') ?? []
    if (lines.length === 1 && !/^\s*(0x)?0+(:|\s{2,})/.test(lines[0]!)) return false
    const rows = lines.slice(0, 40).filter((one) => line.test(one) || one.trim() === '*')
    return rows.length > 0 && rows.length * 2 > Math.min(lines.length, 40) && /^\s*(0x)?0{4,8}(:|\s)/m.test(text!)
  }
const format = (name: string, title: string, line: RegExp): Format => ({
  name,
  title,
  looks: looksLike(line),
  read: (source, hints) => joined(units(source, hints), hints),
})

/** Dumps of bytes: each tool has its own shape of line. */
export const dumps: readonly Format[] = [
  format('xxd', 'output of xxd', /^\s*(0x)?[0-9a-f]{4,}:\s+([0-9a-f]{2,16} ?)+/i),
  format('hexdump', 'output of hexdump', /^[0-9a-f]{7,8}(\s+([0-9a-f]{2}\s+)+\|.*|(\s+[0-9a-f]{4})+\s*)?$/i),
  format('od', 'output of od', /^[0-9a-f]{4,8}((\s+[0-7]{3})+|(\s+[0-7]{6})+|(\s+[0-9a-f]{2,16})+)?\s*(\s{2,}.*)?$/i),
]
