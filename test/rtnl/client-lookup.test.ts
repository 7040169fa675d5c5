/** A link that is not there: the error says the name that was written, and in which member. */
import { expect } from 'chai'
import { KernelError } from '../../src/netlink/conversation/kernel-error.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { explain } from '../../src/rtnl/explain.js'
import { fakeKernel, refuse } from '../../src/testing/index.js'
import { rejection } from '../support/things.js'

describe('rtnl/client: a link that is not there', () => {
  const kernel = fakeKernel({
    RTM_GETLINK: ({ ifname, ifiIndex }) => (ifname === 'eth0' || ifiIndex === 2 ? { ifiIndex: 2 } : refuse('ENODEV')),
  })
  let rtnl: Rtnl
  before(async () => {
    rtnl = await openRtnl({ host: kernel.host })
  })
  after(() => rtnl.close())

  const linkinfo = { kind: 'ipvlan', data: { mode: 'l3' } } as const
  const hops = [{ dev: 'eth0', gateway: '10.0.0.1' }, { dev: 'nope' }]
  const names = ['other']
  const address = { dev: 'nope', address: '10.0.0.1/24' }
  const route = { dst: 'default', dev: 'nope' }
  const cases: Readonly<Record<string, () => Promise<unknown>>> = {
    'RTM_GETLINK: which': () => rtnl.links.get('nope'),
    'RTM_SETLINK: which': () => rtnl.links.set('nope', { up: true }),
    'RTM_DELLINK: which': () => rtnl.links.delete('nope'),
    'RTM_NEWLINKPROP: which': () => rtnl.links.addAltnames('nope', names),
    'RTM_DELLINKPROP: which': () => rtnl.links.deleteAltnames('nope', names),
    'RTM_NEWLINK: which': () => rtnl.links.set('nope', { linkinfo }),
    'RTM_NEWLINK: link': () => rtnl.links.add({ ifname: 'a', link: 'nope', linkinfo }),
    'RTM_NEWLINK: link, replace': () => rtnl.links.replace({ ifname: 'a', link: 'nope', linkinfo }),
    'RTM_NEWLINK: master': () => rtnl.links.add({ ifname: 'a', master: 'nope', linkinfo: { kind: 'dummy' } }),
    'RTM_SETLINK: link': () => rtnl.links.set('eth0', { link: 'nope' }),
    'RTM_SETLINK: master': () => rtnl.links.set('eth0', { master: 'nope' }),
    'RTM_GETLINK: master': () => rtnl.links.list({ master: 'nope' }).toArray(),
    'RTM_NEWADDR: dev': () => rtnl.addresses.add(address),
    'RTM_NEWADDR: dev, replace': () => rtnl.addresses.replace(address),
    'RTM_NEWADDR: dev, set': () => rtnl.addresses.set(address),
    'RTM_DELADDR: dev': () => rtnl.addresses.delete(address),
    'RTM_GETADDR: dev': () => rtnl.addresses.list({ dev: 'nope' }).toArray(),
    'RTM_GETADDR: dev, get': () => rtnl.addresses.get(address),
    'RTM_NEWROUTE: dev': () => rtnl.routes.add(route),
    'RTM_NEWROUTE: dev, replace': () => rtnl.routes.replace(route),
    'RTM_NEWROUTE: dev, set': () => rtnl.routes.set(route),
    'RTM_DELROUTE: dev': () => rtnl.routes.delete(route),
    'RTM_GETROUTE: dev': () => rtnl.routes.list({ dev: 'nope' }).toArray(),
    'RTM_NEWROUTE: nexthops[1].dev': () => rtnl.routes.add({ dst: 'default', nexthops: hops }),
  }
  for (const [what, run] of Object.entries(cases))
    it(what, async () => {
      const error = await rejection(run())
      const said = what.replace(/,.*/, '')
      expect(error.message).to.equal(`${said}: there is no link "nope" (RTM_GETLINK: ENODEV)`)
      expect(error.stack).to.contain(error.message)
      expect(error).to.be.instanceOf(KernelError)
      expect(error).to.include({ code: 'ERR_NETLINK_KERNEL', errno: 19, errnoName: 'ENODEV', type: 'RTM_GETLINK' })
      expect(error.request).to.deep.equal(kernel.requests.at(-1)!.bytes)
      expect(error.cause).to.be.instanceOf(KernelError).with.property('message', 'RTM_GETLINK: ENODEV')
      expect(explain(error)).to.match(/^There is no link nope in this namespace/)
    })

  it('by its index, where it is looked up', async () => {
    const said = async (run: Promise<unknown>) => (await rejection(run)).message
    const none = 'there is no link with index 9 (RTM_GETLINK: ENODEV)'
    expect(await said(rtnl.links.get(9))).to.equal(`RTM_GETLINK: which: ${none}`)
    expect(await said(rtnl.links.get({ ifiIndex: 9 }))).to.equal(`RTM_GETLINK: which: ${none}`)
    expect(await said(rtnl.links.add({ ifname: 'a', link: 9, linkinfo }))).to.equal(`RTM_NEWLINK: link: ${none}`)
    expect(await said(rtnl.links.set(9, { linkinfo }))).to.equal(`RTM_NEWLINK: which: ${none}`)
  })

  it('in another namespace: the message says which', async () => {
    const there = await openRtnl({ host: kernel.host, netns: 'net1' })
    const error = await rejection(there.addresses.add(address))
    there.close()
    const name = '"nope" in the network namespace "net1"'
    expect(error.message).to.equal(`RTM_NEWADDR: dev: there is no link ${name} (RTM_GETLINK: ENODEV)`)
    const far = await rejection(rtnl.links.add({ ifname: 'a', link: 'nope', linkNetnsid: 3, linkinfo }))
    const id = '"nope" in the network namespace with id 3'
    expect(far.message).to.equal(`RTM_NEWLINK: link: there is no link ${id} (RTM_GETLINK: ENODEV)`)
  })

  it('another refusal keeps what the kernel said', async () => {
    const refusing = fakeKernel({ RTM_GETLINK: () => refuse('EPERM', { message: 'not for you' }) })
    await using client = await openRtnl({ host: refusing.host })
    const error = await rejection(client.addresses.add(address))
    expect(error.message).to.equal(
      'RTM_NEWADDR: dev: cannot look up the link "nope" (RTM_GETLINK: EPERM "not for you")',
    )
    expect(error).to.include({ errnoName: 'EPERM', kernelMessage: 'not for you' })
  })
})
