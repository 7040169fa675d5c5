/** pcap files of an nlmon device: classic pcap with LINKTYPE_NETLINK, in both byte orders. */
import { Failure } from '../failure.js'
import { cooked, requireNetlink } from './cooked.js'
import type { Format, Head } from './format.js'
import type { Hints, Piece } from './piece.js'
import { ByteQueue, type Source } from './source.js'

const GLOBAL = 24
const RECORD = 16
/** No netlink datagram is near this: a length beyond is a damaged file. */
export const LARGEST_PACKET = 1 << 26

/** The byte order of a file by its magic number, in microseconds or nanoseconds. */
function littleOf(bytes: Uint8Array): boolean | undefined {
  if (bytes.length < 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (const little of [true, false]) if ([0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, little))) return little
  return undefined
}

async function* read(source: Source, hints: Hints): AsyncGenerator<Piece> {
  const queue = new ByteQueue(source)
  if (!(await queue.need(GLOBAL))) throw new Failure(`${source.name}: a pcap file that ends within its header`)
  const header = queue.take(GLOBAL)
  const little = littleOf(header)
  if (little === undefined) throw new Failure(`${source.name}: no pcap file: its magic number is missing`)
  requireNetlink(source.name, new DataView(header.buffer, header.byteOffset).getUint32(20, little) & 0xffff)
  for (let packet = 1; await queue.need(1); packet++) {
    const where = `packet ${packet}`
    const at = queue.taken
    const cut = (reason: string): Piece => ({
      garbage: queue.take(queue.ready),
      where: `byte 0x${at.toString(16)}`,
      reason,
    })
    if (!(await queue.need(RECORD))) return yield cut(`the file ends within the header of packet ${packet}`)
    const record = queue.take(RECORD)
    const view = new DataView(record.buffer, record.byteOffset)
    const [length, original] = [view.getUint32(8, little), view.getUint32(12, little)]
    if (length > LARGEST_PACKET)
      return yield cut(`packet ${packet} cannot have ${length} bytes: the file is damaged here`)
    if (!(await queue.need(length)))
      return yield cut(`the file ends within packet ${packet}: ${length} bytes were to come`)
    yield cooked(queue.take(length), original, where, little, hints)
  }
}

/** pcap. */
export const pcap: Format = {
  name: 'pcap',
  title: 'a pcap capture of netlink',
  looks: ({ bytes }: Head) => littleOf(bytes) !== undefined,
  read,
}
