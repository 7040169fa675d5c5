/** What the codec throws inside, and what is wrong with a value. */
import { type Expected, expectedText } from './expected.js'

/** One thing wrong with a value, and where. */
export interface Issue {
  /** Where: `linkinfo.data.mode`. Empty for the value itself. */
  readonly path: string
  /** What would be accepted, as a sentence: `expected one of l2, l3, l3s or a number from 0 to 65535`. */
  readonly message: string
  readonly value: unknown
  /** The same as data, for programs: `message` is made of it. Undefined where the message says what no data does. */
  readonly expected?: Expected
}

/** An issue about what a value was expected to be. @example issueOf('mtu', 'x', { kind: 'integer', min: 0, max: 255 }) */
export const issueOf = (path: string, value: unknown, expected: Expected): Issue => ({
  path,
  message: expectedText(expected),
  value,
  expected,
})

/** Joins a path and a name. */
export const join = (path: string, name: string): string =>
  path === '' || name === '' ? path + name : `${path}.${name}`

/**
 * Thrown inside the codec when bytes do not fit: where, and why. The decoder's door makes a DecodeError of it, with
 * the path found by a second, slower walk, so that the fast path never builds a string.
 */
export class Malformed extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

/** Thrown inside the codec when a value cannot be written; the encoder's door finds the path with `check`. */
export class Unwritable extends Error {}
