/**
 * Attribute sets: the heart of the codec. A set is described as `name: [number, type]`; an optional fixed header
 * before the attributes (ifinfomsg and its like) gives its members to the same flat object.
 */

import type { Reader, Writer } from '../bytes/bytes.js'
import {
  checkUnknown,
  endOfAttributes,
  listAt,
  MAX_ATTRIBUTE,
  MAX_DEPTH,
  NESTED,
  payloadTooShort,
  putAttributeHeader,
  TYPE_MASK,
  type UnknownAttribute,
  unknownAttribute,
  writeUnknown,
} from '../bytes/nlattr.js'
import { dissectAttributes } from './dissect-attributes.js'
import { type Layout, Layouts, type Step } from './fast/layouts.js'
import type { Selector } from './select.js'
import type { Struct } from './struct.js'
import {
  type AnyType,
  type Description,
  type Issue,
  join,
  Malformed,
  type Owner,
  resolved,
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

function hasKeys(object: object): boolean {
  for (const _ in object) return true
  return false
}

/** How one key is written: as an attribute of a fixed size, another one, a member of the header (`offset`), or `unknown`. */
interface Put {
  readonly key: string
  readonly type: AnyType | undefined
  readonly attribute: Attribute | undefined
  readonly number: number
  readonly size: number
  readonly room: number
  readonly offset: number
}

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
  readonly #headerNames: ReadonlySet<string>
  /** What each key is written by. */
  readonly #puts = new Map<string, Put>()
  /** Those of the keys of the last value, in their order: only ever a guess. */
  readonly #plan: Put[] = []
  readonly #little: Layouts
  readonly #big: Layouts
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
    this.#headerNames = new Set(header?.memberNames)
    for (const attribute of list) {
      if (this.#byNumber.has(attribute.number))
        throw new Error(`${name}: two attributes have number ${attribute.number}`)
      this.#byNumber.set(attribute.number, attribute)
      this.#byName.set(attribute.name, attribute)
      if (attribute.selector) this.#byName.set(attribute.selector.otherwise, attribute)
    }
    this.#puts.set('unknown', {
      key: 'unknown',
      type: undefined,
      attribute: undefined,
      number: 0,
      size: 0,
      room: 0,
      offset: -1,
    })
    for (const [key, attribute] of this.#byName) {
      const { type, number } = attribute
      const fixed = !attribute.selector && !attribute.repeated && type.put && type.nestedBit === undefined
      const size = fixed ? type.size! : 0
      this.#puts.set(key, { key, type, attribute, number, size, room: (size + 7) & ~3, offset: -1 })
    }
    let offset = 0
    for (const [key, type] of Object.entries(header?.members ?? {})) {
      if (!key.startsWith('_'))
        this.#puts.set(key, { key, type, attribute: undefined, number: 0, size: 0, room: 0, offset })
      offset += type.size
    }
    this.#little = new Layouts(this.#byNumber, header, only)
    this.#big = new Layouts(this.#byNumber, header, only)
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
        if (attribute?.type.by !== undefined) only.add(attribute.type.by)
      }
      picked = new AttributeSet(this.name, this.list, this.header, only, this.nestedBit)
      this.#picked.set(key, picked)
    }
    return picked
  }

  read(r: Reader, at: number, end: number, _owner?: Owner): V {
    if (++r.depth > MAX_DEPTH) throw new Malformed(at, `nested more than ${MAX_DEPTH} deep`)
    const start = this.#start(at, end)
    const layout = (r.little ? this.#little : this.#big).of(r, at, start, end)
    const value = (layout && this.#readLayout(layout, r, at, start, end)) ?? this.#readEach(r, at, start, end)
    r.depth--
    return value as V
  }

  /** Where the attributes begin. */
  #start(at: number, end: number): number {
    return this.header ? Math.min(at + ((this.header.size + 3) & ~3), end) : at
  }

  /** The layout of bytes that were read before; undefined when they have none. */
  layoutOf(r: Reader, at: number, end: number): Layout | undefined {
    return (r.little ? this.#little : this.#big).of(r, at, this.#start(at, end), end)
  }

  /** The fast way: an object from the mold of its layout. Undefined where it has a key that the mold has not. */
  #readLayout(layout: Layout, r: Reader, at: number, start: number, end: number): Record<string, unknown> | undefined {
    const { mold, others, steps, otherHeader } = layout
    const value = mold.make()
    mold.fill(value, r, at, layout.where)
    for (const member of otherHeader)
      value[member.name] = member.type.read(r, at + member.offset, at + member.end, undefined)
    for (let i = 0; i < others.length; i++) {
      const index = others[i]!
      const p = at + layout.at[index]!
      const known = this.#readOther(steps[index]!, r, p, p + r.view.getUint16(p, r.little), value, start, end)
      if (!known) return undefined
    }
    return value
  }

  /** One attribute after the other, for what comes too rarely, or in too many orders, to have a mold. */
  #readEach(r: Reader, at: number, start: number, end: number): Record<string, unknown> {
    const { view, little } = r
    const value: Record<string, unknown> = {}
    for (const { name, type, offset, end: stop } of this.#little.headerMembers(end - at))
      value[name] = type.read(r, at + offset, at + stop, undefined)
    for (let p = start; end - p >= 4; ) {
      const length = view.getUint16(p, little)
      if (length < 4 || length > end - p) {
        endOfAttributes(r, p, length, end)
        break
      }
      const step = this.#little.step(view.getUint16(p + 2, little) & TYPE_MASK)
      if (step && length - 4 < step.type.minimum) throw payloadTooShort(p, step.type, length - 4)
      if (step !== undefined) this.#readOther(step, r, p, p + length, value, start, end)
      p += (length + 3) & ~3
    }
    return value
  }

  /** Reads the attribute from `p` to `stop` into its object; false when it went under another name than the step's. */
  #readOther(
    step: NonNullable<Step> | null,
    r: Reader,
    p: number,
    stop: number,
    value: Record<string, unknown>,
    start: number,
    end: number,
  ): boolean {
    if (step?.plain) value[step.name] = step.type.read(r, p + 4, stop, value)
    else if (step === null) {
      const one = unknownAttribute(r.view.getUint16(p + 2, r.little), r.bytes.slice(p + 4, stop))
      listAt(value, 'unknown').push(one)
    } else if (step.attribute.selector)
      return step.attribute.selector.readInto(r, this as AttributeSet, step.name, p + 4, stop, value, start, end)
    else listAt(value, step.name).push(step.type.read(r, p + 4, stop, value))
    return true
  }

  write(w: Writer, value: V, _owner?: Owner): void {
    if (typeof value !== 'object' || value === null) throw new Unwritable()
    if (++w.depth > MAX_DEPTH) throw new Unwritable()
    const object = value as Record<string, unknown>
    const base = this.header ? w.take((this.header.size + 3) & ~3) : w.length
    const proto = Object.getPrototypeOf(object)
    // The keys of the value before are mostly those of this one: then nothing is looked up.
    const plan = this.#plan
    let i = 0
    // for...in is faster than Object.keys, but sees inherited keys.
    if ((proto === Object.prototype && !hasKeys(proto)) || proto === null)
      for (const key in object) {
        let put = plan[i]
        if (put === undefined || put.key !== key) put = this.#planned(i, key)
        i++
        const one = object[key]
        if (one !== undefined) this.#put(w, put, base, one, object)
      }
    else
      for (const key of Object.keys(object))
        if (object[key] !== undefined) this.#put(w, this.#planned(i++, key), base, object[key], object)
    w.depth--
  }

  #planned(i: number, key: string): Put {
    const put = this.#puts.get(key)
    if (put === undefined) throw new Unwritable()
    if (i < 256) this.#plan[i] = put
    return put
  }

  #put(w: Writer, put: Put, base: number, value: unknown, owner: Record<string, unknown>): void {
    const { type } = put
    if (put.size > 0) {
      // A number in an attribute of its own: header, value, padding.
      const at = w.room(put.room)
      const { view, little } = w
      view.setUint16(at, put.size + 4, little)
      view.setUint16(at + 2, put.number, little)
      if (put.room - put.size > 4) view.setUint32(at + 4, 0)
      if (!type!.put!(w, at + 4, value)) throw new Unwritable()
    } else if (put.offset >= 0) {
      if (type!.put) {
        if (!type!.put(w, base + put.offset, value)) throw new Unwritable()
      } else {
        const { length } = w
        w.length = base + put.offset
        type!.write(w, value, undefined)
        w.length = length
      }
    } else if (put.attribute) this.#write(w, put.attribute, put.key, value, owner)
    else {
      if (!Array.isArray(value)) throw new Unwritable()
      for (const each of value as UnknownAttribute[]) writeUnknown(w, each)
    }
  }

  /** Writes the attribute, or each of the repeated attributes, that a key of the value stands for. */
  writeNamed(w: Writer, key: string, value: unknown, owner: Record<string, unknown>): void {
    const attribute = this.#byName.get(key)
    if (!attribute) throw new Unwritable()
    this.#write(w, attribute, key, value, owner)
  }

  #write(w: Writer, attribute: Attribute, key: string, value: unknown, owner: Record<string, unknown>): void {
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
    const at = w.room(4)
    type.write(w, value, owner)
    const length = w.length - at
    if (length > MAX_ATTRIBUTE) throw new Unwritable()
    const { nestedBit } = type.resolve === undefined ? type : resolved(type, owner)
    putAttributeHeader(w, at, length, nestedBit ? number | NESTED : number)
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
      set: this.name,
      ...(this.header ? { header: this.header.describe() } : {}),
      attributes: this.list.map(({ name, number, type, selector, repeated }) => ({
        ...(selector ? selector.describe() : type.describe()),
        name,
        number,
        ...(repeated ? { repeated } : {}),
      })),
    }
  }
}
