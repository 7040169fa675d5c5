/** Addresses with prefix lengths, as people write them. */
import { EncodeError } from '../../netlink/errors.js'
import { parseAddress } from '../../netlink/schema/types/address.js'

/** An address and how many of its bits are the network's. */
export interface Prefix {
  readonly family: 'inet' | 'inet6'
  readonly address: string
  readonly length: number
}

/**
 * Parses `10.0.1.10/24` or `2001:db8::1/64`; without a length all bits count.
 * @returns undefined when it is neither
 * @example parsePrefix('10.0.1.10/24') // { family: 'inet', address: '10.0.1.10', length: 24 }
 */
export function parsePrefix(text: string): Prefix | undefined {
  if (typeof text !== 'string') return undefined
  const match = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text)
  const bytes = match && parseAddress(match[1]!)
  if (!match || !bytes) return undefined
  const bits = 8 * bytes.length
  const length = match[2] === undefined ? bits : Number(match[2])
  return length > bits ? undefined : { family: bits === 32 ? 'inet' : 'inet6', address: match[1]!, length }
}

/** The same, for a member of a request. @throws EncodeError with its path */
export function prefixOf(type: string, path: string, value: unknown): Prefix {
  const prefix = parsePrefix(value as string)
  if (prefix) return prefix
  const message = 'expected an address with its prefix length, such as 10.0.1.10/24 or 2001:db8::1/64'
  throw new EncodeError(type, [{ path, value, message }])
}

/**
 * The same, where a member of its own can say the length, as in what the kernel tells: it counts for a text without one.
 * @throws EncodeError also when the two contradict each other
 */
export function prefixWith(type: string, path: string, value: unknown, name: string, length: unknown): Prefix {
  const prefix = prefixOf(type, path, value)
  if (length === undefined) return prefix
  const bits = prefix.family === 'inet' ? 32 : 128
  const said = String(value).includes('/')
  if (
    Number.isInteger(length) &&
    (said ? length === prefix.length : (length as number) >= 0 && (length as number) <= bits)
  )
    return { ...prefix, length: length as number }
  const message = said
    ? `expected ${prefix.length}, as ${value} says, or none`
    : `expected an integer from 0 to ${bits}`
  throw new EncodeError(type, [{ path: name, value: length, message }])
}

/** Whether two texts are the same address: 2001:db8::1 and 2001:DB8:0::1 are. */
export function sameAddress(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true
  const [x, y] = [a, b].map((text) => (text === undefined ? undefined : parseAddress(text)))
  return x !== undefined && y !== undefined && x.length === y.length && x.every((byte, i) => byte === y[i])
}
