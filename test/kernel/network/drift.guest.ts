/** Drift of networks on a kernel with ipvlan: run by drift.test.js in user-mode Linux. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { type DriftEvent, ipvlanNetwork } from '../../../src/network/index.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { inside } from './support.js'

const n30 = { name: 'n30', mode: 'l3', subnets: ['192.168.30.0/24', 'fd30::/64'], parent: 'eth0' } as const
const wanted = { id: 'c1', addresses: ['192.168.30.2', 'fd30::2'] }

describe('drift', () => {
  let netns: string
  let c: string
  beforeEach(() => {
    netns = makeNamespace()
    c = makeNamespace()
    inside(netns, 'ip link add eth0 type dummy; ip link set eth0 up; ip address add 10.9.0.1/24 dev eth0')
  })
  afterEach(removeNamespaces)

  const hostAccess = { addresses: ['192.168.30.254', 'fd30::254'] }
  /** A network with one attachment. */
  const attached = async (more: object = {}) => {
    const net = await ipvlanNetwork({ ...n30, netns, ...more })
    await net.attach(c, wanted)
    return net
  }

  /** What is done, where, and the codes that tell of it. */
  const cases: readonly (readonly [what: string, where: 'host' | 'container', command: string, codes: string[]])[] = [
    [
      'the mode was switched by another',
      'host',
      'ip link add x0 link eth0 type ipvlan mode l2; ip link del x0',
      ['mode'],
    ],
    ['the flags were', 'host', 'ip link add x0 link eth0 type ipvlan mode l3 private; ip link del x0', ['flags']],
    [
      'an address was deleted, and the default route with the last of IPv4',
      'container',
      'ip address del 192.168.30.2/24 dev eth0',
      ['address-missing', 'route-missing'],
    ],
    [
      'the link is down, and IPv4 has lost its routes',
      'container',
      'ip link set eth0 down',
      ['link-down', 'route-missing', 'route-missing'],
    ],
    ['the link was deleted', 'container', 'ip link del eth0', ['link-missing']],
    [
      'the link was renamed',
      'container',
      'ip link set eth0 down; ip link set eth0 name e9; ip link set e9 up; ip route add default dev e9; ip -6 route add default dev e9',
      ['link-renamed'],
    ],
    ['a setting was changed', 'container', 'echo 0 > /proc/sys/net/ipv6/conf/eth0/ndisc_notify', ['sysctl']],
    ['the parent is down', 'host', 'ip link set eth0 down', ['parent-down']],
    ['the MTU of the parent was lowered', 'host', 'ip link set eth0 mtu 1400', ['mtu']],
    ['the parent was deleted', 'host', 'ip link del eth0', ['parent-missing', 'link-missing']],
  ]

  for (const [what, where, command, codes] of cases)
    it(`check: ${what}`, async () => {
      const net = await attached()
      expect(await net.check('c1')).to.deep.equal([])
      inside(where === 'host' ? netns : c, command)
      const drift = await net.check('c1')
      expect(drift.map(({ code }) => code)).to.deep.equal(codes)
      for (const { message, expected, found } of drift) expect(message).to.equal(`expected ${expected}, found ${found}`)
    })

  it('check: a setting says what it is', async () => {
    const net = await attached({ sysctls: { 'ipv6/accept_ra': 0 } })
    inside(c, 'echo 2 > /proc/sys/net/ipv6/conf/eth0/accept_ra')
    const [one] = await net.check('c1')
    expect(one!.message).to.equal('expected net/ipv6/conf/eth0/accept_ra = 0, found 2')
  })

  it('check: the namespace has gone', async () => {
    const net = await attached()
    inside(netns, `ip netns del ${c}`)
    expect((await net.check('c1')).map(({ code }) => code)).to.deep.equal(['namespace-missing'])
  })

  it("check: the host's own link, its addresses, and its routes", async () => {
    const net = await attached({ hostAccess })
    expect(await net.check('c1')).to.deep.equal([])
    inside(netns, 'ip route del 192.168.30.2')
    expect((await net.check('c1')).map(({ code }) => code)).to.deep.equal(['host-route-missing'])
    const host = inside(netns, 'ip -br link | grep -o "nlw[a-z0-9]*"').trim()
    inside(netns, `ip address del 192.168.30.254/32 dev ${host}`)
    expect((await net.check('c1')).map(({ code }) => code)).to.include('host-address-missing')
    inside(netns, `ip link set ${host} down`)
    expect((await net.check('c1')).map(({ code }) => code)).to.include('host-link-down')
    inside(netns, `ip link del ${host}`)
    expect((await net.check('c1')).map(({ code }) => code)).to.deep.equal([
      ...['host-link-missing', 'host-address-missing', 'host-address-missing'],
      ...['host-route-missing', 'host-route-missing'],
    ])
    await net.attach(c, wanted)
    expect(await net.check('c1')).to.deep.equal([])
  })

  it('check by another object: by what is expected, or by the marks alone', async () => {
    await attached()
    const other = await ipvlanNetwork({ ...n30, netns })
    const expected = { ...wanted, netns: c }
    expect(await other.check('c1', expected)).to.deep.equal([])
    expect(await other.check('c1')).to.deep.equal([])
    inside(c, 'ip address del 192.168.30.2/24 dev eth0')
    expect((await other.check('c1', expected)).map(({ code }) => code)).to.include('address-missing')
    // The mark does not say which addresses there were.
    expect(await other.check('c1')).to.deep.equal([])
    inside(c, 'ip link set eth0 down')
    expect((await other.check('c1')).map(({ code }) => code)).to.deep.equal(['link-down'])
    expect((await other.check('c2')).map(({ code }) => code)).to.deep.equal(['link-missing'])
  })

  it('watch: each drift once, and that it is mended', async () => {
    const net = await attached()
    const stop = new AbortController()
    const events = net.watch({ signal: stop.signal })
    const next = async (count: number): Promise<string[]> => {
      const found: DriftEvent[] = []
      while (found.length < count) found.push((await events.next()).value as DriftEvent)
      return found.map(({ type, id, drift }) => `${type} ${id} ${drift.code}`)
    }
    inside(c, 'ip link set eth0 mtu 1300')
    // What there is before it listens comes first.
    expect(await next(1)).to.deep.equal(['drift c1 mtu'])
    inside(c, 'ip link set eth0 mtu 1500')
    expect(await next(1)).to.deep.equal(['mended c1 mtu'])
    inside(c, 'ip address del fd30::2/64 dev eth0')
    expect(await next(1)).to.deep.equal(['drift c1 address-missing'])
    inside(netns, 'ip link set eth0 mtu 1400')
    expect(await next(1)).to.deep.equal(['drift c1 mtu'])
    inside(netns, 'ip link set eth0 mtu 1500; ip link set eth0 down')
    const after = (await next(2)).sort()
    expect(after).to.include('drift c1 parent-down')
    inside(netns, 'ip link set eth0 up')
    // New ones are watched as well.
    const d = makeNamespace()
    await net.attach(d, { id: 'c2', addresses: ['192.168.30.3'] })
    inside(d, 'ip link del eth0')
    let seen: string
    do [seen] = (await next(1)) as [string]
    while (!seen.includes('c2'))
    expect(seen).to.equal('drift c2 link-missing')
    await net.detach('c2')
    inside(netns, `ip netns del ${c}`)
    do [seen] = (await next(1)) as [string]
    while (!seen.startsWith('drift'))
    expect(seen).to.equal('drift c1 namespace-missing')
    stop.abort()
    let last = await events.next()
    while (!last.done) last = await events.next()
    expect(last.done).to.equal(true)
  })

  it('watch: keeps no namespace alive, and with unref not the process', () => {
    const program = `
      import { ipvlanNetwork } from '${new URL('../../../src/network/index.js', import.meta.url).href}'
      const net = await ipvlanNetwork(${JSON.stringify({ ...n30, netns })})
      await net.attach('${c}', ${JSON.stringify(wanted)})
      const events = net.watch({ unref: true })
      void events.next()
      setTimeout(() => console.log('ended'), 500)`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect(output).to.equal('ended\n')
  })

  it('watch: flags that a sibling in another namespace switches: the kernel tells of them only there', async () => {
    const [net, d] = [await attached(), makeNamespace()]
    await net.attach(d, { id: 'c2', addresses: ['192.168.30.3'] })
    const stop = new AbortController()
    const events = net.watch({ signal: stop.signal })
    // It has looked at both when it tells of the second.
    inside(d, 'ip link set eth0 mtu 1300')
    expect(((await events.next()).value as DriftEvent).id).to.equal('c2')
    const first = events.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    inside(d, 'ip address add 192.168.30.77/24 dev eth0; ip link set eth0 type ipvlan mode l3 private')
    const second = events.next()
    const told = [(await first).value as DriftEvent, (await second).value as DriftEvent]
    expect(told.map(({ id, drift }) => `${id} ${drift.code}`).sort()).to.deep.equal(['c1 flags', 'c2 flags'])
    const third = events.next()
    stop.abort()
    expect(await third).to.deep.equal({ done: true, value: undefined })
  })

  it('watch: a mode that another has switched, and the parent deleted', async () => {
    const net = await attached()
    const events = net.watch()
    const first = events.next()
    inside(netns, 'ip link add x0 link eth0 type ipvlan mode l2')
    expect(((await first).value as DriftEvent).drift.code).to.equal('mode')
    inside(netns, 'ip link del eth0')
    const codes: string[] = []
    while (!codes.includes('link-missing')) codes.push(((await events.next()).value as DriftEvent).drift.code)
    expect(codes).to.include('parent-missing')
    await events.return()
  })
})
