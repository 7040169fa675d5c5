/** How containers and others reach each other: a part of network.guest.ts. */
import { expect } from 'chai'
import { ipvlanNetwork } from '../../../src/network/index.js'
import { makeNamespace } from '../../support/namespaces.js'
import { rejection } from '../../support/things.js'
import { expectSame, inside, look } from './support.js'

export const n30 = { name: 'n30', mode: 'l3', subnets: ['192.168.30.0/24', 'fd30::/64'] } as const

/** @throws when no answer comes */
export const ping = (from: string, to: string): string => inside(from, `ping -c 3 -i 0.2 -W 3 ${to}`)

/** @param host the namespace that has the parent eth0, once a test runs */
export function reaching(host: () => string): void {
  let netns: string
  beforeEach(() => {
    netns = host()
  })

  it('the host reaches containers, and they the host, in all modes', async () => {
    for (const mode of ['l2', 'l3', 'l3s'] as const) {
      const c = makeNamespace()
      const before = look(netns)
      const net = await ipvlanNetwork({
        ...n30,
        mode,
        netns,
        parent: 'eth0',
        hostAccess: { addresses: ['192.168.30.254', 'fd30::254'] },
      })
      await net.attach(c, { id: 'c1', addresses: ['192.168.30.2', 'fd30::2'] })
      expect(ping(netns, '192.168.30.2'), mode).to.match(/[123] received/)
      expect(ping(netns, 'fd30::2'), mode).to.match(/[123] received/)
      expect(ping(c, '192.168.30.254'), mode).to.match(/[123] received/)
      await net.detach('c1')
      expect(inside(netns, 'ip route show proto 110')).to.equal('')
      await net.remove()
      expectSame(look(netns), before)
    }
  })

  it('reachable from outside without routes there: proxy ARP and NDP', async () => {
    const [outside, c] = [makeNamespace(), makeNamespace()]
    inside(netns, `ip link add up0 type veth peer name far0 netns ${outside}`)
    inside(netns, 'ip link set up0 up; ip address add 192.168.30.1/24 dev up0; ip address add fd30::1/64 dev up0 nodad')
    inside(
      outside,
      'ip link set far0 up; ip address add 192.168.30.9/24 dev far0; ip address add fd30::9/64 dev far0 nodad',
    )
    const options = {
      ...n30,
      mode: 'l3s',
      netns,
      parent: 'up0',
      proxy: true,
      hostAccess: { addresses: ['192.168.30.254', 'fd30::254'] },
    } as const
    const net = await ipvlanNetwork(options)
    const wanted = { id: 'c1', addresses: ['192.168.30.2', 'fd30::2'] }
    const error = await rejection(net.attach(c, wanted))
    expect(error).to.include({ code: 'ERR_NETWORK_NOT_READY' })
    expect(error.message).to.match(/sysctl -w net\/ipv4\/conf\/up0\/forwarding=1; sysctl -w net\/ipv6\/conf\/up0/)
    inside(netns, error.message.slice(error.message.indexOf('sysctl -w')))
    const before = look(netns)
    await net.attach(c, wanted)
    expect((await net.plan(c, wanted)).steps).to.deep.equal([])
    expect(ping(outside, '192.168.30.2')).to.match(/[123] received/)
    expect(ping(outside, 'fd30::2')).to.match(/[123] received/)
    await net.detach('c1')
    expect(inside(netns, 'ip neighbour show proxy')).to.equal('')
    await net.remove()
    expectSame(look(netns), before)
  })

  it('waits for duplicate address detection, and refuses a duplicate', async () => {
    const [outside, c] = [makeNamespace(), makeNamespace()]
    inside(netns, `ip link add up0 type veth peer name far0 netns ${outside}`)
    inside(netns, 'ip link set up0 up')
    inside(outside, 'ip link set far0 up; ip address add fd30::2/64 dev far0 nodad')
    const net = await ipvlanNetwork({
      name: 'n6',
      mode: 'l2',
      netns,
      parent: 'up0',
      subnets: ['fd30::/64'],
      dad: 'wait',
    })
    await net.attach(c, { id: 'c1', addresses: ['fd30::3'] })
    expect(inside(c, 'ip -6 address show dev eth0 scope global')).not.to.match(/tentative|nodad/)
    const d = makeNamespace()
    const before = look(d)
    const error = await rejection(net.attach(d, { id: 'c2', addresses: ['fd30::2'] }))
    expect(error).to.include({ code: 'ERR_NETWORK_ADDRESS', id: 'c2' })
    expect(error.message).to.match(/fd30::2 is in use by somebody else/)
    expectSame(look(d), before)
  })

  it('what would be announced', async () => {
    const net = await ipvlanNetwork({ ...n30, netns, parent: 'eth0' })
    expect(await net.routes()).to.deep.equal({
      routes: [{ dst: '192.168.30.0/24', gateway: '10.9.0.1' }],
      frr: 'ip route 192.168.30.0/24 10.9.0.1\n',
      bird: 'protocol static {\n  ipv4;\n  route 192.168.30.0/24 via 10.9.0.1;\n}\n',
    })
  })
}
