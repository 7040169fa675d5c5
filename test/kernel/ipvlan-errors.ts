/** What the kernel refuses about an ipvlan, and how that is told: a part of ipvlan.guest.ts. */
import { expect } from 'chai'
import type { KernelError } from '../../src/netlink/conversation/kernel-error.js'
import type { LinkToAdd } from '../../src/rtnl/client/link-body.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { explain } from '../../src/rtnl/explain.js'
import { ip } from '../support/ip.js'
import { makeNamespace } from '../support/namespaces.js'
import { rejection } from '../support/things.js'

/**
 * Tests in a namespace that has the parent d0.
 * @param opened that namespace, once a test runs, and a client in it
 * @param ipvlan describes an ipvlan on d0
 */
export function ipvlanErrors(
  opened: () => { name: string; rtnl: Rtnl },
  ipvlan: (ifname: string, mode: 'l2' | 'l3' | 'l3s', more?: object) => LinkToAdd,
): void {
  describe('errors', () => {
    let name: string
    let rtnl: Rtnl
    beforeEach(() => {
      ;({ name, rtnl } = opened())
    })

    const failing = async (promise: Promise<unknown>): Promise<KernelError> => {
      const error = await rejection(promise)
      expect(error).to.include({ code: 'ERR_NETLINK_KERNEL' })
      return error as unknown as KernelError
    }

    it('a mode out of range: the kernel says no more than EINVAL, explain says the rest', async () => {
      const error = await failing(
        rtnl.links.add({ ifname: 'a0', link: 'd0', linkinfo: { kind: 'ipvlan', data: { mode: 9 } } }),
      )
      expect(error).to.include({ errnoName: 'EINVAL', type: 'RTM_NEWLINK' })
      expect([error.kernelMessage, error.path, error.offset, error.policy]).to.deep.equal(Array(4).fill(undefined))
      expect(error.annotated().some((line) => /mode = 9/.test(line))).to.equal(true)
      expect(explain(error)).to.match(/l2, l3 or l3s/)
    })

    it('an attribute that is too short: the path, the bytes, the policy', async () => {
      const bad = { kind: 'ipvlan', otherData: new Uint8Array([5, 0, 1, 0, 1, 0, 0, 0]) }
      const body = { ifname: 'a0', link: (await rtnl.links.get('d0')).ifiIndex!, linkinfo: bad as never }
      const error = await failing(rtnl.conversation.request('RTM_NEWLINK', body, { flags: ['create', 'excl'] }))
      expect(error).to.include({ errnoName: 'ERANGE', path: 'linkinfo.data(ipvlan).mode', length: 5 })
      expect(error.message).to.match(/at linkinfo\.data\(ipvlan\)\.mode \(bytes 0x[0-9a-f]+-0x[0-9a-f]+\)/)
      // Its five bytes, as they were sent.
      expect([...error.request.subarray(error.offset!, error.offset! + 5)]).to.deep.equal([5, 0, 1, 0, 1])
      expect(error.policy).to.equal('expected u16 from 0 to 65535')
      expect(error.annotated().some((line) => line.includes('<--'))).to.equal(true)
    })

    it('no parent, a parent that is not there, the loopback', async () => {
      const none = await failing(rtnl.links.add({ ifname: 'a0', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } }))
      expect(none).to.include({ errnoName: 'EINVAL' })
      expect(explain(none)).to.match(/needs a parent/)
      const missing = await failing(rtnl.links.add(ipvlan('a0', 'l3', { link: 999 }), { siblings: 'switch' }))
      expect(missing).to.include({ errnoName: 'ENODEV', type: 'RTM_NEWLINK' })
      const guarded = await failing(rtnl.links.add(ipvlan('a0', 'l3', { link: 999 })))
      expect(guarded).to.include({ errnoName: 'ENODEV' })
      const loopback = await failing(rtnl.links.add(ipvlan('a0', 'l3', { link: 'lo' })))
      expect(loopback).to.include({ errnoName: 'EINVAL' })
      expect(explain(loopback)).to.match(/not the loopback/)
    })

    it('a parent that is busy', async () => {
      ip(name, 'link add br0 type bridge')
      ip(name, 'link set d0 master br0')
      const error = await failing(rtnl.links.add(ipvlan('a0', 'l3')))
      expect(error).to.include({ errnoName: 'EBUSY' })
      expect(explain(error)).to.match(/port of a bridge/)
    })

    it('a name that is taken', async () => {
      expect(await failing(rtnl.links.add(ipvlan('d0', 'l3')))).to.include({ errnoName: 'EEXIST' })
    })

    it('an address that a sibling has, in another namespace', async () => {
      const where = makeNamespace()
      await rtnl.links.add(ipvlan('a0', 'l3', { up: true }))
      await rtnl.addresses.add({ dev: 'a0', address: '10.0.1.10/24' })
      await rtnl.links.add(ipvlan('a1', 'l3', { netns: where }))
      await using there = await openRtnl({ netns: where })
      await there.links.set('a1', { up: true })
      const error = await failing(there.addresses.add({ dev: 'a1', address: '10.0.1.10/24' }))
      expect(error).to.include({ errnoName: 'EADDRINUSE' })
      expect(error.kernelMessage).to.be.a('string')
      expect(explain(error)).to.match(/10\.0\.1\.10 is on another ipvlan/)
    })
  })
}
