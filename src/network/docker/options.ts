/** From what is given to `docker network create` to what a network is. */
import type { IpvlanMode, IpvlanNetworkOptions } from '../options.js'
import { familyOf } from '../prefixes.js'
import { DockerDriverError } from './errors.js'
import type { NetworkRequest, Pool } from './requests.js'

/** A network as the driver keeps it: all of it JSON. */
export interface DockerNetwork {
  readonly parent: string | null
  readonly mode: IpvlanMode
  readonly flags: readonly ('private' | 'vepa')[]
  readonly mtu?: number
  readonly internal: boolean
  readonly defaultRoute: boolean
  readonly proxy: boolean
  readonly hostAddresses: readonly string[]
  readonly pools: readonly Pool[]
}

/** The options (`-o NAME=VALUE`) that the driver takes, and what they mean. */
export const driverOptions = {
  parent:
    'the link below: eth0, or eth0.30 (created as VLAN 30 where it is missing); none: a dummy, as with --internal',
  ipvlan_mode: 'l2 (default), l3 or l3s',
  ipvlan_flag: 'bridge (default), private or vepa',
  mtu: "the containers' MTU, in bytes (com.docker.network.driver.mtu as well)",
  host_access: 'true: the host and the containers reach each other; or the addresses of the host, separated by commas',
  proxy: 'true: the parent answers ARP and NDP for containers in mode l3s; with host_access',
  default_route: 'false: containers get no default route from this network',
} as const
type DriverOption = keyof typeof driverOptions

const MTU_OF_DOCKER = 'com.docker.network.driver.mtu'
const flags = ['bridge', 'private', 'vepa'] as const
const modes = ['l2', 'l3', 'l3s'] as const

/** @throws DockerDriverError for an option that is not known, or has no such value */
export function dockerNetwork({ options, internal, pools }: NetworkRequest): DockerNetwork {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(driverOptions, name) && !name.startsWith('com.docker.'))
      throw new DockerDriverError(`there is no option ${name}: expected ${Object.keys(driverOptions).join(', ')}`)
  const given = (name: DriverOption): string | undefined => options[name] || undefined
  const mode = oneOf('ipvlan_mode', given('ipvlan_mode') ?? 'l2', modes)
  const flag = oneOf('ipvlan_flag', given('ipvlan_flag') ?? 'bridge', flags)
  const mtu = given('mtu') ?? options[MTU_OF_DOCKER]
  if (mtu !== undefined && !/^[1-9]\d{1,5}$/.test(mtu))
    throw new DockerDriverError(`mtu ${mtu}: expected a number of bytes`)
  const parent = given('parent') ?? null
  return {
    parent,
    mode,
    flags: flag === 'bridge' ? [] : [flag],
    ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
    internal: internal || parent === null,
    defaultRoute: bool('default_route', given('default_route'), true),
    proxy: bool('proxy', given('proxy'), false),
    hostAddresses: hostAddresses(given('host_access'), mode, pools),
    pools,
  }
}

/** The address named so by `--aux-address` is the host's. */
const HOST = 'host'

function hostAddresses(given: string | undefined, mode: string, pools: readonly Pool[]): string[] {
  const named = pools.flatMap(({ aux }) => aux[HOST] ?? [])
  if (given === undefined || given === 'false') return []
  if (given !== 'true') return given.split(',').map((one) => one.trim())
  if (named.length > 0) return named
  // In l3 no router has the address that Docker's IPAM keeps for a gateway.
  const free = mode === 'l2' ? [] : pools.flatMap(({ gateway }) => gateway ?? [])
  if (free.length > 0) return free
  throw new DockerDriverError(
    `host_access=true in mode ${mode} needs an address for the host that no container gets: give --aux-address ${HOST}=ADDRESS`,
  )
}

function oneOf<T extends string>(name: DriverOption, value: string, accepted: readonly T[]): T {
  if (accepted.includes(value as T)) return value as T
  throw new DockerDriverError(`${name} ${value}: expected ${accepted.join(', ')}`)
}

const bool = (name: DriverOption, value: string | undefined, fallback: boolean): boolean =>
  value === undefined ? fallback : oneOf(name, value, ['true', 'false']) === 'true'

/** What the network is called on its links. Docker's ids are long, and their beginnings are what people see. */
export const dockerName = (id: string): string => `${PREFIX}${id.slice(0, 12)}`

/** Whether a network on some link is one of Docker's. */
export const isDockerName = (name: string): boolean => name.startsWith(PREFIX)
const PREFIX = 'docker-'

/** The network, as `ipvlanNetwork` takes it. */
export function networkOptions(id: string, network: DockerNetwork): IpvlanNetworkOptions {
  const { parent, mode, flags, mtu, hostAddresses, proxy, pools } = network
  return {
    name: dockerName(id),
    parent,
    mode,
    flags,
    subnets: pools.map(({ pool }) => pool),
    ...(mtu === undefined ? {} : { mtu }),
    ...(hostAddresses.length === 0 ? {} : { hostAccess: { addresses: hostAddresses } }),
    proxy,
  }
}

/** What Join tells the daemon of routes: by the device in l3, by the gateway of the address's pool in l2. */
export function joinRoutes(network: DockerNetwork, addresses: readonly string[]): Record<string, unknown> {
  if (network.internal || !network.defaultRoute) return {}
  if (network.mode !== 'l2')
    return {
      StaticRoutes: addresses.map((address) => ({
        Destination: familyOf(address) === 'inet' ? '0.0.0.0/0' : '::/0',
        RouteType: CONNECTED,
        NextHop: '',
      })),
    }
  const gateway = (family: 'inet' | 'inet6') =>
    addresses.some((address) => familyOf(address) === family)
      ? network.pools.find((pool) => familyOf(pool.pool) === family && pool.gateway !== undefined)?.gateway
      : undefined
  const [inet, inet6] = [gateway('inet'), gateway('inet6')]
  return { ...(inet === undefined ? {} : { Gateway: inet }), ...(inet6 === undefined ? {} : { GatewayIPv6: inet6 }) }
}

/** A route by the device alone. libnetwork: types.CONNECTED. */
const CONNECTED = 1
