import { expect } from 'chai'
import { OptionError } from '../../src/netlink/errors.js'
import { MemoryTransport } from '../../src/netlink/transport/memory.js'
import { parsePrefix } from '../../src/rtnl/client/prefix.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { rejection } from '../support/things.js'

describe('bad input of the client', () => {
  let transport: MemoryTransport
  let rtnl: Rtnl
  beforeEach(async () => {
    transport = new MemoryTransport()
    rtnl = await openRtnl({ transport })
  })
  afterEach(() => rtnl.close())

  const ipvlan = (data: object) => ({ ifname: 'ipv1', link: 2, linkinfo: { kind: 'ipvlan', data } }) as never

  const cases: Record<string, [() => Promise<unknown>, string, RegExp]> = {
    'an interface name over 15 bytes': [
      () => rtnl.links.set(2, { ifname: 'abcdefghijklmnop' }),
      'ifname',
      /at most 15 bytes/,
    ],
    'an interface name with a slash': [
      () => rtnl.links.set(2, { ifname: 'a/b' }),
      'ifname',
      /\/ and : are not allowed/,
    ],
    'no kind': [() => rtnl.links.add({ ifname: 'x' } as never), 'linkinfo.kind', /expected the kind of link/],
    'an ipvlan without a mode': [() => rtnl.links.add(ipvlan({})), 'linkinfo.data.mode', /a new ipvlan needs it/],
    'mode l4': [
      () => rtnl.links.add(ipvlan({ mode: 'l4' }), { siblings: 'switch' }),
      'linkinfo.data.mode',
      /l2, l3, l3s/,
    ],
    'mode l4, which no sibling has': [
      () => rtnl.links.add(ipvlan({ mode: 'l4' })),
      'linkinfo.data.mode',
      /l2, l3, l3s/,
    ],
    'a long name of an ipvlan': [
      () => rtnl.links.add({ ...(ipvlan({ mode: 'l3' }) as object), ifname: 'abcdefghijklmnop' } as never),
      'ifname',
      /at most 15 bytes/,
    ],
    'both flags': [
      () => rtnl.links.add(ipvlan({ mode: 'l3', flags: ['private', 'vepa'] })),
      'linkinfo.data.flags',
      /exclude each other/,
    ],
    'a link that is no name and no index': [() => rtnl.links.get(0), 'which', /index \(from 1\) or its name/],
    'up that is no boolean': [() => rtnl.links.set(2, { up: 1 as never }), 'up', /true or false/],
    'an address that does not parse': [
      () => rtnl.addresses.add({ dev: 2, address: '10.0.1.300/24' }),
      'address',
      /such as 10\.0\.1\.10\/24/,
    ],
    'a prefix that is too long': [
      () => rtnl.addresses.add({ dev: 2, address: '10.0.1.1/33' }),
      'address',
      /expected an address/,
    ],
    'a peer of another family': [
      () => rtnl.addresses.add({ dev: 2, address: '10.0.1.1/32', peer: '::1' }),
      'peer',
      /same family/,
    ],
    'two lengths of a prefix': [
      () => rtnl.addresses.delete({ dev: 2, address: '10.0.1.1/24', ifaPrefixlen: 16 } as never),
      'ifaPrefixlen',
      /expected 24, as 10\.0\.1\.1\/24 says, or none, got 16/,
    ],
    'a length that is none': [
      () => rtnl.addresses.delete({ dev: 2, address: '10.0.1.1', ifaPrefixlen: 33 } as never),
      'ifaPrefixlen',
      /from 0 to 32/,
    ],
    'two links of an address': [
      () => rtnl.addresses.delete({ dev: 2, address: '10.0.1.1', ifaIndex: 3 } as never),
      'ifaIndex',
      /expected the index of dev, 2/,
    ],
    'no link of an address': [() => rtnl.addresses.delete({ address: '10.0.1.1' } as never), 'dev', /link's index/],
    'two protocols of an address': [
      () => rtnl.addresses.delete({ dev: 2, address: '10.0.1.1', ifaFamily: 'inet6' } as never),
      'ifaFamily',
      /expected inet/,
    ],
    'two lengths of a destination': [
      () => rtnl.routes.delete({ dst: '10.0.0.0/8', rtmDstLen: 16 } as never),
      'rtmDstLen',
      /expected 8, as 10\.0\.0\.0\/8 says, or none, got 16/,
    ],
    'the default with a length': [
      () => rtnl.routes.delete({ dst: 'default', rtmDstLen: 16 } as never),
      'rtmDstLen',
      /expected 0/,
    ],
    'no destination, but a length': [() => rtnl.routes.delete({ rtmDstLen: 16 }), 'dst', /expected an address/],
    'two protocols of a route': [
      () => rtnl.routes.delete({ dst: '10.0.0.0/8', rtmFamily: 'inet6' } as never),
      'rtmFamily',
      /expected inet/,
    ],
    'a destination that does not parse': [
      () => rtnl.routes.add({ dst: 'nowhere', dev: 2 }),
      'dst',
      /expected an address/,
    ],
    'a gateway that does not parse': [
      () => rtnl.routes.add({ dst: 'default', gateway: 'x' }),
      'gateway',
      /expected an address/,
    ],
    'a route to nowhere': [() => rtnl.routes.add({ dst: 'default' }), 'dev', /where packets go/],
    'a weight out of range': [
      () => rtnl.routes.add({ dst: 'default', nexthops: [{ gateway: '10.0.0.1', weight: 0 }] }),
      'nexthops[0].weight',
      /from 1 to 256/,
    ],
    'a family that is none': [
      () => rtnl.routes.add({ dst: 'default', dev: 2, family: 'inet4' as never }),
      'family',
      /inet or inet6/,
    ],
  }
  for (const [title, [cause, path, message]] of Object.entries(cases)) {
    it(`${title}: says so, and sends nothing`, async () => {
      const error = await rejection(cause())
      expect(error).to.include({ code: 'ERR_NETLINK_ENCODE', path })
      expect(error.message).to.match(message)
      expect(transport.sent).to.have.length(0)
    })
  }

  it('an unknown name in only, an unknown group, no list of groups: refused', async () => {
    expect(() => rtnl.links.list({}, { only: ['colour' as 'mtu'] })).to.throw(
      OptionError,
      'only: expected names of IFLA (ifiFamily, ',
    )
    expect(await rejection(rtnl.links.get(1, { only: ['colour' as 'mtu'] }))).to.be.instanceOf(OptionError)
    expect(() => rtnl.monitor(['colour' as 'link'])).to.throw(OptionError)
    expect(() => rtnl.monitor('link' as never)).to.throw(OptionError, 'groups: expected a list of groups, got "link"')
  })

  it('a closed client: ERR_NETLINK_CLOSED', async () => {
    rtnl.close()
    expect(await rejection(rtnl.links.get(1))).to.include({ code: 'ERR_NETLINK_CLOSED' })
    expect(await rejection(rtnl.links.list().toArray())).to.include({ code: 'ERR_NETLINK_CLOSED' })
    let error: unknown
    try {
      rtnl.monitor(['link'])
    } catch (thrown) {
      error = thrown
    }
    expect(error).to.include({ code: 'ERR_NETLINK_CLOSED' })
  })

  it('parses prefixes', () => {
    expect(parsePrefix('10.0.1.10/24')).to.deep.equal({ family: 'inet', address: '10.0.1.10', length: 24 })
    expect(parsePrefix('::/0')).to.deep.equal({ family: 'inet6', address: '::', length: 0 })
    expect(parsePrefix('10.0.0.1')?.length).to.equal(32)
    for (const text of [
      '',
      '/',
      '10.0.0.1/',
      '10.0.0.1/-1',
      '10.0.0.1/24/8',
      '10.0.0.1/024',
      '10.0.0.1/ 24',
      'x/8',
      '::/129',
    ])
      expect(parsePrefix(text), text).to.equal(undefined)
  })
})
