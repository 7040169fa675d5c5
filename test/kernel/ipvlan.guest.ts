/** Tests that need a kernel with ipvlan, and may do with it what they like: run by ipvlan.test.js in user-mode Linux. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { netns } from '../../src/netlink/socket/netns.js'
import type { LinkToAdd } from '../../src/rtnl/client/link-body.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import type { SiblingError } from '../../src/rtnl/errors.js'
import type { Link } from '../../src/rtnl/link/index.js'
import { ip, ipJson } from '../support/ip.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'
import { rejection } from '../support/things.js'
import { ipvlanErrors } from './ipvlan-errors.js'

const modes = ['l2', 'l3', 'l3s'] as const
const flags = [[], ['private'], ['vepa']] as const
type Mode = (typeof modes)[number]
const inside = (netns: string, ...words: string[]) =>
  execFileSync('nsenter', [`--net=/run/netns/${netns}`, ...words], { encoding: 'utf8' })

describe('ipvlan', () => {
  let name: string
  let rtnl: Rtnl
  beforeEach(async () => {
    name = makeNamespace()
    ip(name, 'link add d0 type dummy')
    ip(name, 'link set d0 up')
    rtnl = await openRtnl({ netns: name })
  })
  afterEach(() => {
    rtnl.close()
    removeNamespaces()
  })

  const ipvlan = (ifname: string, mode: Mode, more: object = {}, data: object = {}): LinkToAdd => ({
    ifname,
    link: 'd0',
    linkinfo: { kind: 'ipvlan', data: { mode, ...data } },
    ...more,
  })
  const dataOf = (link: Link) =>
    link.linkinfo?.kind === 'ipvlan' || link.linkinfo?.kind === 'ipvtap' ? link.linkinfo.data : undefined
  /** What `ip` says of a link: its kind, mode and flag. */
  const seen = (ifname: string, where = name) => {
    const { info_kind, info_data } = ipJson(where, `link show ${ifname}`)[0].linkinfo
    const flag = info_data.private ? ['private'] : info_data.vepa ? ['vepa'] : []
    return { kind: info_kind, mode: info_data.mode, flags: flag }
  }

  for (const kind of ['ipvlan', 'ipvtap'] as const) {
    for (const mode of modes) {
      for (const flag of flags) {
        it(`${kind} ${mode} ${flag.join() || 'bridge'}: what nlwire makes, ip reads, and the other way`, async () => {
          const made = await rtnl.links.add({
            ifname: 'a0',
            link: 'd0',
            linkinfo: { kind, data: { mode, flags: [...flag] } },
          })
          expect(made.linkinfo?.kind).to.equal(kind)
          expect(dataOf(made)).to.deep.equal({ mode, flags: flag })
          expect(seen('a0')).to.deep.equal({ kind, mode, flags: flag })
          await rtnl.links.delete('a0')
          ip(name, `link add link d0 name b0 type ${kind} mode ${mode} ${flag.join() || 'bridge'}`)
          expect(dataOf(await rtnl.links.get('b0'))).to.deep.equal({ mode, flags: flag })
        })
      }
    }
  }

  it('does the experiment: two links in l3, in two namespaces, reach each other', async () => {
    const ends = [
      { where: makeNamespace(), ifname: 'ipv1', address: '10.0.1.10/24' },
      { where: makeNamespace(), ifname: 'ipv2', address: '192.168.1.10/24' },
    ]
    for (const { where, ifname, address } of ends) {
      const made = await rtnl.links.add(ipvlan(ifname, 'l3', { netns: where }))
      expect(dataOf(made)?.mode).to.equal('l3')
      await using there = await openRtnl({ netns: where })
      await there.links.set(ifname, { up: true })
      await there.addresses.add({ dev: ifname, address })
      await there.routes.add({ dst: 'default', dev: ifname })
      expect(dataOf(await there.links.get(ifname))?.mode).to.equal('l3')
      expect(ipJson(where, 'route show default')[0]).to.include({ dev: ifname })
    }
    const out = inside(ends[0]!.where, 'ping', '-c', '3', '-i', '0.2', '-W', '2', '192.168.1.10')
    expect(out).to.match(/3 received/)
  })

  it('moves a link into a namespace after it was made', async () => {
    const where = makeNamespace()
    await rtnl.links.add(ipvlan('a0', 'l3s'))
    await rtnl.links.set('a0', { netns: where })
    expect(seen('a0', where).mode).to.equal('l3s')
  })

  it('leaves the flags alone when they are not given', async () => {
    await rtnl.links.add(ipvlan('a0', 'l3', {}, { flags: ['private'] }))
    await rtnl.links.add(ipvlan('a1', 'l3'))
    expect([seen('a0').flags, seen('a1').flags]).to.deep.equal([['private'], ['private']])
  })

  it('changes mode and flags of a link that is alone', async () => {
    await rtnl.links.add(ipvlan('a0', 'l3'))
    await rtnl.links.set('a0', { linkinfo: { kind: 'ipvlan', data: { mode: 'l2', flags: ['vepa'] } } })
    expect(seen('a0')).to.deep.equal({ kind: 'ipvlan', mode: 'l2', flags: ['vepa'] })
    await rtnl.links.set('a0', { linkinfo: { kind: 'ipvlan', data: { flags: [] } } })
    expect(seen('a0')).to.deep.equal({ kind: 'ipvlan', mode: 'l2', flags: [] })
  })

  describe('the sibling guard', () => {
    const refused = async (promise: Promise<unknown>): Promise<SiblingError> => {
      const error = await rejection(promise)
      expect(error).to.include({ code: 'ERR_NETLINK_SIBLINGS' })
      return error as unknown as SiblingError
    }
    const names = ({ siblings }: SiblingError) => siblings.map(({ ifname }) => ifname).sort()

    beforeEach(async () => {
      await rtnl.links.add(ipvlan('a0', 'l3'))
    })

    it('refuses a link that would switch another, lists it, and makes nothing', async () => {
      const error = await refused(rtnl.links.add(ipvlan('a1', 'l2')))
      const { ifiIndex } = await rtnl.links.get('a0')
      expect(error.siblings).to.deep.equal([
        { ifname: 'a0', ifiIndex, mode: 'l3', flags: [], nsid: undefined, netns: undefined },
      ])
      expect(error.parent).to.equal((await rtnl.links.get('d0')).ifiIndex)
      expect(error.message).to.match(/mode l2 would switch 1 other ipvlan link .*a0 .*l3/)
      expect(await rejection(rtnl.links.get('a1'))).to.include({ errnoName: 'ENODEV' })
      expect(seen('a0').mode).to.equal('l3')
    })

    it('lets pass what switches nobody: the same mode, as a name or number, another parent', async () => {
      await rtnl.links.add(ipvlan('a1', 'l3'))
      await rtnl.links.add({ ifname: 'a2', link: 'd0', linkinfo: { kind: 'ipvlan', data: { mode: 1, flags: [] } } })
      ip(name, 'link add d1 type dummy')
      await rtnl.links.add(ipvlan('a3', 'l2', { link: 'd1' }))
      expect(seen('a0').mode).to.equal('l3')
    })

    it('switches all on demand', async () => {
      await rtnl.links.add(ipvlan('a1', 'l2'), { siblings: 'switch' })
      expect([seen('a0').mode, seen('a1').mode]).to.deep.equal(['l2', 'l2'])
    })

    it('guards flags as well', async () => {
      await refused(rtnl.links.add(ipvlan('a1', 'l3', {}, { flags: ['private'] })))
      await rtnl.links.add(ipvlan('a1', 'l3', {}, { flags: [] }))
    })

    it('guards changes', async () => {
      await rtnl.links.add(ipvlan('a1', 'l3'))
      const change = { linkinfo: { kind: 'ipvlan', data: { mode: 'l2' } } } as const
      expect(names(await refused(rtnl.links.set('a0', change)))).to.deep.equal(['a1'])
      expect(seen('a0').mode).to.equal('l3')
      await rtnl.links.set('a0', change, { siblings: 'switch' })
      expect([seen('a0').mode, seen('a1').mode]).to.deep.equal(['l2', 'l2'])
      await rtnl.links.set('a0', { linkinfo: { kind: 'ipvlan', data: { mode: 'l2' } } })
      await refused(rtnl.links.replace({ ...ipvlan('a0', 'l3'), ifname: 'a0' }))
      await rtnl.links.replace({ ...ipvlan('a0', 'l2'), ifname: 'a0' })
    })

    it('sees ipvtap, for it shares the port', async () => {
      await rtnl.links.delete('a0')
      await rtnl.links.add({ ifname: 't0', link: 'd0', linkinfo: { kind: 'ipvtap', data: { mode: 'l3' } } })
      expect(names(await refused(rtnl.links.add(ipvlan('a1', 'l2'))))).to.deep.equal(['t0'])
    })

    it('sees through a parent that is itself an ipvlan', async () => {
      expect(names(await refused(rtnl.links.add(ipvlan('a1', 'l2', { link: 'a0' }))))).to.deep.equal(['a0'])
    })

    it('sees a sibling that was moved into a namespace', async () => {
      const where = makeNamespace()
      await rtnl.links.set('a0', { netns: where })
      const [sibling] = (await refused(rtnl.links.add(ipvlan('a1', 'l2')))).siblings
      expect(sibling).to.include({ ifname: 'a0', netns: where })
      expect(sibling!.nsid).to.be.a('number')
      // Once more: by now this namespace has an id for itself.
      await refused(rtnl.links.add(ipvlan('a1', 'l2')))
      await rtnl.links.add(ipvlan('a1', 'l3'))
    })

    it('sees a sibling that was made in a namespace without an id', async () => {
      await rtnl.links.delete('a0')
      const where = makeNamespace()
      await rtnl.links.add(ipvlan('b0', 'l3', { netns: where }))
      const [sibling] = (await refused(rtnl.links.add(ipvlan('a1', 'l2')))).siblings
      expect(sibling).to.include({ ifname: 'b0', netns: where, nsid: undefined })
      await rtnl.links.add(ipvlan('a1', 'l3'))
    })

    it('guards a change from within another namespace', async () => {
      const where = makeNamespace()
      await rtnl.links.add(ipvlan('b0', 'l3', { netns: where }))
      await using there = await openRtnl({ netns: where })
      const change = { linkinfo: { kind: 'ipvlan', data: { mode: 'l2' } } } as const
      expect(names(await refused(there.links.set('b0', change)))).to.deep.equal(['a0'])
      await there.links.set('b0', change, { siblings: 'switch' })
      expect([seen('a0').mode, seen('b0', where).mode]).to.deep.equal(['l2', 'l2'])
    })

    it('guards a link whose parent is in another namespace', async () => {
      const where = makeNamespace()
      await using there = await openRtnl({ netns: where })
      const linkNetnsid = await there.namespaces.set(name)
      const link = (mode: Mode) => ipvlan('b0', mode, { linkNetnsid })
      expect(names(await refused(there.links.add(link('l2'))))).to.deep.equal(['a0'])
      expect((await there.links.add(link('l3'))).ifname).to.equal('b0')
      expect(seen('b0', where).mode).to.equal('l3')
      expect(names(await refused(there.links.add({ ...link('l2'), ifname: 'b1' })))).to.deep.equal(['a0', 'b0'])
    })

    it('does not take links of other namespaces for siblings because their numbers are equal', async () => {
      const where = makeNamespace()
      ip(where, 'link add d0 type dummy')
      const other = await openRtnl({ netns: where })
      await other.links.add(ipvlan('c0', 'l3s'))
      expect((await other.links.get('d0')).ifiIndex).to.equal((await rtnl.links.get('d0')).ifiIndex)
      // Another one of theirs, here: its parent has the number of ours, but is theirs.
      await other.links.add(ipvlan('c1', 'l3s', { netns: name }))
      expect(await rtnl.namespaces.get(where)).to.be.a('number')
      await rtnl.links.add(ipvlan('a1', 'l3'))
      other.close()
    })
  })

  ipvlanErrors(() => ({ name, rtnl }), ipvlan)

  it('vlan links, in both notations', async () => {
    const vlan = await rtnl.links.add({
      ifname: 'd0.7',
      link: 'd0',
      linkinfo: { kind: 'vlan', data: { id: 7, protocol: '8021ad' } },
    })
    expect(vlan.linkinfo).to.deep.include({ kind: 'vlan' })
    expect(ipJson(name, 'link show d0.7')[0].linkinfo.info_data).to.include({ id: 7, protocol: '802.1ad' })
  })

  it('leaves this process in its own namespace', () => {
    expect(netns.inode({ pid: process.pid })).to.not.equal(netns.inode(name))
  })
})
