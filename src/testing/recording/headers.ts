/** The message headers of recorded datagrams: which numbers of theirs are a program's own, and change at every run. */
import { Reader } from '../../netlink/bytes/bytes.js'
import { control, HEADER, lengthAt, portAt, putPort, putSeq, seqAt, typeAt } from '../../netlink/frame/nlmsghdr.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import type { Exchange } from './nl.js'

/** One message's header within a datagram. */
export interface Header {
  readonly at: number
  readonly length: number
  readonly type: number
  readonly seq: number
  readonly port: number
}

/** The headers of a datagram's messages; it ends at the first that is garbled. */
export function headersOf(bytes: Uint8Array, byteOrder: ByteOrder): Header[] {
  const r = new Reader(bytes, byteOrder)
  const headers: Header[] = []
  for (let at = 0; bytes.length - at >= HEADER; ) {
    const length = lengthAt(r, at)
    if (length < HEADER) break
    headers.push({ at, length, type: typeAt(r, at), seq: seqAt(r, at), port: portAt(r, at) })
    at += (length + 3) & ~3
  }
  return headers
}

/** What a header becomes. */
export interface Numbers {
  readonly seq: number
  readonly port: number
}

/**
 * A copy of a datagram with other sequence numbers and ports, in the requests that an NLMSG_ERROR echoes as well.
 * @param change what a header becomes; undefined leaves it. For an echoed header the port is only changed, never set.
 */
export function renumbered(
  bytes: Uint8Array,
  byteOrder: ByteOrder,
  change: (header: Header) => Numbers | undefined,
): Uint8Array {
  const copy = bytes.slice()
  const r = new Reader(copy, byteOrder)
  for (const header of headersOf(bytes, byteOrder)) {
    const { at, length, type } = header
    const to = change(header)
    if (!to) continue
    putSeq(r, at, to.seq)
    putPort(r, at, to.port)
    const echoed = at + HEADER + 4
    if (type !== control.NLMSG_ERROR || length < 2 * HEADER + 4 || echoed + HEADER > copy.length) continue
    putSeq(r, echoed, to.seq)
    if (portAt(r, echoed) !== 0) putPort(r, echoed, to.port)
  }
  return copy
}

export const socketOf = (exchange: Exchange): number => exchange.socket ?? 0

/** Whether an exchange is a message to a multicast group. */
export const isEvent = (exchange: Exchange): boolean => 'bytes' in exchange && (exchange.groups ?? 0) !== 0

/** The ports of a recording's sockets: those to which the answers to their requests came. */
export function portsOf(exchanges: readonly Exchange[], byteOrder: ByteOrder): Map<number, number> {
  const ports = new Map<number, number>()
  const asked = new Map<number, Set<number>>()
  for (const exchange of exchanges) {
    if (!('bytes' in exchange)) continue
    const socket = socketOf(exchange)
    const sequences = asked.get(socket) ?? new Set()
    asked.set(socket, sequences)
    for (const { seq, port } of headersOf(exchange.bytes, byteOrder))
      if (exchange.direction === 'sent') sequences.add(seq)
      else if (!isEvent(exchange) && port !== 0 && sequences.has(seq) && !ports.has(socket)) ports.set(socket, port)
  }
  return ports
}
