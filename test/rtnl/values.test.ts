/** Values that need more than a number: names, labels, gateways, settings, kinds. */
import { expect } from 'chai'
import { check, decode, encode, fromHex, otherCase, toHex } from '../../src/netlink/index.js'
import { type NewLink, requiredOfKind, route } from '../../src/rtnl/index.js'

const little = { byteOrder: 'little' } as const
const bytesOf = (type: string, body: unknown, byteOrder: 'little' | 'big' = 'little') =>
  encode(route, [{ type, body }], { byteOrder })
const again = (type: string, body: unknown, byteOrder: 'little' | 'big' = 'little') =>
  decode(route, bytesOf(type, body, byteOrder), { byteOrder })[0]!.body as Record<string, never>
/** The attributes after a fixed header of some size, as hex. */
const attributesOf = (type: string, body: unknown, header: number) => toHex(bytesOf(type, body).subarray(16 + header))
const problems = (type: string, body: unknown) => check(route, type, body).map((issue) => issue.path)

describe('rtnetlink values', () => {
  it('takes the interface names that the kernel takes', () => {
    for (const name of ['a', 'eth0', 'fifteen-bytes-x', 'veth%d', 'ü', '...'])
      expect(problems('RTM_NEWLINK', { ifname: name }), name).to.eql([])
    for (const name of ['', '.', '..', 'a/b', 'a:b', 'a b', 'a\tb', 'sixteen-bytes-xx', 'üüüüüüüü', 'à', 'a\0b'])
      expect(problems('RTM_NEWLINK', { ifname: name }), name).to.eql(['ifname'])
    expect(problems('RTM_NEWLINK', { altIfname: 'x'.repeat(127) })).to.eql([])
    expect(problems('RTM_NEWLINK', { altIfname: 'x'.repeat(128) })).to.eql(['altIfname'])
  })

  it('writes ipvlan as the kernel does', () => {
    const body = { linkinfo: { kind: 'ipvlan', data: { mode: 'l3s', flags: ['private'] } } }
    expect(attributesOf('RTM_NEWLINK', body, 16)).to.equal(
      '240012000b0001006970766c616e00001400020006000100020000000600020001000000',
    )
  })

  it('keeps an unknown kind and its data', () => {
    const body = { linkinfo: { kind: otherCase('batadv'), otherData: fromHex('0800010001000000') } }
    expect(again('RTM_NEWLINK', body).linkinfo).to.eql(body.linkinfo)
  })

  it('says what a new link of a kind needs', () => {
    expect(requiredOfKind('ipvlan')).to.eql(['mode'])
    expect(requiredOfKind('ipvtap')).to.eql(['mode'])
    expect(requiredOfKind('vlan')).to.eql(['id'])
    expect(requiredOfKind('dummy')).to.eql([])
    expect(requiredOfKind('batadv')).to.eql([])
    expect(requiredOfKind('toString')).to.eql([])
    const complete: NewLink = { ifname: 'a', link: 2, linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } }
    // @ts-expect-error mode is missing
    const withoutMode: NewLink = { ifname: 'a', link: 2, linkinfo: { kind: 'ipvlan', data: {} } }
    // @ts-expect-error data is missing
    const withoutData: NewLink = { ifname: 'a', link: 2, linkinfo: { kind: 'ipvlan' } }
    const dummy: NewLink = { ifname: 'a', linkinfo: { kind: 'dummy' } }
    const other: NewLink = { ifname: 'a', linkinfo: { kind: otherCase('batadv') } }
    for (const link of [complete, withoutMode, withoutData, dummy, other])
      expect(problems('RTM_NEWLINK', link)).to.eql([])
  })

  it("has veth's peer as a whole message", () => {
    const peer = { ifiFamily: 'unspec', ifiType: 'netrom', ifiIndex: 0, ifiFlags: ['up'], ifiChange: [], ifname: 'b' }
    const body = { ifname: 'a', linkinfo: { kind: 'veth', data: { peer } } }
    expect(again('RTM_NEWLINK', body).linkinfo).to.eql(body.linkinfo)
    expect(problems('RTM_NEWLINK', { linkinfo: { kind: 'veth', data: { peer: { ifname: 'a/b' } } } })).to.eql([
      'linkinfo.data.peer.ifname',
    ])
  })

  it('sets IPv4 settings as a nest and reads them as an array', () => {
    const some = { afSpec: { inet: { conf: { forwarding: 1, rpFilter: -1, 77: 2 } } } }
    for (const order of ['little', 'big'] as const) expect(again('RTM_NEWLINK', some, order).afSpec).to.eql(some.afSpec)
    expect(attributesOf('RTM_NEWLINK', { afSpec: { inet: { conf: { proxyArp: 1 } } } }, 16)).to.equal(
      '14001a00100002000c0001000800030001000000',
    )
    const array = bytesOf('RTM_NEWLINK', { afSpec: { unknown: [{ type: 2, data: new Uint8Array(4 + 33 * 4) }] } })
    // The header of IFLA_INET_CONF, before 33 zeros.
    array.set([4 + 33 * 4, 0, 1, 0], 16 + 16 + 8)
    const [message] = decode(route, array, little)
    const conf = (message!.body as { afSpec: { inet: { conf: object } } }).afSpec.inet.conf
    expect(Object.keys(conf)).to.have.length(33)
    expect(conf).to.include({ forwarding: 0, arpEvictNocarrier: 0 })
    expect(toHex(encode(route, [message!], little))).to.equal(toHex(array))
    expect(problems('RTM_NEWLINK', { afSpec: { inet: { conf: { forwardin: 1, proxyArp: 'x' } } } })).to.eql([
      'afSpec.inet.conf.forwardin',
      'afSpec.inet.conf.proxyArp',
    ])
  })

  it('reads IPv6 counters in the order of the kernel that sent them', () => {
    for (const [num, fourth] of [
      [37n, 'outforwdatagrams'],
      [38n, 'noectpkts'],
    ] as const) {
      const stats = { num, [fourth]: 5n }
      const { afSpec } = again('RTM_NEWLINK', { afSpec: { inet6: { stats } } }) as never as {
        afSpec: { inet6: { stats: Record<string, bigint> } }
      }
      expect(afSpec.inet6.stats).to.include(stats)
      expect(Object.keys(afSpec.inet6.stats)).to.have.length(Number(num))
      expect(Object.keys(afSpec.inet6.stats)[4]).to.equal(fourth)
    }
  })

  it('reads protocol information by the family of the message', () => {
    const bridge = { ifiFamily: 'bridge', protinfo: { state: 'forwarding', isolated: 1 }, afSpec: { mode: 'vepa' } }
    expect(again('RTM_NEWLINK', bridge)).to.deep.include(bridge)
    const inet6 = { ifiFamily: 'inet6', protinfo: { flags: ['ready'], token: '::1' } }
    expect(again('RTM_NEWLINK', inet6)).to.deep.include(inet6)
    const only = decode(route, bytesOf('RTM_NEWLINK', bridge), { ...little, only: ['afSpec'] })
    expect(only[0]!.body).to.deep.include({ afSpec: bridge.afSpec })
  })

  it('has MPLS labels and gateways of another family', () => {
    const body = {
      rtmFamily: 'mpls',
      dst: '100',
      newdst: '200/300:1:0:64/16',
      via: { rtviaFamily: 'inet', rtviaAddr: '192.0.2.1' },
    }
    for (const order of ['little', 'big'] as const) expect(again('RTM_NEWROUTE', body, order)).to.deep.include(body)
    expect(attributesOf('RTM_NEWROUTE', { rtmFamily: 'mpls', dst: '100' }, 12)).to.equal('0800010000064100')
    const hardware = { via: { rtviaFamily: 'packet', rtviaAddr: '02:00:00:00:00:01' } }
    expect(again('RTM_NEWROUTE', hardware)).to.deep.include(hardware)
    expect(problems('RTM_NEWROUTE', { via: { rtviaFamily: 'inet', rtviaAddr: '::1' } })).to.eql(['via'])
    for (const newdst of ['1048576', '100/', 'x', '1:8:0:0', '1:0:0:256'])
      expect(problems('RTM_NEWROUTE', { newdst }), newdst).to.eql(['newdst'])
  })

  it('works out the length of a next hop', () => {
    const hops = [
      { rtnhFlags: ['onlink'], rtnhHops: 2, rtnhIfindex: 2, gateway: '10.9.0.2' },
      { rtnhFlags: [], rtnhHops: 0, rtnhIfindex: 4 },
    ]
    expect(again('RTM_NEWROUTE', { multipath: hops }).multipath).to.eql(hops)
    expect(attributesOf('RTM_NEWROUTE', { multipath: hops }, 12)).to.equal(
      '1c00090010000402020000000800050' + '00a0900020800000004000000',
    )
  })

  it('takes expiry in four bytes and in eight', () => {
    expect(again('RTM_NEWROUTE', { expires: 300n }).expires).to.equal(300n)
    expect(again('RTM_NEWROUTE', { expires: 2n ** 40n }).expires).to.equal(2n ** 40n)
    expect(attributesOf('RTM_NEWROUTE', { expires: 300n }, 12)).to.equal('080017002c010000')
  })
})
