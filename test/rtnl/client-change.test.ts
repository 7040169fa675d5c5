import { spawn } from 'node:child_process'
import { expect } from 'chai'
import { openKernel } from '../../src/netlink/socket/kernel.js'
import { type Namespace, netns } from '../../src/netlink/socket/netns.js'
import { type Host, kernelHost } from '../../src/rtnl/client/host.js'
import type { LinkToAdd } from '../../src/rtnl/client/link-body.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { clientInNamespace } from '../support/client.js'
import { ip, ipJson } from '../support/ip.js'
import { makeNamespace, makeNamespaceWithPair } from '../support/namespaces.js'
import { rejection, turn } from '../support/things.js'

describe('what changes return and leave alone, with this kernel', () => {
  let name: string
  let rtnl: Rtnl
  clientInNamespace(makeNamespaceWithPair, (opened) => {
    ;({ name, rtnl } = opened)
  })
  const macvlan = (ifname: string, more: object): LinkToAdd => ({
    ifname,
    link: 'v0',
    linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } },
    ...more,
  })

  describe('lists of links', () => {
    it('of a kind that the kernel does not know: none', async () => {
      expect(await rtnl.links.list({ kind: 'nlw-nosuch' }).toArray()).to.deep.equal([])
      for await (const link of rtnl.links.list({ kind: 'nlw-nosuch' })) expect.fail(`${link.ifname}`)
      for await (const batch of rtnl.links.list({ kind: 'nlw-nosuch' }).batches()) expect.fail(`${batch.length}`)
    })

    it('have what only asks for, whatever the filter looks at', async () => {
      ip(name, 'link add br0 type bridge')
      ip(name, 'link set v1 master br0')
      const only = ['ifname'] as const
      const sorted = (links: { ifname?: string }[]) => links.map((link) => JSON.stringify(link)).sort()
      const both = ['{"ifname":"v0"}', '{"ifname":"v1"}']
      expect(sorted(await rtnl.links.list({ kind: 'veth' }, { only }).toArray())).to.deep.equal(both)
      const seen = []
      for await (const link of rtnl.links.list({ kind: 'veth' }, { only })) seen.push(link)
      expect(sorted(seen)).to.deep.equal(both)
      expect(await rtnl.links.list({ master: 'br0' }, { only }).toArray()).to.deep.equal([{ ifname: 'v1' }])
      const [asked] = await rtnl.links.list({ master: 'br0' }, { only: ['master'] }).toArray()
      expect(asked).to.have.keys('master')
    })
  })

  it('routes that a change leaves as they are', async () => {
    ip(name, 'addr add 10.0.1.10/24 dev v0')
    ip(name, 'addr add 2001:db8::1/64 dev v0 nodad')
    const all = [
      { dst: '10.2.0.0/16', gateway: '10.0.1.1' },
      { dst: '10.2.0.0/16', gateway: '10.0.1.2', priority: 7 },
      { dst: '10.3.0.0/16', dev: 'v0', table: 1000 },
      { dst: '10.4.0.0/16', rtmType: 'blackhole' },
      { dst: 'default', gateway: '10.0.1.1' },
      { dst: '10.6.0.0/16', nexthops: [{ gateway: '10.0.1.1' }, { gateway: '10.0.1.2' }] },
      { dst: '2001:db8:7::/48', gateway: '2001:db8::2' },
    ] as const
    for (const one of all) {
      const first = await rtnl.routes.replace(one)
      for (const again of [await rtnl.routes.replace(one), await rtnl.routes.set(one)]) {
        expect(again).to.include({ rtmDstLen: first.rtmDstLen, table: first.table, rtmType: first.rtmType })
        expect([again.dst, again.gateway, again.priority]).to.deep.equal([first.dst, first.gateway, first.priority])
      }
    }
    await using old = await openOld(name)
    expect(await old.routes.replace(all[1])).to.include({ gateway: '10.0.1.2', priority: 7 })
  })

  describe('a link that is made elsewhere', () => {
    let other: string
    beforeEach(() => {
      other = makeNamespace()
      // The same name here: what is returned must be the one over there.
      ip(name, 'link add mv0 type bridge')
    })
    const isOverThere = (made: { ifiIndex?: number; linkinfo?: { kind?: unknown } }) => {
      const [seen] = ipJson(other, 'link show type macvlan')
      expect(made.ifiIndex).to.equal(seen.ifindex)
      expect(made.linkinfo?.kind).to.equal('macvlan')
    }

    for (const ifname of ['mv0', 'mv%d', undefined]) {
      const named = (more: object) => {
        const { ifname: _, ...rest } = macvlan('', more)
        return ifname === undefined ? rest : { ...rest, ifname }
      }

      it(`by netNsFd, as ${ifname}`, async () => {
        using opened = netns.open(other)
        isOverThere(await rtnl.links.add(named({ netNsFd: opened.fd })))
      })

      it(`by netNsPid, as ${ifname}`, async () => {
        const child = spawn('nsenter', [`--net=/run/netns/${other}`, 'sleep', '60'], { stdio: 'ignore' })
        try {
          const pid = child.pid!
          while (netns.inode({ pid }) !== netns.inode(other)) await turn()
          isOverThere(await rtnl.links.add(named({ netNsPid: pid })))
        } finally {
          child.kill()
        }
      })

      it(`by targetNetnsid, as ${ifname}`, async () => {
        const nsid = await rtnl.namespaces.set(other)
        isOverThere(await rtnl.links.add(named({ targetNetnsid: nsid })))
      })
    }

    it('is looked for through the descriptor: the name may be that of another by then', async () => {
      const seen: (Namespace | undefined)[] = []
      const host: Host = {
        ...kernelHost,
        open(where, options) {
          seen.push(where)
          return kernelHost.open(where, options)
        },
      }
      await using watched = await openRtnl({ netns: name, host })
      isOverThere(await watched.links.add(macvlan('mv0', { netns: other })))
      expect(seen).to.have.length(2)
      expect(seen[1]).to.have.keys('fd')
    })

    it('and cannot be read back: the error says that it was made', async () => {
      let opened = 0
      const host: Host = {
        ...kernelHost,
        open(where, options) {
          if (opened++ > 0) throw new Error('no more sockets')
          return kernelHost.open(where, options)
        },
      }
      await using failing = await openRtnl({ netns: name, host })
      const error = await rejection(failing.links.add(macvlan('mv0', { netns: other })))
      expect(error).to.include({ name: 'CreatedButUnreadError', code: 'ERR_NETLINK_READBACK' })
      expect(error.message).to.equal('the link mv0 was made, but could not be read back: no more sockets')
      expect(error.cause).to.be.an('error')
      expect(ipJson(other, 'link show type macvlan')).to.have.length(1)
    })

    it('in two namespaces at once: refused', async () => {
      const error = await rejection(rtnl.links.add(macvlan('mv0', { netns: other, netNsPid: 1 })))
      expect(error).to.include({ code: 'ERR_NETLINK_ENCODE', path: 'netNsPid' })
    })
  })

  /** A socket as on a kernel that does not filter (before 4.20). */
  function openOld(where: string): Promise<Rtnl> {
    using opened = netns.open(where)
    return openRtnl({ transport: openKernel({ protocol: 0, netns: opened.fd, strictCheck: false }) })
  }

  it('makes and lists addresses without strict checking', async () => {
    await using old = await openOld(name)
    ip(name, 'addr add 10.9.0.1/24 dev v1')
    const six = await old.addresses.add({ dev: 'v0', address: '2001:db8::5/64', flags: ['nodad'] })
    expect(six).to.include({ address: '2001:db8::5', ifaPrefixlen: 64 })
    expect(await old.addresses.add({ dev: 'v0', address: '10.0.1.10/24' })).to.include({ local: '10.0.1.10' })
    const listed = await old.addresses.list({ dev: 'v0', family: 'inet' }, { only: ['local'] }).toArray()
    expect(listed).to.deep.equal([{ local: '10.0.1.10' }])
  })

  describe('flags', () => {
    const flagsOf = (ifname: string) => ipJson(name, `link show ${ifname}`)[0].flags

    it('without ifiChange: what is given is set, and the rest left alone', async () => {
      await rtnl.links.set('v0', { ifiFlags: ['promisc'] })
      expect(flagsOf('v0')).to.include.members(['UP', 'PROMISC', 'MULTICAST', 'BROADCAST'])
      const { ifiFlags, ifiChange } = await rtnl.links.get('v0')
      expect(ifiChange).to.deep.equal([])
      await rtnl.links.set('v0', { ifiFlags: ifiFlags!.filter((flag) => flag !== 'up'), ifiChange: ifiChange! })
      expect(flagsOf('v0')).to.include('UP')
      await rtnl.links.set('v0', { ifiFlags: ['allmulti'], up: false })
      expect(flagsOf('v0')).to.include.members(['ALLMULTI', 'PROMISC', 'MULTICAST']).and.not.include('UP')
      await rtnl.links.set('v0', { ifiFlags: [], ifiChange: ['promisc'] })
      expect(flagsOf('v0')).to.include('ALLMULTI').and.not.include('PROMISC')
      await rtnl.links.set('v0', { ifiFlags: [1], up: false })
      expect(flagsOf('v0')).to.not.include('UP')
    })

    it('of a new link', async () => {
      await rtnl.links.add({ ifname: 'br0', ifiFlags: ['up'], linkinfo: { kind: 'bridge' } })
      expect(flagsOf('br0')).to.include.members(['UP', 'MULTICAST', 'BROADCAST'])
    })
  })

  describe('deleting what was listed', () => {
    it('routes', async () => {
      ip(name, 'addr add 10.0.1.10/24 dev v0')
      ip(name, 'addr add 2001:db8::1/64 dev v0 nodad')
      for (const length of [8, 16, 32]) ip(name, `route add 10.0.0.0/${length} via 10.0.1.1`)
      ip(name, 'route add default via 10.0.1.1')
      ip(name, 'route add 10.3.0.0/16 via 10.0.1.1 table 1000 metric 5')
      ip(name, 'route add 10.6.0.0/16 nexthop via 10.0.1.1 nexthop via 10.0.1.2')
      ip(name, '-6 route add 2001:db8:7::/48 via 2001:db8::2')
      ip(name, '-6 route add default via 2001:db8::2')
      const all = await rtnl.routes.list({ protocol: 'boot' }).toArray()
      expect(all).to.have.length(8)
      // One must not go in the place of another that has the same beginning.
      for (const [i, route] of all.entries()) {
        await rtnl.routes.delete(route)
        const left = await rtnl.routes.list({ protocol: 'boot' }).toArray()
        expect(left).to.have.length(7 - i)
        expect(left).to.deep.include.members(all.slice(i + 1))
      }
    })

    it('addresses', async () => {
      ip(name, 'addr add 10.0.1.10/24 dev v0')
      ip(name, 'addr add 10.9.0.1 peer 10.9.0.2/31 dev v0')
      ip(name, 'addr add 2001:db8::1/64 dev v0 nodad')
      const all = await rtnl.addresses.list({ dev: 'v0' }).toArray()
      expect(all).to.have.length(3)
      for (const [i, one] of all.entries()) {
        expect(await rtnl.addresses.get(one)).to.include({ ifaPrefixlen: one.ifaPrefixlen, address: one.address })
        await rtnl.addresses.delete({ ...one })
        expect(await rtnl.addresses.list({ dev: 'v0' }).toArray()).to.have.length(2 - i)
      }
    })
  })
})
