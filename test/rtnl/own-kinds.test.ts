/** Link kinds that the user of the package describes: in the client, and in all that reads bytes. */
import { expect } from 'chai'
import { openRtnl, otherCase, type Rtnl } from '../../src/index.js'
import { annotate, check, decode, dissect, encode, type Protocol } from '../../src/netlink/index.js'
import { u16, u32 } from '../../src/netlink/schema/types/integer.js'
import { required } from '../../src/netlink/schema/types/required.js'
import { linkKind, route, routeWith } from '../../src/rtnl/index.js'
import { makeNamespaceWithPair, removeNamespaces } from '../support/namespaces.js'
import { rejection } from '../support/things.js'

/** A kind that nlwire does not know, one without data, and one that it knows, described otherwise. */
const vrf = linkKind('vrf', { table: [1, required(u32)] })
const ifb = linkKind('ifb', {})
const vlan = linkKind('vlan', { vid: [1, required(u16)] })
const bridge = linkKind('bridge', { ageing: [4, u32] })

/** Compiled with the tests, never run: what the compiler must know, and what it must refuse. */
export async function typed(plain: Rtnl): Promise<void> {
  const rtnl = await openRtnl({ kinds: { vrf, vlan } })
  await rtnl.links.add({ ifname: 'v', linkinfo: { kind: 'vrf', data: { table: 10 } } })
  await rtnl.links.add({ ifname: 'v', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
  await rtnl.links.add({ ifname: 'v', linkinfo: { kind: otherCase('other'), otherData: new Uint8Array(4) } })
  // @ts-expect-error a vrf needs its table
  await rtnl.links.add({ ifname: 'v', linkinfo: { kind: 'vrf' } })
  // @ts-expect-error the table is a number
  await rtnl.links.add({ ifname: 'v', linkinfo: { kind: 'vrf', data: { table: 'main' } } })
  // @ts-expect-error one's own description has the place of the known one
  await rtnl.links.add({ ifname: 'v', linkinfo: { kind: 'vlan', data: { id: 5 } } })
  // @ts-expect-error a client without it does not know the kind
  await plain.links.add({ ifname: 'v', linkinfo: { kind: 'vrf', data: { table: 10 } } })
  const { linkinfo } = await rtnl.links.get('v')
  if (linkinfo?.kind === 'vrf') linkinfo.data?.table?.toFixed()
  if (linkinfo?.kind === 'ipvlan') linkinfo.data?.mode === 'l3'
  // @ts-expect-error a bridge has none
  if (linkinfo?.kind === 'bridge') linkinfo.data?.table
  const { mtu } = await rtnl.links.get('v', { only: ['mtu'] })
  mtu?.toFixed()
  for await (const event of rtnl.monitor(['link']))
    if (event.type === 'RTM_NEWLINK' && event.body.linkinfo?.kind === 'vrf') event.body.linkinfo.data?.table?.toFixed()
}

const body = { ifname: 'v', linkinfo: { kind: 'vrf', data: { table: 10 } } } as const

describe('link kinds of one’s own', () => {
  const protocol = routeWith({ kinds: { vrf, vlan } })

  for (const byteOrder of ['little', 'big'] as const)
    it(`are encoded and decoded (${byteOrder}-endian)`, () => {
      const bytes = encode(protocol, [{ type: 'RTM_NEWLINK', body }], { byteOrder })
      const [message] = decode(protocol, bytes, { byteOrder })
      expect(message!.body).to.deep.include(body)
      // Without the description its bytes are kept.
      const [unknown] = decode(route, bytes, { byteOrder })
      expect(unknown!.body).to.have.nested.property('linkinfo.otherData')
      expect(unknown!.body).not.to.have.nested.property('linkinfo.data')
    })

  it('are named in the annotated dump', () => {
    const bytes = encode(protocol, [{ type: 'RTM_NEWLINK', body }])
    const text = (family: Protocol) => annotate(bytes, dissect(family, bytes)).join('\n')
    expect(text(protocol)).to.contain('table = 10')
    expect(text(route)).not.to.contain('table')
  })

  it('are checked', () => {
    const wrong = { linkinfo: { kind: 'vrf', data: { table: -1 } } }
    expect(check(protocol, 'RTM_NEWLINK', wrong).map(({ path }) => path)).to.deep.equal(['linkinfo.data.table'])
  })

  it('leave the protocol itself as it was', () => {
    expect(route.messages.RTM_NEWLINK.body.entries.linkinfo[1].entries.data[1].cases).not.to.have.property('vrf')
    expect(protocol.messages.RTM_NEWADDR).to.equal(route.messages.RTM_NEWADDR)
    expect(protocol.groups).to.equal(route.groups)
  })

  it('cannot have the same name twice, and may be called what objects inherit', () => {
    expect(() => routeWith({ kinds: { vrf, other: linkKind('vrf', {}) } })).to.throw('two descriptions of the kind vrf')
    const odd = routeWith({ kinds: { odd: linkKind('constructor', { table: [1, u32] }) } })
    const given = { linkinfo: { kind: 'constructor', data: { table: 1 } } } as const
    expect(decode(odd, encode(odd, [{ type: 'RTM_NEWLINK', body: given }]))[0]!.body).to.deep.include(given)
  })

  describe('in the client', () => {
    after(removeNamespaces)

    it('are made and read by the kernel', async () => {
      const netns = makeNamespaceWithPair()
      await using rtnl = await openRtnl({ netns, kinds: { bridge, ifb } })
      const made = await rtnl.links.add({ ifname: 'br0', linkinfo: { kind: 'bridge', data: { ageing: 1200 } } })
      expect(made.linkinfo).to.deep.include({ kind: 'bridge' })
      const [listed] = await rtnl.links.list({ kind: 'bridge' }).toArray()
      expect(listed?.linkinfo?.kind === 'bridge' && listed.linkinfo.data?.ageing).to.equal(1200)
      await rtnl.links.set('br0', { linkinfo: { kind: 'bridge', data: { ageing: 4300 } } })
      const { linkinfo } = await rtnl.links.get('br0')
      expect(linkinfo?.kind === 'bridge' && linkinfo.data?.ageing).to.equal(4300)
    })

    it('want what is required', async () => {
      const netns = makeNamespaceWithPair()
      await using rtnl = await openRtnl({ netns, kinds: { vrf } })
      const error = await rejection(rtnl.links.add({ ifname: 'v', linkinfo: { kind: 'vrf' } } as never))
      expect(error.message).to.contain('linkinfo.data.table')
    })
  })
})
