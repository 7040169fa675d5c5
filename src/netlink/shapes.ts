/**
 * Making plain objects fast without generated code, by three things that were measured:
 *
 * - V8 clones an object in one allocation where a source line always sees the same kind of object (23 ns for 12 keys;
 *   164 from a line that sees many kinds; 312 for keys added one by one, which also turns an object to a slow
 *   dictionary at some twenty keys). So an object is cloned from a mold, each mold from a source line of its own.
 * - A store under a computed key takes 10 to 18 ns, a comparison with the last message 3. Messages of a dump repeat
 *   most of their values, so the mold keeps the values that came last, and only what differs is put in.
 * - What a mold keeps is shared by many results, so it is only ever numbers, bigints, strings and frozen lists.
 */
import { Reader } from './bytes.js'
import type { AnyType } from './type.js'

/** What fills one key: its bytes are compared when `scalar`, their number, is not 0. */
export interface Part {
  readonly name: string
  readonly type: AnyType
  readonly scalar: number
}

const zeros = new Uint8Array(8)
let lines = 0

/** Objects of one shape: the same keys in the same order, most of the values as in the object before. */
export class Mold {
  readonly #line = lines++ & 63
  readonly #object: Record<string, unknown>
  // The bytes of each scalar value that the object holds, as two words, and those that were seen last.
  readonly #low: Uint32Array
  readonly #high: Uint32Array
  readonly #seenLow: Uint32Array
  readonly #seenHigh: Uint32Array

  /**
   * @param keys all keys in their order, those included that are filled otherwise
   * @param parts what is filled by `fill`, by its index
   * @param little the byte order: the same bytes are another value in the other one, so each has its molds
   */
  constructor(keys: readonly string[], parts: readonly Part[], little: boolean) {
    // Through JSON, so that V8 sees all keys at once; null, so that no field is made for small integers only.
    this.#object = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:null`).join(',')}}`)
    const r = new Reader(zeros, little ? 'little' : 'big')
    for (const { name, type, scalar } of parts) if (scalar > 0) this.#object[name] = type.read(r, 0, scalar, undefined)
    this.#low = new Uint32Array(parts.length)
    this.#high = new Uint32Array(parts.length)
    this.#seenLow = new Uint32Array(parts.length)
    this.#seenHigh = new Uint32Array(parts.length)
  }

  /** A new object. Every key that is not scalar must be set by the caller. */
  make(): Record<string, unknown> {
    return clone(this.#line, this.#object)
  }

  /** Sets a scalar key of a new object, unless it has the value already. */
  fill(value: Record<string, unknown>, index: number, part: Part, r: Reader, at: number): void {
    let low = 0
    let high = 0
    switch (part.scalar) {
      case 1:
        low = r.bytes[at]!
        break
      case 2:
        low = r.view.getUint16(at, true)
        break
      case 4:
        low = r.view.getUint32(at, true)
        break
      default:
        low = r.view.getUint32(at, true)
        high = r.view.getUint32(at + 4, true)
    }
    if (low === this.#low[index] && high === this.#high[index]) return
    const one = part.type.read(r, at, at + part.scalar, undefined)
    value[part.name] = one
    if (low === this.#seenLow[index] && high === this.#seenHigh[index]) {
      // Twice in a row: likely to come again. A value that always changes costs no second store.
      this.#low[index] = low
      this.#high[index] = high
      this.#object[part.name] = one
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
