/** Arrays of a fixed number of items: u32[64] in a struct. */
import type { Reader, Writer } from '../bytes/bytes.js'
import type { ListOf } from './derived.js'
import { type Field, leafField } from './field.js'
import { alignmentOf } from './padding.js'
import { type AnyType, type Expected, type Infer, issueOf, Malformed, type Owner, Unwritable } from './type.js'
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
  const expected: Expected = { kind: 'list', size: count }
  return Object.freeze({
    kind: 'list',
    items: type,
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
    check(value, path, issues, owner) {
      if (!Array.isArray(value) || value.length !== count) issues.push(issueOf(path, value, expected))
      else for (const [i, one] of value.entries()) type.check(one, `${path}[${i}]`, issues, owner)
    },
    dissect(r, at, end, field, owner) {
      if (end - at < size) throw new Malformed(at, `${type.name}[${count}] needs ${size} bytes, ${end - at} are left`)
      const children: Field[] = []
      for (let i = 0; i < count; i++) {
        const child = leafField(`[${i}]`, `${field.path}[${i}]`, at + i * each, each)
        type.dissect(r, at + i * each, at + (i + 1) * each, child, owner)
        children.push(child)
      }
      field.children = children
    },
    describe: () => ({ type: 'array', count, items: type.describe() }),
  } satisfies ListOf<T> & { readonly size: number })
}
