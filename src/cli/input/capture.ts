/** pcap and pcapng files of an nlmon device. */
import { captureFormat, PcapReader } from '../../testing/pcap/pcap.js'
import { type PcapDamage, PcapError, type PcapPacket } from '../../testing/pcap/pcap-format.js'
import { Failure } from '../process/failure.js'
import type { Format } from './format.js'
import { byteOrderOf } from './messages.js'
import type { Hints, Piece } from './piece.js'
import type { InputSource } from './source.js'

async function* read(source: InputSource, hints: Hints): AsyncGenerator<Piece> {
  const reader = new PcapReader()
  const pieceOf = (one: PcapPacket | PcapDamage): Piece => {
    if ('damaged' in one)
      return { garbage: one.damaged, where: `byte 0x${one.offset.toString(16)}`, reason: one.reason }
    const { bytes, number, protocol, direction, missing } = one
    const byteOrder = hints.byteOrder ?? byteOrderOf(bytes, reader.byteOrder)
    const datagram = { bytes, where: `packet ${number}`, protocol, direction, byteOrder }
    return missing > 0 ? { ...datagram, truncated: bytes.length + missing } : datagram
  }
  try {
    for await (const chunk of source.chunks()) for (const one of reader.read(chunk)) yield pieceOf(one)
    const damage = reader.last()
    if (damage) yield pieceOf(damage)
  } catch (error) {
    if (error instanceof PcapError) throw new Failure(`${source.name}: ${error.reason}`)
    throw error
  }
}

const format = (name: 'pcap' | 'pcapng'): Format => ({
  name,
  title: `a ${name} capture of netlink`,
  looks: ({ bytes }) => captureFormat(bytes) === name,
  read,
})

/** pcap. */
export const pcap = format('pcap')
/** pcapng. */
export const pcapng = format('pcapng')
