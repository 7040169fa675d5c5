/** Putting pasted lines together: a line that is a whole datagram stands alone, others are parts of one. */
import type { ByteOrder } from '../../netlink/index.js'
import { datagramsOf, isWhole } from './messages.js'
import type { Garbage, Hints, Piece } from './piece.js'

/** Some bytes of the input, garbage, or a place where a new datagram must begin. */
export type PrintedUnit = { readonly bytes: Uint8Array; readonly where: string } | Garbage | 'break'

/** Joins units to datagrams. */
export async function* joined(
  units: AsyncIterable<PrintedUnit> | Iterable<PrintedUnit>,
  hints: Hints,
): AsyncGenerator<Piece> {
  const orders: readonly ByteOrder[] = hints.byteOrder ? [hints.byteOrder] : ['little', 'big']
  const whole = (bytes: Uint8Array) => !hints.payload && orders.some((order) => isWhole(bytes, order))
  let parts: Uint8Array[] = []
  let where = ''
  // Whether what is joined so far is whole is asked at each line: only its own end is looked at then.
  const flush = function* () {
    if (parts.length > 0) yield* datagramsOf(Buffer.concat(parts), where, hints)
    parts = []
  }
  for await (const unit of units) {
    if (unit === 'break') yield* flush()
    else if ('garbage' in unit) {
      yield* flush()
      yield unit
    } else if (unit.bytes.length > 0) {
      if (whole(unit.bytes) && (parts.length === 0 || whole(Buffer.concat(parts)))) {
        yield* flush()
        yield* datagramsOf(unit.bytes, unit.where, hints)
      } else {
        if (parts.length === 0) where = unit.where
        parts.push(unit.bytes)
      }
    }
  }
  yield* flush()
}
