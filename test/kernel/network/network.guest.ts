/** Networks on a kernel with ipvlan: run by network.test.js in user-mode Linux. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { openRtnl, type Rtnl } from '../../../src/index.js'
import { ipvlanNetwork, macvlanNetwork, NetworkError } from '../../../src/network/index.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { rejection } from '../../support/things.js'
import { n30, ping, reaching } from './reaching.js'
import { expectSame, inside, look, lookSettled, sh } from './support.js'

const n110 = { name: 'n110', mode: 'l3', subnets: ['192.168.110.0/24'] } as const

describe('networks', () => {
  /** The namespace that stands for the host, with the parent eth0. */
  let netns: string
  let rtnl: Rtnl
  beforeEach(async () => {
    netns = makeNamespace()
    rtnl = await openRtnl({ netns })
    inside(netns, 'ip link add eth0 type dummy')
    inside(netns, 'ip link set eth0 up')
    inside(netns, 'ip address add 10.9.0.1/24 dev eth0')
  })
  afterEach(() => {
    rtnl.close()
    removeNamespaces()
  })

  it('two networks of one parent reach each other in l3', async () => {
    const [a, b] = [makeNamespace(), makeNamespace()]
    const first = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    const second = await ipvlanNetwork({ ...n110, netns, parent: 'eth0' })
    const attached = await first.attach(a, { id: 'c1', addresses: ['192.168.30.2', 'fd30::2'] })
    await second.attach(b, { id: 'c2', addresses: ['192.168.110.2/24'] })
    expect(attached).to.include({ id: 'c1', ifname: 'eth0', mtu: 1500 })
    expect(attached.addresses).to.deep.equal(['192.168.30.2/24', 'fd30::2/64'])
    expect(ping(a, '192.168.110.2')).to.match(/[123] received/)
    expect(ping(b, '192.168.30.2')).to.match(/[123] received/)
    expect(inside(a, 'ip route show default')).to.match(/^default dev eth0 scope link/)
    expect(inside(a, 'ip -6 route show default')).to.match(/^default dev eth0/)
    expect(inside(a, 'ip -4 address show dev eth0')).to.match(/192\.168\.30\.2\/24 brd 192\.168\.30\.255/)
    expect(inside(a, 'cat /proc/sys/net/ipv4/conf/eth0/arp_notify').trim()).to.equal('1')
    expect(inside(a, 'cat /proc/sys/net/ipv6/conf/eth0/ndisc_notify').trim()).to.equal('1')
    expect(await first.list()).to.deep.equal([
      { id: 'c1', ifname: 'eth0', ifiIndex: attached.ifiIndex, where: a, up: true, addresses: attached.addresses },
    ])
  })

  it('attaching twice is once, and completes what is missing', async () => {
    const c = makeNamespace()
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    const wanted = { id: 'c1', addresses: ['192.168.30.2', 'fd30::2'] }
    const attached = await net.attach(c, wanted)
    const before = await lookSettled(netns, c)
    expect((await net.plan(c, wanted)).steps).to.deep.equal([])
    expect(await net.attach(c, wanted)).to.deep.equal(attached)
    expectSame(await lookSettled(netns, c), before)
    inside(c, 'ip address del 192.168.30.2/24 dev eth0')
    expect((await net.plan(c, wanted)).steps.map(({ title }) => title)).to.deep.equal([
      'add the address 192.168.30.2/24',
      'add the route default',
    ])
    await net.attach(c, wanted)
    expectSame(await lookSettled(netns, c), before)
  })

  it('a second program sees what the first has made', async () => {
    const c = makeNamespace()
    await (await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })).attach(c, { id: 'c1', addresses: ['192.168.30.2'] })
    const other = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    expect((await other.list()).map(({ id }) => id)).to.deep.equal(['c1'])
    expect(await other.detach('c1')).to.equal(true)
    expect(await other.detach('c1')).to.equal(false)
    expect(inside(c, 'ip -br link').trim().split('\n')).to.have.length(1)
  })

  it('another mode on the parent is refused, across networks and namespaces', async () => {
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    await net.attach(makeNamespace(), { id: 'c1', addresses: ['192.168.30.2'] })
    const error = await rejection(ipvlanNetwork({ ...n110, netns, parent: 'eth0', mode: 'l2' }))
    expect(error).to.be.instanceOf(NetworkError)
    expect(error).to.include({ code: 'ERR_NETWORK_MODE', network: 'n110' })
    expect(error.message).to.match(/mode l2 flags none would switch 1 other ipvlan link.*all networks on eth0/)
    const flags = await rejection(ipvlanNetwork({ ...n110, netns, parent: 'eth0', flags: ['private'] }))
    expect(flags).to.include({ code: 'ERR_NETWORK_MODE' })
  })

  it("the host's own addresses are refused", async () => {
    const net = await ipvlanNetwork({ name: 'n9', mode: 'l2', netns, parent: 'eth0' })
    const error = await rejection(net.attach(makeNamespace(), { id: 'c1', addresses: ['10.9.0.1/24'] }))
    expect(error).to.include({ code: 'ERR_NETWORK_ADDRESS', id: 'c1' })
    expect(error.message).to.match(/10\.9\.0\.1 is the host's own address \(on eth0\)/)
  })

  it('an address that a sibling has is explained, and nothing is left', async () => {
    const [a, b] = [makeNamespace(), makeNamespace()]
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    await net.attach(a, { id: 'c1', addresses: ['192.168.30.2'] })
    const before = look(netns, a, b)
    const error = await rejection(net.attach(b, { id: 'c2', addresses: ['192.168.30.2'] }))
    expect(error).to.include({ code: 'ERR_NETWORK_STEP', id: 'c2' })
    expect(error.message).to.match(/cannot add the address 192\.168\.30\.2\/24: .*another ipvlan/)
    expectSame(look(netns, a, b), before)
  })

  it('a VLAN is created as the parent, counted, and removed with its last user', async () => {
    const [a, b] = [makeNamespace(), makeNamespace()]
    const first = await ipvlanNetwork({ ...n30, netns, parent: 'eth0.30' })
    const second = await ipvlanNetwork({ ...n110, netns, parent: 'eth0.30' })
    await first.attach(a, { id: 'c1', addresses: ['192.168.30.2'] })
    await second.attach(b, { id: 'c2', addresses: ['192.168.110.2'] })
    expect(inside(netns, 'ip -d link show eth0.30')).to.match(/vlan protocol 802.1Q id 30/)
    expect(ping(a, '192.168.110.2')).to.match(/[123] received/)
    await first.remove()
    expect(inside(netns, 'ip -br link')).to.match(/eth0\.30@eth0 +UNKNOWN|eth0\.30@eth0 +UP/)
    expect((await second.remove()).map(({ name }) => name)).to.deep.equal(['eth0', 'eth0.30'])
    expect(inside(netns, 'ip -br link')).not.to.match(/eth0\.30/)
  })

  it('a VLAN that was there stays', async () => {
    inside(netns, 'ip link add link eth0 name eth0.30 type vlan id 30')
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0.30' })
    await net.attach(makeNamespace(), { id: 'c1', addresses: ['192.168.30.2'] })
    await net.remove()
    expect(inside(netns, 'ip -br link')).to.match(/eth0\.30@eth0/)
  })

  it('no parent: a dummy of its own, and no default route', async () => {
    const [a, b] = [makeNamespace(), makeNamespace()]
    const before = look(netns)
    const net = await ipvlanNetwork({ ...n30, netns, parent: null })
    await net.attach(a, { id: 'c1', addresses: ['192.168.30.2'] })
    await net.attach(b, { id: 'c2', addresses: ['192.168.30.3'] })
    expect(ping(a, '192.168.30.3')).to.match(/[123] received/)
    expect(inside(a, 'ip route show default')).to.equal('')
    await net.remove()
    expectSame(look(netns), before)
  })

  it('the parent is by default the link of the default route', async () => {
    const none = await rejection(ipvlanNetwork({ ...n30, netns }))
    expect(none).to.include({ code: 'ERR_NETWORK_PARENT' })
    inside(netns, 'ip route add default via 10.9.0.254')
    const net = await ipvlanNetwork({ ...n30, netns })
    const { steps } = await net.plan(makeNamespace(), { id: 'c1', addresses: ['192.168.30.2'] })
    expect(steps[0]!.title).to.equal('create the ipvlan on eth0')
  })

  it('parents that cannot be are refused with the reason', async () => {
    const refused = async (parent: string) => {
      const error = await rejection(ipvlanNetwork({ ...n30, netns, parent }))
      expect(error).to.include({ code: 'ERR_NETWORK_PARENT' })
      return error.message
    }
    expect(await refused('lo')).to.match(/loopback/)
    expect(await refused('nope')).to.match(/no link nope/)
    expect(await refused('nope.7')).to.match(/neither a link nope\.7.*nor nope/)
    sh('modprobe -d /run/modules bridge macvlan 2>/dev/null || true')
    inside(netns, 'ip link add br0 type bridge')
    inside(netns, 'ip link add d1 type dummy')
    inside(netns, 'ip link set d1 master br0')
    expect(await refused('d1')).to.match(/d1 is a port of the bridge br0: use br0/)
    inside(netns, 'ip link add mv0 link eth0 type macvlan')
    expect(await refused('eth0')).to.match(/has the macvlan mv0 on it/)
  })

  it('what a killed container left comes back and is deleted', async () => {
    const c = makeNamespace()
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0', hostAccess: { addresses: ['192.168.30.254'] } })
    await net.create()
    const before = look(netns)
    await net.attach(c, { id: 'c1', ifname: 'cont0', addresses: ['192.168.30.2'] })
    inside(c, `ip link set cont0 netns ${netns}`)
    const removed = await net.gc([])
    expect(removed.map(({ what, id }) => [what, id])).to.deep.include(['link', 'c1'])
    expectSame(look(netns), before)
  })

  it('l2: the default route by the gateway, on the link where it is outside of the subnet', async () => {
    const c = makeNamespace()
    const net = await ipvlanNetwork({ name: 'n9', mode: 'l2', netns, parent: 'eth0', gateway: '10.9.0.254' })
    await net.attach(c, { id: 'c1', addresses: ['10.9.0.7/24'] })
    expect(inside(c, 'ip route show default')).to.match(/^default via 10\.9\.0\.254 dev eth0/)
    const d = makeNamespace()
    await net.attach(d, {
      id: 'c2',
      addresses: ['10.9.0.8/32'],
      metric: 50,
      routes: [{ dst: '10.50.0.0/16', gateway: '10.9.0.3' }],
    })
    expect(inside(d, 'ip route show default')).to.match(/^default via 10\.9\.0\.254 dev eth0 metric 50 onlink/)
    expect(inside(d, 'ip route show 10.50.0.0/16')).to.match(/via 10\.9\.0\.3 dev eth0 onlink/)
  })

  it('a macvlan network', async () => {
    const [a, b] = [makeNamespace(), makeNamespace()]
    const net = await macvlanNetwork({ name: 'm1', netns, parent: 'eth0', subnets: ['10.9.0.0/24'] })
    const one = await net.attach(a, { id: 'c1', addresses: ['10.9.0.7'], mac: '02:00:00:00:00:07' })
    await net.attach(b, { id: 'c2', addresses: ['10.9.0.8'] })
    expect(one.mac).to.equal('02:00:00:00:00:07')
    expect(ping(a, '10.9.0.8')).to.match(/[123] received/)
  })

  it('a name that is taken, an MTU above the parent', async () => {
    const c = makeNamespace()
    inside(c, 'ip link add eth0 type dummy')
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    const taken = await rejection(net.attach(c, { id: 'c1', addresses: ['192.168.30.2'] }))
    expect(taken).to.include({ code: 'ERR_NETWORK_CONFLICT' })
    const large = await rejection(net.attach(c, { id: 'c1', ifname: 'eth1', mtu: 9000, addresses: ['192.168.30.2'] }))
    expect(large).to.include({ code: 'ERR_NETLINK_OPTION', option: 'mtu' })
    expect(execFileSync('ip', ['-n', c, '-br', 'link'], { encoding: 'utf8' })).not.to.match(/ipvlan|nlw/)
  })

  reaching(() => netns)
})
