import { expect } from 'chai'
import type { Rtnl } from '../../src/rtnl/client/rtnl.js'
import { explain } from '../../src/rtnl/explain.js'
import { clientInNamespace } from '../support/client.js'
import { ip, ipJson } from '../support/ip.js'
import { makeNamespaceWithPair } from '../support/namespaces.js'
import { rejection } from '../support/things.js'

describe('addresses and routes, with this kernel', () => {
  let name: string
  let rtnl: Rtnl
  clientInNamespace(makeNamespaceWithPair, (opened) => {
    ;({ name, rtnl } = opened)
  })
  const addresses = (dev = 'v0') =>
    ipJson(name, `addr show dev ${dev} scope global`).flatMap((link) => link.addr_info as Record<string, unknown>[])
  const routes = (words = '', family = '-4') => ipJson(name, `${family} route show ${words}`.trim())

  describe('addresses', () => {
    it('makes addresses that ip reads, and returns them', async () => {
      const four = await rtnl.addresses.add({
        dev: 'v0',
        address: '10.0.1.10/24',
        broadcast: '10.0.1.255',
        label: 'v0:x',
      })
      expect(four).to.include({ local: '10.0.1.10', ifaPrefixlen: 24, label: 'v0:x', broadcast: '10.0.1.255' })
      const six = await rtnl.addresses.add({ dev: 'v0', address: '2001:DB8:0:0::1/64', flags: ['nodad'] })
      expect(six).to.include({ address: '2001:db8::1', ifaPrefixlen: 64 })
      await rtnl.addresses.add({ dev: 'v0', address: '10.9.0.1', peer: '10.9.0.2/31' })
      const seen = addresses()
      expect(seen[0]).to.include({ local: '10.0.1.10', prefixlen: 24, broadcast: '10.0.1.255', label: 'v0:x' })
      expect(seen[1]).to.include({ local: '10.9.0.1', address: '10.9.0.2', prefixlen: 31 })
      expect(seen[2]).to.include({ local: '2001:db8::1', prefixlen: 64, nodad: true })
    })

    it('reads addresses that ip made', async () => {
      ip(name, 'addr add 10.0.1.10/24 brd + dev v0 valid_lft 1000 preferred_lft 500')
      ip(name, 'addr add 2001:db8::1/64 dev v0 nodad')
      const [four, six] = await rtnl.addresses.list({ dev: 'v0' }).toArray()
      expect(four).to.include({ local: '10.0.1.10', ifaPrefixlen: 24, broadcast: '10.0.1.255', label: 'v0' })
      expect(four!.cacheinfo!.ifaValid).to.be.within(990, 1000)
      expect(four!.cacheinfo!.ifaPrefered).to.be.within(490, 500)
      expect(six).to.include({ address: '2001:db8::1', ifaPrefixlen: 64, ifaFamily: 'inet6' })
      const only = await rtnl.addresses.list({ family: 'inet6', dev: 'v0' }).toArray()
      expect(only.map(({ address }) => address)).to.deep.equal(['2001:db8::1'])
      expect(await rtnl.addresses.list({ dev: 'lo' }).toArray()).to.deep.equal([])
    })

    it('gets, changes, replaces and deletes', async () => {
      const which = { dev: 'v0', address: '10.0.1.10/24' }
      expect(await rtnl.addresses.get(which)).to.equal(undefined)
      await rtnl.addresses.add(which)
      const error = await rejection(rtnl.addresses.add(which))
      expect(error).to.include({ errnoName: 'EEXIST' })
      expect(explain(error)).to.match(/10\.0\.1\.10 already/)
      const cacheinfo = { ifaValid: 100, ifaPrefered: 50 }
      const changed = await rtnl.addresses.replace({ ...which, cacheinfo })
      expect(changed.cacheinfo!.ifaValid).to.be.within(95, 100)
      expect(await rtnl.addresses.get(which)).to.include({ local: '10.0.1.10' })
      await rtnl.addresses.delete(which)
      expect(addresses()).to.deep.equal([])
      expect(await rejection(rtnl.addresses.delete(which))).to.include({ errnoName: 'EADDRNOTAVAIL' })
      await rtnl.addresses.set({ dev: 'v0', address: '2001:db8::5/64', flags: ['nodad'] })
      expect(addresses()[0]).to.include({ local: '2001:db8::5' })
    })
  })

  describe('routes', () => {
    beforeEach(() => {
      ip(name, 'addr add 10.0.1.10/24 dev v0')
      ip(name, 'addr add 2001:db8::1/64 dev v0 nodad')
    })

    it('makes routes that ip reads, and returns them', async () => {
      expect(await rtnl.routes.add({ dst: 'default', dev: 'v0' })).to.include({
        rtmDstLen: 0,
        rtmScope: 'link',
        table: 'main',
      })
      await rtnl.routes.add({ dst: '10.2.0.0/16', gateway: '10.0.1.1', priority: 7, metrics: { mtu: 1300 } })
      await rtnl.routes.add({
        dst: '10.3.0.0/16',
        gateway: '10.0.1.1',
        prefsrc: '10.0.1.10',
        table: 1000,
        rtmProtocol: 'static',
      })
      await rtnl.routes.add({ dst: '10.4.0.0/16', rtmType: 'blackhole' })
      await rtnl.routes.add({ dst: '10.5.0.0/16', gateway: 'fe80::1', dev: 'v0' })
      await rtnl.routes.add({
        dst: '10.6.0.0/16',
        nexthops: [
          { gateway: '10.0.1.1', weight: 3 },
          { dev: 'v0', gateway: '10.0.1.2' },
        ],
      })
      await rtnl.routes.add({ dst: '10.7.0.0/16', gateway: '192.0.2.1', dev: 'v0', onlink: true })
      await rtnl.routes.add({ dst: 'default', gateway: '2001:db8::ff' })
      await rtnl.routes.add({ dst: '2001:db8:5::/48', dev: 'v0' })
      const seen = Object.fromEntries(routes('table all').map((one) => [one.dst, one]))
      expect(seen.default).to.include({ dev: 'v0', scope: 'link', protocol: 'boot' })
      expect(seen['10.2.0.0/16']).to.include({ gateway: '10.0.1.1', metric: 7, dev: 'v0' })
      expect(seen['10.2.0.0/16'].metrics).to.deep.equal([{ mtu: 1300 }])
      expect(seen['10.3.0.0/16']).to.include({ table: '1000', prefsrc: '10.0.1.10', protocol: 'static' })
      expect(seen['10.4.0.0/16']).to.include({ type: 'blackhole' })
      expect(seen['10.5.0.0/16'].via).to.deep.equal({ family: 'inet6', host: 'fe80::1' })
      expect(seen['10.6.0.0/16'].nexthops[0]).to.include({ gateway: '10.0.1.1', weight: 3, dev: 'v0' })
      expect(seen['10.6.0.0/16'].nexthops[1]).to.include({ gateway: '10.0.1.2', weight: 1 })
      expect(seen['10.7.0.0/16'].flags).to.include('onlink')
      const six = Object.fromEntries(routes('', '-6').map((one) => [one.dst, one]))
      expect(six.default).to.include({ gateway: '2001:db8::ff' })
      expect(six['2001:db8:5::/48']).to.include({ dev: 'v0' })
    })

    it('reads routes that ip made, filtered by the kernel', async () => {
      ip(name, 'route add 10.2.0.0/16 via 10.0.1.1 metric 7')
      ip(name, 'route add 10.3.0.0/16 via 10.0.1.1 table 1000 proto static')
      ip(name, 'route add unreachable 10.4.0.0/16')
      ip(name, 'route add 10.6.0.0/16 nexthop via 10.0.1.1 weight 3 nexthop via 10.0.1.2')
      const list = async (filter: object) =>
        (await rtnl.routes.list({ family: 'inet', ...filter }).toArray()).map(({ dst }) => dst)
      expect(await list({ table: 1000 })).to.deep.equal(['10.3.0.0'])
      expect(await list({ protocol: 'static' })).to.deep.equal(['10.3.0.0'])
      expect(await list({ type: 'unreachable' })).to.deep.equal(['10.4.0.0'])
      expect(await list({ table: 'main', dev: 'v0' })).to.include.members(['10.0.1.0', '10.2.0.0', '10.6.0.0'])
      expect(await list({ dev: 'v1' })).to.deep.equal([])
      const all = await rtnl.routes.list({ table: 'main' }).toArray()
      const seen = [...routes('table main'), ...routes('table main', '-6')]
      expect(all).to.have.length(seen.length)
      const multipath = all.find(({ dst }) => dst === '10.6.0.0')!.multipath!
      expect(multipath.map((hop) => [hop.gateway, hop.rtnhHops])).to.deep.equal([
        ['10.0.1.1', 2],
        ['10.0.1.2', 0],
      ])
      expect(explain(await rejection(rtnl.routes.list({ family: 'inet', table: 77 }).toArray()))).to.match(
        /no such routing table/,
      )
    })

    it('looks up, changes, replaces and deletes', async () => {
      expect(explain(await rejection(rtnl.routes.get('192.0.2.1')))).to.match(/No route leads there/)
      await rtnl.routes.add({ dst: 'default', gateway: '10.0.1.1' })
      expect(await rtnl.routes.get('192.0.2.1')).to.include({ gateway: '10.0.1.1', prefsrc: '10.0.1.10' })
      expect(await rejection(rtnl.routes.add({ dst: 'default', gateway: '10.0.1.2' }))).to.include({
        errnoName: 'EEXIST',
      })
      await rtnl.routes.replace({ dst: 'default', gateway: '10.0.1.2' })
      expect(routes('default')[0].gateway).to.equal('10.0.1.2')
      await rtnl.routes.set({ dst: 'default', gateway: '10.0.1.3' })
      expect(routes('default')[0].gateway).to.equal('10.0.1.3')
      await rtnl.routes.delete({ dst: 'default' })
      expect(routes('default')).to.deep.equal([])
      expect(await rejection(rtnl.routes.delete({ dst: 'default' }))).to.include({ errnoName: 'ESRCH' })
      await rtnl.routes.add({ dst: '2001:db8:7::/48', gateway: '2001:db8::2' })
      await rtnl.routes.delete({ dst: '2001:db8:7::/48' })
      expect(routes('2001:db8:7::/48', '-6')).to.deep.equal([])
    })

    it('says what is wrong', async () => {
      const far = await rejection(rtnl.routes.add({ dst: 'default', gateway: '192.0.2.1' }))
      expect(far).to.include({ errnoName: 'ENETUNREACH' })
      expect(explain(far)).to.match(/The gateway is in no network/)
      const bits = await rejection(rtnl.routes.add({ dst: '10.2.0.1/16', dev: 'v0' }))
      expect(bits).to.include({ errnoName: 'EINVAL' })
      expect(explain(bits)).to.match(/beyond its prefix length/)
    })
  })

  it('monitors changes that others make, until it is left', async () => {
    const events = rtnl.monitor(['link', 'address', 'route'])
    ip(name, 'link add br0 type bridge')
    ip(name, 'addr add 10.0.1.10/24 dev v0')
    ip(name, 'route add 10.2.0.0/16 via 10.0.1.1')
    ip(name, 'link del br0')
    const seen: string[] = []
    for await (const event of events) {
      if (event.type === 'RTM_NEWLINK' || event.type === 'RTM_DELLINK')
        seen.push(`${event.type} ${event.body.ifname} ${event.group}`)
      if (event.type === 'RTM_NEWADDR') seen.push(`${event.type} ${event.body.local} ${event.group}`)
      if (event.type === 'RTM_NEWROUTE') seen.push(`${event.type} ${event.body.dst} ${event.group}`)
      if (event.type === 'RTM_DELLINK') break
    }
    expect(seen).to.include.members([
      'RTM_NEWLINK br0 link',
      'RTM_NEWADDR 10.0.1.10 ipv4Ifaddr',
      'RTM_NEWROUTE 10.2.0.0 ipv4Route',
      'RTM_DELLINK br0 link',
    ])
    const controller = new AbortController()
    const ended = rtnl.monitor(['link'], { signal: controller.signal })
    controller.abort()
    expect((await ended.next()).done).to.equal(true)
    const last = rtnl.monitor(['nsid']).next()
    rtnl.close()
    expect((await last).done).to.equal(true)
  })

  it('loses none of 50,000 events from another process', async () => {
    const events = rtnl.monitor(['route'], { only: ['rtmDstLen', 'dst'] })
    const { spawn } = await import('node:child_process')
    const child = spawn('ip', ['-n', name, '-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] })
    ip(name, 'addr add 10.0.1.10/24 dev v0')
    const lines = Array.from({ length: 50_000 }, (_, i) => `route add 11.0.${i >> 8}.${i & 255}/32 via 10.0.1.1\n`)
    child.stdin.end(lines.join(''))
    let count = 0
    for await (const event of events) {
      expect(event.type).to.equal('RTM_NEWROUTE')
      if (event.type === 'RTM_NEWROUTE' && event.body.dst?.startsWith('11.')) count++
      if (count === 50_000) break
    }
  })
})
