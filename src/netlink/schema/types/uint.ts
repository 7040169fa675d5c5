/** Unsigned integers whose width is told by their length: the kernel's NLA_UINT. */
import type { Reader } from '../../bytes/bytes.js'
import type { Field } from '../field.js'
import { type Leaf, leaf, Malformed, type Owner } from '../type.js'

const plain = leaf<bigint>({
  kind: 'bigint',
  name: 'uint',
  minimum: 4,
  problem: (value) =>
    typeof value === 'bigint' && value >= 0n && value < 2n ** 64n
      ? undefined
      : { kind: 'bigint', min: 0n, max: 2n ** 64n - 1n },
  read(r, at, end) {
    if (end - at === 4) return BigInt(r.view.getUint32(at, r.little))
    if (end - at === 8) return r.view.getBigUint64(at, r.little)
    throw new Malformed(at, `a uint takes 4 or 8 bytes, not ${end - at}`)
  },
  write(w, value) {
    if (value < 2n ** 32n) {
      const at = w.take(4)
      w.view.setUint32(at, Number(value), w.little)
    } else {
      const at = w.take(8)
      w.view.setBigUint64(at, value, w.little)
    }
  },
  show: String,
})

/**
 * An unsigned integer of four or eight bytes (NLA_UINT, linux/netlink.h), always bigint. Written in four bytes where
 * it fits, as the kernel does.
 */
export const uint: Leaf<bigint> = Object.freeze({
  ...plain,
  min: 0n,
  max: 2n ** 64n - 1n,
  dissect(r: Reader, at: number, end: number, field: Field, owner: Owner) {
    plain.dissect(r, at, end, field, owner)
    field.width = end - at
  },
})
