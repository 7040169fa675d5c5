import { expect } from 'chai'
import { netns } from '../../src/netlink/socket/netns.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { explain } from '../../src/rtnl/explain.js'
import { clientInNamespace } from '../support/client.js'
import { ip, ipJson } from '../support/ip.js'
import { makeNamespace } from '../support/namespaces.js'
import { rejection } from '../support/things.js'

describe('links, with this kernel', () => {
  let name: string
  let rtnl: Rtnl
  clientInNamespace(makeNamespace, (opened) => {
    ;({ name, rtnl } = opened)
  })

  it('makes links that ip reads, and returns them', async () => {
    const veth = await rtnl.links.add({
      ifname: 'v0',
      mtu: 1400,
      address: '02:00:00:00:00:01',
      linkinfo: { kind: 'veth', data: { peer: { ifname: 'v1', txqlen: 7 } } },
    })
    expect(veth).to.include({ ifname: 'v0', mtu: 1400, address: '02:00:00:00:00:01' })
    const bridge = await rtnl.links.add({
      ifname: 'br0',
      up: true,
      linkinfo: { kind: 'bridge', data: { stpState: 1 } },
    })
    expect(bridge.ifiFlags).to.include('up')
    await rtnl.links.add({ ifname: 'mv0', link: 'v0', linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } } })
    const seen = Object.fromEntries(ipJson(name, 'link show').map((link) => [link.ifname, link]))
    expect(seen.v0).to.include({ mtu: 1400, address: '02:00:00:00:00:01', ifindex: veth.ifiIndex, link: 'v1' })
    expect(seen.v1).to.include({ txqlen: 7 })
    expect(seen.br0.linkinfo).to.deep.include({ info_kind: 'bridge' })
    expect(seen.br0.linkinfo.info_data).to.include({ stp_state: 1 })
    expect(seen.br0.flags).to.include('UP')
    expect(seen.mv0.linkinfo.info_data).to.include({ mode: 'bridge' })
  })

  it('reads links that ip made', async () => {
    ip(name, 'link add v0 mtu 1300 type veth peer name v1')
    ip(name, 'link add br0 type bridge')
    ip(name, 'link set v0 master br0 up alias', 'an alias'.replace(' ', '_'))
    ip(name, 'link property add dev v0 altname', 'a-further-name-of-the-link')
    const links = await rtnl.links.list().toArray()
    const seen = ipJson(name, 'link show')
    expect(links.map(({ ifname }) => ifname)).to.have.members(seen.map(({ ifname }) => ifname))
    for (const one of seen) {
      const link = links.find(({ ifiIndex }) => ifiIndex === one.ifindex)!
      expect(link.ifname).to.equal(one.ifname)
      expect(link.mtu).to.equal(one.mtu)
      expect(link.address).to.equal(one.address)
      expect(link.txqlen).to.equal(one.txqlen)
      expect(link.ifalias).to.equal(one.ifalias)
      expect(link.operstate?.toString().toLowerCase()).to.equal(one.operstate.toLowerCase())
      expect(link.linkinfo?.kind).to.equal(one.linkinfo?.info_kind)
      expect(link.propList?.altIfname).to.deep.equal(one.altnames)
      expect(link.minMtu).to.equal(one.min_mtu)
      expect(link.ifiFlags?.includes('up')).to.equal(one.flags.includes('UP'))
    }
  })

  it('finds a link by its index, its name, and a further name', async () => {
    ip(name, 'link add v0 type veth peer name v1')
    const { ifiIndex } = await rtnl.links.get('v0')
    expect((await rtnl.links.get(ifiIndex!)).ifname).to.equal('v0')
    expect((await rtnl.links.get({ ifiIndex: ifiIndex! })).ifname).to.equal('v0')
    await rtnl.links.addAltnames('v0', ['uplink', 'a-name-longer-than-fifteen-bytes'])
    for (const one of ['uplink', 'a-name-longer-than-fifteen-bytes'])
      expect((await rtnl.links.get(one, { only: ['ifiIndex'] })).ifiIndex).to.equal(ifiIndex)
    await rtnl.links.deleteAltnames('v0', ['uplink'])
    const error = await rejection(rtnl.links.get('uplink'))
    expect(error).to.include({ code: 'ERR_NETLINK_KERNEL', errnoName: 'ENODEV' })
    expect(explain(error)).to.match(/no link uplink in this namespace/)
  })

  it('lists ports of a bridge, links of a kind, and links of another namespace', async () => {
    ip(name, 'link add v0 type veth peer name v1')
    ip(name, 'link add br0 type bridge')
    ip(name, 'link set v1 master br0')
    const names = async (filter: object) => (await rtnl.links.list(filter).toArray()).map(({ ifname }) => ifname)
    expect(await names({ master: 'br0' })).to.deep.equal(['v1'])
    expect(await names({ kind: 'veth' })).to.have.members(['v0', 'v1'])
    const other = makeNamespace()
    ip(other, 'link add there type bridge')
    expect(await rtnl.namespaces.get(other)).to.equal(undefined)
    const nsid = await rtnl.namespaces.set(other)
    expect(await rtnl.namespaces.get(other)).to.equal(nsid)
    expect((await rtnl.namespaces.list().toArray()).map((one) => one.nsid)).to.include(nsid)
    expect(await names({ nsid })).to.include('there')
    expect(await rejection(rtnl.namespaces.set(other))).to.include({ errnoName: 'EEXIST' })
  })

  it('changes only what is given', async () => {
    ip(name, 'link add v0 mtu 1300 type veth peer name v1')
    ip(name, 'link add br0 type bridge')
    await rtnl.links.set('v0', { up: true, master: 'br0' })
    let seen = ipJson(name, 'link show v0')[0]
    expect(seen).to.include({ mtu: 1300, master: 'br0' })
    expect(seen.flags).to.include('UP')
    await rtnl.links.set('v0', { master: 0, mtu: 1280, ifalias: 'x' })
    seen = ipJson(name, 'link show v0')[0]
    expect(seen).to.include({ mtu: 1280, ifalias: 'x' }).and.not.property('master')
    expect(seen.flags).to.include('UP')
    await rtnl.links.set('v0', { up: false })
    expect(ipJson(name, 'link show v0')[0].flags).to.not.include('UP')
    await rtnl.links.set('v0', { ifname: 'w0' })
    expect(ipJson(name, 'link show w0')).to.have.length(1)
    await rtnl.links.set('br0', { linkinfo: { kind: 'bridge', data: { ageingTime: 1234 } } })
    expect(ipJson(name, 'link show br0')[0].linkinfo.info_data.ageing_time).to.equal(1234)
  })

  it('replaces: makes, or changes what is there', async () => {
    const bridge = { ifname: 'br0', linkinfo: { kind: 'bridge', data: { ageingTime: 1000 } } } as const
    const first = await rtnl.links.replace(bridge)
    const second = await rtnl.links.replace({ ...bridge, linkinfo: { kind: 'bridge', data: { ageingTime: 2000 } } })
    expect(second.ifiIndex).to.equal(first.ifiIndex)
    expect(ipJson(name, 'link show br0')[0].linkinfo.info_data.ageing_time).to.equal(2000)
    const error = await rejection(rtnl.links.add(bridge))
    expect(error).to.include({ errnoName: 'EEXIST' })
    expect(explain(error)).to.match(/a link named br0 already/)
  })

  it('deletes', async () => {
    ip(name, 'link add v0 type veth peer name v1')
    await rtnl.links.delete('v0')
    expect(ipJson(name, 'link show').map((link) => link.ifname)).to.deep.equal(['lo'])
    expect(await rejection(rtnl.links.delete('v0'))).to.include({ errnoName: 'ENODEV' })
    const error = await rejection(rtnl.links.delete('lo'))
    expect(error).to.include({ errnoName: 'EOPNOTSUPP', type: 'RTM_DELLINK' })
  })

  it('makes a link in another namespace, and moves one there, by name, path, pid and fd', async () => {
    ip(name, 'link add v0 type veth peer name v1')
    const other = makeNamespace()
    const opened = netns.open(other)
    const wheres = [other, `/run/netns/${other}`, { fd: opened.fd }]
    for (const [i, where] of wheres.entries()) {
      const ifname = `mv${i}`
      const made = await rtnl.links.add({
        ifname,
        link: 'v0',
        netns: where,
        linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } },
      })
      expect(made).to.include({ ifname })
      expect(ipJson(other, `link show ${ifname}`)[0].ifindex).to.equal(made.ifiIndex)
    }
    opened.close()
    await rtnl.links.set('v1', { netns: other })
    expect(ipJson(other, 'link show v1')).to.have.length(1)
    expect(await rejection(rtnl.links.get('v1'))).to.include({ errnoName: 'ENODEV' })
    const inside = await openRtnl({ netns: other })
    await inside.links.set('v1', { netns: name })
    inside.close()
    expect((await rtnl.links.get('v1')).ifname).to.equal('v1')
    const missing = await rejection(rtnl.links.set('v1', { netns: 'nlw-there-is-none' }))
    expect(missing).to.include({ code: 'ERR_NETLINK_NO_NAMESPACE' })
  })

  it('returns a link whose name the kernel chooses, here and in another namespace', async () => {
    ip(name, 'link add v0 type veth peer name v1')
    const other = makeNamespace()
    const linkinfo = { kind: 'macvlan', data: { mode: 'bridge' } } as const
    const here = await rtnl.links.add({ ifname: 'mv%d', link: 'v0', linkinfo })
    expect(here.ifname).to.equal('mv0')
    const there = await rtnl.links.add({ link: 'v0', netns: other, linkinfo })
    expect(ipJson(other, 'link show type macvlan')).to.have.length(1)
    expect(there.ifname).to.equal(ipJson(other, 'link show type macvlan')[0].ifname)
  })

  it('says what is wrong with the words of the kernel', async () => {
    const error = await rejection(rtnl.links.add({ ifname: 'mv0', link: 999, linkinfo: { kind: 'macvlan' } }))
    expect(error).to.include({ errnoName: 'ENODEV', type: 'RTM_NEWLINK' })
    expect(explain(error)).to.match(/no link with index 999/)
    const unknown = await rejection(rtnl.links.add({ ifname: 'x', linkinfo: { kind: 'nosuch' as 'dummy' } }))
    expect(unknown).to.include({ errnoName: 'EOPNOTSUPP', kernelMessage: 'Unknown device type' })
    expect(explain(unknown)).to.match(/modprobe nosuch/)
  })

  it('gives what it has when the list changes while it is read, and says so', async () => {
    // Far more than the kernel has ready in its first datagrams, so the rest is read after the change.
    for (let i = 0; i < 60; i++) ip(name, `link add v${i} type veth peer name w${i}`)
    const seen: unknown[] = []
    const read = async () => {
      for await (const link of rtnl.links.list({}, { only: ['ifname'] })) {
        seen.push(link.ifname)
        if (seen.length === 5) await rtnl.links.delete('v59')
      }
    }
    expect(await rejection(read())).to.include({ code: 'ERR_NETLINK_INTERRUPTED' })
    expect(seen.length).to.be.greaterThan(100)
    expect(await rtnl.links.list().toArray()).to.have.length(119)
    // As the documentation has it: the whole list first, then the changes.
    const all = await rtnl.links.list({ kind: 'veth' }, { only: ['ifiIndex', 'ifname'] }).toArray()
    for (const link of all) if (link.ifname!.startsWith('v')) await rtnl.links.delete(link)
    expect(await rtnl.links.list().toArray()).to.have.length(1)
  })
})
