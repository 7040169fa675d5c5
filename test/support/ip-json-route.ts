/** Routes as `ip -j -d route show` prints them (print_route in iproute2's ip/iproute.c). */
import type { Route } from '../../src/rtnl/index.js'
import { type Context, hex, type Json, namesOf, plain, render, scopeName, type Table } from './ip-json.js'

type Nexthop = NonNullable<Route['multipath']>[number]
type Metrics = NonNullable<Route['metrics']>

/** RTNH_F_* and RTM_F_* as ip calls them. */
const flagNames: Readonly<Record<string, string>> = {
  dead: 'dead',
  onlink: 'onlink',
  pervasive: 'pervasive',
  offload: 'offload',
  trap: 'trap',
  notify: 'notify',
  linkdown: 'linkdown',
  unresolved: 'unresolved',
  rtOffload: 'rt_offload',
  rtTrap: 'rt_trap',
  offloadFailed: 'rt_offload_failed',
  // The same bit; ip does not look at `cloned`.
  multicast: 'rt_offload_failed',
}

/** `10.0.0.0/8`; without the length where it is that of an address, and a word where there is none. */
function prefix(
  address: string | undefined,
  length: number | undefined,
  family: string | number | undefined,
  none: string | undefined,
) {
  if (address === undefined) return !length ? none : `0/${length}`
  return length === (family === 'inet6' ? 128 : 32) ? address : `${address}/${length}`
}

const via = (value: Route['via']) => value && { family: value.rtviaFamily, host: value.rtviaAddr }
/** How ip calls the flags of a route that is no entry of a table, in its order. */
const cacheNames = {
  local: 'local',
  reject: 'reject',
  multicast: 'mc',
  broadcast: 'brd',
  dnat: 'dst-nat',
  snat: 'src-nat',
  masq: 'masq',
  directdst: 'dst-direct',
  directsrc: 'src-direct',
  redirected: 'redirected',
  doredirect: 'redirect',
  fast: 'fastroute',
  rtcfNotify: 'notify',
  tproxy: 'proxy',
}
const isCached = (route: Route) => route.rtmFlags?.includes('cloned')

const nexthop: Table<Nexthop> = {
  gateway: (hop) => hop.gateway,
  via: (hop) => via(hop.via),
  dev: (hop, context) => (hop.rtnhIfindex ? context.name(hop.rtnhIfindex) : undefined),
  weight: (hop) => (hop.rtnhHops ?? 0) + 1,
  flags: (hop) => namesOf(flagNames, hop.rtnhFlags),
}

/** ip prints no locks, but for what is locked without a value a 0. */
const metric =
  (member: Exclude<keyof Metrics, 'lock' | 'unknown' | 'features' | 'ccAlgo'>, parts = 1) =>
  ({ lock, [member]: value }: Metrics) =>
    value !== undefined
      ? Math.floor(value / parts)
      : (lock as readonly string[] | undefined)?.includes(member)
        ? 0
        : undefined

const metrics: Table<Metrics> = {
  mtu: metric('mtu'),
  window: metric('window'),
  rtt: metric('rtt', 8),
  rttvar: metric('rttvar', 4),
  ssthresh: metric('ssthresh'),
  cwnd: metric('cwnd'),
  advmss: metric('advmss'),
  reordering: metric('reordering'),
  hoplimit: (value) => (value.hoplimit === 0xffffffff ? undefined : metric('hoplimit')(value)),
  initcwnd: metric('initcwnd'),
  rto_min: metric('rtoMin'),
  initrwnd: metric('initrwnd'),
  quickack: metric('quickack'),
  congestion: ({ ccAlgo }) => ccAlgo,
  fastopen_no_cookie: metric('fastopenNoCookie'),
}

const encapNames: Json = { mpls: 'mpls', ip: 'ip', ip6: 'ip6', seg6: 'seg6', bpf: 'bpf' }

const table: Table<Route> = {
  ...plain<Route>({
    gateway: 'gateway',
    prefsrc: 'prefsrc',
    metric: 'priority',
    nhid: 'nhId',
    uid: 'uid',
    pref: 'pref',
  }),
  type: ({ rtmType }) => String(rtmType),
  dst: ({ dst, rtmDstLen, rtmFamily }) => prefix(dst, rtmDstLen, rtmFamily, 'default'),
  from: ({ src, rtmSrcLen, rtmFamily }) => prefix(src, rtmSrcLen, rtmFamily, undefined),
  encap: ({ encapType }) => encapType && encapNames[encapType],
  tos: ({ rtmTos }) => (!rtmTos ? undefined : `0x${rtmTos.toString(16).padStart(2, '0')}`),
  via: (route) => via(route.via),
  dev: ({ oif }, context) => (oif ? context.name(oif) : undefined),
  iif: ({ iif }, context) => (iif ? context.name(iif) : undefined),
  table: (route, context) => (context.table ? String(route.table ?? route.rtmTable) : undefined),
  protocol: (route) => (isCached(route) ? undefined : String(route.rtmProtocol)),
  scope: (route) => (isCached(route) ? undefined : scopeName(route.rtmScope)),
  flags: ({ rtmFlags }) => namesOf(flagNames, rtmFlags),
  mark: ({ mark }) => (mark ? hex(mark) : undefined),
  metrics: (route, context) => route.metrics && [render(metrics, route.metrics, context)],
  cache: (route) => (isCached(route) && route.rtmFamily === 'inet' ? namesOf(cacheNames, route.rtmFlags) : undefined),
  expires: ({ cacheinfo }) => (cacheinfo?.rtaExpires ? Math.floor(cacheinfo.rtaExpires / 100) : undefined),
  nexthops: ({ multipath }, context) => multipath?.map((hop) => render(nexthop, hop, context)),
}

/** A route as `ip -j -d route show` and `ip -j -d route get` print it. */
export const routeJson = (route: Route, context: Context): Json => render(table, route, context)
