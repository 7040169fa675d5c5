/** Messages one after the other as bytes: what rtmon writes, and what a program saves of its socket. */
import { align4, Reader } from '../../netlink/bytes/bytes.js'
import { HEADER, lengthAt } from '../../netlink/frame/nlmsghdr.js'
import { type ByteOrder, hostByteOrder } from '../../netlink/index.js'
import type { Format } from './format.js'
import { isHeader, reasonAt } from './messages.js'
import type { Hints, Piece } from './piece.js'
import { ByteQueue, type InputSource } from './source.js'

/** NLMSG_TSTAMP: rtmon's own message, the time in seconds and microseconds, before each of the kernel's. */
const TIME = 15
/** How far to look for the next message at a time. */
const STEP = 65536
/** Longer messages than this are not believed, since a damaged length would swallow the rest of the file. */
const LARGEST = 1 << 24

const isTime = (bytes: Uint8Array, order: ByteOrder): boolean => {
  if (bytes.length < 24) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const little = order === 'little'
  return view.getUint32(0, little) === 24 && view.getUint16(4, little) === TIME && view.getUint16(6, little) === 0
}

async function* read(source: InputSource, hints: Hints): AsyncGenerator<Piece> {
  const queue = new ByteQueue(source)
  await queue.need(HEADER + 8)
  const order = hints.byteOrder ?? orderOf(queue.peek(HEADER + 8))
  if (hints.payload) {
    while (await queue.need(queue.ready + 1));
    yield { bytes: queue.take(queue.ready), where: 'byte 0x0', byteOrder: order }
    return
  }
  while (await queue.need(1)) {
    const where = `byte 0x${queue.taken.toString(16)}`
    await queue.need(HEADER + 8)
    const head = queue.peek(HEADER + 8)
    if (isTime(head, order)) {
      const view = new DataView(head.buffer, head.byteOffset)
      const seconds = view.getUint32(16, order === 'little')
      const micros = view.getUint32(20, order === 'little')
      const time = new Date(seconds * 1000).toISOString().slice(0, 19)
      yield { remark: `${time}.${String(micros).padStart(6, '0')}Z`, where }
      queue.take(24)
    } else if (isHeader(head, 0, order, LARGEST)) {
      const length = lengthAt(new Reader(head, order), 0)
      await queue.need(align4(length))
      yield { bytes: queue.take(align4(length)), where, byteOrder: order }
    } else {
      await queue.need(STEP)
      const bytes = queue.peek(STEP)
      let next = 1
      while (
        next < bytes.length &&
        !isHeader(bytes, next, order, LARGEST) &&
        !isTime(bytes.subarray(next, next + 24), order)
      )
        next++
      const garbage = queue.take(next)
      yield { garbage, where, reason: reasonAt(garbage, order) }
    }
  }
}

/** The byte order by the first message, since the others may not have come yet. */
function orderOf(bytes: Uint8Array): ByteOrder {
  const other = hostByteOrder === 'little' ? 'big' : 'little'
  const fits = (order: ByteOrder) => isTime(bytes, order) || isHeader(bytes, 0, order, LARGEST)
  return !fits(hostByteOrder) && fits(other) ? other : hostByteOrder
}

/** Files of rtmon. */
export const rtmon: Format = {
  name: 'rtmon',
  title: 'a file of rtmon',
  looks: ({ bytes }) => isTime(bytes, 'little') || isTime(bytes, 'big'),
  read,
}

/** Bare messages. */
export const binary: Format = {
  name: 'binary',
  title: 'messages as bytes',
  looks: ({ bytes, text }) =>
    text === undefined && (isHeader(bytes, 0, 'little', LARGEST) || isHeader(bytes, 0, 'big', LARGEST)),
  read,
}
