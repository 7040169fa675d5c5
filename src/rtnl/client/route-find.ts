/** Finds the route that a change made or left as it was. */
import type { Route } from '../route/index.js'
import { routeTables } from '../route/rtmsg.js'
import { type ChangeOptions, type Context, pass } from './context.js'
import { sameAddress } from './prefix.js'

/** The metric of an IPv6 route that is given none (IP6_RT_PRIO_USER, linux/ipv6_route.h). */
const IPV6_METRIC = 1024

/**
 * The route that a request's body describes, read by a dump: the destination, the table, the link and the metric are
 * what tells routes apart.
 * @returns undefined when there is none
 */
export async function findRoute(context: Context, body: Route, options: ChangeOptions): Promise<Route | undefined> {
  const { rtmFamily = 'unspec', table, oif } = body
  const filter: Route = { rtmFamily }
  if (context.filters && table !== undefined) filter.table = table
  if (context.filters && oif !== undefined) filter.oif = oif
  const all = await context.conversation.dump('RTM_GETROUTE', filter, pass(options)).toArray()
  const found = all.filter((route) => fits(route, body))
  // IPv6 has several routes of one metric to one destination: next hops that were added one by one.
  return found.find(({ gateway }) => sameAddress(gateway, body.gateway)) ?? found[0]
}

const fits = (route: Route, body: Route): boolean =>
  route.rtmFamily === body.rtmFamily &&
  (route.rtmDstLen ?? 0) === (body.rtmDstLen ?? 0) &&
  (body.dst === undefined || sameAddress(textOf(route.dst), textOf(body.dst))) &&
  tableOf(route) === tableOf(body) &&
  (route.rtmTos ?? 0) === (body.rtmTos ?? 0) &&
  (route.priority ?? 0) === (body.priority || (body.rtmFamily === 'inet6' ? IPV6_METRIC : 0)) &&
  (body.oif === undefined || leavesThrough(route, body.oif)) &&
  // What the kernel remembers of one destination is no route of its own.
  !(route.rtmFlags ?? []).includes('cloned')

const textOf = (dst: Route['dst']): string | undefined => (typeof dst === 'string' ? dst : undefined)

const tables: Readonly<Record<string, number>> = routeTables
const tableOf = ({ table }: Route) => (typeof table === 'string' ? tables[table] : table)

const leavesThrough = ({ oif, multipath }: Route, index: number): boolean =>
  oif === index || (multipath ?? []).some(({ rtnhIfindex }) => rtnhIfindex === index)
