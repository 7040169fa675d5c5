/** What a recording says is what `ip -j -d` printed beside it, key for key. */
import { expect } from 'chai'
import type { Fixture } from './fixtures.js'
import { type Command, type Context, contextOf, isShown, type Json, parseCommand } from './ip-json.js'
import { linksWithAddresses } from './ip-json-address.js'
import { bridgeLinkJson } from './ip-json-kind.js'
import { linkJson } from './ip-json-link.js'
import { isNeighbourShown, neighbourJson } from './ip-json-neighbour.js'
import { routeJson } from './ip-json-route.js'
import { changes, type ProtocolMessage, type Recorded, told } from './oracle.js'
import { compareChanges } from './oracle-change.js'

/** Keys that cannot be compared, by ip's command, each with the reason. */
const apart: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ip addr -6': { txqlen: 'ip asks for it by an ioctl: link messages of the family inet6 do not have it' },
  'ip netns': { name: 'the names of namespaces are files, not netlink' },
}

/** Recordings of which nothing can be compared, each with the reason. */
export const incomparable: Readonly<Record<string, string>> = {
  'tc/qdisc-statistics':
    'queueing disciplines are not defined here; schema/outer.test.ts compares what it defines itself',
  'kind/bridge-vlan-set-dump': 'the VLAN database of bridges (RTM_GETVLAN) is not defined here',
  'neighbour/fdb-flush': 'one request deletes all of some states',
  'link/nsid-set-auto': 'the kernel chooses the id, and the request does not say it',
}

/** Keys in which a link differs from the request that made it, by recording, each with the reason. */
const different: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ipvlan/on-ipvlan': { link: 'the kernel puts an ipvlan of an ipvlan on the parent of both' },
  'link/add-many-queues': {
    num_rx_queues: 'that kernel is built without receive queues (CONFIG_RPS) and does not tell',
  },
}

/** What a command of ip prints, made from what the kernel told it. */
function printed(
  { object, words, family }: Command,
  { links, addresses, routes, neighbours, nsids }: ProtocolMessage,
  context: Context,
): Json[] {
  switch (object) {
    case 'ip link':
      return links.map((link) => linkJson(link, context)).filter((link) => isShown(link, words))
    case 'ip addr':
      return linksWithAddresses(links, addresses, context)
        .filter((link) => isShown(link, words))
        .filter(({ addr_info: list }) => family === undefined || (list as unknown[]).length > 0)
    case 'ip route':
      return routes.map((route) => routeJson(route, context))
    case 'ip neigh':
    case 'bridge fdb':
      return neighbours
        .filter((neighbour) => isNeighbourShown(neighbour, words, context))
        .map((neighbour) => neighbourJson(neighbour, context))
    case 'ip netns':
      // `ip netns list` asks for the id of each namespace, and gets -1 where there is none.
      return [...new Set(nsids.map(({ nsid }) => nsid))].map((nsid) =>
        words[0] === 'list-id' ? { nsid } : nsid === -1 ? {} : { id: nsid },
      )
    case 'bridge link':
      return links
        .filter((link) => link.ifiFamily === 'bridge')
        .map((link) => {
          const { ifindex, link: parent, ifname, flags, mtu, master } = linkJson(link, context)
          return { ifindex, link: parent, ifname, flags, mtu, master, ...bridgeLinkJson(link.protinfo ?? {}, context) }
        })
        .filter((link) => isShown(link, words))
    default:
      throw new Error(`no table for what ${object} prints`)
  }
}

const without = (list: readonly Json[], keys: readonly string[]) =>
  list.map((one) => Object.fromEntries(Object.entries(one).filter(([key]) => !keys.includes(key))))

/**
 * Compares a recording with what ip said of it.
 * @param messages what was read from it
 */
export function compareWithOracle({ name, recording, oracle }: Fixture, messages: readonly Recorded[]): void {
  const note = (key: string) => recording.notes.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2)
  const command = parseCommand(note('oracle') ?? '')
  const { object, family, words } = command
  const context: Context = {
    ...contextOf(told(messages).links, command),
    said: (name) => (oracle as Json[]).find(({ ifname }) => ifname === name),
  }
  // Of links that it was not asked for, ip prints an empty object.
  const said = (oracle as Json[]).filter((one) => words.length === 0 || Object.keys(one).length > 0)
  if (note('cmd') === note('oracle')) {
    const keys = Object.keys(apart[family === 'inet6' ? `${object} -6` : object] ?? {})
    expect(without(printed(command, told(messages, 0), context), keys)).to.deep.equal(without(said, keys))
    return
  }
  const but = Object.keys(different[name] ?? {})
  expect(compareChanges(changes(messages), said, context, but), 'compared members').to.be.greaterThan(0)
}
