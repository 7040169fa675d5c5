/**
 * Attribute sets: the heart of the codec. A set is described as `name: [number, type]`; an optional fixed header
 * before the attributes (ifinfomsg and its like) gives its members to the same flat object.
 */

import { dissectAttributes } from './attributes-dissect.js'
import type { Reader, Writer } from './bytes.js'
import {
  attributeMalformed,
  checkUnknown,
  listAt,
  MAX_ATTRIBUTE,
  MAX_DEPTH,
  NESTED,
  putAttributeHeader,
  TYPE_MASK,
  type UnknownAttribute,
  unknownAttribute,
  writeUnknown,
} from './nlattr.js'
import type { Selector } from './select.js'
import { stamp, type Template, template } from './shapes.js'
import type { Struct } from './struct.js'
import {
  type AnyType,
  type Description,
  type Issue,
  join,
  Malformed,
  type Owner,
  type Type,
  Unwritable,
} from './type.js'

/** One attribute of a set. */
export interface Attribute {
  readonly name: string
  readonly number: number
  readonly type: AnyType
  readonly selector: Selector | undefined
  readonly repeated: boolean
}

/**
 * A node of the tree of shapes: the attributes of messages come in few orders, so each order that was seen has a
 * template of its object. `attribute` is undefined for what is not wanted (`only`), null for what is not known.
 */
interface Shape {
  readonly number: number
  readonly attributes: readonly (Attribute | null | undefined)[]
  readonly template: Template | undefined
  child: Shape | undefined
  next: Shape | undefined
}

/** Beyond this many orders, which only hostile bytes have, objects are made the slow way. */
const MAX_SHAPES = 512

/** A set of attributes, with its header if it has one. Use `attributes()` or `headed()` to make one. */
export class AttributeSet<V = Record<string, unknown>> implements Type<V> {
  readonly name: string
  readonly minimum = 0
  readonly nestedBit: boolean
  readonly header: Struct | undefined
  /** The attributes in the order of the definition. */
  readonly list: readonly Attribute[]
  readonly #byNumber = new Map<number, Attribute>()
  readonly #byName = new Map<string, Attribute>()
  /** The names that decoding gives; undefined for all. */
  readonly #only: ReadonlySet<string> | undefined
  readonly #headerNames: ReadonlySet<string>
  #root: Shape
  #shapes = 1
  readonly #picked = new Map<string, AttributeSet>()

  constructor(
    name: string,
    list: readonly Attribute[],
    header?: Struct,
    only?: ReadonlySet<string>,
    nestedBit = false,
  ) {
    this.name = name
    this.list = list
    this.header = header
    this.nestedBit = nestedBit
    this.#only = only
    this.#headerNames = new Set(header?.memberNames)
    for (const attribute of list) {
      if (this.#byNumber.has(attribute.number))
        throw new Error(`${name}: two attributes have number ${attribute.number}`)
      this.#byNumber.set(attribute.number, attribute)
      this.#byName.set(attribute.name, attribute)
      if (attribute.selector) this.#byName.set(attribute.selector.otherwise, attribute)
    }
    this.#root = this.#shape(0, [], header?.size ?? 0)
  }

  /** The attribute with a number (its two flag bits left out), undefined when the set has none. */
  attribute(numberOrName: number | string): Attribute | undefined {
    return typeof numberOrName === 'number'
      ? this.#byNumber.get(numberOrName & TYPE_MASK)
      : this.#byName.get(numberOrName)
  }

  /** The same set, but decoding gives only these names. */
  pick(names: readonly string[]): AttributeSet {
    const key = names.join()
    let picked = this.#picked.get(key)
    if (!picked) {
      const only = new Set(names)
      for (const name of names) {
        const attribute = this.#byName.get(name)
        if (!attribute && !this.#headerNames.has(name)) throw new RangeError(`only: ${this.name} has no "${name}"`)
        // What a selector reads cannot be told without its discriminator.
        if (attribute?.selector) only.add(attribute.selector.by).add(attribute.selector.otherwise)
      }
      picked = new AttributeSet(this.name, this.list, this.header, only, this.nestedBit)
      this.#picked.set(key, picked)
    }
    return picked
  }

  read(r: Reader, at: number, end: number, _owner?: Owner): V {
    if (++r.depth > MAX_DEPTH) throw new Malformed(at, `nested more than ${MAX_DEPTH} deep`)
    const { view, little, bytes } = r
    const { header } = this
    let start = at
    let shape: Shape | undefined = this.#root
    if (header) {
      start = Math.min(at + ((header.size + 3) & ~3), end)
      if (end - at < header.size) shape = undefined
    }
    // First the order of the attributes, which chooses the template; then the values.
    for (let p = start; end - p >= 4 && shape; ) {
      const length = view.getUint16(p, little)
      if (length < 4 || length > end - p) break
      const number = view.getUint16(p + 2, little) & TYPE_MASK
      let next: Shape | undefined = shape.child
      while (next !== undefined && next.number !== number) next = next.next
      shape = next ?? this.#grow(shape, number)
      p += (length + 3) & ~3
    }
    const value: Record<string, unknown> = shape?.template ? stamp(shape.template) : {}
    if (header) header.readInto(r, at, end, value, this.#only)
    let index = 0
    for (let p = start; end - p >= 4; ) {
      const length = view.getUint16(p, little)
      if (length < 4 || length > end - p) throw attributeMalformed(p, length, end)
      const attribute = shape ? shape.attributes[index++] : this.#wanted(view.getUint16(p + 2, little) & TYPE_MASK)
      const from = p + 4
      const to = p + length
      if (attribute) {
        const { type } = attribute
        if (length - 4 < type.minimum)
          throw new Malformed(p, `${type.name} needs ${type.minimum} bytes, the attribute has ${length - 4}`)
        if (attribute.selector)
          attribute.selector.readInto(r, this as AttributeSet, attribute.name, from, to, value, start, end)
        else if (attribute.repeated) listAt(value, attribute.name).push(type.read(r, from, to, value))
        else value[attribute.name] = type.read(r, from, to, value)
      } else if (attribute === null) {
        listAt(value, 'unknown').push(unknownAttribute(view.getUint16(p + 2, little), bytes.slice(from, to)))
      }
      p += (length + 3) & ~3
    }
    r.depth--
    return value as V
  }

  #wanted(number: number): Attribute | null | undefined {
    const attribute = this.#byNumber.get(number)
    const only = this.#only
    if (!attribute) return only === undefined || only.has('unknown') ? null : undefined
    return only === undefined || only.has(attribute.name) ? attribute : undefined
  }

  #shape(number: number, attributes: readonly (Attribute | null | undefined)[], headerLength: number): Shape {
    const keys = new Set<string>()
    for (const name of this.header?.namesWithin(headerLength) ?? []) if (this.#only?.has(name) ?? true) keys.add(name)
    for (const one of attributes) if (one !== undefined) keys.add(one === null ? 'unknown' : one.name)
    // What a selector reads has a name that depends on the bytes, so such a set has no template; they are small.
    const fixed = !this.list.some((one) => one.selector)
    return { number, attributes, template: fixed ? template([...keys]) : undefined, child: undefined, next: undefined }
  }

  #grow(shape: Shape, number: number): Shape | undefined {
    if (this.#shapes >= MAX_SHAPES || shape.attributes.length >= 128) return undefined
    this.#shapes++
    const added = this.#shape(number, [...shape.attributes, this.#wanted(number)], this.header?.size ?? 0)
    added.next = shape.child
    shape.child = added
    return added
  }

  write(w: Writer, value: V, _owner?: Owner): void {
    if (typeof value !== 'object' || value === null) throw new Unwritable()
    if (++w.depth > MAX_DEPTH) throw new Unwritable()
    const object = value as Record<string, unknown>
    if (this.header) {
      this.header.writeFrom(w, object)
      w.align()
    }
    for (const key of Object.keys(object)) {
      const one = object[key]
      if (one === undefined || this.#headerNames.has(key)) continue
      if (key === 'unknown') {
        if (!Array.isArray(one)) throw new Unwritable()
        for (const each of one as UnknownAttribute[]) writeUnknown(w, each)
      } else this.writeNamed(w, key, one, object)
    }
    w.depth--
  }

  /** Writes the attribute, or each of the repeated attributes, that a key of the value stands for. */
  writeNamed(w: Writer, key: string, value: unknown, owner: Record<string, unknown>): void {
    const attribute = this.#byName.get(key)
    if (!attribute) throw new Unwritable()
    const type = attribute.selector ? attribute.selector.typeOf(key, owner) : attribute.type
    if (type === undefined) throw new Unwritable()
    if (!attribute.repeated) {
      this.writeOne(w, attribute.number, type, value, owner)
      return
    }
    if (!Array.isArray(value)) throw new Unwritable()
    for (const one of value) this.writeOne(w, attribute.number, type, one, owner)
  }

  /** Writes one attribute: header, payload, padding. */
  writeOne(w: Writer, number: number, type: AnyType, value: unknown, owner: Owner): void {
    const at = w.take(4)
    type.write(w, value, owner)
    const length = w.length - at
    if (length > MAX_ATTRIBUTE) throw new Unwritable()
    putAttributeHeader(w, at, length, type.nestedBit ? number | NESTED : number)
    w.align()
  }

  check(value: unknown, path: string, issues: Issue[], _owner?: Owner): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      issues.push({ path, value, message: `expected an object with ${this.#accepted()}` })
      return
    }
    if (path.split('.').length > MAX_DEPTH) {
      issues.push({ path, value: undefined, message: `nested more than ${MAX_DEPTH} deep` })
      return
    }
    const object = value as Record<string, unknown>
    for (const [key, one] of Object.entries(object)) {
      if (one === undefined) continue
      const at = join(path, key)
      const attribute = this.#byName.get(key)
      if (this.#headerNames.has(key)) this.header!.members[key]!.check(one, at, issues, object)
      else if (key === 'unknown') checkUnknown(one, at, issues)
      else if (!attribute)
        issues.push({ path: at, value: one, message: `no such attribute: expected ${this.#accepted()}` })
      else if (attribute.selector) attribute.selector.check(key, one, at, issues, object)
      else if (!attribute.repeated) attribute.type.check(one, at, issues, object)
      else if (!Array.isArray(one)) issues.push({ path: at, value: one, message: 'expected a list' })
      else for (const [i, each] of one.entries()) attribute.type.check(each, `${at}[${i}]`, issues, object)
    }
  }

  #accepted(): string {
    return [...this.#headerNames, ...this.list.map((one) => one.name)].join(', ')
  }

  dissect = dissectAttributes

  describe(): Description {
    return {
      type: 'attributes',
      name: this.name,
      ...(this.header ? { header: this.header.describe() } : {}),
      attributes: this.list.map(({ name, number, type, selector, repeated }) => ({
        name,
        number,
        ...(repeated ? { repeated } : {}),
        ...(selector ? selector.describe() : type.describe()),
      })),
    }
  }
}
