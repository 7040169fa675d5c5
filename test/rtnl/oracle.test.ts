/** On this machine's kernel: what `ip -j -d` says of links, addresses and routes that `ip` made equals what we read. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { equal } from '../../src/netlink/bytes/equal.js'
import { Conversation } from '../../src/netlink/conversation/conversation.js'
import { openKernel } from '../../src/netlink/socket/kernel.js'
import { netns } from '../../src/netlink/socket/netns.js'
import { type Address, type Link, type Neighbour, type Route, route } from '../../src/rtnl/index.js'
import { type Command, type Context, contextOf, isShown, type Json, parseCommand } from '../support/ip-json.js'
import { linksWithAddresses } from '../support/ip-json-address.js'
import { linkJson } from '../support/ip-json-link.js'
import { isNeighbourShown, neighbourJson } from '../support/ip-json-neighbour.js'
import { routeJson } from '../support/ip-json-route.js'
import { needs, root } from '../support/layers.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'

const ip = (...words: string[]) => execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** Whether there is the ip command of which the tables are: a later one prints more. */
function ipVersion(): string {
  try {
    return /iproute2-(\d+\.\d+)/.exec(ip('-V'))?.[1] ?? 'unknown'
  } catch {
    return 'none'
  }
}

/** Links of the kinds that a small kernel has. */
const links = [
  'link set lo up',
  'link add p0 address 02:00:00:00:01:01 type veth peer name p1 address 02:00:00:00:01:02',
  'link add d0 address 02:00:00:00:02:01 numtxqueues 3 numrxqueues 2 type veth peer name e0',
  'link set d0 alias an_alias group 7 txqueuelen 300 mtu 1300',
  'link property add dev d0 altname a-longer-name-than-fits altname another',
  'link set d0 addrgenmode none',
  'link set d0 gso_max_size 30000',
  'link add d1 address 02:00:00:00:02:02 type veth peer name e1',
  'link set d1 multicast off arp on promisc on',
  'link set e1 allmulticast on',
  'link add d2 index 222 type veth peer name e2 index 111',
  'link add br0 address 02:00:00:00:03:01 type bridge stp_state 1 forward_delay 400 priority 4096',
  'link set br0 type bridge group_fwd_mask 8 ageing_time 12345 mcast_querier 1 mcast_router 2',
  'link add br1 type bridge mcast_snooping 0 no_linklocal_learn 1 nf_call_iptables 1',
  'link set br1 type bridge mcast_igmp_version 3 mcast_mld_version 2 mcast_hash_max 1024',
  'link set d2 master br0',
  'link set d2 type bridge_slave cost 9 priority 7 group_fwd_mask 8 mcast_router 2',
  'link set p1 master br1',
  'link add link d0 name m-private type macvlan mode private',
  'link add link d0 name m-vepa type macvlan mode vepa bcqueuelen 2000',
  'link add link d0 name m-bridge type macvlan mode bridge',
  'link add link d0 name m-source type macvlan mode source',
  'link set m-source type macvlan macaddr set 02:00:00:00:04:01 02:00:00:00:04:02',
  'link add link d1 name m-passthru type macvlan mode passthru nopromisc',
  'link set p0 up',
  'link set p1 up',
  'link set d0 up',
  'link set e0 up',
  'link set e2 up',
  'link set d2 up',
  'link set br1 up',
]

/** Switches that are on or off: each in another selection of four links, so that no two can be taken for one another. */
const switched = (links: readonly string[], kind: string, switches: string, values: readonly [string, string]) =>
  links.map((link, bit) => {
    const words = switches.split(' ').map((name, i) => `${name} ${values[((i + 1) >> bit) & 1]}`)
    return `link set ${link} type ${kind} ${words.join(' ')}`
  })
const switches = [
  ...['b1', 'b2', 'b3'].flatMap((name) => [
    `link add ${name} type veth peer name ${name.replace('b', 'c')}`,
    `link set ${name} master br0`,
  ]),
  ...switched(
    ['d2', 'b1', 'b2', 'b3'],
    'bridge_slave',
    'hairpin guard root_block mcast_fast_leave learning flood proxy_arp proxy_arp_wifi mcast_flood bcast_flood ' +
      'mcast_to_unicast neigh_suppress vlan_tunnel isolated locked',
    ['off', 'on'],
  ),
  ...['s1', 's2', 's3', 's4'].map((name) => `link add ${name} type bridge`),
  ...switched(
    ['s1', 's2', 's3', 's4'],
    'bridge',
    'stp_state mcast_snooping mcast_query_use_ifaddr mcast_querier nf_call_iptables nf_call_ip6tables ' +
      'nf_call_arptables mcast_stats_enabled no_linklocal_learn',
    ['0', '1'],
  ),
]

/** Kinds that not every kernel has; the recordings hold them as well. */
const rare: Readonly<Record<string, readonly string[]>> = {
  dummy: ['link add dummy7 type dummy'],
  macvtap: ['link add link d0 name mt0 type macvtap mode bridge'],
  vlan: [
    'link add link d0 name v5 type vlan id 5 gvrp on ingress-qos-map 1:2 3:4 egress-qos-map 5:6',
    'link add link d0 name v7 type vlan id 7 loose_binding on',
    'link add link d0 name v8 type vlan id 8 mvrp on',
    'link add link d0 name v6 type vlan proto 802.1ad id 6 reorder_hdr off',
  ],
  ipvlan: [
    'link add link c1 name i1 type ipvlan mode l3 private',
    'link add link c1 name i2 type ipvlan mode l3 private',
    'link add link c2 name i3 type ipvlan mode l3s vepa',
  ],
  ipvtap: ['link add link c3 name i4 type ipvtap mode l2 bridge'],
}

const addresses = [
  'addr add 10.0.0.1/24 broadcast + dev d0',
  'addr add 10.0.0.2/24 dev d0 label d0:second',
  'addr add 10.0.9.1 peer 10.0.9.2/32 dev d0 metric 300 noprefixroute',
  'addr add 169.254.1.1/16 scope link dev p0',
  'addr add 10.0.1.1/24 dev p0 valid_lft 36000 preferred_lft 18000',
  'addr add fd00::1/64 dev d0 nodad',
  'addr add fd00::9 peer fd00::a/128 dev d0 nodad',
  'addr add fd01::1/64 dev p0 nodad noprefixroute mngtmpaddr valid_lft 36000 preferred_lft 0',
]

const routes = [
  'route add default via 10.0.0.254',
  'route add 10.1.0.0/16 nexthop via 10.0.0.8 dev d0 weight 2 nexthop via 10.0.1.8 dev p0 weight 3',
  'route add 10.2.0.0/16 via 10.0.0.8 mtu 1200 advmss 1100 window 65535 initcwnd 20 rtt 100ms rttvar 40ms hoplimit 9 quickack 1',
  'route add 10.3.0.0/16 via 10.0.0.8 mtu lock 1200 congctl reno rto_min 30ms ssthresh 7 cwnd lock 8 reordering 4',
  'route add blackhole 10.4.0.0/16',
  'route add unreachable 10.5.0.0/16 metric 9',
  'route add prohibit 10.6.0.0/16',
  'route add throw 10.7.0.0/16 table 100',
  'route add 10.8.0.0/16 dev d0 table 70000 proto static scope link src 10.0.0.1 tos 0x10',
  'route add 10.9.0.0/16 via 192.168.9.1 dev d0 onlink',
  'route add 10.10.0.0/16 via inet6 fd00::8 dev d0',
  'route add local 10.11.0.0/16 dev lo table local',
  '-6 route add default via fd00::ff dev d0 pref high',
  '-6 route add fd09::/48 nexthop via fd00::8 dev d0 weight 2 nexthop via fd00::9:8 dev d0',
  '-6 route add fd0a::/48 from fd00::/64 via fd00::8 metric 77',
  '-6 route add blackhole fd0b::/48',
  '-6 route add fd0c::1/128 dev p0 proto static mtu 1280',
  'route add 10.12.0.0/16 dev p0',
]

const neighbours = [
  'neigh add 10.0.0.77 lladdr 02:00:00:00:07:01 dev d0',
  'neigh add 10.0.0.78 lladdr 02:00:00:00:07:02 nud stale protocol zebra dev d0',
  'neigh add 10.0.0.79 lladdr 02:00:00:00:07:03 nud noarp extern_learn dev d0',
  'neigh add fd00::77 lladdr 02:00:00:00:07:04 router dev d0',
  'neigh add proxy 10.0.0.80 dev d0',
  'neigh add proxy fd00::80 dev p0 router protocol static',
]

/** Keys that cannot be compared, each with the reason. */
const apart: Readonly<Record<string, (text: string) => boolean>> = {
  // They run: hello_timer, gc_timer and so on. That they are there is compared.
  _timer: () => true,
  // Seconds that pass, of each neighbour in its own beat. That they are there is compared; recordings hold the values.
  used: (text) => text.includes('neigh'),
  confirmed: (text) => text.includes('neigh'),
  updated: (text) => text.includes('neigh'),
  // ip asks for it by an ioctl: link messages of the family inet6 do not have it.
  txqlen: (text) => text.includes('-6 addr'),
}

/** What can be compared of ip's JSON, or of ours: without the values of keys that cannot. */
function comparable<T>(value: T, text: string): T {
  const isApart = (key: string) => Object.keys(apart).some((end) => key.endsWith(end) && apart[end]!(text))
  return JSON.parse(JSON.stringify(value, (key, one) => (isApart(key) ? (key === 'txqlen' ? undefined : true) : one)))
}

describe("this machine's kernel and what ip says of the same", () => {
  let namespace: string
  let conversation: Conversation<typeof route>

  /** What ip says, without the empty objects that it prints for links that it passes over. */
  const said = (text: string): Json[] => {
    const all = JSON.parse(ip('-n', namespace, ...text.split(' '))) as Json[]
    return all.filter((one) => Object.keys(one).length > 0)
  }
  const readLinks = (ask: Link = { extMask: ['vf'] }) =>
    conversation.dump('RTM_GETLINK', ask).toArray() as Promise<Link[]>

  /**
   * Compares what we read with what ip says of the same. Counters and states go on by themselves: what we read before
   * and after ip must be the same, or all of it is done again.
   */
  async function compare(text: string, read: (context: Context, command: Command) => Promise<Json[]>) {
    const command = parseCommand(`ip ${text}`)
    for (let tries = 0; tries < 50; tries++) {
      const context = contextOf(await readLinks(), command)
      const once = async () => comparable(await read(context, command), text)
      const before = await once()
      const expected = comparable(said(text), text)
      if (!equal(before, await once())) continue
      expect(before.length).to.be.greaterThan(0)
      expect(before).to.deep.equal(expected)
      return
    }
    expect.fail('what we read never stays the same')
  }

  before(function () {
    needs(this, root)
    const version = ipVersion()
    needs(this, version === '6.1', `the tables are of iproute2 6.1, and here is ${version}`)
    namespace = makeNamespace()
    const run = (words: string) =>
      ip('-n', namespace, ...words.split(' ').map((word) => (word === 'an_alias' ? 'an alias' : word)))
    for (const words of [...links, ...switches, ...addresses, ...routes, ...neighbours]) run(words)
    for (const [kind, list] of Object.entries(rare)) {
      try {
        for (const words of list) run(words)
      } catch (error) {
        if (!String(error).includes('Unknown device type')) throw error
        console.log(`    without ${kind}, which this kernel has not`)
      }
    }
    const inside = netns.open(namespace)
    conversation = new Conversation(openKernel({ protocol: route.protocol, netns: inside.fd }), route)
    inside.close()
  })
  after(() => {
    conversation?.close()
    removeNamespaces()
  })

  for (const text of ['-j -d link show', '-j -d -s -s link show', '-j -d link show up', '-j -d link show master br0'])
    it(`ip ${text}`, () =>
      compare(text, async (context, { words }) => {
        const list = (await readLinks()).map((link) => linkJson(link, context))
        return list.filter((link) => isShown(link, words))
      }))

  for (const ifname of ['lo', 'p0', 'd0', 'br0', 'd2', 'm-source', 'm-passthru'])
    it(`ip -j -d link show ${ifname}`, () =>
      compare(`-j -d link show ${ifname}`, async (context) => [
        linkJson(await conversation.get('RTM_GETLINK', { ifname, extMask: ['vf'] }), context),
      ]))

  for (const text of ['-j -d addr show', '-j -d -4 addr show', '-j -d -6 addr show'])
    it(`ip ${text}`, () =>
      compare(text, async (context, { family }) => {
        // With -6 ip asks for links by the family as well, and gets a shorter form of them.
        const links = await readLinks(family === 'inet6' ? { ifiFamily: family } : undefined)
        const list = await conversation.dump('RTM_GETADDR', { ifaFamily: family ?? 'unspec' }).toArray()
        return linksWithAddresses(links, list as Address[], context).filter(
          (link) => family === undefined || (link.addr_info as unknown[]).length > 0,
        )
      }))

  const tables = [
    { text: '-j -d route show', ask: { rtmFamily: 'inet', table: 'main' } },
    { text: '-j -d route show table all', ask: { rtmFamily: 'unspec' } },
    { text: '-j -d route show table 100', ask: { rtmFamily: 'inet', table: 100 } },
    { text: '-j -d -6 route show table all', ask: { rtmFamily: 'inet6' } },
  ] as const
  for (const { text, ask } of tables)
    it(`ip ${text}`, () =>
      compare(text, async (context) => {
        const list = (await conversation.dump('RTM_GETROUTE', ask).toArray()) as Route[]
        return list.map((one) => routeJson(one, context))
      }))

  for (const [text, ask] of [
    ['-j -s neigh show nud all', {}],
    ['-j neigh show dev d0', {}],
    ['-j -6 neigh show', { ndmFamily: 'inet6' }],
    ['-j neigh show proxy', { ndmFlags: ['proxy'] }],
  ] as const)
    it(`ip ${text}`, () =>
      compare(text, async (context, { words }) => {
        const list = await conversation.dump('RTM_GETNEIGH', ask as Neighbour).toArray()
        return list.filter((one) => isNeighbourShown(one, words, context)).map((one) => neighbourJson(one, context))
      }))

  for (const dst of ['10.2.1.1', '10.1.1.1', 'fd09::1', 'fd0c::1', '127.0.0.1', '10.0.0.255'])
    it(`ip -j -d route get ${dst}`, () =>
      compare(`-j -d route get ${dst}`, async (context) => {
        const ask: Route = dst.includes(':')
          ? { rtmFamily: 'inet6', rtmDstLen: 128, dst }
          : { rtmFamily: 'inet', rtmDstLen: 32, dst, rtmFlags: ['lookupTable'] }
        return [routeJson(await conversation.get('RTM_GETROUTE', ask), context)]
      }))
})
