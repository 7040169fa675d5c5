/** rtnl.neighbours: neighbours, addresses that are answered for, forwarding entries. */
import { expect } from 'chai'
import { EncodeError } from '../../src/netlink/index.js'
import type { NeighbourToAdd } from '../../src/rtnl/client/neighbour-body.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { ack, fakeKernel, refuse } from '../../src/testing/index.js'
import { clientInNamespace } from '../support/client.js'
import { ip, ipJson } from '../support/ip.js'
import { needs } from '../support/layers.js'
import { makeNamespaceWithPair } from '../support/namespaces.js'
import { rejection } from '../support/things.js'

const lladdr = '02:00:00:00:00:22'

describe('neighbours, with this kernel', () => {
  let name: string
  let rtnl: Rtnl
  clientInNamespace(makeNamespaceWithPair, (opened) => {
    ;({ name, rtnl } = opened)
  })

  it('makes neighbours that ip reads, and returns them', async () => {
    const made = await rtnl.neighbours.add({ dev: 'v0', dst: '10.0.0.2', lladdr, protocol: 'zebra' })
    expect(made).to.deep.include({ ndmFamily: 'inet', dst: '10.0.0.2', lladdr, ndmState: ['permanent'], ndmFlags: [] })
    const six = await rtnl.neighbours.add({
      dev: 'v0',
      dst: 'FD00::2',
      lladdr,
      ndmState: ['stale'],
      ndmFlags: ['router'],
    })
    expect(six).to.deep.include({ ndmFamily: 'inet6', dst: 'fd00::2', ndmState: ['stale'], ndmFlags: ['router'] })
    expect(
      ipJson(name, 'neigh show dev v0').map(({ dst, state }: { dst: string; state: string[] }) => [dst, ...state]),
    ).to.have.deep.members([
      ['10.0.0.2', 'PERMANENT'],
      ['fd00::2', 'STALE'],
    ])
    const again = await rejection(rtnl.neighbours.add({ dev: 'v0', dst: '10.0.0.2', lladdr }))
    expect(again).to.include({ errnoName: 'EEXIST' })
  })

  it('gets, changes, replaces, lists and deletes', async () => {
    const which = { dev: 'v0', dst: '10.0.0.2' }
    expect(await rtnl.neighbours.get(which)).to.equal(undefined)
    expect(await rejection(rtnl.neighbours.set({ ...which, lladdr }))).to.include({ errnoName: 'ENOENT' })
    await rtnl.neighbours.replace({ ...which, lladdr })
    const other = '02:00:00:00:00:33'
    expect(await rtnl.neighbours.set({ ...which, lladdr: other, ndmState: ['stale'] })).to.include({ lladdr: other })
    expect((await rtnl.neighbours.replace({ ...which, lladdr })).ndmState).to.deep.equal(['permanent'])
    ip(name, `neigh add 10.0.0.3 lladdr ${lladdr} nud stale dev v1`)
    ip(name, `neigh add fd00::3 lladdr ${lladdr} nud permanent dev v1`)
    const list = async (filter: object) =>
      (await rtnl.neighbours.list({ ...filter }, { only: ['dst'] }).toArray()).map(({ dst }) => dst)
    const has = async (filter: object, ...expected: string[]) => {
      const found = await list(filter)
      for (const dst of ['10.0.0.2', '10.0.0.3', 'fd00::3'])
        expect(found.includes(dst), `${JSON.stringify(filter)} ${dst}`).to.equal(expected.includes(dst))
    }
    await has({}, '10.0.0.2', '10.0.0.3', 'fd00::3')
    await has({ dev: 'v1' }, '10.0.0.3', 'fd00::3')
    await has({ dev: 'v1', family: 'inet6' }, 'fd00::3')
    await has({ state: 'permanent' }, '10.0.0.2', 'fd00::3')
    await has({ state: 'stale', family: 'inet' }, '10.0.0.3')
    await has({ family: 'bridge' })
    ip(name, 'link add br0 type bridge')
    ip(name, 'link set v1 master br0')
    await has({ master: 'br0' }, '10.0.0.3', 'fd00::3')
    for (const one of await rtnl.neighbours.list({ state: 'permanent' }).toArray()) await rtnl.neighbours.delete(one)
    await has({}, '10.0.0.3')
    await rtnl.neighbours.delete({ dev: 'v1', dst: '10.0.0.3' })
    expect(await rejection(rtnl.neighbours.delete({ dev: 'v1', dst: '10.0.0.3' }))).to.include({ errnoName: 'ENOENT' })
  })

  it('answers for an address, and not any more', async () => {
    for (const dst of ['10.9.0.10', 'fd00::10']) {
      const made = await rtnl.neighbours.add({ dev: 'v0', dst, proxy: true })
      expect(made).to.deep.include({ dst, ndmFlags: ['proxy'] })
      expect(await rtnl.neighbours.get({ dev: 'v0', dst })).to.equal(undefined)
      expect(await rtnl.neighbours.get({ dev: 'v0', dst, proxy: true })).to.deep.equal(made)
      expect(await rtnl.neighbours.list({ dev: 'v0', proxy: true }).toArray()).to.deep.equal([made])
      expect((await rtnl.neighbours.list({ dev: 'v0' }).toArray()).filter((one) => one.dst === dst)).to.deep.equal([])
      expect(ipJson(name, 'neigh show proxy')).to.deep.equal([{ dst, dev: 'v0', proxy: null }])
      await rtnl.neighbours.delete(made)
      expect(ipJson(name, 'neigh show proxy')).to.deep.equal([])
    }
    // The wire's own form.
    const wire = await rtnl.neighbours.add({ dev: 'v0', dst: '10.9.0.11', ndmFlags: ['proxy'] })
    await rtnl.neighbours.delete({ dev: wire.ndmIfindex!, dst: '10.9.0.11', proxy: true })
  })

  it('makes forwarding entries: of the device, of its bridge, of the bridge as a link', async () => {
    // Without VLANs: an entry that is given none would be made in each.
    ip(name, 'link add br0 type bridge vlan_default_pvid 0')
    ip(name, 'link set v0 master br0')
    ip(name, 'link set br0 up')
    const entry = { dev: 'v0', family: 'bridge', lladdr } as const
    const own = await rtnl.neighbours.add(entry)
    expect(own).to.deep.include({ ndmFamily: 'bridge', lladdr, ndmFlags: ['self'] })
    const ofBridge = await rtnl.neighbours.add({ ...entry, ndmFlags: ['master'], ndmState: ['noarp'] })
    expect(ofBridge).to.deep.include({ lladdr, ndmState: ['noarp'], ndmFlags: [] })
    expect(ofBridge.master).to.be.a('number')
    const ofLink = await rtnl.neighbours.add({ dev: 'br0', family: 'bridge', lladdr: '02:00:00:00:00:44' })
    expect(ofLink.ndmIfindex).to.equal(ofBridge.master)
    const count = async () => {
      const all = await rtnl.neighbours.list({ family: 'bridge' }).toArray()
      return all.filter((one) => [lladdr, '02:00:00:00:00:44'].includes(one.lladdr!)).length
    }
    expect(await count()).to.equal(3)
    expect(await rtnl.neighbours.get(ofBridge)).to.include({ lladdr, master: ofBridge.master })
    const ofPorts = await rtnl.neighbours.list({ family: 'bridge', master: 'br0' }).toArray()
    expect(ofPorts.map((one) => one.lladdr)).to.include(lladdr)
    for (const [i, one] of [own, ofBridge, ofLink].entries()) {
      await rtnl.neighbours.delete(one)
      expect(await rtnl.neighbours.get(one), `${i}`).to.equal(undefined)
    }
    expect(await count()).to.equal(0)
  })

  it('makes forwarding entries of vxlan', async function () {
    try {
      ip(name, 'link add vx0 type vxlan id 42 dstport 4789')
    } catch (error) {
      if (!String(error).includes('Unknown device type')) throw error
      needs(this, false, 'this kernel has no vxlan')
    }
    const entry = { dev: 'vx0', family: 'bridge', lladdr: '00:00:00:00:00:00' } as const
    const first = await rtnl.neighbours.add({ ...entry, dst: '192.0.2.9', port: 8472, vni: 77 })
    expect(first).to.deep.include({ dst: '192.0.2.9', port: 8472, vni: 77, ndmFlags: ['self'] })
    await rtnl.neighbours.delete(first)
    expect(await rtnl.neighbours.get(first)).to.equal(undefined)
  })

  it('is told by events of the group neigh', async () => {
    const events = rtnl.monitor(['neigh'])
    await rtnl.neighbours.add({ dev: 'v0', dst: '10.0.0.2', lladdr })
    for await (const event of events) {
      if (event.type !== 'RTM_NEWNEIGH' || event.body.dst !== '10.0.0.2') continue
      expect(event.body).to.include({ lladdr })
      break
    }
  })
})

describe('neighbours', () => {
  it('refuses what cannot be, before anything is sent', async () => {
    const kernel = fakeKernel({})
    await using rtnl = await openRtnl({ host: kernel.host })
    const refused = async (given: object, path: string, message: RegExp) => {
      const error = await rejection(rtnl.neighbours.add({ dev: 2, ...given } as NeighbourToAdd))
      expect(error).to.be.instanceOf(EncodeError).with.property('path', path)
      expect(error.message).to.match(message)
    }
    await refused({ lladdr }, 'dst', /family: 'bridge' for a forwarding entry/)
    await refused({ dst: '10.0.0.0/24' }, 'dst', /an address such as/)
    await refused({ dst: 'x' }, 'dst', /an address such as/)
    await refused({ dst: '10.0.0.1', family: 'inet6' }, 'family', /expected inet, as 10.0.0.1 is/)
    await refused({ dst: '10.0.0.1', family: 'unix' }, 'family', /inet, inet6 or bridge/)
    await refused({ family: 'bridge' }, 'lladdr', /hardware address/)
    await refused({ dst: '10.0.0.1', proxy: 'yes' }, 'proxy', /true or false/)
    await refused({ dst: '10.0.0.1', probes: 3 }, 'probes', /only the kernel sets it/)
    await refused({ dst: '10.0.0.1', ndmIfindex: 3 }, 'ndmIfindex', /expected the index of dev, 2/)
    await refused({ dev: undefined, dst: '10.0.0.1' }, 'dev', /index .* or its name/)
    expect(kernel.requests).to.deep.equal([])
  })

  it('looks through the list on a kernel that gives no single one', async () => {
    const entry = { ndmFamily: 'inet', ndmIfindex: 2, dst: '10.0.0.2', lladdr } as const
    const kernel = fakeKernel({
      RTM_NEWNEIGH: () => ack(),
      RTM_GETNEIGH: (_, { flags }) =>
        flags.includes('dump') ? [{ ...entry, dst: '10.0.0.1' }, entry] : refuse('EOPNOTSUPP'),
    })
    await using rtnl = await openRtnl({ host: kernel.host })
    expect(await rtnl.neighbours.add({ dev: 2, dst: '10.0.0.2', lladdr })).to.include({ dst: '10.0.0.2' })
    expect(await rtnl.neighbours.get({ dev: 2, dst: '10.0.0.3' })).to.equal(undefined)
  })
})
