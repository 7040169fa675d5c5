/** What options can be: an option that is none of it is refused, by its name, before anything is done. */
import { type ByteOrder, hostByteOrder } from './bytes/byte-order.js'
import { OptionError } from './errors.js'

/** The largest numbers that the kernel takes for an int, and for a port or a sequence number. */
export const INT_MAX = 0x7fffffff
export const U32_MAX = 0xffffffff

/** An integer in a range. @throws OptionError */
export function integerOption(name: string, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number
  throw new OptionError(name, value, `an integer from ${min} to ${max}`)
}

/** A time in milliseconds; 0 and Infinity for no limit. @throws OptionError */
export function timeoutOption(value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new OptionError('timeout', value, 'milliseconds from 0 (0: no limit)')
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

/** A byte order; undefined is this machine's. @throws OptionError */
export function byteOrderOption(value: unknown): ByteOrder {
  return value === undefined ? hostByteOrder : choiceOption('byteOrder', value, ['little', 'big'])
}

/** A list of names, or undefined. @throws OptionError */
export function namesOption(name: string, value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.every((one) => typeof one === 'string'))) return
  throw new OptionError(name, value, 'a list of names')
}

/** Whether it is a Uint8Array, from another realm (a vm context, as test runners make them) as well. */
export const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'

/** Bytes. @throws OptionError */
export function bytesOption(name: string, value: unknown): void {
  if (!isBytes(value)) throw new OptionError(name, value, 'a Uint8Array (new Uint8Array(buffer) for an ArrayBuffer)')
}
