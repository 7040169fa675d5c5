/** Results: what IPAM plugins and the plugin before tell, and what is told to the runtime, in each version's form. */

import { isObject } from '../../netlink/bytes/equal.js'
import { parseAddress } from '../../netlink/schema/types/address.js'
import { parsePrefix } from '../../rtnl/client/prefix.js'
import { CniError, written } from './errors.js'
import { type CniVersion, isAtLeast } from './versions.js'

/** An interface of a result. */
export interface CniInterface {
  readonly name: string
  readonly mac?: string
  readonly mtu?: number
  readonly sandbox?: string
}

/** An address of a result. */
export interface CniAddress {
  readonly address: string
  readonly gateway?: string
  /** The index of its interface. */
  readonly interface?: number
}

/** A route of a result. */
export interface CniRoute {
  readonly dst: string
  readonly gw?: string
  readonly mtu?: number
  readonly advmss?: number
  readonly priority?: number
  readonly table?: number
  readonly scope?: number
}

/** A result, in the form of 1.0.0 and later. */
export interface CniResult {
  readonly interfaces: readonly CniInterface[]
  readonly ips: readonly CniAddress[]
  readonly routes: readonly CniRoute[]
  readonly dns: object
}

/**
 * Reads a result of any version.
 * @param from who gave it, for messages
 * @throws CniError when something in it is not as the specification has it
 */
export function parseResult(value: unknown, from: string): CniResult {
  if (!isObject(value)) throw new CniError('decoding', `${from}: ${written(value)} is no result`)
  return {
    interfaces: list(from, value, 'interfaces').map((one, i) => interfaceOf(`${from}: interfaces[${i}]`, one)),
    ips: list(from, value, 'ips').map((one, i) => addressOf(`${from}: ips[${i}]`, one)),
    routes: list(from, value, 'routes').map((one, i) => routeOf(`${from}: routes[${i}]`, one)),
    dns: isObject(value.dns) ? value.dns : {},
  }
}

/**
 * A result in a version's form: before 1.0.0 each address says its version; the MTU came with 1.1.0.
 * @example formatResult('0.4.0', result) // { cniVersion: '0.4.0', ips: [{ version: '4', interface: 0, ... }], ... }
 */
export function formatResult(version: CniVersion, result: CniResult): object {
  const old = !isAtLeast(version, '1.0.0')
  const ips = result.ips.map((one) => ({ ...(old ? { version: one.address.includes(':') ? '6' : '4' } : {}), ...one }))
  const withMtu = isAtLeast(version, '1.1.0')
  const interfaces = result.interfaces.map(({ mtu, ...one }) => (withMtu && mtu ? { ...one, mtu } : one))
  return {
    cniVersion: version,
    ...(interfaces.length > 0 ? { interfaces } : {}),
    ...(ips.length > 0 ? { ips } : {}),
    ...(result.routes.length > 0 ? { routes: result.routes } : {}),
    dns: result.dns,
  }
}

function list(from: string, value: Record<string, unknown>, member: string): unknown[] {
  const found = value[member] ?? []
  if (Array.isArray(found)) return found
  throw new CniError('decoding', `${from}: "${member}": ${written(found)} is no list`)
}

function interfaceOf(where: string, value: unknown): CniInterface {
  const one = objectAt(where, value)
  const { name, mac, sandbox } = one
  for (const [member, text] of Object.entries({ name, mac, sandbox }))
    if (text !== undefined && typeof text !== 'string')
      throw new CniError('decoding', `${where}: "${member}": ${written(text)} is no text`)
  return { ...(one as object), name: (name ?? '') as string }
}

function addressOf(where: string, value: unknown): CniAddress {
  const { address, gateway, interface: index } = objectAt(where, value)
  if (typeof address !== 'string' || !address.includes('/') || parsePrefix(address) === undefined)
    throw new CniError('decoding', `${where}: "address": ${written(address)} is no address such as 10.0.1.2/24`)
  return { ...indexAt(where, index), address, ...addressAt(where, 'gateway', gateway) }
}

function routeOf(where: string, value: unknown): CniRoute {
  const { dst, gw, ...rest } = objectAt(where, value)
  if (typeof dst !== 'string' || !dst.includes('/') || parsePrefix(dst) === undefined)
    throw new CniError('decoding', `${where}: "dst": ${written(dst)} is no destination such as 10.0.0.0/8`)
  const numbers: Record<string, number> = {}
  for (const member of ['mtu', 'advmss', 'priority', 'table', 'scope']) {
    const number = rest[member]
    if (number === undefined || number === null) continue
    if (!Number.isInteger(number) || (number as number) < 0 || (number as number) >= 2 ** 32)
      throw new CniError('decoding', `${where}: "${member}": ${written(number)} is no number of 32 bits`)
    numbers[member] = number as number
  }
  return { dst, ...addressAt(where, 'gw', gw), ...numbers }
}

function objectAt(where: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw new CniError('decoding', `${where}: ${written(value)} is no object`)
}

function indexAt(where: string, value: unknown): { interface?: number } {
  if (value === undefined || value === null) return {}
  if (Number.isSafeInteger(value) && (value as number) >= 0) return { interface: value as number }
  throw new CniError('decoding', `${where}: "interface": ${written(value)} is no index`)
}

function addressAt(where: string, member: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value === 'string' && parseAddress(value) !== undefined) return { [member]: value }
  throw new CniError('decoding', `${where}: "${member}": ${written(value)} is no address`)
}
