/** A nest whose attributes are of different types, and whose order means something. */
import type { Reader, Writer } from '../bytes/bytes.js'
import { isObject } from '../bytes/equal.js'
import { endOfAttributes, walkAttributes } from '../bytes/nlattr.js'
import type { AttributeSet } from './attributes.js'
import type { ListOf } from './derived.js'
import { addItem, type Field } from './field.js'
import { listParts } from './items.js'
import { type AnyType, type Infer, type Issue, issueOf, type Owner, Unwritable } from './type.js'
import { checkOrdered, checkType } from './validate.js'

/**
 * The attributes of a set as a list in the order of the wire, each an object with one member: for what is done one
 * after the other, such as the actions of Open vSwitch, where the same attribute comes again among others.
 * @example actions: [3, ordered(ovsActions)] // [{ output: 1 }, { pushVlan: {...} }, { output: 2 }]
 */
export function ordered<T extends AnyType & Pick<AttributeSet, 'header' | 'list'>>(set: T): ListOf<T> {
  checkType('ordered', '', set)
  if (!Array.isArray(set.list)) throw new Error(`ordered: ${set.name} is no attribute set`)
  if (set.header) throw new Error(`${set.name}: a set with a header has no order of its own (use records)`)
  checkOrdered(set as unknown as AttributeSet)
  const names = set.list.map((one) => one.name)
  const each = (r: Reader, at: number, end: number, visit: (from: number, to: number) => void) => {
    const stop = walkAttributes(r, at, end, (p, length) => visit(p, p + length))
    if (end - stop >= 4) endOfAttributes(r, stop, r.view.getUint16(stop, r.little), end)
  }
  /** Whether it is one attribute; more of them in one item would be several items when they are read again. */
  const isSingle = (value: unknown): value is Record<string, unknown> => {
    if (!isObject(value)) return false
    const given = Object.entries(value).filter(([, one]) => one !== undefined)
    if (given.length !== 1) return false
    const [name, one] = given[0]!
    const isList = name === 'unknown' || set.list.find((attribute) => attribute.name === name)?.repeated
    return !isList || !Array.isArray(one) || one.length === 1
  }
  return Object.freeze({
    ...listParts(set),
    name: `${set.name} in order`,
    minimum: 0,
    ...(set.nestedBit ? { nestedBit: true } : {}),
    read(r: Reader, at: number, end: number, owner: Owner) {
      const list: Infer<T>[] = []
      each(r, at, end, (from, to) => list.push(set.read(r, from, to, owner)))
      return list
    },
    write(w: Writer, value: Infer<T>[], owner: Owner) {
      if (!Array.isArray(value)) throw new Unwritable()
      for (const one of value) {
        if (!isSingle(one)) throw new Unwritable()
        set.write(w, one, owner)
      }
    },
    check(value: unknown, path: string, issues: Issue[], owner: Owner) {
      if (!Array.isArray(value)) issues.push(issueOf(path, value, { kind: 'list' }))
      else
        for (const [i, one] of value.entries())
          if (isSingle(one)) set.check(one, `${path}[${i}]`, issues, owner)
          else issues.push(issueOf(`${path}[${i}]`, one, { kind: 'single', names }))
    },
    dissect(r: Reader, at: number, end: number, field: Field, owner: Owner) {
      field.children = []
      each(r, at, end, (from, to) => set.dissect(r, from, to, addItem(field, from, to - from), owner))
    },
    describe: () => ({ type: 'ordered', items: set.describe() }),
  } satisfies ListOf<T>)
}
