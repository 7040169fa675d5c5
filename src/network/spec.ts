/** From what users say to what a network is: each option looked at, each default filled in. */
import { check } from '../netlink/codec/message.js'
import { OptionError } from '../netlink/errors.js'
import { choiceOption, integerOption, U32_MAX } from '../netlink/options.js'
import { type Prefix, parsePrefix } from '../rtnl/client/prefix.js'
import { ipvlan } from '../rtnl/link/kinds/ipvlan.js'
import { route } from '../rtnl/protocol.js'
import { checkNames, draftName } from './mark.js'
import type { AttachOptions, IpvlanNetworkOptions, MacvlanNetworkOptions, NetworkRoute } from './options.js'
import { addressesOption, byFamily, contains, type Family, prefixesOption } from './prefixes.js'

/** The kinds of links that networks are made of. */
export type NetworkKind = 'ipvlan' | 'macvlan'

/** The host's own link. */
export interface HostLinkSpec {
  readonly ifname: string
  readonly addresses: readonly string[]
}

/** A network, with each default filled in. */
export interface NetworkSpec {
  readonly kind: NetworkKind
  readonly name: string
  readonly parent: string | null | undefined
  readonly mode: string
  readonly flags: readonly ('private' | 'vepa')[]
  readonly bcQueueLen: number | undefined
  readonly subnets: readonly Prefix[]
  readonly gateways: Partial<Record<Family, string>>
  readonly mtu: number | undefined
  readonly metric: number | undefined
  readonly defaultRoute: boolean
  readonly routes: readonly NetworkRoute[]
  readonly hostLink: HostLinkSpec | undefined
  readonly proxy: boolean
  readonly notify: boolean
  readonly dad: 'none' | 'wait'
  readonly sysctls: Readonly<Record<string, string | number>>
}

/** An attachment, with each default filled in. */
export interface AttachSpec {
  readonly id: string
  readonly ifname: string
  readonly addresses: readonly Prefix[]
  readonly gateways: Partial<Record<Family, string>>
  readonly routes: readonly NetworkRoute[]
  readonly defaultRoute: boolean
  readonly metric: number | undefined
  readonly mtu: number | undefined
  readonly mac: string | undefined
  readonly bare: boolean
}

const modes: Readonly<Record<NetworkKind, readonly string[]>> = {
  ipvlan: Object.keys(ipvlan.entries.mode[1].values),
  // source is no mode of a network: it sorts by senders that somebody has to list.
  macvlan: ['bridge', 'private', 'vepa', 'passthru'],
}

/** Whether links of this mode have a link layer: ARP, broadcast, and a router that is asked for by its address. */
export const hasLinkLayer = ({ kind, mode }: Pick<NetworkSpec, 'kind' | 'mode'>): boolean =>
  kind === 'macvlan' || mode === 'l2'

/** What linkinfo says of each link of a network. The flags are told even where there are none: others may have some. */
export const linkinfoOf = ({ kind, mode, flags }: Pick<NetworkSpec, 'kind' | 'mode' | 'flags'>) => ({
  kind,
  data: kind === 'ipvlan' ? { mode, flags } : { mode },
})

/** @throws OptionError */
export function networkSpec(kind: NetworkKind, given: IpvlanNetworkOptions | MacvlanNetworkOptions): NetworkSpec {
  const options = Object(given) as IpvlanNetworkOptions & MacvlanNetworkOptions
  checkNames(options.name)
  const { name, parent } = options
  if (parent !== undefined && parent !== null) nameOption('parent', parent)
  const mode = choiceOption('mode', options.mode ?? modes[kind][0], modes[kind])
  const flags = options.flags ?? []
  if (kind !== 'ipvlan' && flags.length > 0) throw new OptionError('flags', flags, 'none: flags are those of an ipvlan')
  if (!Array.isArray(flags) || flags.length > 1 || flags.some((flag) => flag !== 'private' && flag !== 'vepa'))
    throw new OptionError('flags', flags, "['private'], ['vepa'], or none")
  const gateways = byFamily('gateway', options.gateway ?? [])
  const internal = bool('internal', options.internal, false)
  const spec = {
    kind,
    name,
    parent,
    mode,
    flags,
    bcQueueLen: integer('bcQueueLen', options.bcQueueLen, 1),
    subnets: prefixesOption('subnets', options.subnets ?? []),
    gateways,
    mtu: integer('mtu', options.mtu, 68),
    metric: integer('metric', options.metric, 0),
    defaultRoute: !internal && parent !== null && bool('defaultRoute', options.defaultRoute, true),
    routes: routesOption(options.routes ?? []),
    proxy: bool('proxy', options.proxy, false),
    notify: bool('notify', options.notify, true),
    dad: choiceOption('dad', options.dad ?? 'none', ['none', 'wait']),
    sysctls: sysctlsOption(options.sysctls ?? {}),
  }
  const hostLink = hostLinkOf(spec, options.hostAccess)
  if (spec.proxy && mode !== 'l3s') {
    // In l3 the parent never sees a request for the address of an ipvlan: ipvlan_handle_mode_l3 gives it to the ipvlan.
    const why = hasLinkLayer(spec)
      ? 'containers answer ARP and NDP themselves'
      : 'the kernel keeps requests for ipvlans from the parent'
    throw new OptionError('proxy', true, `none in mode ${mode}, where ${why}: it is for mode l3s`)
  }
  if (spec.proxy && hostLink === undefined)
    throw new OptionError('proxy', true, 'hostAccess as well: the parent answers for addresses that it has a route to')
  return { ...spec, hostLink }
}

/** @throws OptionError */
export function attachSpec(network: NetworkSpec, given: AttachOptions): AttachSpec {
  const options = Object(given) as AttachOptions
  checkNames(network.name, options.id)
  const { mac } = options
  if (mac !== undefined && network.kind === 'ipvlan')
    throw new OptionError('mac', mac, 'none: an ipvlan has the MAC address of its parent')
  const bare = bool('bare', options.bare, false)
  const addresses = prefixesOption('addresses', options.addresses ?? []).map((one, i) =>
    withSubnet(network, one, options.addresses![i]!, i),
  )
  if (!bare && addresses.length === 0 && !hasLinkLayer(network))
    throw new OptionError(
      'addresses',
      options.addresses ?? [],
      `at least one: mode ${network.mode} has neither ARP nor broadcast, so DHCP cannot give any`,
    )
  return {
    id: options.id,
    ifname: nameOption('ifname', options.ifname ?? 'eth0'),
    addresses,
    gateways: options.gateway === undefined ? network.gateways : byFamily('gateway', options.gateway),
    routes: [...network.routes, ...routesOption(options.routes ?? [])],
    defaultRoute: network.defaultRoute && bool('defaultRoute', options.defaultRoute, true),
    metric: integer('metric', options.metric, 0) ?? network.metric,
    mtu: integer('mtu', options.mtu, 68) ?? network.mtu,
    mac,
    bare,
  }
}

/** An address with the length of its subnet, where it has none of its own. @throws OptionError outside of all subnets */
function withSubnet({ subnets }: NetworkSpec, prefix: Prefix, text: string, i: number): Prefix {
  if (subnets.length === 0) return prefix
  const subnet = subnets.find((one) => contains(one, prefix.address))
  const option = `addresses[${i}]`
  if (subnet === undefined)
    throw new OptionError(
      option,
      text,
      `an address in ${subnets.map(({ address, length }) => `${address}/${length}`).join(' or ')}`,
    )
  return text.includes('/') ? prefix : { ...prefix, length: subnet.length }
}

function hostLinkOf(spec: Omit<NetworkSpec, 'hostLink'>, given: unknown): HostLinkSpec | undefined {
  if (given === undefined || given === false) return undefined
  if (spec.mode === 'passthru')
    throw new OptionError('hostAccess', given, 'none in mode passthru, where the parent carries one link')
  if (given !== true && (typeof given !== 'object' || given === null))
    throw new OptionError('hostAccess', given, 'true, false, or { addresses, ifname }')
  const { addresses, ifname } = (given === true ? {} : given) as { addresses?: unknown; ifname?: string }
  const name = nameOption('hostAccess.ifname', ifname ?? draftName(spec.name, ':host'))
  if (addresses !== undefined) return { ifname: name, addresses: addressesOption('hostAccess.addresses', addresses) }
  const own = hasLinkLayer(spec) ? [] : Object.values(spec.gateways)
  if (own.length > 0) return { ifname: name, addresses: own }
  const why = hasLinkLayer(spec) ? `in mode ${spec.mode} the gateway is a router's` : 'there is no gateway'
  throw new OptionError('hostAccess', given, `{ addresses } of the host's own link: ${why}`)
}

function routesOption(routes: unknown): NetworkRoute[] {
  if (!Array.isArray(routes)) throw new OptionError('routes', routes, 'a list of routes')
  for (const [i, route] of routes.entries()) {
    const { dst, gateway } = Object(route) as NetworkRoute
    if (dst !== 'default' && parsePrefix(dst) === undefined)
      throw new OptionError(`routes[${i}].dst`, dst, 'a destination such as 10.0.0.0/8, or default')
    if (gateway !== undefined) addressesOption(`routes[${i}].gateway`, gateway)
  }
  return routes
}

/** Below net/FAMILY/conf/IFNAME: two words. */
function sysctlsOption(sysctls: unknown): Readonly<Record<string, string | number>> {
  for (const [name, value] of Object.entries(Object(sysctls) as object)) {
    if (!/^ipv[46]\/[a-z0-9_]+$/.test(name)) throw new OptionError('sysctls', name, 'names such as ipv6/accept_ra')
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new OptionError(`sysctls['${name}']`, value, 'a number or a text')
  }
  return Object(sysctls) as Record<string, string | number>
}

function nameOption(option: string, name: unknown): string {
  // The kernel makes another name of one with a percent sign: eth0 of eth%d.
  if (typeof name !== 'string' || name.includes('%') || check(route, 'RTM_NEWLINK', { ifname: name }).length > 0)
    throw new OptionError(option, name, "an interface's name: 1 to 15 bytes without / : % and white space")
  return name
}

function bool(option: string, value: unknown, fallback: boolean): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw new OptionError(option, value, 'true or false')
  return (value as boolean | undefined) ?? fallback
}

const integer = (option: string, value: unknown, min: number): number | undefined =>
  value === undefined ? undefined : integerOption(option, value, min, U32_MAX)
