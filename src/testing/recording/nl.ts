/**
 * The .nl file: a recorded conversation as annotated hex. The reader takes the bytes and ignores every note, so the
 * notes can always be made anew.
 */

import { fromHex } from '../../netlink/bytes/bytes.js'
import { visible } from '../../netlink/bytes/visible.js'
import { annotate } from '../../netlink/dissect/annotate.js'
import { dissect } from '../../netlink/dissect/message.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import { unknownProtocol } from '../../netlink/frame/protocol.js'
import {
  bytesOption,
  isArray,
  isByteOrder,
  isProtocol,
  isRecord,
  isText,
  namesOption,
  oneOf,
} from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'

/** One datagram of a recording, or an overrun that the receiver was told of in its place. */
export type Exchange = Datagram | Lost

/** Datagrams were lost here (ENOBUFS). */
export interface Lost {
  readonly direction: 'received'
  readonly overrun: true
  /** As for datagrams. */
  readonly socket?: number
}

/** A recorded datagram. */
export interface Datagram {
  readonly direction: 'sent' | 'received'
  readonly bytes: Uint8Array
  /** Which of the program's sockets, by its first use, where it has several: 0 is the first. */
  readonly socket?: number
  /** The multicast groups that it was sent to, as a mask (nl_groups), where there are any. */
  readonly groups?: number
  /** The id of the namespace that it is about, where that is another than the socket's (NETLINK_LISTEN_ALL_NSID). */
  readonly nsid?: number
}

/** A recorded conversation. */
export interface Recording {
  /** What it shows, in one line. */
  readonly title: string
  /** The other lines of the head as they stand, each `key: value`: `cmd`, `converted`, ... */
  readonly notes: readonly string[]
  /** The kernel and the machine: `6.1.176 x86_64`. */
  readonly kernel: string
  readonly byteOrder: ByteOrder
  /** The family's name: `route`. */
  readonly family: string
  readonly exchanges: readonly Exchange[]
}

/** A .nl file that cannot be read, with the line; or a recording that cannot be played. */
export class FixtureError extends Error {
  override readonly name = 'FixtureError'
  /** Where it is in the text; undefined for what is wrong with a recording that was read. */
  readonly line: number | undefined
  constructor(line: number | undefined, message: string) {
    super(line === undefined ? message : `line ${line}: ${message}`)
    this.line = line
  }
}

/** Where the datagrams stand that were read from text. */
const lines = new WeakMap<Exchange, number>()

/** The line at which a datagram begins in its file; undefined for one that was not read. @internal */
export const lineOf = (exchange: Exchange): number | undefined => lines.get(exchange)

/** That it is a recording, as far as code looks at it before its bytes. @throws OptionError */
export function checkRecording(name: string, value: unknown): void {
  isRecord(name, value)
  const { byteOrder, family, exchanges, title, notes, kernel } = value as Recording
  isByteOrder(`${name}.byteOrder`, byteOrder)
  for (const [key, one] of Object.entries({ title, kernel, family })) isText(`${name}.${key}`, one)
  namesOption(`${name}.notes`, notes ?? null)
  checkExchanges(`${name}.exchanges`, exchanges)
}

/** That these are exchanges. @throws OptionError */
export function checkExchanges(name: string, value: unknown): void {
  isArray(name, value)
  for (const [i, one] of (value as readonly unknown[]).entries()) {
    const { direction, bytes, overrun } = (one ?? {}) as { [K in keyof Datagram | 'overrun']?: unknown }
    oneOf('sent', 'received')(`${name}[${i}].direction`, direction)
    if (overrun !== true) bytesOption(`${name}[${i}].bytes`, bytes)
  }
}

/**
 * Reads a .nl file.
 * @throws FixtureError with the line that is wrong: an offset that does not go on from the line before, bytes before
 * any `>` or `<`, a head without kernel, endian and family; OptionError for what is no text
 * @example parseNl(await readFile('fixtures/ipvlan/l3s-private.nl', 'utf8')).exchanges[0].bytes
 */
export function parseNl(text: string): Recording {
  isText('text', text)
  const head: string[] = []
  const exchanges: Exchange[] = []
  let start: Omit<Datagram, 'bytes'> | undefined
  let current: string[] | undefined
  let length = 0
  let first = 0
  const finish = () => {
    if (start && current) {
      const exchange = { ...start, bytes: fromHex(current.join(' ')) }
      lines.set(exchange, first)
      exchanges.push(exchange)
    }
    current = undefined
    length = 0
  }
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const arrow = /^([<>])\s*(.*)$/.exec(line)
    const row = /^([0-9a-f]{4,})\s+((?:[0-9a-f]{2}(?:\s+|$))+)(?:;.*)?$/i.exec(line)
    const empty = /^0000\s*(;.*)?$/.test(line)
    if (line.startsWith('#')) head.push(line.slice(1).trim())
    else if (arrow) {
      finish()
      start = parseArrow(arrow[1]!, arrow[2]!)
      if (arrow[2]!.startsWith('ENOBUFS')) exchanges.push({ ...socketOf(start), direction: 'received', overrun: true })
    } else if (row || empty) {
      if (!start) throw new FixtureError(i + 1, 'bytes before any > (sent) or < (received)')
      const [, at = '0000', hex = ''] = row ?? []
      const offset = Number.parseInt(at, 16)
      if (offset === 0) finish()
      if (offset !== length)
        throw new FixtureError(i + 1, `offset ${at} where ${length.toString(16).padStart(4, '0')} is next`)
      if (!current) first = i + 1
      current ??= []
      current.push(hex)
      length += hex.replace(/\s+/g, '').length / 2
    } else if (!/^\s*(;|$)/.test(line))
      throw new FixtureError(i + 1, `neither bytes nor a head, > or <: ${line.slice(0, 60)}`)
  }
  finish()
  return { ...parseHead(head), exchanges }
}

function parseArrow(arrow: string, text: string): Omit<Datagram, 'bytes'> {
  const socket = /\bsocket (\d+)/.exec(text)
  const nsid = /\bnsid (\d+)/.exec(text)
  const groups = /\bgroups (0x[0-9a-f]+)/.exec(text)
  return {
    direction: arrow === '>' ? 'sent' : 'received',
    ...(socket ? { socket: Number(socket[1]) } : {}),
    ...(groups ? { groups: Number(groups[1]) } : {}),
    ...(nsid ? { nsid: Number(nsid[1]) } : {}),
  }
}

const socketOf = ({ socket }: { readonly socket?: number }) => (socket === undefined ? {} : { socket })

function parseHead(lines: readonly string[]): Omit<Recording, 'exchanges'> {
  const [title = '', ...rest] = lines
  const at = rest.findLastIndex((line) => line.startsWith('kernel:'))
  const facts = /^kernel:\s*(.*?)\s+endian:\s*(little|big)\s+family:\s*(\S+)$/.exec(rest[at] ?? '')
  if (!facts)
    throw new FixtureError(
      at < 0 ? 1 : at + 2,
      'the head needs a line "# kernel: ...   endian: little|big   family: ..."',
    )
  return {
    title,
    notes: rest.filter((_, i) => i !== at),
    kernel: facts[1]!,
    byteOrder: facts[2] as ByteOrder,
    family: facts[3]!,
  }
}

/**
 * Writes a .nl file, its notes made from the definitions.
 * @example await writeFile('fixtures/ipvlan/l3.nl', formatNl(recording, route))
 */
export function formatNl(recording: Recording, family: Protocol = unknownProtocol): string {
  checkRecording('recording', recording)
  isProtocol('family', family)
  const { title, notes, kernel, byteOrder } = recording
  const name = recording.family.replace(/\s+/g, '-') || 'unknown'
  // The last line that begins so is the one that counts: a note may begin so as well.
  const text = [title, ...notes, `kernel: ${kernel}   endian: ${byteOrder}   family: ${name}`].map(
    (line) => `# ${visible(line)}`,
  )
  let before: string | undefined
  let known = family
  for (const exchange of recording.exchanges) {
    if ('overrun' in exchange) {
      text.push('', `< ENOBUFS (datagrams were lost here)${exchange.socket ? `  socket ${exchange.socket}` : ''}`)
      before = undefined
      continue
    }
    const fields = dissect(known, exchange.bytes, { byteOrder })
    known = known.learn?.(exchange.bytes, byteOrder) ?? known
    const arrow = exchange.direction === 'sent' ? '>' : '<'
    const names = [...new Set(fields.map((field) => field.name))].join(', ')
    const { socket = 0, groups = 0, nsid } = exchange
    const from = [
      socket === 0 ? '' : `  socket ${socket}`,
      groups === 0 ? '' : `  groups 0x${groups.toString(16)}`,
      nsid === undefined ? '' : `  nsid ${nsid}`,
    ].join('')
    const heading = `${arrow} ${visible(names)}${from}`
    if (heading !== before) text.push('', heading)
    before = heading
    text.push(...(exchange.bytes.length === 0 ? ['0000  ; no bytes'] : annotate(exchange.bytes, fields)))
  }
  return `${text.join('\n')}\n`
}
