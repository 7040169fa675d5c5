/** Integers whose width is told by their length: the kernel's NLA_UINT and NLA_SINT. */
import type { Reader } from '../../bytes/bytes.js'
import type { Field } from '../field.js'
import { type Expected, type Leaf, leaf, Malformed, type Owner } from '../type.js'

/** An integer of four or eight bytes. */
function anyWidth(name: string, signed: boolean): Leaf<bigint> {
  const [min, max] = signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n]
  const accepted: Expected = { kind: 'bigint', min, max }
  const fits32 = (value: bigint) => (signed ? BigInt.asIntN(32, value) : BigInt.asUintN(32, value)) === value
  const plain = leaf<bigint>({
    kind: 'bigint',
    name,
    minimum: 4,
    problem: (value) => (typeof value === 'bigint' && value >= min && value <= max ? undefined : accepted),
    read(r, at, end) {
      if (end - at === 4) return BigInt(signed ? r.view.getInt32(at, r.little) : r.view.getUint32(at, r.little))
      if (end - at === 8) return signed ? r.view.getBigInt64(at, r.little) : r.view.getBigUint64(at, r.little)
      throw new Malformed(at, `a ${name} takes 4 or 8 bytes, not ${end - at}`)
    },
    write(w, value) {
      if (fits32(value)) {
        const at = w.take(4)
        w.view.setInt32(at, Number(BigInt.asIntN(32, value)), w.little)
      } else {
        const at = w.take(8)
        w.view.setBigUint64(at, BigInt.asUintN(64, value), w.little)
      }
    },
    show: String,
    describe: { min: String(min), max: String(max) },
  })
  return Object.freeze({
    ...plain,
    min,
    max,
    dissect(r: Reader, at: number, end: number, field: Field, owner: Owner) {
      plain.dissect(r, at, end, field, owner)
      field.width = end - at
    },
  })
}

/**
 * An unsigned integer of four or eight bytes (NLA_UINT, linux/netlink.h), always bigint. Written in four bytes where
 * it fits, as the kernel does.
 */
export const uint: Leaf<bigint> = anyWidth('uint', false)

/**
 * A signed integer of four or eight bytes (NLA_SINT, linux/netlink.h), always bigint. Written in four bytes where it
 * fits, as the kernel does.
 */
export const sint: Leaf<bigint> = anyWidth('sint', true)
