/** .nl files, line by line: unlike parseNl, a line that is wrong does not take the others away. */
import type { ByteOrder } from '../../netlink/index.js'
import { anyLine, type Format } from './format.js'
import type { Piece } from './piece.js'
import { type InputSource, linesOf } from './source.js'

const row = /^([0-9a-f]{4,})\s+((?:[0-9a-f]{2}(?:\s+|$))+)(?:;.*)?$/i

async function* read(source: InputSource): AsyncGenerator<Piece> {
  let facts: { byteOrder?: ByteOrder; protocol?: string } = {}
  let heading: { direction?: 'sent' | 'received'; conversation?: string } = {}
  let parts: string[] = []
  let length = 0
  let where = ''
  const finish = function* (): Generator<Piece> {
    if (parts.length > 0)
      yield { bytes: Buffer.from(parts.join('').replace(/\s+/g, ''), 'hex'), where, ...heading, ...facts }
    parts = []
    length = 0
  }
  for await (const [line, number] of linesOf(source)) {
    const here = `line ${number}`
    const fact = /^#\s*kernel:.*\bendian:\s*(little|big)(?:\s+family:\s*(\S+))?/.exec(line)
    const arrow = /^([<>])\s*(.*)$/.exec(line)
    const found = row.exec(line)
    if (fact) facts = { byteOrder: fact[1] as ByteOrder, ...(fact[2] ? { protocol: fact[2] } : {}) }
    else if (arrow) {
      yield* finish()
      const socket = /\bsocket (\d+)/.exec(arrow[2]!)?.[1] ?? '0'
      heading = { direction: arrow[1] === '>' ? 'sent' : 'received', conversation: `socket ${socket}` }
      if (arrow[2]!.startsWith('ENOBUFS')) yield { remark: 'ENOBUFS: datagrams were lost here', where: here }
    } else if (found) {
      const offset = Number.parseInt(found[1]!, 16)
      if (offset === 0) yield* finish()
      if (offset !== length) {
        const reason = `offset ${found[1]} where ${length.toString(16).padStart(4, '0')} is next`
        yield { garbage: line, where: here, reason }
        continue
      }
      if (parts.length === 0) where = here
      parts.push(found[2]!)
      length += found[2]!.replace(/\s+/g, '').length / 2
    } else if (!/^(#|\s*(;|$))/.test(line))
      yield { garbage: line, where: here, reason: 'neither bytes nor a head, > or <' }
  }
  yield* finish()
}

const sure = (line: string, before: string): boolean =>
  /^#\s*kernel:.*endian:/.test(line) || (/^[<>;] /.test(before) && /^0000 {2}[0-9a-f]{2} /.test(line))

/** Recorded conversations. */
export const nl: Format = {
  name: 'nl',
  title: 'a .nl recording',
  looks: ({ text = '' }) => anyLine(text, sure),
  sure,
  read,
}
