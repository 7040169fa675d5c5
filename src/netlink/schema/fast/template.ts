/**
 * Making plain objects fast without generated code, by three things that were measured:
 *
 * - V8 clones an object in one allocation where a source line always sees the same kind of object (23 ns for 12 keys;
 *   164 from a line that sees many kinds; 312 for keys added one by one, which also turns an object to a slow
 *   dictionary at some twenty keys). So an object is cloned from a template, each template from a source line of its own.
 * - A store under a computed key takes 10 to 18 ns, a comparison with the last message 1. Messages of a dump repeat
 *   most of their values, so the template keeps the values that came last, and only words that differ are read at all.
 * - What a template keeps is shared by many results, so it is only ever numbers, bigints, strings and frozen lists.
 */
import { Reader } from '../../bytes/bytes.js'
import type { AnyType } from '../type.js'

/** What fills one key; `scalar` is its number of bytes where a template can keep its value, else 0 (see Type). */
export interface Part {
  readonly name: string
  readonly type: AnyType
  readonly scalar: number
}

/** Bytes that are compared at once: four with all the parts in them, or the eight of one part. */
export interface TemplateUnit {
  /** Where it begins. */
  readonly at: number
  readonly parts: readonly { readonly part: Part; readonly at: number }[]
}

/** The scalar parts of a struct as units. The last unit may reach beyond the struct's end. */
export function unitsOf(members: readonly (Part & { readonly offset: number })[]): TemplateUnit[] {
  const units: { at: number; parts: { part: Part; at: number }[] }[] = []
  for (const part of members) {
    if (part.scalar === 0) continue
    const last = units.at(-1)
    const inside = last !== undefined && part.offset + part.scalar <= last.at + 4
    if (inside) last.parts.push({ part, at: part.offset - last.at })
    else units.push({ at: part.offset, parts: [{ part, at: 0 }] })
  }
  return units
}

/** How many bytes from the beginning of a struct comparing its units looks at. */
export const reachOf = (units: readonly TemplateUnit[]): number =>
  Math.max(0, ...units.map((unit) => unit.at + (isWide(unit) ? 8 : 4)))

const isWide = ({ parts }: TemplateUnit): boolean => parts[0]!.part.scalar === 8
const zeros = new Uint8Array(8)
let lines = 0

/** Objects of one shape: the same keys in the same order, most of the values as in the object before. */
export class ObjectTemplate {
  /** Where each unit of a struct is. */
  readonly where: Int32Array
  readonly units: readonly TemplateUnit[]
  /** How many units have four bytes; those with eight come after them. */
  readonly #narrow: number
  readonly #object: Record<string, unknown>
  // The bytes that the object's values were read from, as two words, and those that were seen last.
  readonly #low: Int32Array
  readonly #high: Int32Array
  readonly #seenLow: Int32Array
  readonly #seenHigh: Int32Array
  /** The source line that clones the object: taken at the first use, since most templates on the way to one are never used. */
  #line = -1

  /**
   * @param keys all keys in their order, those included that are filled fallback
   * @param units what is filled by `fill`
   * @param little the byte order: the same bytes are another value in the other one, so each has its templates
   */
  constructor(keys: readonly string[], units: readonly TemplateUnit[], little: boolean) {
    this.units = [...units.filter((unit) => !isWide(unit)), ...units.filter(isWide)]
    this.#narrow = units.filter((unit) => !isWide(unit)).length
    this.where = Int32Array.from(this.units, (unit) => unit.at)
    // Through JSON, so that V8 sees all keys at once; null, so that no field is made for small integers only.
    this.#object = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:null`).join(',')}}`)
    const r = new Reader(zeros, little ? 'little' : 'big')
    for (const { parts } of units)
      for (const { part } of parts) this.#object[part.name] = part.type.read(r, 0, part.scalar, undefined)
    const { length } = units
    this.#low = new Int32Array(length)
    this.#high = new Int32Array(length)
    this.#seenLow = new Int32Array(length)
    this.#seenHigh = new Int32Array(length)
  }

  /** A new object. Every key that is not scalar must be set by the caller. */
  make(): Record<string, unknown> {
    if (this.#line < 0) this.#line = lines++ & 63
    return clone(this.#line, this.#object)
  }

  /** Sets those scalar keys of a new object whose values differ from what it has already. */
  fill(value: Record<string, unknown>, r: Reader, at: number, where: Int32Array): void {
    const { view } = r
    const low = this.#low
    const high = this.#high
    const narrow = this.#narrow
    for (let i = 0; i < narrow; i++) {
      const word = view.getInt32(at + where[i]!, true)
      if (word !== low[i]) this.#put(value, i, word, 0, r, at + where[i]!)
    }
    for (let i = narrow; i < where.length; i++) {
      const word = view.getInt32(at + where[i]!, true)
      const upper = view.getInt32(at + where[i]! + 4, true)
      if (word !== low[i] || upper !== high[i]) this.#put(value, i, word, upper, r, at + where[i]!)
    }
  }

  #put(value: Record<string, unknown>, index: number, low: number, high: number, r: Reader, from: number): void {
    const again = low === this.#seenLow[index] && high === this.#seenHigh[index]
    for (const { part, at } of this.units[index]!.parts) {
      const one = part.type.read(r, from + at, from + at + part.scalar, undefined)
      value[part.name] = one
      // Twice in a row: likely to come again. A value that always changes costs no second store.
      if (again) this.#object[part.name] = one
    }
    if (again) {
      this.#low[index] = low
      this.#high[index] = high
    } else {
      this.#seenLow[index] = low
      this.#seenHigh[index] = high
    }
  }
}

function clone(line: number, object: Record<string, unknown>): Record<string, unknown> {
  // biome-ignore format: one line each is the point
  switch (line) {
    case 0: return { ...object }
    case 1: return { ...object }
    case 2: return { ...object }
    case 3: return { ...object }
    case 4: return { ...object }
    case 5: return { ...object }
    case 6: return { ...object }
    case 7: return { ...object }
    case 8: return { ...object }
    case 9: return { ...object }
    case 10: return { ...object }
    case 11: return { ...object }
    case 12: return { ...object }
    case 13: return { ...object }
    case 14: return { ...object }
    case 15: return { ...object }
    case 16: return { ...object }
    case 17: return { ...object }
    case 18: return { ...object }
    case 19: return { ...object }
    case 20: return { ...object }
    case 21: return { ...object }
    case 22: return { ...object }
    case 23: return { ...object }
    case 24: return { ...object }
    case 25: return { ...object }
    case 26: return { ...object }
    case 27: return { ...object }
    case 28: return { ...object }
    case 29: return { ...object }
    case 30: return { ...object }
    case 31: return { ...object }
    case 32: return { ...object }
    case 33: return { ...object }
    case 34: return { ...object }
    case 35: return { ...object }
    case 36: return { ...object }
    case 37: return { ...object }
    case 38: return { ...object }
    case 39: return { ...object }
    case 40: return { ...object }
    case 41: return { ...object }
    case 42: return { ...object }
    case 43: return { ...object }
    case 44: return { ...object }
    case 45: return { ...object }
    case 46: return { ...object }
    case 47: return { ...object }
    case 48: return { ...object }
    case 49: return { ...object }
    case 50: return { ...object }
    case 51: return { ...object }
    case 52: return { ...object }
    case 53: return { ...object }
    case 54: return { ...object }
    case 55: return { ...object }
    case 56: return { ...object }
    case 57: return { ...object }
    case 58: return { ...object }
    case 59: return { ...object }
    case 60: return { ...object }
    case 61: return { ...object }
    case 62: return { ...object }
    default: return { ...object }
  }
}
