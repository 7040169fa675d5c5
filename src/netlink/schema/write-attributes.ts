/** Writing an attribute set: one pass over the keys of the value, each compared with the one at that place in the last value. */
import { align4, type Writer } from '../bytes/bytes.js'
import { isObject } from '../bytes/equal.js'
import { Unwritable } from '../bytes/failure.js'
import {
  MAX_ATTRIBUTE,
  MAX_DEPTH,
  NESTED,
  putAttributeHeader,
  type UnknownAttribute,
  writeUnknown,
} from '../bytes/nlattr.js'
import type { Attribute } from './attribute.js'
import type { Struct } from './struct.js'
import { type AnyType, type Owner, resolved } from './type.js'

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

/** Writes the values of one set. */
export class SetWriter {
  /** What each key is written by. */
  readonly #puts = new Map<string, Put>()
  /** Those of the keys of the last value, in their order: only ever a guess. */
  readonly #plan: Put[] = []
  readonly #headerSize: number

  constructor(byName: ReadonlyMap<string, Attribute>, header: Struct | undefined) {
    this.#headerSize = align4(header?.size ?? 0)
    this.#puts.set('unknown', {
      key: 'unknown',
      type: undefined,
      attribute: undefined,
      number: 0,
      size: 0,
      room: 0,
      offset: -1,
    })
    for (const [key, attribute] of byName) {
      const { type, number } = attribute
      const fixed = !attribute.selector && !attribute.repeated && type.put && type.nestedBit === undefined
      const size = fixed ? type.size! : 0
      this.#puts.set(key, { key, type, attribute, number, size, room: align4(size + 4), offset: -1 })
    }
    let offset = 0
    for (const [key, type] of Object.entries(header?.members ?? {})) {
      if (!key.startsWith('_'))
        this.#puts.set(key, { key, type, attribute: undefined, number: 0, size: 0, room: 0, offset })
      offset += type.size
    }
  }

  write(w: Writer, value: unknown): void {
    if (typeof value !== 'object' || value === null) throw new Unwritable()
    if (++w.depth > MAX_DEPTH) throw new Unwritable()
    const object = value as Record<string, unknown>
    const base = w.take(this.#headerSize)
    const proto = Object.getPrototypeOf(object)
    // The keys of the value before are mostly those of this one: then nothing is looked up.
    const plan = this.#plan
    let i = 0
    // for...in is faster than Object.keys, but sees inherited keys.
    if ((proto === Object.prototype && !hasKeys(proto)) || proto === null)
      for (const key in object) {
        const one = object[key]
        // Of whatever name: undefined is as if it was not there.
        if (one === undefined) continue
        let put = plan[i]
        if (put === undefined || put.key !== key) put = this.#planned(i, key)
        i++
        this.#put(w, put, base, one, object)
      }
    else if (!isObject(object)) throw new Unwritable()
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
        type!.write(w, value, owner)
        w.length = length
      }
    } else if (put.attribute) writeAttribute(w, put.attribute, put.key, value, owner)
    else {
      if (!Array.isArray(value)) throw new Unwritable()
      for (const each of value as UnknownAttribute[]) writeUnknown(w, each)
    }
  }
}

/** Writes the attribute, or each of the repeated attributes, that a key of its object stands for. */
export function writeAttribute(
  w: Writer,
  attribute: Attribute,
  key: string,
  value: unknown,
  owner: Record<string, unknown>,
): void {
  const type = attribute.selector ? attribute.selector.typeOf(key, owner) : attribute.type
  if (type === undefined) throw new Unwritable()
  if (!attribute.repeated) {
    writeOne(w, attribute.number, type, value, owner)
    return
  }
  if (!Array.isArray(value)) throw new Unwritable()
  for (const one of value) writeOne(w, attribute.number, type, one, owner)
}

/** Writes one attribute: header, payload, padding. */
function writeOne(w: Writer, number: number, type: AnyType, value: unknown, owner: Owner): void {
  const at = w.room(4)
  type.write(w, value, owner)
  const length = w.length - at
  if (length > MAX_ATTRIBUTE) throw new Unwritable()
  const { nestedBit } = type.resolve === undefined ? type : resolved(type, owner)
  putAttributeHeader(w, at, length, nestedBit ? number | NESTED : number)
  w.align()
}
