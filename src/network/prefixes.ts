/** Subnets, and addresses within them. */
import { OptionError } from '../netlink/errors.js'
import { addressText, parseAddress } from '../netlink/schema/types/address.js'
import { type Prefix, parsePrefix, sameAddress } from '../rtnl/client/prefix.js'

export type Family = Prefix['family']
export const families: readonly Family[] = ['inet', 'inet6']

/** The longest prefix of a family: a single address. */
export const fullLength = (family: Family): number => (family === 'inet' ? 32 : 128)

/** The family of an address as text. */
export const familyOf = (address: string): Family => (address.includes(':') ? 'inet6' : 'inet')

/** `10.0.1.10/24`. */
export const prefixText = ({ address, length }: Prefix): string => `${address}/${length}`

/** An address alone, as a prefix of all its bits. */
export const single = (address: string): Prefix => {
  const family = familyOf(address)
  return { family, address, length: fullLength(family) }
}

/**
 * An address as the kernel's are decoded, however it was written: from here on the same text is the same address.
 * @example canonical('2001:DB8:0::1') // '2001:db8::1'
 */
const canonical = (address: string): string => addressText(parseAddress(address)!)

/** A list of prefixes. @throws OptionError with the place in the list */
export function prefixesOption(option: string, values: unknown): Prefix[] {
  if (!Array.isArray(values)) throw new OptionError(option, values, 'a list of addresses')
  return values.map((value, i) => prefixOption(`${option}[${i}]`, value))
}

function prefixOption(option: string, value: unknown): Prefix {
  const prefix = parsePrefix(value as string)
  if (prefix === undefined) throw new OptionError(option, value, 'an address such as 192.168.30.2/24 or fd30::2/64')
  return { ...prefix, address: canonical(prefix.address) }
}

/** Addresses without a length. @throws OptionError */
export function addressesOption(option: string, values: unknown): string[] {
  const list = typeof values === 'string' ? [values] : values
  if (!Array.isArray(list)) throw new OptionError(option, values, 'an address, or a list of addresses')
  return list.map((value, i) => {
    if (typeof value !== 'string' || parseAddress(value) === undefined)
      throw new OptionError(`${option}[${i}]`, value, 'an address without a length, such as 192.168.30.1 or fd30::1')
    return canonical(value)
  })
}

/** One address of each family. @throws OptionError when a family has two */
export function byFamily(option: string, values: unknown): Partial<Record<Family, string>> {
  const found: Partial<Record<Family, string>> = {}
  for (const address of addressesOption(option, values)) {
    const family = familyOf(address)
    if (found[family] !== undefined) throw new OptionError(option, values, `one address of ${family}`)
    found[family] = address
  }
  return found
}

/** Whether a subnet has an address. @example contains({ family: 'inet', address: '10.0.1.0', length: 24 }, '10.0.1.7') // true */
export function contains(subnet: Prefix, address: string): boolean {
  const [a, b] = [parseAddress(subnet.address), parseAddress(address)]
  if (!a || !b || a.length !== b.length) return false
  return a.every((byte, i) => {
    const mask = maskOf(subnet.length, i)
    return (byte & mask) === (b[i]! & mask)
  })
}

/** The bits of a byte that belong to the network. */
const maskOf = (length: number, byte: number): number => {
  const bits = Math.min(8, Math.max(0, length - 8 * byte))
  return (0xff << (8 - bits)) & 0xff
}

/**
 * The broadcast address of an IPv4 prefix, as container runtimes set it; undefined where there is none (/31, /32, IPv6).
 * @example broadcastOf({ family: 'inet', address: '192.168.30.2', length: 24 }) // '192.168.30.255'
 */
export function broadcastOf({ family, address, length }: Prefix): string | undefined {
  if (family !== 'inet' || length > 30) return undefined
  return [...parseAddress(address)!].map((byte, i) => byte | (~maskOf(length, i) & 0xff)).join('.')
}

/** The subnet itself: the address with all bits zero that are not the network's. */
export function networkOf({ family, address, length }: Prefix): Prefix {
  const bytes = parseAddress(address)!.map((byte, i) => byte & maskOf(length, i))
  return { family, address: addressText(bytes), length }
}

export { sameAddress }
