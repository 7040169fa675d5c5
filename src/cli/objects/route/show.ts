/** Routes, as `ip route show` has them. */
import { errnoName } from '../../../netlink/errno.js'
import { cachedRouteFlags, nexthopAttributes, type Route, routeMessage, routeMetrics } from '../../../rtnl/index.js'
import { deviceName, type ShowOptions, scopeName } from '../show/names.js'
import { flagWords, pair, word, words } from '../show/words.js'

type Hop = NonNullable<Route['multipath']>[number]

/** What is shown at a place of its own, or is a counter. */
const notAmongOthers = new Set([
  ...['rtmFamily', 'rtmDstLen', 'rtmSrcLen', 'rtmTos', 'rtmTable', 'rtmProtocol', 'rtmScope', 'rtmType', 'rtmFlags'],
  ...['dst', 'src', 'iif', 'oif', 'gateway', 'via', 'encapType', 'encap', 'priority', 'prefsrc', 'metrics', 'nhId'],
  ...['multipath', 'table', 'cacheinfo', 'mfcStats'],
  ...['rtnhFlags', 'rtnhHops', 'rtnhIfindex'],
])

/** How many bits an address has, which are not written out. */
const bits: Readonly<Record<string, number>> = { inet: 32, inet6: 128, mpls: 20 }

/**
 * A route as lines: one, and one for each next hop where there are several. What `ip route` leaves out as usual is left
 * out (type unicast, table main, protocol boot, scope global), but not with details. Counters are left out always; of
 * `cacheinfo` the end in seconds (`expires`) and the error are shown.
 * @example routeLines(route, options) // ['default via 10.0.0.1 dev eth0 proto dhcp metric 100']
 */
export function routeLines(route: Route, options: ShowOptions): string[] {
  const { rtmType, rtmTos, iif, oif, prefsrc, priority, metrics, nhId, rtmFlags, multipath, cacheinfo } = route
  const unless = <T>(usual: T, value: T | undefined) => (!options.details && value === usual ? undefined : value)
  const scope = unless('universe', route.rtmScope)
  const type = unless('unicast', rtmType)
  const line = [
    ...(type === undefined ? [] : [String(type)]),
    destination(route),
    ...source(route),
    ...pair('tos', rtmTos ? `0x${rtmTos.toString(16)}` : undefined),
    ...pair('nhid', nhId),
    ...path(route),
    ...(oif ? ['dev', deviceName(oif, options)] : []),
    ...pair('table', unless('main', route.table ?? route.rtmTable)),
    ...pair('proto', unless('boot', route.rtmProtocol)),
    ...(scope === undefined ? [] : ['scope', scopeName(scope)]),
    ...pair('src', prefsrc),
    ...pair('metric', priority),
    ...routeFlagWords(rtmFlags ?? []),
    ...(metrics ? words(metrics, routeMetrics) : []),
    ...(iif ? ['iif', deviceName(iif, options)] : []),
    ...pair('expires', cacheinfo?.rtaExpires ? Math.floor(cacheinfo.rtaExpires / 100) : undefined),
    ...pair('error', cacheinfo?.rtaError ? errnoName(cacheinfo.rtaError | 0) : undefined),
    ...words(route, routeMessage, notAmongOthers),
  ]
  return [line.join(' '), ...(multipath ?? []).map((hop) => `    ${nexthop(hop, options).join(' ')}`)]
}

/** Flags one by one; those that only a route has that is not from a table together, as ip has them: `cloned <local>`. */
function routeFlagWords(flags: NonNullable<Route['rtmFlags']>): string[] {
  const isCached = (flag: string | number) => typeof flag === 'string' && Object.hasOwn(cachedRouteFlags, flag)
  const cached = flags.filter(isCached)
  const others = flagWords(flags.filter((flag) => !isCached(flag)))
  return cached.length === 0 ? others : [...others, `<${cached.join()}>`]
}

const destination = ({ dst, rtmDstLen, rtmFamily }: Route): string => {
  if (dst === undefined) return rtmDstLen ? `0/${rtmDstLen}` : 'default'
  return rtmDstLen === bits[String(rtmFamily)] ? dst : `${dst}/${rtmDstLen}`
}

const source = ({ src, rtmSrcLen, rtmFamily }: Route): string[] =>
  src === undefined ? [] : ['from', rtmSrcLen === bits[String(rtmFamily)] ? src : `${src}/${rtmSrcLen}`]

/** How packets are wrapped and to whom they go. */
const path = ({ encapType, encap, gateway, via }: Route | Hop): string[] => [
  ...(encapType === undefined ? [] : ['encap', String(encapType), ...(encap ? [word(encap)] : [])]),
  ...pair('via', gateway),
  ...(via ? ['via', String(via.rtviaFamily), via.rtviaAddr] : []),
]

const nexthop = (hop: Hop, options: ShowOptions): string[] => [
  'nexthop',
  ...path(hop),
  ...(hop.rtnhIfindex ? ['dev', deviceName(hop.rtnhIfindex, options)] : []),
  ...pair('weight', (hop.rtnhHops ?? 0) + 1),
  ...flagWords(hop.rtnhFlags ?? []),
  ...words(hop, nexthopAttributes, notAmongOthers),
]
