/** Recordings in which nothing changes from run to run that need not: sequence numbers and ports. */
import { isByteOrder } from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { headersOf, isEvent, portsOf, type RecordedHeader, renumbered, socketOf } from './headers.js'
import { checkExchanges, type Exchange } from './nl.js'

/** The port of a recording's first socket; the others follow. */
export const FIRST_PORT = 4242
/** The ports of other programs, whose changes came as events. */
const FIRST_OTHER = 9001

/**
 * The same conversation with stable numbers: the requests of each socket are 1, 2, ..., its port is fixed, and other
 * programs' numbers are theirs by the order in which they appear. Who answers whom stays as it was.
 * @throws OptionError
 * @example formatNl({ ...recording, exchanges: stable(recording.exchanges, recording.byteOrder) })
 */
export function stable(exchanges: readonly Exchange[], byteOrder: ByteOrder): Exchange[] {
  checkExchanges('exchanges', exchanges)
  isByteOrder('byteOrder', byteOrder)
  const ports = portsOf(exchanges, byteOrder)
  const socketAt = new Map([...ports].map(([socket, port]) => [port, socket]))
  const ours = new Map<number, Numbering>()
  const others = new Map<number, { port: number; numbering: Numbering }>()
  const numberingOf = (socket: number) => {
    const numbering = ours.get(socket) ?? new Numbering()
    ours.set(socket, numbering)
    return numbering
  }
  const otherOf = (port: number) => {
    const other = others.get(port) ?? { port: FIRST_OTHER + others.size, numbering: new Numbering() }
    others.set(port, other)
    return other
  }

  const change = (exchange: Exchange, { seq, port }: RecordedHeader) => {
    const socket = isEvent(exchange) ? socketAt.get(port) : socketOf(exchange)
    const known = socket === undefined ? undefined : numberingOf(socket).known(seq)
    if (socket !== undefined && known !== undefined)
      return {
        seq: known,
        port: port === 0 ? 0 : port === ports.get(socket) ? FIRST_PORT + socket : otherOf(port).port,
      }
    // The kernel's own: nobody asked.
    if (port === 0) return undefined
    const own = socketAt.get(port)
    if (own !== undefined) return { seq: seq === 0 ? 0 : numberingOf(own).of(seq), port: FIRST_PORT + own }
    const other = otherOf(port)
    return { seq: seq === 0 ? 0 : other.numbering.of(seq), port: other.port }
  }

  return exchanges.map((exchange) => {
    if (!('bytes' in exchange)) return exchange
    if (exchange.direction === 'sent')
      for (const { seq } of headersOf(exchange.bytes, byteOrder)) numberingOf(socketOf(exchange)).next(seq)
    return { ...exchange, bytes: renumbered(exchange.bytes, byteOrder, (header) => change(exchange, header)) }
  })
}

/** Numbers 1, 2, ... for others, by their first appearance. */
class Numbering {
  readonly #numbers = new Map<number, number>()
  #last = 0

  /** A new number, also for one that had one: programs may use a sequence number again. */
  next(seq: number): number {
    this.#numbers.set(seq, ++this.#last)
    return this.#last
  }

  known(seq: number): number | undefined {
    return this.#numbers.get(seq)
  }

  of(seq: number): number {
    return this.#numbers.get(seq) ?? this.next(seq)
  }
}
