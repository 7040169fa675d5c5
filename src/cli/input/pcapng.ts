/** pcapng files of an nlmon device: sections in either byte order, several interfaces, packets in their three blocks. */

import { LINKTYPE_NETLINK } from '../../testing/pcap.js'
import { Failure } from '../failure.js'
import { cooked, requireNetlink } from './cooked.js'
import type { Format, Head } from './format.js'
import { LARGEST_PACKET } from './pcap.js'
import type { Hints, Piece } from './piece.js'
import { ByteQueue, type Source } from './source.js'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const PACKET = 2
const SIMPLE = 3
const ENHANCED = 6

async function* read(source: Source, hints: Hints): AsyncGenerator<Piece> {
  const queue = new ByteQueue(source)
  let little = true
  let linkTypes: number[] = []
  let packet = 0
  while (await queue.need(1)) {
    const at = queue.taken
    const damaged = (reason: string): Piece => ({
      garbage: queue.take(queue.ready),
      where: `byte 0x${at.toString(16)}`,
      reason,
    })
    if (!(await queue.need(12))) return yield damaged('the file ends within the header of a block')
    const head = queue.peek(12)
    const view = new DataView(head.buffer, head.byteOffset)
    if (view.getUint32(0, true) === SECTION) {
      const magic = [true, false].find((order) => view.getUint32(8, order) === 0x1a2b3c4d)
      if (magic === undefined) return yield damaged('a section without a byte-order magic')
      little = magic
      linkTypes = []
    }
    const type = view.getUint32(0, little)
    const length = view.getUint32(4, little)
    if (length < 12 || length % 4 !== 0 || length > LARGEST_PACKET)
      return yield damaged(`a block cannot have ${length} bytes`)
    if (!(await queue.need(length))) return yield damaged(`the file ends within a block of ${length} bytes`)
    const block = queue.take(length)
    const body = new DataView(block.buffer, block.byteOffset + 8, length - 12)
    if (type === INTERFACE && body.byteLength >= 8) linkTypes.push(body.getUint16(0, little))
    if (type !== ENHANCED && type !== SIMPLE && type !== PACKET) continue
    packet++
    const found = packetIn(type, body, little)
    const where = `packet ${packet}`
    if (!found) yield { garbage: block, where, reason: 'a packet that is longer than its block' }
    else {
      const linkType = linkTypes[found.face] ?? -1
      if (linkTypes.length <= 1) requireNetlink(source.name, linkType)
      else if (linkType !== LINKTYPE_NETLINK) continue
      yield cooked(block.subarray(8 + found.at, 8 + found.at + found.length), found.original, where, little, hints)
    }
  }
  if (packet === 0 && linkTypes.length === 0) throw new Failure(`${source.name}: a pcapng file without an interface`)
}

/** Where a packet is in its block. */
function packetIn(type: number, body: DataView, little: boolean) {
  const at = type === SIMPLE ? 4 : 20
  if (body.byteLength < at) return undefined
  if (type === SIMPLE) {
    const original = body.getUint32(0, little)
    return { face: 0, at, length: Math.min(original, body.byteLength - at), original }
  }
  const face = type === PACKET ? body.getUint16(0, little) : body.getUint32(0, little)
  const length = body.getUint32(12, little)
  return length > body.byteLength - at ? undefined : { face, at, length, original: body.getUint32(16, little) }
}

/** pcapng. */
export const pcapng: Format = {
  name: 'pcapng',
  title: 'a pcapng capture of netlink',
  looks: ({ bytes }: Head) => Buffer.from(bytes.subarray(0, 4)).toString('hex') === '0a0d0d0a',
  read,
}
