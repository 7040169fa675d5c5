/** What the kernel takes in a message of its own only, when a link is made: sent next, or the link is gone again. */
import { expect } from 'chai'
import { EncodeError } from '../../src/netlink/index.js'
import type { LinkToAdd } from '../../src/rtnl/client/link-body.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { ack, type FakeRequest, fakeKernel, refuse } from '../../src/testing/index.js'
import { clientInNamespace } from '../support/client.js'
import { ip, ipJson } from '../support/ip.js'
import { makeNamespace, makeNamespaceWithPair } from '../support/namespaces.js'
import { rejection } from '../support/things.js'

const altIfname = ['a-further-name-longer-than-fits', 'second']
const more = { ifalias: 'hello', propList: { altIfname }, afSpec: { inet: { conf: { arpNotify: 1 } } } } as const

describe('a new link and what RTM_NEWLINK cannot set, with this kernel', () => {
  let name: string
  let rtnl: Rtnl
  clientInNamespace(makeNamespaceWithPair, (opened) => {
    ;({ name, rtnl } = opened)
  })
  const macvlan = (ifname: string | undefined, given: object = more): LinkToAdd => ({
    ...(ifname === undefined ? {} : { ifname }),
    link: 'v0',
    linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } },
    ...given,
  })
  const has = (where: string, ifname: string) => {
    const [seen] = ipJson(where, `link show ${ifname}`)
    expect(seen).to.deep.include({ ifalias: 'hello', altnames: altIfname })
    return seen
  }
  const isGone = (where: string) => expect(ipJson(where, 'link show type macvlan')).to.deep.equal([])

  it('has it, and what is returned has it', async () => {
    const made = await rtnl.links.add(macvlan('mv0'))
    expect(made).to.deep.include({ ifname: 'mv0', ifalias: 'hello', propList: { altIfname } })
    expect(made.afSpec?.inet?.conf?.arpNotify).to.equal(1)
    expect(has(name, 'mv0').ifindex).to.equal(made.ifiIndex)
  })

  it('has it where no kernel said which it is: by a pattern, and without a name', async () => {
    const pattern = await rtnl.links.add(macvlan('mv%d'))
    expect(has(name, pattern.ifname!).ifindex).to.equal(pattern.ifiIndex)
    const nameless = await rtnl.links.add(macvlan(undefined, { ifalias: 'hello' }))
    expect(nameless.ifalias).to.equal('hello')
  })

  it('has settings of IPv6, and is held down by a protocol', async () => {
    const made = await rtnl.links.add(macvlan('mv0', { afSpec: { inet6: { addrGenMode: 'none' } }, protoDown: 1 }))
    expect(made.afSpec?.inet6?.addrGenMode).to.equal('none')
    expect(made.protoDown).to.equal(1)
  })

  it('is one of a pair', async () => {
    const made = await rtnl.links.add({
      ...more,
      ifname: 'x0',
      linkinfo: { kind: 'veth', data: { peer: { ifname: 'x1' } } },
    })
    expect(made).to.deep.include({ ifname: 'x0', ifalias: 'hello' })
    has(name, 'x0')
  })

  for (const how of ['netns', 'targetNetnsid'])
    it(`is in another namespace, by ${how}`, async () => {
      const other = makeNamespace()
      const place = how === 'netns' ? { netns: other } : { targetNetnsid: await rtnl.namespaces.set(other) }
      const made = await rtnl.links.add(macvlan('mv0', { ...more, ...place }))
      expect(made.ifalias).to.equal('hello')
      expect(has(other, 'mv0').ifindex).to.equal(made.ifiIndex)
      const taken = { ...more, ...place, propList: { altIfname: ['mv0'] } }
      expect(await rejection(rtnl.links.add(macvlan('mv1', taken)))).to.include({ errnoName: 'EEXIST' })
      expect(ipJson(other, 'link show type macvlan')).to.have.length(1)
    })

  it('is deleted again when a part of it fails', async () => {
    const taken = await rejection(rtnl.links.add(macvlan('mv0', { ...more, propList: { altIfname: ['v1'] } })))
    expect(taken).to.include({ name: 'KernelError', type: 'RTM_NEWLINKPROP', errnoName: 'EEXIST' })
    expect(taken).not.to.have.property('suppressed')
    isGone(name)
    const carrier = await rejection(rtnl.links.add(macvlan('mv%d', { carrier: 0 })))
    expect(carrier).to.include({ type: 'RTM_SETLINK', errnoName: 'EOPNOTSUPP' })
    isGone(name)
  })

  it('replaced: is changed, keeps its names, and is not deleted when a part of it fails', async () => {
    const given = macvlan('mv0') as LinkToAdd & { ifname: string }
    const first = await rtnl.links.replace({ ...given, propList: { altIfname: ['second'] } })
    const second = await rtnl.links.replace({ ...given, ifalias: 'other', propList: { altIfname: [...altIfname] } })
    expect(second).to.deep.include({ ifiIndex: first.ifiIndex, ifalias: 'other' })
    expect([...second.propList!.altIfname!].sort()).to.deep.equal(altIfname)
    const failed = await rejection(rtnl.links.replace({ ...given, propList: { altIfname: ['v1'] } }))
    expect(failed).to.include({ type: 'RTM_NEWLINKPROP', errnoName: 'EEXIST' })
    expect(ipJson(name, 'link show type macvlan')).to.have.length(1)
    // By one of its further names it is the same link.
    const byAltname = await rtnl.links.replace({ ...given, ifname: 'second', ifalias: 'third' })
    expect(byAltname).to.include({ ifiIndex: first.ifiIndex, ifalias: 'third' })
    expect(ip(name, 'link show type macvlan')).to.match(/alias third/)
  })
})

describe('a new link and what RTM_NEWLINK cannot set', () => {
  const dummy = { ifname: 'd0', linkinfo: { kind: 'dummy' } } as const
  const types = (requests: readonly FakeRequest[]) => requests.map(({ type }) => type)

  it('is sent as it was given, in the order of the definition', async () => {
    const kernel = fakeKernel({
      RTM_NEWLINK: () => ack(),
      RTM_SETLINK: () => ack(),
      RTM_NEWLINKPROP: () => ack(),
      RTM_GETLINK: () => ({ ifiIndex: 7, ifname: 'd0' }),
    })
    await using rtnl = await openRtnl({ host: kernel.host })
    await rtnl.links.add({ ...dummy, ...more, mtu: 1400 })
    expect(types(kernel.requests)).to.deep.equal(['RTM_NEWLINK', 'RTM_SETLINK', 'RTM_NEWLINKPROP', 'RTM_GETLINK'])
    const [made, set, names] = kernel.requests.map(({ body }) => body as object)
    expect(made).to.deep.include({ ifname: 'd0', mtu: 1400 }).and.not.to.have.any.keys(Object.keys(more))
    expect(set).to.deep.include({ ifname: 'd0', ifalias: 'hello', afSpec: more.afSpec }).and.not.to.have.any.keys('mtu')
    expect(names).to.deep.include({ ifname: 'd0', propList: more.propList })
  })

  it('is told with what failed while it was deleted', async () => {
    const kernel = fakeKernel({
      RTM_NEWLINK: () => ({ ifiIndex: 7, ifname: 'd0' }),
      RTM_SETLINK: () => refuse('ENOMEM'),
      RTM_DELLINK: () => refuse('EBUSY'),
    })
    await using rtnl = await openRtnl({ host: kernel.host })
    const error = await rejection(rtnl.links.add({ ...dummy, ...more }))
    expect(error).to.include({ type: 'RTM_SETLINK', errnoName: 'ENOMEM' })
    expect(error.suppressed).to.be.an('array').with.length(1)
    expect((error.suppressed as object[])[0]).to.include({ type: 'RTM_DELLINK', errnoName: 'EBUSY' })
    expect(kernel.requests.at(-1)!.body).to.include({ ifiIndex: 7 })
  })

  it('is refused before anything is sent where it cannot be: wrong values, a namespace without a name, a pair', async () => {
    const kernel = fakeKernel({ RTM_GETNSID: () => ({ nsid: 3 }) }, { namespaces: ['n1'] })
    await using rtnl = await openRtnl({ host: kernel.host })
    const refused = async (link: LinkToAdd, path: string, message: RegExp) => {
      const error = await rejection(rtnl.links.add(link))
      expect(error).to.be.instanceOf(EncodeError).with.property('path', path)
      expect(error.message).to.match(message)
    }
    await refused({ ...dummy, ifalias: 'x'.repeat(300) }, 'ifalias', /255/)
    await refused({ ...dummy, ...more, targetNetnsid: 5 }, 'targetNetnsid', /ifalias, afSpec, propList .* give netns/)
    const peer = { ifname: 'd1', ifalias: 'x' }
    await refused(
      { ifname: 'd0', linkinfo: { kind: 'veth', data: { peer } } },
      'linkinfo.data.peer.ifalias',
      /a change/,
    )
    expect(types(kernel.requests)).to.deep.equal(['RTM_GETNSID'])
  })
})
