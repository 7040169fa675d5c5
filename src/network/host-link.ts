/** How the host reaches the containers: a link of its own on the parent, with a route for each of their addresses. */
import type { Route } from '../rtnl/route/index.js'
import { NetworkError } from './errors.js'
import { draftName, parseMark } from './mark.js'
import { isUp, markStep, type Parent } from './parent.js'
import { familyOf, fullLength, sameAddress, single } from './prefixes.js'
import { type Inside, type KnownLink, linkNamed } from './site.js'
import { linkinfoOf, type NetworkSpec } from './spec.js'
import { type ChangeRequest, isSet, type NetworkStep, undoCreation } from './steps.js'

/** The host's link, and what is to be done to have it. */
export interface HostLink {
  readonly link: KnownLink | undefined
  readonly steps: readonly NetworkStep[]
  /** The addresses that the host has routes to already. */
  readonly routed: readonly string[]
}

/** @throws NetworkError ERR_NETWORK_CONFLICT when another link has the name */
export async function findHostLink(here: Inside, network: NetworkSpec, parent: Parent): Promise<HostLink> {
  const { hostLink, kind, name } = network
  if (hostLink === undefined) return { link: undefined, steps: [], routed: [] }
  const { ifname } = hostLink
  const draft = draftName(name, ':host')
  const link = (await linkNamed(here, ifname)) ?? (await linkNamed(here, draft))
  if (link !== undefined && link.ifname !== draft && !isHostLink(link, name))
    throw new NetworkError('ERR_NETWORK_CONFLICT', name, `there is a link ${ifname} already (hostAccess.ifname)`)
  const steps: NetworkStep[] = []
  if (link === undefined)
    steps.push({
      title: `create the host's own ${kind} on ${parent.ifname}`,
      side: 'parent',
      creates: { role: 'host', ifname: draft, side: 'parent' },
      request: (indexes) => ({
        type: 'RTM_NEWLINK',
        body: {
          ifname: draft,
          link: indexes.parent,
          linkinfo: linkinfoOf(network),
        },
        flags: ['create', 'excl'],
      }),
      undo: ({ host }) => undoCreation(host, draft),
    })
  if (link === undefined || !isHostLink(link, name) || !isUp(link))
    steps.push(
      markStep(`mark it, name it ${ifname}, and set it up`, 'host', { role: 'host', network: name }, ifname, link),
    )
  const disabled = { name: `net/ipv6/conf/${ifname}/disable_ipv6`, value: '0' }
  const hasIpv6 = hostLink.addresses.some((address) => familyOf(address) === 'inet6')
  if (hasIpv6 && !(link?.ifname === ifname && isSet(here.sysctl, disabled)))
    steps.push({ title: `set ${disabled.name} to 0`, side: 'parent', sysctl: disabled })
  const present = link === undefined ? [] : await here.rtnl.addresses.list({ dev: link.ifiIndex! }).toArray()
  for (const address of hostLink.addresses)
    if (!present.some((one) => sameAddress(one.local ?? one.address, address))) steps.push(addHostAddress(address))
  return { link, steps, routed: link === undefined ? [] : await routedAddresses(here, link.ifiIndex!) }
}

/** Whether it is the host's link of this network. */
export function isHostLink({ ifalias }: KnownLink, network: string): boolean {
  const mark = parseMark(ifalias)
  return mark?.role === 'host' && mark.network === network
}

function addHostAddress(address: string): NetworkStep {
  const { family, length } = single(address)
  return {
    title: `add the host's address ${address}/${length}`,
    side: 'parent',
    request: ({ host }) => ({
      type: 'RTM_NEWADDR',
      body: {
        ifaFamily: family,
        ifaPrefixlen: length,
        ifaIndex: host,
        local: address,
        address,
        ...(family === 'inet6' ? { flags: ['nodad'] } : {}),
      },
      flags: ['create', 'excl'],
    }),
  }
}

/**
 * The number by which routes and neighbours say that this program has made them (RTPROT_*, linux/rtnetlink.h, which has no
 * name for it): so that those of containers that have gone can be told from those of others.
 */
export const OUR_PROTOCOL = 110

/** The route to one address of a container by the host's link. */
function hostRoute(network: NetworkSpec, address: string, host: number): Route {
  const family = familyOf(address)
  const own = network.hostLink?.addresses.find((one) => familyOf(one) === family)
  return {
    rtmFamily: family,
    rtmDstLen: fullLength(family),
    rtmTable: 'unspec',
    table: 'main',
    rtmProtocol: OUR_PROTOCOL,
    rtmScope: family === 'inet' ? 'link' : 'universe',
    rtmType: 'unicast',
    dst: address,
    oif: host,
    ...(own === undefined ? {} : { prefsrc: own }),
  }
}

/** Routes of the host to an attachment. */
export function hostSteps(network: NetworkSpec, { routed }: HostLink, addresses: readonly string[]): NetworkStep[] {
  if (network.hostLink === undefined) return []
  return addresses
    .filter((address) => !routed.includes(address))
    .map((address) => ({
      title: `add the host's route to ${address}`,
      side: 'parent',
      request: ({ host }) => ({
        type: 'RTM_NEWROUTE',
        body: hostRoute(network, address, host),
        flags: ['create', 'replace'],
      }),
      undo: ({ host }) => deleteHostRoute(network, address, host),
    }))
}

/** Takes a route of the host away. */
export const deleteHostRoute = (network: NetworkSpec, address: string, host: number): ChangeRequest => {
  const { prefsrc: _, ...body } = hostRoute(network, address, host)
  return { type: 'RTM_DELROUTE', body }
}

/** The addresses that the host has routes to, through its link of the network. */
export async function routedAddresses({ rtnl }: Inside, host: number): Promise<string[]> {
  const all = await rtnl.routes.list({ dev: host, protocol: OUR_PROTOCOL, table: 'main' }).toArray()
  return all.flatMap(({ dst }) => (dst === undefined ? [] : [dst]))
}
