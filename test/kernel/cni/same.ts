/** The CNI plugin beside the reference plugins. */
import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { sysctl } from '../../../src/netlink/socket/sysctl.js'
import {
  bad,
  dual,
  good,
  type Json,
  leased,
  leases,
  links,
  look,
  ours,
  type Plugin,
  reference,
  run,
  setUp,
  tearDown,
} from './lab.js'

const ipvlan = ours('ipvlan')
const mac = '02:00:00:00:00:07'
/** IPv4 alone: the reference plugin waits a second or two for IPv6. */
const inet = { type: 'host-local', dataDir: leases, subnet: '10.0.1.0/25', routes: [{ dst: '0.0.0.0/0' }] }

describe('the CNI plugin does the same as the reference plugin', () => {
  beforeEach(setUp)
  afterEach(tearDown)

  /** The kernel makes the local route of an IPv6 address a moment later, whoever adds it. */
  async function settled(ns: string): Promise<Json> {
    for (let left = 100; ; left--) {
      const seen = look(ns)
      const isLocal = ({ local }: Json) => seen.routes.some(({ type, dst }: Json) => type === 'local' && dst === local)
      if (left === 0 || seen.addresses.every(isLocal)) return seen
      await setTimeout(50)
    }
  }
  /** What a plugin does, from ADD to the second DEL. */
  async function life(plugin: Plugin, conf: Json): Promise<object> {
    rmSync(leases, { recursive: true, force: true })
    const result = await good(plugin('ADD', conf))
    const seen = await settled('n1')
    const check = conf.cniVersion < '0.4.0' ? 'none' : await good(plugin('CHECK', { ...conf, prevResult: result }))
    const addresses = leased()
    const dels = []
    for (const ns of ['n1', 'n1', '', 'gone']) dels.push(await good(plugin('DEL', conf, { ns })))
    return { result, seen, check, addresses, dels, left: leased(), links: links('n1') }
  }
  /** ADD alone. */
  async function start(plugin: Plugin, conf: Json): Promise<object> {
    rmSync(leases, { recursive: true, force: true })
    const result = await good(plugin('ADD', conf))
    const seen = await settled('n1')
    run('ip -n n1 link del eth0')
    return { result, seen }
  }
  const cases: [kind: 'ipvlan' | 'macvlan', title: string, conf: object][] = [
    ['ipvlan', 'l2', { mode: 'l2' }],
    ['ipvlan', 'l2 with an MTU', { mode: 'l2', mtu: 1400, ipam: inet }],
    ['ipvlan', 'l3 with an MTU', { mode: 'l3', mtu: 1400 }],
    ['ipvlan', 'l3s', { mode: 'l3s' }],
    ['ipvlan', 'l3s with an MTU', { mode: 'l3s', mtu: 1400 }],
    ['ipvlan', 'without a mode, version 0.3.1', { cniVersion: '0.3.1' }],
    ['macvlan', 'private', { mode: 'private', mac, ipam: inet }],
    ['macvlan', 'vepa', { mode: 'vepa', mac, ipam: inet }],
    ['macvlan', 'passthru', { mode: 'passthru', mac, ipam: inet }],
    // The reference plugin does not tell neighbours of a macvlan that gets its addresses later.
    ['macvlan', 'without addresses', { mac, ipam: {}, notify: false }],
  ]
  const lives: [kind: 'ipvlan' | 'macvlan', title: string, conf: object][] = [
    ['ipvlan', 'l3', { mode: 'l3' }],
    ['ipvlan', 'version 0.4.0, with dns', { mode: 'l3', cniVersion: '0.4.0', dns: { nameservers: ['10.0.1.53'] } }],
    ['macvlan', 'bridge', { mode: 'bridge', mac, mtu: 1400 }],
  ]
  for (const [kind, title, conf] of lives)
    it(`${kind} ${title}: from ADD to the last DEL`, async () => {
      const theirs = await life(reference(kind), dual(conf))
      expect(await life(ours(kind), dual(conf))).to.deep.equal(theirs)
    })
  for (const [kind, title, conf] of cases)
    it(`${kind} ${title}`, async () => {
      const theirs = await start(reference(kind), dual(conf))
      expect(await start(ours(kind), dual(conf))).to.deep.equal(theirs)
    })

  it('where IPv6 is switched off in the namespace', async () => {
    const off = () => {
      for (const name of ['all', 'default', 'lo']) sysctl.set(`net/ipv6/conf/${name}/disable_ipv6`, '1', 'n1')
    }
    off()
    const theirs = await start(reference('ipvlan'), dual())
    off()
    expect(await start(ipvlan, dual())).to.deep.equal(theirs)
  })

  it('in a chain: on the interface of the plugin before, with its addresses', async () => {
    const prevResult = {
      cniVersion: '1.0.0',
      interfaces: [{ name: 'eth0' }],
      ips: [{ interface: 0, address: '10.0.1.5/24', gateway: '10.0.1.1' }],
      routes: [{ dst: '0.0.0.0/0' }],
    }
    const conf = { cniVersion: '1.0.0', name: 'n', mode: 'l3', prevResult }
    const theirs = await start(reference('ipvlan'), conf)
    expect(await start(ipvlan, conf)).to.deep.equal(theirs)
    const chain = { ...conf, prevResult: { ...prevResult, interfaces: [{ name: 'eth0' }, { name: 'b' }] } }
    expect((await bad(ipvlan('ADD', chain))).msg).to.equal('"master" is missing, and prevResult has not one interface')
  })

  it('the link of the default route is the parent', async () => {
    run('ip addr add 10.9.0.1/24 dev eth0')
    run('ip route add default via 10.9.0.254')
    const { master: _, ...conf } = dual({ mode: 'l3' })
    const theirs = await start(reference('ipvlan'), conf)
    expect(await start(ipvlan, conf)).to.deep.equal(theirs)
  })
})
