/** What a monitor reads again, of kernels that are busy. */
import { expect } from 'chai'
import { parse } from '../../../src/cli/messages/messages.js'
import { MonitorState } from '../../../src/cli/monitor/watch.js'
import { decode, encode } from '../../../src/netlink/index.js'
import { type Link, route } from '../../../src/rtnl/index.js'
import { fakeKernel, list, refuse } from '../../../src/testing/index.js'

const link = (ifiIndex: number, mtu: number): Link =>
  ({ ifiFamily: 'unspec', ifiIndex, ifname: `v${ifiIndex}`, mtu }) as Link

describe('what was missed', () => {
  const options = { where: undefined, groups: [route.groups.link], allNamespaces: false }
  const missed = async (watch: MonitorState) => {
    const found: string[] = []
    for await (const { what, bytes } of watch.missed()) {
      const { body } = decode(route, bytes)[0]!
      found.push(`${what} ${(body as Link).ifname} ${(body as Link).mtu}`)
    }
    return found
  }

  it('is what is not as it was known', async () => {
    const kernel = fakeKernel({ RTM_GETLINK: () => list([link(1, 1), link(2, 2), link(3, 3)]) })
    const watch = new MonitorState({ ...options, host: kernel.host })
    await watch.catchUp()
    expect(await missed(watch)).to.deep.equal([])
    kernel.answer({ RTM_GETLINK: () => list([link(1, 1), link(3, 4), link(5, 5)]) })
    expect(await missed(watch)).to.deep.equal(['changed v3 4', 'new v5 5', 'gone v2 2'])
    expect(await missed(watch)).to.deep.equal([])
  })

  it('is not told while the list changes, and not forgotten either', async () => {
    const kernel = fakeKernel({ RTM_GETLINK: () => list([link(1, 1)]) })
    const watch = new MonitorState({ ...options, host: kernel.host })
    await watch.catchUp()
    kernel.answer({ RTM_GETLINK: () => list([link(1, 2)], { interrupted: true }) })
    const error = await missed(watch).catch((caught) => caught)
    expect(error.code).to.equal('ERR_NETLINK_INTERRUPTED')
    kernel.answer({ RTM_GETLINK: () => list([link(1, 3)]) })
    expect(await missed(watch)).to.deep.equal(['changed v1 3'])
  })

  it('is nothing where nothing could be read before', async () => {
    const kernel = fakeKernel({ RTM_GETLINK: () => list([link(1, 1)], { interrupted: true }) })
    const watch = new MonitorState({ ...options, host: kernel.host })
    expect((await watch.catchUp().catch((caught) => caught)).code).to.equal('ERR_NETLINK_INTERRUPTED')
    kernel.answer({ RTM_GETLINK: () => list([link(1, 1)]) })
    expect(await missed(watch)).to.deep.equal([])
  })

  describe('in other namespaces', () => {
    const all = { where: undefined, groups: [route.groups.link, route.groups.nsid], allNamespaces: true }
    const event = (group: number, nsid: number, type: 'RTM_NEWLINK' | 'RTM_NEWNSID' | 'RTM_DELNSID', body: object) => {
      const bytes = encode(route, [{ type, body } as never])
      return [{ bytes, group, nsid }, parse({ bytes, where: '' }, {})] as const
    }
    const answers = (mtu: number) => ({
      RTM_GETLINK: (_: unknown, { netns }: { netns: unknown }) => list(netns === undefined ? [] : [link(1, mtu)]),
      RTM_GETNSID: (_: unknown, { flags }: { flags: readonly string[] }) =>
        flags.includes('dump') ? list([{ nsid: 7 }]) : { nsid: 7 },
    })

    it('is not what is another in the next namespace with the same id', async () => {
      const kernel = fakeKernel(answers(1) as never, { namespaces: ['one'] })
      const watch = new MonitorState({ ...all, host: kernel.host })
      await watch.catchUp()
      expect(watch.nameOf(7)).to.equal('one')
      kernel.answer(answers(2) as never)
      watch.take(...event(route.groups.nsid, -1, 'RTM_DELNSID', { nsid: 7 }))
      expect(watch.nameOf(7)).to.equal(undefined)
      watch.take(...event(route.groups.nsid, -1, 'RTM_NEWNSID', { nsid: 7 }))
      await watch.catchUp()
      expect(await missed(watch)).to.deep.equal([])
      kernel.answer(answers(3) as never)
      expect(await missed(watch)).to.deep.equal(['changed v1 3'])
    })

    it('is not looked for at each event of one that has no name', async () => {
      const kernel = fakeKernel(answers(1) as never)
      const watch = new MonitorState({ ...all, host: kernel.host })
      await watch.catchUp()
      const asked = kernel.requests.length
      watch.take(...event(route.groups.link, 7, 'RTM_NEWLINK', link(1, 2)))
      await watch.catchUp()
      expect(kernel.requests.length).to.equal(asked)
      watch.take(...event(route.groups.link, 8, 'RTM_NEWLINK', link(1, 2)))
      await watch.catchUp()
      expect(kernel.requests.length).to.be.above(asked)
    })
  })

  it('leaves out what the kernel has no list of', async () => {
    const kernel = fakeKernel({ RTM_GETROUTE: () => refuse('EOPNOTSUPP') })
    const watch = new MonitorState({ ...options, groups: [route.groups.mplsRoute], host: kernel.host })
    await watch.catchUp()
    expect(await missed(watch)).to.deep.equal([])
  })
})
