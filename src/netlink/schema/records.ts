/** Records: items that each begin with their own length. */
import { align4, type Reader, type Writer } from '../bytes/bytes.js'
import { MAX_ATTRIBUTE } from '../bytes/nlattr.js'
import type { ListOf } from './derived.js'
import { addItem } from './field.js'
import { listParts } from './items.js'
import type { Struct } from './struct.js'
import { type AnyType, type Infer, Malformed, type Owner, type Type, Unwritable } from './type.js'
import { checkRecords, checkType } from './validate.js'

/**
 * Records one after the other, each a fixed header, whose 16-bit first member is the record's length, and attributes:
 * RTA_MULTIPATH's rtnexthop. The length is worked out, so values leave it out.
 * @example multipath: [9, records(headed(rtnexthop, nexthopAttributes))]
 */
export function records<T extends AnyType & { readonly header: Struct | undefined }>(type: T): ListOf<T> {
  checkType('records', '', type)
  checkRecords(type)
  const least = type.header?.size ?? 0
  const each = (r: Reader, at: number, end: number, visit: (from: number, to: number) => void) => {
    for (let p = at; end - p >= least; ) {
      const length = r.view.getUint16(p, r.little)
      if (length < least || length > end - p)
        throw new Malformed(
          p,
          `the record's length is ${length}: it needs ${least} at least, and ${end - p} bytes are left`,
        )
      visit(p, p + length)
      p += align4(length)
    }
  }
  return Object.freeze({
    ...listParts(type),
    name: `records of ${type.name}`,
    minimum: 0,
    read(r: Reader, at: number, end: number, owner?: Owner) {
      const list: Infer<T>[] = []
      each(r, at, end, (from, to) => list.push(type.read(r, from, to, owner)))
      return list
    },
    write(w: Writer, value: Infer<T>[], owner?: Owner) {
      if (!Array.isArray(value)) throw new Unwritable()
      for (const one of value) {
        const at = w.length
        type.write(w, one, owner)
        if (w.length - at > MAX_ATTRIBUTE) throw new Unwritable()
        w.view.setUint16(at, w.length - at, w.little)
      }
    },
    dissect(r, at, end, field, owner) {
      field.children = []
      each(r, at, end, (from, to) => type.dissect(r, from, to, addItem(field, from, to - from), owner))
    },
    describe: () => ({ type: 'records', items: type.describe() }),
  } satisfies Type<Infer<T>[]>)
}
