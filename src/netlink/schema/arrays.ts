/** Arrays, in all the forms that netlink has. */

import type { Reader, Writer } from '../bytes/bytes.js'
import { isObject } from '../bytes/equal.js'
import {
  endOfAttributes,
  MAX_ATTRIBUTE,
  NESTED,
  payloadTooShort,
  putAttributeHeader,
  TYPE_MASK,
  walkAttributes,
} from '../bytes/nlattr.js'
import type { Indexed, ListOf } from './derived.js'
import { addItem, type Field } from './field.js'
import { listParts } from './items.js'
import { dataOf } from './marks.js'
import {
  type AnyType,
  type Infer,
  issueOf,
  type Leaf,
  Malformed,
  type Owner,
  resolved,
  type Type,
  Unwritable,
} from './type.js'
import { bytes } from './types/text.js'
import { checkNumber, checkType } from './validate.js'

/**
 * An attribute that may come many times: together they make one array.
 * @example altIfname: [53, repeated(ifname)]
 */
export function repeated<T extends AnyType>(type: T): ListOf<T> {
  checkType('repeated', '', type)
  // The set calls read and write once for each item: the value type is a list, the wire type is one of its items.
  return Object.freeze({
    ...bind(type),
    repeated: true,
    each: type,
    describe: () => type.describe(),
  }) as unknown as ListOf<T>
}

/** The type's functions as plain members, so that a class instance can be spread as well. */
const bind = (type: AnyType): AnyType => ({
  ...dataOf(type),
  name: type.name,
  minimum: type.minimum,
  ...(type.nestedBit === undefined ? {} : { nestedBit: type.nestedBit }),
  ...(type.outer ? { outer: type.outer } : {}),
  ...(type.by === undefined ? {} : { by: type.by }),
  ...(type.resolve ? { resolve: (owner) => resolved(type, owner) } : {}),
  ...('show' in type ? { show: type.show, problem: (type as Leaf<unknown>).problem } : {}),
  read: (r, at, end, owner) => type.read(r, at, end, owner),
  write: (w, value, owner) => type.write(w, value, owner),
  check: (value, path, issues, owner) => type.check(value, path, issues, owner),
  dissect: (r, at, end, field, owner) => type.dissect(r, at, end, field, owner),
  describe: () => type.describe(),
})

/** How a list is written, and which of its entries are of its type. */
export interface NestedOptions {
  /** The number that all items have (an attribute with another in it is no such list), or 'index' for 1, 2, 3, ..., which reading ignores. */
  readonly number: number | 'index'
  readonly nestedBit?: boolean
}

/**
 * A nest whose attributes are all of one type, their numbers ignored (YNL: indexed-array) or all the same.
 * @example vfinfoList: [22, listOf(vfinfo, { number: 1 })]
 */
export function listOf<T extends AnyType>(type: T, options: NestedOptions): ListOf<T> {
  checkType('listOf', '', type)
  if (options.number !== 'index')
    checkNumber(`list of ${type.name}`, 'each item', 'number', options.number, 0, TYPE_MASK)
  const fixed = options.number === 'index' ? undefined : options.number
  return Object.freeze({
    ...listParts(type),
    name: `list of ${type.name}`,
    minimum: 0,
    ...(options.nestedBit ? { nestedBit: true } : {}),
    read(r: Reader, at: number, end: number, owner?: Owner) {
      const list: Infer<T>[] = []
      eachAttribute(r, at, end, type, (from, to, number) => {
        if (fixed !== undefined && number !== fixed) throw otherNumber(from, number, fixed)
        list.push(type.read(r, from, to, owner))
      })
      return list
    },
    write(w: Writer, value: Infer<T>[], owner?: Owner) {
      if (!Array.isArray(value)) throw new Unwritable()
      for (const [i, one] of value.entries())
        writeItem(w, options.number === 'index' ? i + 1 : options.number, type, one, owner)
    },
    dissect: (r, at, end, field, owner) =>
      dissectItems(r, at, end, field, type, owner, (_number, index) => `[${index}]`, fixed),
    describe: () => ({ type: 'list', number: options.number, items: type.describe() }),
  } satisfies Type<Infer<T>[]>)
}

/**
 * A nest whose attribute numbers are indexes that mean something: an object keyed by number.
 * @example indexed(u32)
 */
export function indexed<T extends AnyType>(type: T, options: { readonly nestedBit?: boolean } = {}): Indexed<T> {
  checkType('indexed', '', type)
  return Object.freeze({
    kind: 'indexed',
    items: type,
    ...(type.outer ? { outer: type.outer } : {}),
    name: `${type.name} by index`,
    minimum: 0,
    ...(options.nestedBit ? { nestedBit: true } : {}),
    read(r: Reader, at: number, end: number, owner?: Owner) {
      const value: Record<number, Infer<T>> = {}
      eachAttribute(r, at, end, type, (from, to, number) => {
        value[number] = type.read(r, from, to, owner)
      })
      return value
    },
    write(w: Writer, value: Record<number, Infer<T>>, owner?: Owner) {
      if (!isObject(value)) throw new Unwritable()
      for (const [key, one] of Object.entries(value)) {
        if (!isIndex(key)) throw new Unwritable()
        writeItem(w, Number(key), type, one as Infer<T>, owner)
      }
    },
    check(value, path, issues, owner) {
      if (!isObject(value)) {
        issues.push(issueOf(path, value, { kind: 'object' }))
        return
      }
      for (const [key, one] of Object.entries(value)) {
        const at = `${path}[${key}]`
        if (!isIndex(key)) issues.push(issueOf(at, key, { kind: 'index', max: TYPE_MASK }))
        else type.check(one, at, issues, owner)
      }
    },
    dissect: (r, at, end, field, owner) => dissectItems(r, at, end, field, type, owner, (number) => `[${number}]`),
    describe: () => ({ type: 'indexed', items: type.describe() }),
  } satisfies Type<Record<number, Infer<T>>>)
}

/** Whether a key is the number of an attribute. */
const isIndex = (key: string): boolean => /^\d{1,5}$/.test(key) && Number(key) <= TYPE_MASK

function writeItem(w: Writer, number: number, type: AnyType, value: unknown, owner: Owner): void {
  const at = w.take(4)
  type.write(w, value, owner)
  if (w.length - at > MAX_ATTRIBUTE) throw new Unwritable()
  putAttributeHeader(w, at, w.length - at, type.nestedBit ? number | NESTED : number)
  w.align()
}

function eachAttribute(
  r: Reader,
  at: number,
  end: number,
  type: AnyType,
  visit: (from: number, to: number, number: number) => void,
): void {
  const stop = walkAttributes(r, at, end, (p, length, header) => {
    if (length - 4 < type.minimum) throw payloadTooShort(p, type, length - 4)
    visit(p + 4, p + length, header & TYPE_MASK)
  })
  if (end - stop >= 4) endOfAttributes(r, stop, r.view.getUint16(stop, r.little), end)
}

function dissectItems(
  r: Reader,
  at: number,
  end: number,
  field: Field,
  type: AnyType,
  owner: Owner,
  label: (number: number, index: number) => string,
  fixed?: number,
): void {
  const children: Field[] = []
  field.children = children
  let odd: Field | undefined
  eachAttribute(r, at, end, type, (from, to, number) => {
    const name = label(number, children.length)
    const attributeType = r.view.getUint16(from - 2, r.little)
    const child: Field = {
      name,
      path: `${field.path}${name}`,
      offset: from - 4,
      length: to - from + 4,
      header: 4,
      attributeType,
    }
    children.push(child)
    if (fixed === undefined || number === fixed) type.dissect(r, from, to, child, owner)
    else {
      bytes.dissect(r, from, to, child, undefined)
      child.problem = otherNumber(from, number, fixed).message
      odd ??= child
    }
  })
  if (odd) field.problem = `not such a list: ${odd.name} has another number`
}

const otherNumber = (at: number, number: number, fixed: number): Malformed =>
  new Malformed(at - 4, `the item has the number ${number}, those of the list have ${fixed}`)

/**
 * Items of a fixed size one after the other in one payload, without headers.
 * @example packed(u32)
 */
export function packed<T extends AnyType & { readonly size: number }>(type: T): ListOf<T> {
  checkType('packed', '', type)
  checkNumber(`packed ${type.name}`, 'each item', 'size', type.size, 1, MAX_ATTRIBUTE)
  const { size } = type
  const whole = (at: number, end: number) => {
    if ((end - at) % size !== 0) throw new Malformed(at, `items of ${size} bytes each do not fit ${end - at} bytes`)
  }
  return Object.freeze({
    ...listParts(type),
    name: `${type.name}[]`,
    minimum: 0,
    read(r: Reader, at: number, end: number, owner?: Owner) {
      whole(at, end)
      const list: Infer<T>[] = []
      for (let p = at; p < end; p += size) list.push(type.read(r, p, p + size, owner))
      return list
    },
    write(w: Writer, value: Infer<T>[], owner?: Owner) {
      if (!Array.isArray(value)) throw new Unwritable()
      for (const one of value) type.write(w, one, owner)
    },
    dissect(r, at, end, field, owner) {
      whole(at, end)
      field.children = []
      for (let p = at; p < end; p += size) type.dissect(r, p, p + size, addItem(field, p, size), owner)
    },
    describe: () => ({ type: 'packed', items: type.describe() }),
  } satisfies Type<Infer<T>[]>)
}
