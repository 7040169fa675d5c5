/** From what users write about a route to the body of a message. */
import { EncodeError } from '../../netlink/errors.js'
import { parseAddress } from '../../netlink/schema/types/address.js'
import type { Route, routeMessage } from '../route/index.js'
import type { ChangeOptions, Context, LinkRef } from './context.js'
import { type Prefix, prefixWith } from './prefix.js'
import type { IgnoredIn } from './writable.js'

/** One of several next hops. */
export interface Nexthop {
  /** The link, by its index or name. */
  readonly dev?: LinkRef
  /** The router's address; of the other family as well (RTA_VIA). */
  readonly gateway?: string
  /** How much of the traffic it takes, 1 to 256. Default 1. */
  readonly weight?: number
  /** The gateway is on the link, whatever its address. */
  readonly onlink?: boolean
}

/** Members that are easier to write than the attributes that they stand for. */
export interface RouteMembers {
  /** Where to: `10.0.0.0/8`, `2001:db8::/32`, an address, or `default`. */
  readonly dst: string
  /** For `default` without a gateway: which one. Default inet. */
  readonly family?: 'inet' | 'inet6'
  /** The link, by its index or name. */
  readonly dev?: LinkRef
  /** The router's address; of the other family as well (RTA_VIA). */
  readonly gateway?: string
  /** Several next hops, in place of dev and gateway. */
  readonly nexthops?: readonly Nexthop[]
  /** The gateway is on the link, whatever its address. */
  readonly onlink?: boolean
}

type Hidden = keyof RouteMembers | 'oif' | 'via' | 'multipath' | 'rtmFamily' | 'rtmDstLen' | 'rtmTable'

/** A route: RouteMembers, and the other attributes by their names (table, priority, prefsrc, metrics, rtmType, ...). */
export type RouteToAdd = RouteMembers & Omit<Route, Hidden | IgnoredIn<'new', typeof routeMessage>>

/** What a route is to be for. */
type Purpose = 'RTM_NEWROUTE' | 'RTM_DELROUTE'

/** How the links that a route names become indexes. */
type LinkIndexes = Pick<Context, 'index' | 'optional'>

/** The body that a description stands for. @throws EncodeError, KernelError for links that are not there */
export async function routeBody(
  context: LinkIndexes,
  type: Purpose,
  given: RouteToAdd | Route,
  options: ChangeOptions,
): Promise<Route> {
  const { dst: _, family: __, dev, gateway, nexthops, onlink, ...rest } = given as RouteToAdd & Route
  const prefix = destinationOf(type, given)
  const family = prefix?.family ?? familyOfDefault(type, given)
  if (isSaid(rest.rtmFamily) && rest.rtmFamily !== family) {
    const message = `expected ${family}, as the other members say, or none`
    throw new EncodeError(type, [{ path: 'rtmFamily', value: rest.rtmFamily, message }])
  }
  const body: Route = {
    ...defaults(type, given, family),
    ...rest,
    rtmFamily: family,
    rtmDstLen: prefix?.length ?? 0,
    rtmTable: 'unspec',
    table:
      rest.table ??
      (isSaid(rest.rtmTable) ? rest.rtmTable : undefined) ??
      (rest.rtmType === 'local' || rest.rtmType === 'broadcast' ? 'local' : 'main'),
  }
  if (prefix && prefix.length > 0) body.dst = prefix.address
  if (rest.src !== undefined) {
    const source = prefixWith(type, 'src', rest.src, 'rtmSrcLen', rest.rtmSrcLen)
    Object.assign(body, { src: source.address, rtmSrcLen: source.length })
  }
  if (gateway !== undefined) Object.assign(body, gatewayOf(type, 'gateway', gateway, family))
  if (onlink) body.rtmFlags = [...(rest.rtmFlags ?? []), 'onlink']
  if (dev !== undefined) body.oif = await context.index(type, 'dev', dev, options)
  if (nexthops !== undefined) {
    checkNexthops(type, nexthops)
    body.multipath = []
    for (const [i, hop] of nexthops.entries())
      body.multipath.push(await nexthopBody(context, type, `nexthops[${i}]`, hop, family, options))
  }
  return body
}

/** Whether a member of the header has a value that means something. */
const isSaid = (value: unknown): boolean => value !== undefined && value !== 'unspec'

/**
 * The destination; undefined for the default route. A route as the kernel tells it has the length in rtmDstLen, and no
 * dst at all when it is the default.
 */
function destinationOf(type: Purpose, { dst, rtmDstLen }: { dst?: unknown; rtmDstLen?: unknown }): Prefix | undefined {
  if (dst !== 'default' && !(dst === undefined && rtmDstLen === 0))
    return prefixWith(type, 'dst', dst, 'rtmDstLen', rtmDstLen)
  if (rtmDstLen === undefined || rtmDstLen === 0) return undefined
  const message = 'expected 0, as dst is default, or none'
  throw new EncodeError(type, [{ path: 'rtmDstLen', value: rtmDstLen, message }])
}

/** @throws EncodeError */
function checkNexthops(type: Purpose, nexthops: unknown): void {
  const wrong = Array.isArray(nexthops) ? nexthops.findIndex((hop) => typeof hop !== 'object' || hop === null) : -1
  if (Array.isArray(nexthops) && wrong < 0) return
  const [path, value] = wrong < 0 ? ['nexthops', nexthops] : [`nexthops[${wrong}]`, (nexthops as unknown[])[wrong]]
  const message =
    wrong < 0 ? 'expected a list of { dev, gateway, weight, onlink }' : 'expected { dev, gateway, weight, onlink }'
  throw new EncodeError(type, [{ path, value, message }])
}

type MultipathHop = NonNullable<Route['multipath']>[number]

async function nexthopBody(
  context: LinkIndexes,
  type: Purpose,
  path: string,
  hop: Nexthop,
  family: Protocol,
  options: ChangeOptions,
): Promise<MultipathHop> {
  const { weight = 1 } = hop
  if (!Number.isInteger(weight) || weight < 1 || weight > 256)
    throw new EncodeError(type, [
      { path: `${path}.weight`, value: weight, message: 'expected an integer from 1 to 256' },
    ])
  const index = await context.optional(type, `${path}.dev`, hop.dev, options)
  return {
    rtnhFlags: hop.onlink ? ['onlink'] : [],
    rtnhHops: weight - 1,
    rtnhIfindex: index ?? 0,
    ...(hop.gateway === undefined ? {} : gatewayOf(type, `${path}.gateway`, hop.gateway, family)),
  }
}

type Protocol = 'inet' | 'inet6'

const familyOf = (address: string): Protocol => (address.includes(':') ? 'inet6' : 'inet')

const firstGateway = (nexthops: unknown): unknown =>
  Array.isArray(nexthops) ? nexthops.find((hop) => hop?.gateway !== undefined)?.gateway : undefined

/** `default` says nothing of the family; the gateway, or a preferred source, does. */
function familyOfDefault(type: Purpose, given: RouteToAdd | Route): Protocol {
  const { family, rtmFamily, gateway, nexthops, prefsrc } = given as RouteToAdd & Route
  if (family !== undefined) {
    if (family === 'inet' || family === 'inet6') return family
    throw new EncodeError(type, [{ path: 'family', value: family, message: 'expected inet or inet6' }])
  }
  if (rtmFamily === 'inet' || rtmFamily === 'inet6') return rtmFamily
  const address = prefsrc ?? gateway ?? firstGateway(nexthops)
  // What is no text is refused where it is used.
  return typeof address === 'string' ? familyOf(address) : 'inet'
}

function gatewayOf(
  type: Purpose,
  path: string,
  gateway: string,
  family: Protocol,
): Pick<MultipathHop, 'gateway' | 'via'> {
  if (typeof gateway !== 'string' || !parseAddress(gateway)) {
    const message = 'expected an address such as 192.0.2.1 or 2001:db8::1'
    throw new EncodeError(type, [{ path, value: gateway, message }])
  }
  const own = familyOf(gateway)
  return own === family ? { gateway } : { via: { rtviaFamily: own, rtviaAddr: gateway } }
}

/** What a route has unless it says otherwise, as iproute2 has it. To delete one, what is left out fits all. */
function defaults(type: Purpose, given: RouteToAdd | Route, family: Protocol): Route {
  const { rtmType, gateway, nexthops, nhId } = given as RouteToAdd & Route
  if (type === 'RTM_DELROUTE') return { rtmScope: 'nowhere' }
  return { rtmProtocol: 'boot', rtmType: 'unicast', rtmScope: scopeOf() }

  function scopeOf(): NonNullable<Route['rtmScope']> {
    if (family === 'inet6') return 'universe'
    if (rtmType === 'local' || rtmType === 'nat') return 'host'
    if (rtmType === 'broadcast' || rtmType === 'multicast' || rtmType === 'anycast') return 'link'
    if (rtmType !== undefined && rtmType !== 'unicast' && rtmType !== 'unspec') return 'universe'
    const routed = gateway !== undefined || nhId !== undefined || nexthops !== undefined
    return routed ? 'universe' : 'link'
  }
}
