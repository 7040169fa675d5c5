/** What routers outside have to know, so that packets come to an l3 network. */
import type { Address } from '../rtnl/address/index.js'
import type { Prefix } from '../rtnl/client/prefix.js'
import { type Family, networkOf, prefixText } from './prefixes.js'

/** A route for routers on the parent's link. */
export interface AnnouncedRoute {
  /** The network's subnet: `192.168.30.0/24`. */
  readonly dst: string
  /** The parent's own address: that is where packets have to be sent. */
  readonly gateway: string
}

/** The routes to announce, and the words for those who announce them. */
export interface Announcement {
  readonly routes: readonly AnnouncedRoute[]
  /** For FRRouting's vtysh, on a router that takes static routes. */
  readonly frr: string
  /** For BIRD 2: a protocol static for each family. */
  readonly bird: string
}

/** @param parent the parent's addresses */
export function announcement(subnets: readonly Prefix[], parent: readonly Address[]): Announcement {
  const gateways: Partial<Record<Family, string>> = {}
  for (const { ifaFamily, ifaScope, local, address } of parent) {
    const own = local ?? address
    if (own === undefined || ifaScope !== 'universe') continue
    if (ifaFamily === 'inet' || ifaFamily === 'inet6') gateways[ifaFamily] ??= own
  }
  const all = subnets.flatMap((subnet) => {
    const gateway = gateways[subnet.family]
    return gateway === undefined ? [] : [{ family: subnet.family, dst: prefixText(networkOf(subnet)), gateway }]
  })
  return {
    routes: all.map(({ dst, gateway }) => ({ dst, gateway })),
    frr: all
      .map(({ family, dst, gateway }) => `${family === 'inet' ? 'ip' : 'ipv6'} route ${dst} ${gateway}\n`)
      .join(''),
    bird: (['inet', 'inet6'] as const).map((family) => birdOf(family, all)).join(''),
  }
}

function birdOf(family: Family, all: readonly (AnnouncedRoute & { readonly family: Family })[]): string {
  const lines = all.filter((one) => one.family === family).map(({ dst, gateway }) => `  route ${dst} via ${gateway};\n`)
  return lines.length === 0 ? '' : `protocol static {\n  ${family === 'inet' ? 'ipv4' : 'ipv6'};\n${lines.join('')}}\n`
}
