/** The lines that are shown of single objects. */
import { expect } from 'chai'
import { addressLines } from '../../../src/cli/objects/address/show.js'
import { linkLines } from '../../../src/cli/objects/link/show.js'
import { namespaceLines, nsidLines } from '../../../src/cli/objects/netns/show.js'
import { routeLines } from '../../../src/cli/objects/route/show.js'
import type { ShowOptions } from '../../../src/cli/objects/show/names.js'
import type { Address, Link, Route } from '../../../src/rtnl/index.js'
import { plainLines } from './show-agreement.js'

const names: Readonly<Record<number, string>> = { 2: 'eth0', 4: 'br0' }
const usual: ShowOptions = { details: false, nameOf: (index) => names[index] }
const detailed: ShowOptions = { ...usual, details: true }

describe('what is shown of an object', () => {
  const ipvlan: Link = {
    ifiType: 'ether',
    ifiIndex: 3,
    ifiFlags: ['up', 'broadcast', 'running', 'multicast', 'lowerUp'],
    ifname: 'ipv1',
    ...{ txqlen: 1000, operstate: 'up', group: 0, mtu: 1500, promiscuity: 0, link: 2, qdisc: 'noqueue' },
    ...{ address: '02:42:ac:11:00:02', broadcast: 'ff:ff:ff:ff:ff:ff' },
    linkinfo: { kind: 'ipvlan', data: { mode: 'l3', flags: ['private'] } },
  }
  const first = '<broadcast,multicast,up,lowerUp> mtu 1500 qdisc noqueue state up group 0 qlen 1000'
  const second = '    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff'
  const link = (changes: Partial<Link>, options = usual) =>
    plainLines(linkLines({ ...ipvlan, ...changes } as Link, options))

  it('a link has two lines; with details its kind, and what else it has', () => {
    expect(link({})).to.deep.equal([`3: ipv1@eth0: ${first}`, second])
    const afSpec = { inet: { conf: { forwarding: 1 } }, inet6: { addrGenMode: 'none', conf: [1] } } as NonNullable<
      Link['afSpec']
    >
    const more: Partial<Link> = { linkNetnsid: 0, afSpec, devlinkPort: {}, stats64: { rxBytes: 1n }, carrierChanges: 4 }
    expect(link(more, detailed)).to.deep.equal([
      `3: ipv1@if2: ${first}`,
      `${second} link-netnsid 0 promiscuity 0 af_spec '{"inet6":{"addrGenMode":"none"}}'`,
      '    ipvlan mode l3 private',
    ])
  })

  it('a link tells its parent and its master, known or not, its alias and its further names', () => {
    expect(link({ link: 9 })[0]).to.match(/^3: ipv1@if9: /)
    expect(link({ link: 0 })[0]).to.match(/^3: ipv1@none: /)
    const { link: _, ...alone } = ipvlan
    expect(plainLines(linkLines(alone, usual))[0]).to.match(/^3: ipv1: /)
    expect(link({ master: 4 })[0]).to.include(' qdisc noqueue master br0 state up ')
    const named = link({ ifalias: 'to the left', propList: { altIfname: ['one', 'two'] } })
    expect(named.slice(2)).to.deep.equal(['    alias to the left', '    altname one', '    altname two'])
  })

  it('flags have up beside lowerUp, and noCarrier for an up link that is not running', () => {
    expect(link({ ifiFlags: ['up', 'broadcast', 'multicast', 0x80000] })[0]).to.include(
      ' <noCarrier,broadcast,multicast,up,0x80000> ',
    )
    expect(link({ ifiFlags: [] })[0]).to.include(' <> ')
  })

  it('a point-to-point link has a peer, a tunnel no address', () => {
    const address = { address: '192.0.2.1', broadcast: '192.0.2.2' }
    expect(link({ ...address, ifiType: 'ipgre', ifiFlags: ['pointopoint'] })[1]).to.equal(
      '    link/ipgre 192.0.2.1 peer 192.0.2.2',
    )
    expect(link({ address: '', broadcast: '', ifiType: 'none' })[1]).to.equal('    link/none')
  })

  it('a kind without a definition has its bytes', () => {
    const linkinfo = {
      kind: 'batadv',
      otherData: Uint8Array.of(1, 2),
      slaveKind: 'team',
    } as unknown as NonNullable<Link['linkinfo']>
    expect(link({ linkinfo }, detailed).slice(2)).to.deep.equal(['    batadv other_data 0102', '    team_slave'])
  })

  const address: Address = {
    ...{ ifaFamily: 'inet', ifaPrefixlen: 24, ifaFlags: ['permanent'], ifaScope: 'universe', ifaIndex: 3 },
    ...{ address: '10.0.1.10', local: '10.0.1.10', broadcast: '10.0.1.255', label: 'eth0:1', proto: 'kernelLo' },
    flags: ['secondary', 'permanent'],
    cacheinfo: { ifaPrefered: 50, ifaValid: 0xffffffff, cstamp: 7, tstamp: 8 },
  }
  const life = '       valid_lft forever preferred_lft 50'

  it('an address has a line, and one of its times of life', () => {
    const line = '    inet 10.0.1.10/24 brd 10.0.1.255 scope global secondary label eth0:1'
    expect(plainLines(addressLines(undefined, [address], usual))).to.deep.equal(['3: if3:', line, life])
    expect(plainLines(addressLines(ipvlan, [address], usual))).to.deep.equal([...link({}), line, life])
    const all = plainLines(addressLines(undefined, [address], detailed)).slice(1)
    expect(all).to.deep.equal([`${line} proto kernelLo`, `${life} cstamp 7 tstamp 8`])
    expect(addressLines(undefined, [], usual)).to.deep.equal([])
  })

  it('an address tells the other end, and flags with the meaning that they have in its family', () => {
    const six: Address = { ...address, ifaFamily: 'inet6', flags: ['secondary', 'nodad', 0x1000] }
    expect(addressLines(undefined, [six], usual)[1]).to.include(' scope global temporary nodad 0x1000 dynamic ')
    const peer: Address = { ...address, address: '10.0.1.11', ifaPrefixlen: 32 }
    expect(addressLines(undefined, [peer], usual)[1]).to.include(' inet 10.0.1.10 peer 10.0.1.11/32 brd ')
  })

  const route: Route = {
    ...{ rtmFamily: 'inet', rtmDstLen: 0, rtmSrcLen: 0, rtmTos: 0, rtmTable: 'main', rtmProtocol: 'dhcp' },
    ...{ rtmScope: 'universe', rtmType: 'unicast', rtmFlags: [], table: 'main' },
    ...{ gateway: '10.0.0.1', oif: 2, prefsrc: '10.0.0.2', priority: 100 },
  }
  const shown = (changes: Partial<Route>, options = usual) => routeLines({ ...route, ...changes }, options)

  it('a route has one line, without what is usual', () => {
    expect(shown({})).to.deep.equal(['default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.2 metric 100'])
    expect(shown({}, detailed)).to.deep.equal([
      'unicast default via 10.0.0.1 dev eth0 table main proto dhcp scope global src 10.0.0.2 metric 100',
    ])
    const unusual: Partial<Route> = { rtmType: 'local', dst: '10.1.0.0', rtmDstLen: 16, rtmTos: 16, table: 100 }
    expect(
      shown({ ...unusual, rtmScope: 'host', rtmProtocol: 'boot', rtmFlags: ['onlink', 'linkdown', 0x10000] }),
    ).to.deep.equal([
      'local 10.1.0.0/16 tos 0x10 via 10.0.0.1 dev eth0 table 100 scope host src 10.0.0.2 metric 100 onlink linkdown 0x10000',
    ])
    expect(shown({ rtmFlags: ['notify', 'cloned', 'multicast', 'local', 0x100000] })[0]).to.match(
      / notify cloned 0x100000 <multicast,local>$/,
    )
  })

  it('a route has its metrics, how packets are wrapped, its end, and a line for each next hop', () => {
    const bare: Route = { rtmFamily: 'inet6', rtmDstLen: 128, dst: 'fd00::1', rtmType: 'unicast' }
    expect(routeLines({ ...bare, metrics: { mtu: 1400, lock: ['mtu'] }, pref: 'high', flow: 5 }, usual)).to.deep.equal([
      'fd00::1 mtu 1400 lock mtu pref high flow 5',
    ])
    const cacheinfo = { rtaExpires: 2950, rtaError: 0xffffff8f, rtaUsed: 3 }
    const wrapped: Route = { ...bare, encapType: 'mpls', encap: Uint8Array.of(0, 6, 0x41, 0), cacheinfo }
    expect(routeLines(wrapped, usual)).to.deep.equal(['fd00::1 encap mpls 00064100 expires 29 error EHOSTUNREACH'])
    const via = { rtviaFamily: 'inet6', rtviaAddr: 'fe80::1' } as const
    const multipath: Route['multipath'] = [
      { rtnhFlags: [], rtnhHops: 1, rtnhIfindex: 2, gateway: '10.0.0.1' },
      { rtnhFlags: ['dead', 'linkdown'], rtnhHops: 0, rtnhIfindex: 7, via },
    ]
    expect(routeLines({ ...bare, multipath }, usual)).to.deep.equal([
      'fd00::1',
      '    nexthop via 10.0.0.1 dev eth0 weight 2',
      '    nexthop via inet6 fe80::1 dev if7 weight 1 dead linkdown',
    ])
  })

  it('namespaces and their ids', () => {
    expect(plainLines(namespaceLines({ name: 'net1', nsid: 0 }, usual))).to.deep.equal(['net1 (id: 0)'])
    expect(plainLines(namespaceLines({ name: 'net1' }, usual))).to.deep.equal(['net1'])
    expect(nsidLines({ nsid: 7, currentNsid: -1 }, usual)).to.deep.equal(['nsid 7 current-nsid unassigned'])
  })

  it('no name drives the terminal', () => {
    const bad = '\u001b]0;x\u0007\n\u202e'
    const linkinfo = { kind: bad, slaveKind: bad, otherData: Uint8Array.of(1) } as unknown as NonNullable<
      Link['linkinfo']
    >
    const propList = { altIfname: [bad] }
    const text = { ifname: bad, qdisc: bad, ifalias: bad, physPortName: bad, parentDevName: bad }
    const hostile: ShowOptions = { details: true, nameOf: () => bad }
    const lines = [
      ...linkLines({ ...ipvlan, ...text, linkinfo, propList, master: 9 } as Link, hostile),
      ...addressLines(undefined, [{ ...address, label: bad }], hostile),
      ...routeLines({ ...route, iif: 3, metrics: { ccAlgo: bad } }, hostile),
      ...namespaceLines({ name: bad }, hostile),
    ]
    // Colours stand in the lines of a terminal only, and are none of what came from outside.
    for (const line of plainLines(lines)) expect(line).not.to.match(/[\p{Cc}\p{Cf}]/u)
    expect(
      plainLines(lines)
        .join('\n')
        .match(/\\u001b\]0;x\\u0007\\u000a\\u202e/g),
    ).to.have.length(16)
  })
})
