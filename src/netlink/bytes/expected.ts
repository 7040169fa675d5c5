/** What would have been accepted: as data for programs, and as an English sentence that is made here alone. */

/** What a value was expected to be. Switch on `kind`. */
export type Expected =
  /** A number, or a bigint where the wire has 64 bits. */
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'bigint'; readonly min: bigint; readonly max: bigint }
  /**
   * One of the names, or a number in their place: a bigint where `max` is one. `counted`: the names are those of a few
   * numbers without gaps, so that another number means nothing yet.
   */
  | {
      readonly kind: 'enum'
      readonly names: readonly string[]
      readonly min: number | bigint
      readonly max: number | bigint
      readonly counted?: boolean
    }
  /**
   * A list of names, or of numbers in their place: bigints where `max` is one. `instead` has the names that count where
   * the flag `when` is set.
   */
  | {
      readonly kind: 'flags'
      readonly names: readonly string[]
      readonly max: number | bigint
      readonly instead?: { readonly when: string; readonly names: readonly string[] }
    }
  /** Yes or no as a number: 1 or 0. */
  | { readonly kind: 'bool' }
  /** `true`: false is to leave it out. */
  | { readonly kind: 'flag' }
  /** One of a few values. */
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** Text of at most `max` bytes; `length` is how many it had. */
  | { readonly kind: 'string'; readonly max?: number; readonly length?: number }
  /** Text that keeps a rule of its own; `problem` is what is wrong with it. */
  | { readonly kind: 'name'; readonly what: string; readonly problem: string }
  /** Text in a notation of its own, such as addresses. */
  | { readonly kind: 'notation'; readonly what: string; readonly examples: readonly string[] }
  /** A Uint8Array, of `size` bytes where that is fixed. */
  | { readonly kind: 'bytes'; readonly size?: number }
  /** A list, of `size` items where that is fixed. */
  | { readonly kind: 'list'; readonly size?: number }
  /** An object with one member, which has one of these names. */
  | { readonly kind: 'single'; readonly names: readonly string[] }
  /** An object with members of these names; without `names` one that is keyed by number. */
  | { readonly kind: 'object'; readonly names?: readonly string[] }
  /** One of these names as the key: there is no such attribute, member, setting, ... (`what`). */
  | { readonly kind: 'key'; readonly what: string; readonly names: readonly string[]; readonly orNumber?: true }
  /** A number as the key. */
  | { readonly kind: 'index'; readonly max: number }
  /** A discriminator with one of these values; without one that is known, bytes under the name of `fallback`. */
  | {
      readonly kind: 'case'
      readonly by: string
      readonly given: string | undefined
      readonly names: readonly string[]
      readonly fallback: string
    }
  /** Attributes that no definition knows: a list of { type, data }. */
  | { readonly kind: 'unknown'; readonly maxType: number; readonly maxLength: number }
  /** Less than that: in depth, or in the bytes of an attribute. */
  | { readonly kind: 'depth'; readonly max: number }
  | { readonly kind: 'length'; readonly max: number }
  /** Nothing: such a request cannot set it (see Access of schema/meaning.ts). */
  | { readonly kind: 'absent'; readonly access: 'read-only' | 'create-only' | 'change-only' | 'query-only' }
  /** What is wrong with a member of the value. */
  | { readonly kind: 'member'; readonly name: string; readonly expected: Expected }

/** How what people cannot write as such is called: on a command line all are words. */
export interface ExpectedWords {
  readonly bytes: string
  readonly bigint: string
  readonly flag: string
  readonly bool: string
  /** Whether numbers are offered beside names where they mean nothing (`counted`). Default true. */
  readonly numbers?: boolean
}

const ofTypes: ExpectedWords = {
  bytes: 'a Uint8Array',
  bigint: 'a bigint',
  flag: 'true (leave it out for false)',
  bool: '1 or 0, for yes or no',
}

/**
 * The sentence for what was expected.
 * @example expectedText({ kind: 'integer', min: 0, max: 255 }) // 'expected an integer from 0 to 255'
 */
export function expectedText(expected: Expected, words: ExpectedWords = ofTypes): string {
  switch (expected.kind) {
    case 'key':
      return `no such ${expected.what}: expected ${listed(expected.names)}${expected.orNumber ? ', or a number as the key' : ''}`
    case 'case': {
      const { by, given, names, fallback } = expected
      const found = given === undefined ? `${by} is missing` : `${by} "${given}" has no known data`
      return `${found}: expected ${by} to be one of ${listed(names)}, or bytes in ${fallback}`
    }
    case 'depth':
      return `nested more than ${expected.max} deep`
    case 'length':
      return `an attribute would be longer than ${expected.max} bytes`
    case 'absent':
      return absent[expected.access]
    case 'member':
      return `${expected.name}: ${expectedText(expected.expected, words)}`
    default:
      return `expected ${valueText(expected, words)}`
  }
}

const absent = {
  'read-only': 'only the kernel sets it: leave it out',
  'create-only': 'only a new one can have it set: leave it out of a change',
  'change-only': 'only a change can set it: leave it out of a new one',
  'query-only': 'only a request that asks for objects can have it: leave it out',
} as const

type OfValue = Exclude<Expected, { readonly kind: 'key' | 'case' | 'depth' | 'length' | 'absent' | 'member' }>

function valueText(expected: OfValue, words: ExpectedWords): string {
  switch (expected.kind) {
    case 'integer':
      return `an integer from ${expected.min} to ${expected.max}`
    case 'bigint':
      return `${words.bigint} from ${expected.min} to ${expected.max}`
    case 'enum':
      if (expected.counted && words.numbers === false) return `one of ${listed(expected.names)}`
      return `one of ${listed(expected.names)}, or ${typeof expected.max === 'bigint' ? words.bigint : 'an integer'} from ${expected.min} to ${expected.max}`
    case 'flags':
      return `a list of ${listed(expected.names) || 'numbers'}${insteadText(expected.instead)}, or ${typeof expected.max === 'bigint' ? 'bigints' : 'numbers'} up to ${expected.max}`
    case 'flag':
      return words.flag
    case 'bool':
      return words.bool
    case 'choice':
      return expected.values.join(' or ')
    case 'string': {
      const { max, length } = expected
      const limit = max === undefined ? '' : ` of at most ${max} bytes`
      return `text without NUL${limit}${length === undefined ? '' : `, got ${length}`}`
    }
    case 'name':
      return `${expected.what}: ${expected.problem}`
    case 'notation':
      return `${expected.what} such as ${expected.examples.join(' or ')}`
    case 'bytes':
      return `${words.bytes}${expected.size === undefined ? '' : ` of ${expected.size} bytes`}`
    case 'list':
      return expected.size === undefined ? 'a list' : `a list of ${expected.size}`
    case 'single':
      return `an object with one of ${listed(expected.names)}`
    case 'object':
      return expected.names === undefined ? 'an object keyed by number' : `an object with ${listed(expected.names)}`
    case 'index':
      return `a number from 0 to ${expected.max} as the key`
    case 'unknown':
      return `a list of { type, data } with a number up to ${expected.maxType} and ${words.bytes} of at most ${expected.maxLength} bytes`
  }
}

const insteadText = (instead: { readonly when: string; readonly names: readonly string[] } | undefined): string =>
  instead === undefined ? '' : ` (with ${instead.when}: ${listed(instead.names)})`

const listed = (names: readonly string[]) => names.join(', ')
