/** The bodies of libnetwork's remote driver protocol (docs/remote.md of moby's libnetwork), looked at before they are used. */
import { DockerDriverError } from './errors.js'

/** An address pool, as the daemon's IPAM gives it. */
export interface Pool {
  /** `192.168.30.0/24`. */
  readonly pool: string
  /** `192.168.30.1`, which the IPAM keeps free. */
  readonly gateway: string | undefined
  /** Addresses that the IPAM keeps free, by name: `--aux-address host=192.168.30.254`. */
  readonly aux: Readonly<Record<string, string>>
}

/** CreateNetwork. */
export interface NetworkRequest {
  readonly id: string
  /** `-o`, as texts. */
  readonly options: Readonly<Record<string, string>>
  readonly internal: boolean
  readonly pools: readonly Pool[]
}

/** CreateEndpoint. */
export interface EndpointRequest {
  readonly network: string
  readonly id: string
  /** With the lengths of their prefixes. */
  readonly addresses: readonly string[]
  readonly mac: string | undefined
}

type Body = Readonly<Record<string, unknown>>

const GENERIC = 'com.docker.network.generic'
const INTERNAL = 'com.docker.network.internal'

/** A body that is an object. @throws DockerDriverError */
export function parseBody(text: string): Body {
  if (text.trim() === '') return {}
  try {
    return objectOf(JSON.parse(text), 'the body')
  } catch (error) {
    if (error instanceof DockerDriverError) throw error
    throw new DockerDriverError(`the request is no JSON: ${(error as Error).message}`)
  }
}

/** @throws DockerDriverError */
export function networkRequest(body: Body): NetworkRequest {
  const options = objectOf(body.Options ?? {}, 'Options')
  const generic = objectOf(options[GENERIC] ?? {}, GENERIC)
  return {
    id: textIn(body, 'NetworkID'),
    options: Object.fromEntries(Object.entries(generic).map(([name, value]) => [name, wordOf(value, name)])),
    internal: options[INTERNAL] === true || options[INTERNAL] === 'true',
    pools: [...listOf(body, 'IPv4Data'), ...listOf(body, 'IPv6Data')].map(poolOf),
  }
}

/** @throws DockerDriverError */
export function endpointRequest(body: Body): EndpointRequest {
  const given = objectOf(body.Interface ?? {}, 'Interface')
  const texts = ['Address', 'AddressIPv6'].map((name) => given[name]).filter((one) => one !== undefined && one !== '')
  const mac = given.MacAddress
  return {
    ...endpointOf(body),
    addresses: texts.map((one) => wordOf(one, 'Address')),
    mac: mac === undefined || mac === '' ? undefined : wordOf(mac, 'MacAddress'),
  }
}

/** The two ids that most requests have. @throws DockerDriverError */
export const endpointOf = (body: Body): { network: string; id: string } => ({
  network: textIn(body, 'NetworkID'),
  id: textIn(body, 'EndpointID'),
})

function poolOf(value: unknown): Pool {
  const pool = objectOf(value, 'a pool')
  const gateway = pool.Gateway
  const aux = Object.entries(objectOf(pool.AuxAddresses ?? {}, 'AuxAddresses'))
  return {
    pool: textIn(pool, 'Pool'),
    gateway: typeof gateway === 'string' && gateway !== '' ? withoutLength(gateway) : undefined,
    aux: Object.fromEntries(aux.map(([name, address]) => [name, withoutLength(wordOf(address, name))])),
  }
}

const withoutLength = (address: string): string => address.split('/')[0]!

/** A value as text: the daemon gives options as texts, and some clients as numbers or truths. @throws DockerDriverError */
function wordOf(value: unknown, name: string): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new DockerDriverError(`${name} is no text`)
}

/** @throws DockerDriverError */
export function textIn(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new DockerDriverError(`the request has no ${name}`)
  return value
}

function listOf(body: Body, name: string): unknown[] {
  const value = body[name] ?? []
  if (!Array.isArray(value)) throw new DockerDriverError(`${name} is no list`)
  return value
}

function objectOf(value: unknown, name: string): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DockerDriverError(`${name} is no object`)
  return value as Body
}
