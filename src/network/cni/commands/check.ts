/** CHECK: the container has what ADD's result says. */
import type { Address } from '../../../rtnl/address/index.js'
import { parsePrefix, sameAddress } from '../../../rtnl/client/prefix.js'
import type { Route } from '../../../rtnl/route/index.js'
import { routeTables } from '../../../rtnl/route/rtmsg.js'
import { isUp, kindOf } from '../../parent.js'
import { familyOf } from '../../prefixes.js'
import { type Inside, type KnownLink, linkNamed, Site } from '../../site.js'
import type { CniCall } from '../call.js'
import { gatewaysOf } from '../cni-network.js'
import { CniError } from '../errors.js'
import type { CniInterface, CniResult, CniRoute } from '../result.js'

/** @throws CniError with all that is not as it should be */
export async function checkAttachment(call: CniCall): Promise<undefined> {
  const { configuration, environment, host } = call
  const { netns, ifname } = environment
  const { prevResult } = configuration
  if (prevResult === undefined) throw new CniError('configuration', '"prevResult" is missing: the result of ADD')
  const index = prevResult.interfaces.findIndex((one) => one.name === ifname && one.sandbox === netns)
  if (index < 0) {
    const found = prevResult.interfaces.map(({ name, sandbox }) => `${name} in ${sandbox ?? 'the host'}`).join(', ')
    const what = `prevResult has no interface ${ifname} in ${netns}`
    throw new CniError('configuration', what, `it has: ${found || 'none'}`)
  }
  if (configuration.ipam !== undefined) call.ipam('CHECK')
  const drift = await new Site({ host, netns }).here(async (here) => {
    const link = await linkNamed(here, ifname)
    if (link === undefined) return [`there is no interface ${ifname}`]
    return [
      ...linkDrift(call, link, prevResult.interfaces[index]!),
      ...(await addressDrift(here, link, prevResult, index)),
      ...(await routeDrift(here, prevResult)),
    ]
  })
  drift.push(...(await masterDrift(call)))
  if (drift.length === 0) return undefined
  throw new CniError('drift', drift[0]!, drift.length > 1 ? drift.slice(1).join('; ') : undefined)
}

function linkDrift({ configuration }: CniCall, link: KnownLink, expected: CniInterface): string[] {
  const { kind, mode, flags } = configuration
  const { ifname, address } = link
  if (kindOf(link) !== kind) return [`${ifname} is of kind ${kindOf(link) ?? 'none'}, not ${kind}`]
  const { data } = link.linkinfo as { data?: { mode?: string; flags?: readonly string[] } }
  const now = { mode: data?.mode, flags: data?.flags?.join(', ') || 'none' }
  const wanted = flags.join(', ') || 'none'
  return [
    ...(now.mode === mode ? [] : [`${ifname} is in mode ${now.mode}, not ${mode}`]),
    ...(kind !== 'ipvlan' || now.flags === wanted ? [] : [`${ifname} has the flags ${now.flags}, not ${wanted}`]),
    ...(isUp(link) ? [] : [`${ifname} is down`]),
    ...(expected.mac === undefined || expected.mac.toLowerCase() === address
      ? []
      : [`${ifname} has the hardware address ${address}, not ${expected.mac}`]),
  ]
}

async function addressDrift(here: Inside, link: KnownLink, { ips }: CniResult, index: number): Promise<string[]> {
  const all = await here.rtnl.addresses.list({ dev: link.ifiIndex! }).toArray()
  return ips
    .filter((one) => one.interface === undefined || one.interface === index)
    .filter(({ address }) => !all.some((one) => isAddress(one, address)))
    .map(({ address }) => `${link.ifname} does not have the address ${address}`)
}

function isAddress({ local, address, ifaPrefixlen }: Address, text: string): boolean {
  const prefix = parsePrefix(text)!
  return prefix.length === ifaPrefixlen && sameAddress(local ?? address, prefix.address)
}

async function routeDrift({ rtnl }: Inside, result: CniResult): Promise<string[]> {
  if (result.routes.length === 0) return []
  const all = await rtnl.routes.list().toArray()
  const gateways = gatewaysOf(result)
  return result.routes
    .filter((route) => !all.some((one) => isRoute(one, route, gateways)))
    .map(({ dst, gw }) => `there is no route to ${dst}${gw === undefined ? '' : ` by ${gw}`}`)
}

function isRoute(route: Route, { dst, gw, table }: CniRoute, gateways: readonly string[]): boolean {
  const { address, length, family } = parsePrefix(dst)!
  const gateway = gw ?? gateways.find((one) => familyOf(one) === family)
  if (route.rtmFamily !== family || route.rtmDstLen !== length) return false
  if (length > 0 && !sameAddress(route.dst, address)) return false
  if (gateway !== undefined && !sameAddress(route.gateway, gateway)) return false
  return table === undefined || tableNumber(route.table) === table
}

/** The numbers of tables that have names (RT_TABLE_*, linux/rtnetlink.h). */
const tableNumber = (table: Route['table']): unknown =>
  typeof table === 'string' ? routeTables[table as keyof typeof routeTables] : table

/** Without its parent a link carries nothing. Which it is by default can have changed since. */
async function masterDrift({ configuration, environment, host }: CniCall): Promise<string[]> {
  const { master, linkInContainer } = configuration
  if (master === undefined) return []
  const site = new Site({ host, netns: linkInContainer ? environment.netns : undefined })
  const link = await site.here((here) => linkNamed(here, master))
  if (link === undefined) return [`there is no link ${master} (master)`]
  return isUp(link) ? [] : [`${master} (master) is down`]
}
