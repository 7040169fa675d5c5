/** What is shown of this kernel's links, addresses and routes, beside ip's own output. */
import { expect } from 'chai'
import { addressLines } from '../../../src/cli/objects/address/show.js'
import { linkLines } from '../../../src/cli/objects/link/show.js'
import { nsidLines } from '../../../src/cli/objects/netns/show.js'
import { routeLines } from '../../../src/cli/objects/route/show.js'
import type { ShowOptions } from '../../../src/cli/objects/show/names.js'
import { openRtnl, type Rtnl } from '../../../src/rtnl/client/rtnl.js'
import type { Link } from '../../../src/rtnl/index.js'
import { ip, ipCommand, ipJson } from '../../support/ip.js'
import { needs, root } from '../../support/layers.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { agreeOnAddress, agreeOnLink, agreeOnRoute, detailed, plainLines } from './show-agreement.js'

/** ip's text as nlwire says the same: its own names of values, and no mode, which ip prints without -d as well. */
const inOurWords = (text: string): string =>
  text
    .replace(/<.*?>/g, (flags) => flags.toLowerCase().replace(/[-_](.)/g, (_, letter) => letter.toUpperCase()))
    .replaceAll('@NONE', '@none')
    .replace(/ state (\w+)/g, (state) => state.toLowerCase())
    .replaceAll(' mode DEFAULT', '')
    .replaceAll(' group default', ' group 0')
    .replace(/(_lft \d+)sec/g, '$1')
    // ip looks for the name of the namespace.
    .replace(/ link-netns \S+/g, ' link-netnsid 0')
    // Whether the parent is down is not in the message.
    .replaceAll(',mDown', '')
    // The label stands at the end of an IPv4 address's line.
    .replace(/^( +inet .*) (\S+)$/gm, '$1 label $2')

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))
    .filter(Boolean)
const shownLines = (lines: readonly string[]): string[] => linesOf(plainLines(lines).join('\n'))

describe('what is shown, with this kernel', () => {
  let name: string
  let rtnl: Rtnl
  let links: Link[]
  let options: ShowOptions
  before(async function () {
    needs(this, root)
    needs(this, ipCommand)
    name = makeNamespace()
    const other = makeNamespace()
    ip(name, 'link add v0 type veth peer name v1')
    ip(name, 'link add w0 type veth peer name w1 netns', other)
    ip(name, 'link add br0 type bridge forward_delay 0')
    ip(name, 'link set v1 master br0')
    ip(name, 'link add m0 link v0 type macvlan mode vepa')
    ip(name, 'link set v0 alias outer')
    ip(name, 'link property add dev v0 altname the-first altname the-second')
    for (const dev of ['br0', 'v0', 'v1', 'w0']) ip(name, `link set ${dev} up addrgenmode none`)
    ip(name, 'link set lo up')
    ip(name, 'addr add 10.0.1.10/24 brd + dev v0 label v0:x')
    ip(name, 'addr add 10.0.1.11/24 dev v0')
    ip(name, 'addr add 10.9.0.1 peer 10.9.0.2/31 dev v0')
    ip(name, 'addr add 2001:db8::1/64 dev v0 nodad')
    ip(name, 'route add default via 10.0.1.1 dev v0 proto dhcp src 10.0.1.10 metric 100')
    ip(name, 'route add unreachable 10.8.0.0/16')
    ip(name, 'route add 10.7.0.0/16 via 10.99.0.1 dev v0 onlink mtu 1400 advmss 1300 table 100')
    ip(name, 'route add 10.6.0.0/16 nexthop via 10.0.1.2 dev v0 weight 2 nexthop via 10.0.1.3 dev v0')
    ip(name, 'route add 10.5.0.0/16 via inet6 2001:db8::2 dev v0')
    ip(name, '-6 route add 2001:db8:1::/48 via 2001:db8::2 dev v0 expires 1000')
    rtnl = await openRtnl({ netns: name })
  })
  after(() => {
    rtnl?.close()
    removeNamespaces()
  })

  /** What ip says, with the links as they were before and after: a new link's state takes its time. */
  async function settled(said: () => string): Promise<string> {
    for (let i = 0; i < 100; i++) {
      links = await rtnl.links.list().toArray()
      options = { ...detailed(links), details: false }
      const text = said()
      const later = await rtnl.links.list().toArray()
      const shown = (list: Link[]) => list.flatMap((link) => linkLines(link, options)).join('\n')
      if (shown(later) === shown(links)) return text
    }
    throw new Error('the links never settle')
  }

  it('links: the same lines as ip link show', async () => {
    const said = await settled(() => ip(name, 'link show'))
    const shown = shownLines(links.flatMap((link) => linkLines(link, options)))
    expect(shown).to.deep.equal(linesOf(inOurWords(said)))
  })

  it('addresses: the same lines as ip address show', async () => {
    const said = await settled(() => ip(name, 'address show'))
    const addresses = await rtnl.addresses.list().toArray()
    const shown = links.flatMap((link) =>
      addressLines(
        link,
        addresses.filter(({ ifaIndex }) => ifaIndex === link.ifiIndex),
        options,
      ),
    )
    // ip leaves the alias out here.
    expect(shownLines(shown).filter((line) => line !== 'alias outer')).to.deep.equal(linesOf(inOurWords(said)))
  })

  it('routes: the same lines as ip route show', async () => {
    const said = await settled(() => ip(name, '-4 route show table all') + ip(name, '-6 route show table all'))
    const routes = await rtnl.routes.list().toArray()
    const withoutTime = (line: string) => line.replace(/(expires) \d+(sec)?/, '$1')
    const shown = shownLines(routes.flatMap((route) => routeLines(route, options)))
    expect(shown.map(withoutTime)).to.have.members(linesOf(said).map(withoutTime))
    expect(shown).to.include('default via 10.0.1.1 dev v0 proto dhcp src 10.0.1.10 metric 100')
  })

  it('says of each what ip says with all details', async () => {
    const text = await settled(() => ip(name, '-j -d link show'))
    // Timers run on.
    const withoutTimers = (key: string, value: unknown) => (key.endsWith('_timer') ? undefined : value)
    for (const said of JSON.parse(text, withoutTimers))
      agreeOnLink(links.find(({ ifiIndex }) => ifiIndex === said.ifindex)!, said, detailed(links))
    const addresses = await rtnl.addresses.list({ dev: 'v0' }).toArray()
    const [{ addr_info: list }] = ipJson(name, 'address show dev v0') as [{ addr_info: [] }]
    expect(list).to.have.length(addresses.length)
    for (const [i, one] of list.entries()) agreeOnAddress(addresses[i]!, one, detailed(links))
    for (const family of ['inet', 'inet6'] as const) {
      const routes = await rtnl.routes.list({ family }).toArray()
      const all = ipJson(name, `-${family === 'inet' ? 4 : 6} route show table all`)
      expect(all).to.have.length(routes.length)
      for (const [i, one] of all.entries()) {
        const { expires: _, ...said } = one
        agreeOnRoute(routes[i]!, said, detailed(links))
      }
    }
  })

  it('namespace ids: the same as ip netns list-id', async () => {
    const ids = await rtnl.namespaces.list().toArray()
    const said = await settled(() => ip(name, 'netns list-id'))
    const withoutNames = linesOf(said).map((line) => line.replace(/ \(.*\)$/, ''))
    expect(ids.flatMap((id) => nsidLines(id, options))).to.deep.equal(withoutNames)
    expect(ids).to.have.length(1)
  })
})
