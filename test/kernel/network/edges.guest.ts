/** Edges of networks: run by edges.test.js in user-mode Linux. */
import { expect } from 'chai'
import { ipvlanNetwork, macvlanNetwork } from '../../../src/network/index.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { rejection } from '../../support/things.js'
import { n30 } from './reaching.js'
import { expectSame, inside, look } from './support.js'

const c1 = { id: 'c1', addresses: ['192.168.30.2'] }

describe('edges of networks', () => {
  let netns: string
  beforeEach(() => {
    netns = makeNamespace()
    inside(netns, 'ip link add eth0 type dummy; ip link set eth0 up; ip address add 10.9.0.1/24 dev eth0')
  })
  afterEach(removeNamespaces)

  it('an address is the same however it is written', async () => {
    inside(netns, 'sysctl -qw net.ipv6.conf.eth0.forwarding=1 net.ipv6.conf.eth0.proxy_ndp=1')
    const container = makeNamespace()
    const options = {
      name: 'n',
      mode: 'l3s',
      netns,
      parent: 'eth0',
      subnets: ['2001:DB8:0::/64'],
      proxy: true,
      hostAccess: { addresses: ['2001:DB8:0::FE'] },
    } as const
    const net = await ipvlanNetwork(options)
    const wanted = { id: 'c1', addresses: ['2001:DB8:0:0::1'] }
    expect((await net.attach(container, wanted)).addresses).to.deep.equal(['2001:db8::1/64'])
    expect((await net.plan(container, wanted)).steps).to.deep.equal([])
    expect(await net.check('c1')).to.deep.equal([])
    inside(container, 'ip link del eth0')
    await (await ipvlanNetwork(options)).detach('c1', { addresses: wanted.addresses })
    expect(inside(netns, 'ip -6 route show proto 110; ip -6 neighbour show proxy')).to.equal('')
    await net.remove()
  })

  it('routes with bits beyond their prefix, and without a metric, are there once', async () => {
    const container = makeNamespace()
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    const wanted = {
      id: 'c1',
      addresses: ['fd30::2'],
      routes: [{ dst: 'fd50::5/64' }, { dst: 'fd51::/64', priority: 0 }],
    }
    await net.attach(container, wanted)
    expect((await net.plan(container, wanted)).steps).to.deep.equal([])
  })

  it('a route that cannot be is refused before anything is changed', async () => {
    const container = makeNamespace()
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    const before = look(netns, container)
    const routes = [{ dst: '10.50.0.0/16', rtmScope: 'nope' }]
    const error = await rejection(net.attach(container, { ...c1, routes } as never))
    expect(error.message).to.match(/^RTM_NEWROUTE: rtmScope: expected /)
    expectSame(look(netns, container), before)
  })

  it('names that the kernel would fill in are refused', async () => {
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    expect(await rejection(net.attach(makeNamespace(), { ...c1, ifname: 'eth%d' }))).to.include({ option: 'ifname' })
  })

  it('the MTU is set again, never above the parent, and not below what IPv6 needs', async () => {
    const container = makeNamespace()
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    await net.attach(container, c1)
    expect((await net.attach(container, { ...c1, mtu: 1300 })).mtu).to.equal(1300)
    expect(await net.check('c1')).to.deep.equal([])
    const large = await rejection(net.attach(container, { ...c1, mtu: 9000 }))
    expect(large).to.include({ code: 'ERR_NETLINK_OPTION', option: 'mtu' })
    const small = await rejection(net.attach(makeNamespace(), { id: 'c2', mtu: 1000, addresses: ['fd30::3'] }))
    expect(small.message).to.match(/mtu: expected at least 1280/)
    const vlan = await ipvlanNetwork({ ...n30, name: 'v', netns, parent: 'eth0.30' })
    const above = await rejection(vlan.attach(makeNamespace(), { id: 'c3', mtu: 9000, addresses: ['192.168.30.4'] }))
    expect(above.message).to.match(/mtu: expected at most 1500, the MTU of eth0\.30/)
  })

  it('a VLAN that is there under another name, or whose link is down, is refused with the reason', async () => {
    const refused = async () => await rejection(ipvlanNetwork({ ...n30, netns, parent: 'eth0.30' }))
    inside(netns, 'ip link add link eth0 name v30 type vlan id 30')
    const there = await refused()
    expect(there.code).to.equal('ERR_NETWORK_PARENT')
    expect(there.message).to.match(/VLAN 30 of eth0 is there already as v30: use that/)
    inside(netns, 'ip link del v30; ip link set eth0 down')
    expect((await refused()).message).to.match(/eth0 is down.*set eth0 up first/)
  })

  it('a VLAN that another network began is taken over', async () => {
    inside(netns, 'ip link add link eth0 name nlwaaaaaabbbbbb type vlan id 30')
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0.30' })
    await net.attach(makeNamespace(), c1)
    expect(inside(netns, 'ip -br link')).to.match(/eth0\.30@eth0/)
    await net.remove()
    expect(inside(netns, 'ip -br link')).not.to.match(/eth0\.30|nlw/)
  })

  it('a parent by an alternative name, with proxy', async () => {
    inside(netns, 'ip link property add dev eth0 altname up0; sysctl -qw net.ipv4.conf.eth0.forwarding=1')
    const hostAccess = { addresses: ['192.168.30.254'] }
    const net = await ipvlanNetwork({ ...n30, mode: 'l3s', netns, parent: 'up0', proxy: true, hostAccess })
    await net.attach(makeNamespace(), c1)
    expect(inside(netns, 'ip neighbour show proxy')).to.match(/192\.168\.30\.2 dev eth0/)
    await net.remove()
  })

  it('macvlans that cannot be are explained', async () => {
    const net = await macvlanNetwork({ name: 'm', mode: 'passthru', netns, parent: 'eth0' })
    await net.attach(makeNamespace(), { id: 'c1' })
    const second = await rejection(net.attach(makeNamespace(), { id: 'c2' }))
    expect(second.message).to.match(/passthru is the only one on its parent/)
    await net.remove()
    inside(netns, 'ip link add iv0 link eth0 type ipvlan')
    const error = await rejection(macvlanNetwork({ name: 'm', netns, parent: 'iv0' }))
    expect(error).to.include({ code: 'ERR_NETWORK_PARENT' })
    expect(error.message).to.match(/iv0 is an ipvlan, which cannot carry a macvlan/)
  })

  it("the host's IPv6 address where IPv6 is switched off", async () => {
    inside(netns, 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1')
    const container = makeNamespace()
    const wanted = { id: 'c1', addresses: ['fd30::2'] }
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0', hostAccess: { addresses: ['fd30::254'] } })
    await net.attach(container, wanted)
    expect((await net.plan(container, wanted)).steps).to.deep.equal([])
    // The kernel takes up to a second until a link that was set up carries IPv6.
    expect(inside(netns, 'ping -c 10 -i 0.4 -W 3 fd30::2')).to.match(/[1-9]\d* received/)
    await net.remove()
  })

  it('an attachment in another mode or with other flags is told', async () => {
    const container = makeNamespace()
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    await net.attach(container, c1)
    inside(container, 'ip link add link eth0 name iv9 type ipvlan mode l3 private')
    expect(await rejection(net.attach(container, c1))).to.include({ code: 'ERR_NETWORK_CONFLICT' })
  })
})
