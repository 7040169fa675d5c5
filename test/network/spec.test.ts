import { expect } from 'chai'
import { attachSpec, type NetworkKind, networkSpec } from '../../src/network/spec.js'

/** The option that is refused, and what is accepted in its place. */
const refused = (run: () => unknown): [option: unknown, message: string] => {
  try {
    run()
  } catch (error) {
    const { code, option, message } = error as { code: string; option: string; message: string }
    expect(code).to.equal('ERR_NETLINK_OPTION')
    return [option, message]
  }
  throw new Error('nothing was refused')
}

const l3 = { name: 'n30', mode: 'l3', subnets: ['192.168.30.0/24', 'fd30::/64'] } as const
const spec = (kind: NetworkKind, options: object) => networkSpec(kind, options as never)

describe('network/spec', () => {
  it('defaults', () => {
    expect(spec('ipvlan', { name: 'n' })).to.deep.include({
      mode: 'l2',
      flags: [],
      defaultRoute: true,
      proxy: false,
      notify: true,
      dad: 'none',
      hostLink: undefined,
      sysctls: {},
    })
    expect(spec('macvlan', { name: 'n' }).mode).to.equal('bridge')
    expect(spec('ipvlan', { name: 'n', parent: null }).defaultRoute).to.equal(false)
    expect(spec('ipvlan', { name: 'n', internal: true }).defaultRoute).to.equal(false)
    expect(attachSpec(spec('ipvlan', { name: 'n' }), { id: 'c1' })).to.deep.include({ ifname: 'eth0', addresses: [] })
  })

  const wrong: readonly (readonly [option: string, kind: NetworkKind, options: object, message: RegExp])[] = [
    ['name', 'ipvlan', { name: '' }, /at least one character/],
    ['parent', 'ipvlan', { parent: '' }, /interface's name/],
    ['parent', 'ipvlan', { parent: 'x'.repeat(16) }, /1 to 15 bytes/],
    ['mode', 'ipvlan', { mode: 'bridge' }, /l2, l3(,| or) l3s|l3s/],
    ['mode', 'macvlan', { mode: 'l3' }, /passthru/],
    ['mode', 'macvlan', { mode: 'source' }, /passthru/],
    ['flags', 'macvlan', { flags: ['private'] }, /flags are those of an ipvlan/],
    ['flags', 'ipvlan', { flags: ['private', 'vepa'] }, /or none/],
    ['flags', 'ipvlan', { flags: ['x'] }, /or none/],
    ['flags', 'ipvlan', { flags: 'private' }, /or none/],
    ['subnets', 'ipvlan', { subnets: '10.0.0.0/8' }, /a list/],
    ['subnets[0]', 'ipvlan', { subnets: ['10/8'] }, /an address such as/],
    ['gateway[0]', 'ipvlan', { gateway: '10.0.0.1/8' }, /without a length/],
    ['gateway', 'ipvlan', { gateway: ['10.0.0.1', '10.0.0.2'] }, /one address of inet/],
    ['mtu', 'ipvlan', { mtu: 67 }, /from 68/],
    ['metric', 'ipvlan', { metric: -1 }, /from 0/],
    ['internal', 'ipvlan', { internal: 1 }, /true or false/],
    ['defaultRoute', 'ipvlan', { defaultRoute: 'no' }, /true or false/],
    ['notify', 'ipvlan', { notify: 1 }, /true or false/],
    ['proxy', 'ipvlan', { proxy: 1 }, /true or false/],
    ['dad', 'ipvlan', { dad: 'off' }, /none.*wait/],
    ['routes', 'ipvlan', { routes: {} }, /a list of routes/],
    ['routes[0].dst', 'ipvlan', { routes: [{ dst: 'x' }] }, /or default/],
    ['routes[0].gateway[0]', 'ipvlan', { routes: [{ dst: 'default', gateway: 'x' }] }, /without a length/],
    ['sysctls', 'ipvlan', { sysctls: { 'ipv6/../x': 1 } }, /names such as/],
    ["sysctls['ipv6/accept_ra']", 'ipvlan', { sysctls: { 'ipv6/accept_ra': true } }, /a number or a text/],
    ['bcQueueLen', 'macvlan', { bcQueueLen: 0 }, /from 1/],
    ['hostAccess', 'macvlan', { mode: 'passthru', hostAccess: true }, /one link/],
    ['hostAccess', 'ipvlan', { hostAccess: 7 }, /true, false, or/],
    ['hostAccess', 'ipvlan', { mode: 'l3', hostAccess: true }, /there is no gateway/],
    ['hostAccess', 'ipvlan', { hostAccess: true, gateway: '10.0.0.1' }, /in mode l2 the gateway is a router's/],
    ['hostAccess.ifname', 'ipvlan', { hostAccess: { addresses: ['10.0.0.1'], ifname: 'a/b' } }, /interface's name/],
    ['hostAccess.addresses[0]', 'ipvlan', { hostAccess: { addresses: ['x'] } }, /without a length/],
    ['proxy', 'ipvlan', { mode: 'l3', proxy: true }, /it is for mode l3s/],
    ['proxy', 'ipvlan', { mode: 'l3s', proxy: true }, /hostAccess as well/],
  ]
  for (const [option, kind, options, message] of wrong)
    it(`refuses ${option} of ${kind}: ${JSON.stringify(options)}`, () => {
      const [named, text] = refused(() => spec(kind, { name: 'n', ...options }))
      expect(named).to.equal(option)
      expect(text).to.match(message)
    })

  const attachments: readonly (readonly [option: string, options: object, message: RegExp])[] = [
    ['id', { id: '' }, /at least one character/],
    ['ifname', { ifname: 'a b' }, /interface's name/],
    ['ifname', { ifname: 'eth%d' }, /% and white space/],
    ['mac', { mac: '02:00:00:00:00:01' }, /the MAC address of its parent/],
    ['addresses', { addresses: [] }, /neither ARP nor broadcast/],
    ['addresses[0]', { addresses: ['192.168.31.2'] }, /an address in 192\.168\.30\.0\/24 or fd30::\/64/],
    ['addresses[1]', { addresses: ['192.168.30.2', 'x'] }, /an address such as/],
    ['routes[0].dst', { routes: [{}] }, /a destination/],
    ['defaultRoute', { defaultRoute: 0 }, /true or false/],
    ['bare', { bare: 'yes' }, /true or false/],
    ['metric', { metric: 1.5 }, /from 0/],
    ['mtu', { mtu: 0 }, /from 68/],
    ['gateway[0]', { gateway: 'x' }, /without a length/],
  ]
  for (const [option, options, message] of attachments)
    it(`refuses ${option} of an attachment: ${JSON.stringify(options)}`, () => {
      const network = networkSpec('ipvlan', l3)
      const [named, text] = refused(() =>
        attachSpec(network, { id: 'c1', addresses: ['192.168.30.2'], ...options } as never),
      )
      expect(named).to.equal(option)
      expect(text).to.match(message)
    })

  it('an address has the length of its subnet, or its own', () => {
    const { addresses } = attachSpec(networkSpec('ipvlan', l3), {
      id: 'c1',
      addresses: ['192.168.30.2', 'fd30::2', '192.168.30.3/32'],
    })
    expect(addresses.map(({ length }) => length)).to.deep.equal([24, 64, 32])
  })

  it('what the attachment says comes before what the network says', () => {
    const network = networkSpec('ipvlan', {
      ...l3,
      mtu: 1400,
      metric: 5,
      gateway: '192.168.30.1',
      routes: [{ dst: '10.0.0.0/8' }],
    })
    const plain = attachSpec(network, { id: 'c1', addresses: ['192.168.30.2'] })
    expect(plain).to.deep.include({ mtu: 1400, metric: 5, gateways: { inet: '192.168.30.1' } })
    const own = attachSpec(network, {
      id: 'c1',
      addresses: ['192.168.30.2'],
      mtu: 1300,
      metric: 6,
      gateway: '192.168.30.9',
      routes: [{ dst: '10.1.0.0/16' }],
      defaultRoute: false,
    })
    expect(own).to.deep.include({ mtu: 1300, metric: 6, gateways: { inet: '192.168.30.9' }, defaultRoute: false })
    expect(own.routes.map(({ dst }) => dst)).to.deep.equal(['10.0.0.0/8', '10.1.0.0/16'])
  })

  it("the host's own link: the gateway's addresses, or its own", () => {
    const gateway = ['192.168.30.1', 'fd30::1']
    expect(networkSpec('ipvlan', { ...l3, gateway, hostAccess: true }).hostLink?.addresses).to.deep.equal(gateway)
    const hostAccess = { addresses: ['192.168.30.254'], ifname: 'host30' }
    expect(networkSpec('ipvlan', { ...l3, hostAccess }).hostLink).to.deep.equal(hostAccess)
  })
})
