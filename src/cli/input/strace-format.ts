/** Output of strace as an input format. */
import { anyLine, type Format } from './format.js'
import type { Piece } from './piece.js'
import { type InputSource, linesOf } from './source.js'
import { type StraceCall, StraceReader } from './strace.js'

const notThere =
  'strace has decoded or abbreviated this call and the bytes are not there: trace with -e write=all -e read=all'

function pieceOf(call: StraceCall): Piece {
  const where = `line ${call.line}${call.process === undefined ? '' : `, process ${call.process}`}`
  const { bytes, length, error, socket, truncated } = call
  if (error !== undefined) return { remark: `${call.dir === '>' ? 'sending' : 'receiving'} failed: ${error}`, where }
  if (!bytes)
    return {
      garbage: '',
      where,
      reason: `${length} bytes were ${call.dir === '>' ? 'sent' : 'received'}, but ${notThere}`,
    }
  if (truncated === undefined && bytes.length !== length)
    return { garbage: bytes, where, reason: `strace dumped ${bytes.length} bytes of a call that returned ${length}` }
  return {
    bytes,
    where,
    direction: call.dir === '>' ? 'sent' : 'received',
    protocol: socket.protocol.replace(/^NETLINK_/, '').toLowerCase(),
    conversation: `socket ${socket.number}`,
    ...(truncated !== undefined && truncated > bytes.length ? { truncated } : {}),
  }
}

async function* read(source: InputSource): AsyncGenerator<Piece> {
  const reader = new StraceReader()
  for await (const [line] of linesOf(source)) {
    const call = reader.line(line)
    if (call) yield pieceOf(call)
  }
  const last = reader.end()
  if (last) yield pieceOf(last)
}

const call =
  /^(?:\[pid +\d+\] +|\d+ +)?(?:[\d:.]+ +)?(?:\w+\(.*(?:\) += (?:-?\d|\?)|<unfinished \.\.\.>)|<\.\.\. \w+ resumed>)/
const sure = (line: string): boolean => call.test(line)

/** strace. */
export const strace: Format = {
  name: 'strace',
  title: 'output of strace',
  looks: ({ text = '' }) => anyLine(text, sure),
  sure,
  read,
}
