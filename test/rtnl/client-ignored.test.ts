/** What the kernel would ignore in a request, or refuse for its range, is refused before anything is sent. */
import { expect } from 'chai'
import { check, EncodeError } from '../../src/netlink/index.js'
import { MemoryTransport } from '../../src/netlink/transport/memory.js'
import type { AddressToAdd } from '../../src/rtnl/client/addresses.js'
import type { LinkChanges, LinkToAdd } from '../../src/rtnl/client/link-body.js'
import type { RouteToAdd } from '../../src/rtnl/client/route-body.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { refuseIgnored } from '../../src/rtnl/client/writable.js'
import { linkMessage } from '../../src/rtnl/index.js'
import { route } from '../../src/rtnl/protocol.js'
import { rejection } from '../support/things.js'

describe('what a request cannot set', () => {
  let transport: MemoryTransport
  let rtnl: Rtnl
  beforeEach(async () => {
    transport = new MemoryTransport()
    rtnl = await openRtnl({ transport })
  })
  afterEach(() => rtnl.close())

  const refused = async (doing: Promise<unknown>, path: string, message: RegExp | string) => {
    const error = await rejection(doing)
    expect(error).to.be.instanceOf(EncodeError)
    expect(error.path).to.equal(path)
    expect(error.message).to.match(new RegExp(message))
    expect(transport.sent).to.deep.equal([])
  }

  const onlyKernel = /only the kernel sets it/
  const members = {
    ...{ promiscuity: 1, allmulti: 1, minMtu: 100, maxMtu: 9000, qdisc: 'fq', carrierChanges: 5, event: 'none' },
    ...{ permAddress: '02:00:00:00:00:09', physPortName: 'q', ifiType: 'loopback', headroom: 5, weight: 1 },
  }
  for (const [name, value] of Object.entries(members)) {
    it(`links.set ${name}: the kernel reports it only`, () =>
      refused(rtnl.links.set(2, { [name]: value } as never), name, onlyKernel))
    it(`links.add ${name}: the kernel reports it only`, () =>
      refused(rtnl.links.add({ linkinfo: { kind: 'dummy' }, [name]: value } as never), name, onlyKernel))
  }

  for (const [name, value] of Object.entries({ numTxQueues: 4, numRxQueues: 4, parentDevName: 'x', linkNetnsid: 5 }))
    it(`links.set ${name}: only a new link can have it set`, () =>
      refused(rtnl.links.set(2, { [name]: value } as never), name, /only a new one/))

  it('an index in another namespace, without one', () =>
    refused(rtnl.links.set(2, { newIfindex: 77 }), 'newIfindex', /give netns as well/))

  it('alternative names, which have messages of their own', () =>
    refused(rtnl.links.set(2, { propList: { altIfname: ['a'] } } as never), 'propList', /addAltnames/))

  it('inside the data of a kind: only what the kernel reports, and only what makes a new one', () => {
    const bridge = { linkinfo: { kind: 'bridge', data: { rootPort: 1, helloTime: 200 } } }
    expect(() => refuseIgnored('RTM_NEWLINK', linkMessage, bridge, 'new'))
      .to.throw(EncodeError)
      .with.property('path', 'linkinfo.data.rootPort')
    const vlan = { linkinfo: { kind: 'vlan', data: { id: 5 } } }
    refuseIgnored('RTM_NEWLINK', linkMessage, vlan, 'new')
    expect(() => refuseIgnored('RTM_NEWLINK', linkMessage, vlan, 'change'))
      .to.throw(EncodeError)
      .with.property('path', 'linkinfo.data.id')
  })

  it('attributes of routes that belong in questions', async () => {
    for (const name of ['iif', 'mark', 'uid', 'sport'])
      await refused(rtnl.routes.add({ dst: '10.4.0.0/24', dev: 2, [name]: 1 } as never), name, /asks for objects/)
    await refused(rtnl.routes.add({ dst: '10.4.0.0/24', dev: 2, cacheinfo: {} } as never), 'cacheinfo', onlyKernel)
  })

  it('a source of an IPv4 route', () =>
    refused(rtnl.routes.add({ dst: '10.3.0.0/24', dev: 2, src: '10.1.1.1' }), 'src', /prefsrc/))

  it('attributes of addresses', () =>
    refused(
      rtnl.addresses.add({ dev: 2, address: '10.0.0.1/24', anycast: '10.0.0.9' } as never),
      'anycast',
      onlyKernel,
    ))

  it('a number out of the range that the kernel takes', async () => {
    const vlan = (id: number) => rtnl.links.add({ ifname: 'v', link: 2, linkinfo: { kind: 'vlan', data: { id } } })
    await refused(vlan(9999), 'linkinfo.data.id', /expected an integer from 0 to 4094, got 9999/)
    const queues = rtnl.links.add({ ifname: 'v', numTxQueues: 5000, linkinfo: { kind: 'dummy' } })
    await refused(queues, 'numTxQueues', /from 1 to 4096/)
    const port = rtnl.links.set(2, { linkinfo: { slaveKind: 'bridge', slaveData: { priority: 64 } } } as never)
    await refused(port, 'linkinfo.slaveData.priority', /from 0 to 63/)
    expect(check(route, 'RTM_NEWADDR', { ifaPrefixlen: 129 })).to.have.length(1)
  })
})

// What these say is checked by the compiler alone.
export function typesOfRequests(): void {
  // @ts-expect-error only the kernel sets it
  ;({ promiscuity: 1 }) satisfies LinkChanges
  // @ts-expect-error only a new link can have it set
  ;({ numTxQueues: 1 }) satisfies LinkChanges
  ;({ numTxQueues: 1, linkinfo: { kind: 'dummy' } }) satisfies LinkToAdd
  // @ts-expect-error only the kernel sets it
  ;({ minMtu: 1, linkinfo: { kind: 'dummy' } }) satisfies LinkToAdd
  // @ts-expect-error only the kernel sets it
  ;({ linkinfo: { kind: 'bridge', data: { rootPort: 1 } } }) satisfies LinkToAdd
  // @ts-expect-error a route is not made for packets with a mark
  ;({ dst: 'default', mark: 1 }) satisfies RouteToAdd
  // @ts-expect-error only the kernel sets it
  ;({ dev: 1, address: '10.0.0.1', anycast: '10.0.0.2' }) satisfies AddressToAdd
}
