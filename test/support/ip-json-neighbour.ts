/** What `ip -j neigh` and `bridge -j fdb` of iproute2 6.1 print of neighbours and forwarding entries, from what nlwire decodes. */
import type { Neighbour } from '../../src/rtnl/index.js'
import { type Context, type Json, namesOf, plain, render, type Table } from './ip-json.js'

const isSet =
  (flag: string, member: 'ndmFlags' | 'flagsExt' = 'ndmFlags') =>
  (neighbour: Neighbour) =>
    (neighbour[member] as readonly unknown[] | undefined)?.includes(flag) ? null : undefined

/** A time of hundredths of a second, in seconds. */
const seconds = (time: number | undefined) => (time === undefined ? undefined : Math.floor(time / 100))

const devOf = ({ ndmIfindex }: Neighbour, { ofLink, name }: Context) =>
  ofLink || !ndmIfindex ? undefined : name(ndmIfindex)

const states = Object.fromEntries(
  ['incomplete', 'reachable', 'stale', 'delay', 'probe', 'failed', 'noarp', 'permanent'].map((one) => [
    one,
    one.toUpperCase(),
  ]),
)

const withStats =
  (get: (neighbour: Neighbour) => number | undefined) =>
  (neighbour: Neighbour, { stats }: Context) =>
    stats > 0 ? get(neighbour) : undefined

const neighbours: Table<Neighbour> = {
  ...plain<Neighbour>({ dst: 'dst', lladdr: 'lladdr', protocol: 'protocol' }),
  dev: devOf,
  router: isSet('router'),
  proxy: isSet('proxy'),
  extern_learn: isSet('extLearned'),
  offload: isSet('offloaded'),
  managed: isSet('managed', 'flagsExt'),
  refcnt: withStats(({ cacheinfo }) => cacheinfo?.ndmRefcnt || undefined),
  used: withStats(({ cacheinfo }) => seconds(cacheinfo?.ndmUsed)),
  confirmed: withStats(({ cacheinfo }) => seconds(cacheinfo?.ndmConfirmed)),
  updated: withStats(({ cacheinfo }) => seconds(cacheinfo?.ndmUpdated)),
  probes: withStats(({ probes }) => probes),
  state: ({ ndmState = [] }) => (ndmState.length === 0 ? undefined : namesOf(states, ndmState)),
}

const flags = { self: 'self', router: 'router', extLearned: 'extern_learn', offloaded: 'offload', sticky: 'sticky' }

const forwarding: Table<Neighbour> = {
  ...plain<Neighbour>({
    mac: 'lladdr',
    dst: 'dst',
    vlan: 'vlan',
    port: 'port',
    vni: 'vni',
    src_vni: 'srcVni',
    nhid: 'nhId',
  }),
  ifname: devOf,
  viaIf: ({ ifindex, linkNetnsid }, { name }) =>
    ifindex === undefined || linkNetnsid !== undefined ? undefined : name(ifindex),
  viaIfIndex: ({ ifindex, linkNetnsid }) => (linkNetnsid === undefined ? undefined : ifindex),
  linkNetNsId: ({ linkNetnsid }) => linkNetnsid,
  used: withStats(({ cacheinfo }) => seconds(cacheinfo?.ndmUsed)),
  updated: withStats(({ cacheinfo }) => seconds(cacheinfo?.ndmUpdated)),
  flags: ({ ndmFlags }) => namesOf(flags, ndmFlags),
  master: ({ master }, { name }) => (master === undefined ? undefined : name(master)),
  state: ({ ndmState = [] }) =>
    ndmState.includes('permanent')
      ? 'permanent'
      : ndmState.includes('noarp')
        ? 'static'
        : ndmState.includes('stale')
          ? 'stale'
          : '',
}

/** A neighbour as `ip -j neigh show` prints it, a forwarding entry as `bridge -j -d fdb show` does. */
export const neighbourJson = (neighbour: Neighbour, context: Context): Json =>
  render(neighbour.ndmFamily === 'bridge' ? forwarding : neighbours, neighbour, context)

/** Which of what the kernel gave these commands show: by the link, and without what needs no address resolution. */
export function isNeighbourShown(
  { ndmFamily, ndmIfindex, ndmState = [], ndmFlags = [] }: Neighbour,
  words: readonly string[],
  { name }: Context,
): boolean {
  const dev = words[words.indexOf('dev') + 1]
  if (words.includes('dev') && name(ndmIfindex!) !== dev) return false
  if (ndmFamily === 'bridge' || words.includes('nud')) return true
  return ndmFlags.includes('proxy') || ndmFlags.includes('extLearned') || ndmState.some((state) => state !== 'noarp')
}
