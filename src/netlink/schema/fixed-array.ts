/** Arrays of a fixed number of items: u32[64] in a struct. */
import type { Reader, Writer } from '../bytes/bytes.js'
import type { ListOf } from './derived.js'
import { addItem } from './field.js'
import { listParts } from './items.js'
import { alignmentOf } from './padding.js'
import { type AnyType, type Infer, Malformed, type Owner, Unwritable } from './type.js'
import { checkSize, checkType } from './validate.js'

/**
 * So many items of one type, one after the other: a C array. Its value is a list of exactly that length.
 * @example struct('audit_rule_data', { flags: u32, action: u32, fieldCount: u32, mask: fixedArray(u32, 64) })
 */
export function fixedArray<T extends AnyType & { readonly size: number }>(
  type: T,
  count: number,
): ListOf<T> & { readonly size: number } {
  checkType('fixedArray', '', type)
  checkSize(`array of ${type.name}`, type.size)
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${type.name} has no array of ${count}`)
  const each = type.size
  const size = each * count
  return Object.freeze({
    ...listParts(type, count),
    name: `${type.name}[${count}]`,
    minimum: size,
    size,
    alignment: alignmentOf(type),
    read(r: Reader, at: number, _end: number, owner: Owner) {
      const list: Infer<T>[] = []
      for (let i = 0; i < count; i++) list.push(type.read(r, at + i * each, at + (i + 1) * each, owner))
      return list
    },
    write(w: Writer, value: Infer<T>[], owner: Owner) {
      if (!Array.isArray(value) || value.length !== count) throw new Unwritable()
      for (const one of value) type.write(w, one, owner)
    },
    dissect(r, at, end, field, owner) {
      if (end - at < size) throw new Malformed(at, `${type.name}[${count}] needs ${size} bytes, ${end - at} are left`)
      field.children = []
      for (let p = at; p < at + size; p += each) type.dissect(r, p, p + each, addItem(field, p, each), owner)
    },
    describe: () => ({ type: 'array', count, items: type.describe() }),
  } satisfies ListOf<T> & { readonly size: number })
}
