/** What options can be: an option that is none of it is refused, by its name, before anything is done. */
import { type ByteOrder, hostByteOrder } from './bytes/byte-order.js'
import { didYouMean, nearest } from './bytes/nearest.js'
import { OptionError } from './errors.js'

/** The largest numbers that the kernel takes for an int, and for a port or a sequence number. */
export const INT_MAX = 0x7fffffff
export const U32_MAX = 0xffffffff

/** Checks one option; undefined stands for one that was left out, and is not given to it. @throws OptionError */
export type OptionCheck = (name: string, value: unknown) => unknown
/** The checks of all options that an interface declares. */
export type OptionTable<T> = { readonly [K in keyof T]-?: OptionCheck }

/**
 * Checks an object with options, each by its declaration.
 * @param whose what takes them: `openRtnl`
 * @throws OptionError
 */
export function checkOptions<T>(whose: string, given: unknown, table: OptionTable<T>): void {
  if (!isObject(given)) throw new OptionError(`the options of ${whose}`, given, 'an object')
  for (const name in given) {
    const value = given[name]
    if (value !== undefined && Object.hasOwn(table, name)) table[name as keyof T](name, value)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A check by a condition. @param accepted what it can be: `true or false` */
const check =
  (accepted: string, fits: (value: unknown) => boolean): OptionCheck =>
  (name, value) => {
    if (!fits(value)) throw new OptionError(name, value, accepted)
  }

/** An integer in a range. @throws OptionError */
export function integerOption(name: string, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number
  throw new OptionError(name, value, `an integer from ${min} to ${max}`)
}

/** An option that is an integer in a range. */
export const integerFrom =
  (min: number, max = Number.MAX_SAFE_INTEGER): OptionCheck =>
  (name, value) =>
    integerOption(name, value, min, max)

/** A time in milliseconds; 0 and Infinity for no limit. @throws OptionError */
export function timeoutOption(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new OptionError(name, value, 'milliseconds from 0 (0: no limit)')
}

/** How many there may be, from 1, or Infinity. @throws OptionError */
export function limitOption(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 1) return value
  throw new OptionError(name, value, 'a number from 1')
}

/** One of a few words. @throws OptionError */
export function choiceOption<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T
  throw new OptionError(name, value, `one of ${choices.join(', ')}`)
}

/** An option that is one of a few words. */
export const oneOf =
  (...choices: readonly string[]): OptionCheck =>
  (name, value) =>
    choiceOption(name, value, choices)

/** A byte order; undefined is this machine's. @throws OptionError */
export function byteOrderOption(value: unknown, name = 'byteOrder'): ByteOrder {
  return value === undefined ? hostByteOrder : choiceOption(name, value, ['little', 'big'])
}

/** A byte order that has to be given. @throws OptionError */
export const isByteOrder = oneOf('little', 'big')

/** A list of names, or undefined. @throws OptionError */
export function namesOption(name: string, value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.every((one) => typeof one === 'string'))) return
  throw new OptionError(name, value, 'a list of names')
}

const SHOWN = 8
/** A few of the names, where none is like the one that was given. */
const firstOf = (names: readonly string[]): string =>
  `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', ...' : ''}`

/**
 * The error for a name in a list of names that is none of the known ones.
 * @param what what the names are: `names of IFLA`
 */
export function unknownName(option: string, name: string, what: string, known: Iterable<string>): OptionError {
  const instead = didYouMean(nearest(name, known)) || firstOf([...new Set(known)])
  return new OptionError(option, name, `${what} (${instead})`)
}

/** A protocol of which messages are read or written. Written out, for every decode asks. @throws OptionError */
export function isProtocol(name: string, value: unknown): void {
  const { find, messages } = (value ?? {}) as { readonly find?: unknown; readonly messages?: unknown }
  if (typeof find !== 'function' || typeof messages !== 'object')
    throw new OptionError(name, value, 'a protocol, as defineProtocol makes it')
}

/** What ends a wait. */
export const isSignal = check(
  'an AbortSignal',
  (value) => hasMethods(value, 'addEventListener', 'removeEventListener') && 'aborted' in (value as object),
)
/** For what is looked at where it is used: anything. */
export const isGiven: OptionCheck = () => {}
export const isTransport = check('a transport', (value) => hasMethods(value, 'send', 'receive', 'close'))
export const isBoolean = check('true or false', (value) => typeof value === 'boolean')
export const isFunction = check('a function', (value) => typeof value === 'function')
export const isText = check('text', (value) => typeof value === 'string')
export const isArray = check('a list', Array.isArray)
/** An object with members of its own names. */
export const isRecord = check('an object', isObject)

/** Whether it is an object with these methods. */
export const hasMethods = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')

/** An option that is an object with these methods. */
export const withMethods = (accepted: string, ...names: readonly string[]): OptionCheck =>
  check(accepted, (value) => hasMethods(value, ...names))

/** Whether it is a Uint8Array, from another realm (a vm context, as test runners make them) as well. */
export const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'

/** Bytes. @throws OptionError */
export function bytesOption(name: string, value: unknown): void {
  if (!isBytes(value)) throw new OptionError(name, value, 'a Uint8Array (new Uint8Array(buffer) for an ArrayBuffer)')
}
