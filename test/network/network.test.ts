/** Networks on a kernel made by hand: what is sent, in which order, and what is taken back. */
import { expect } from 'chai'
import { decode } from '../../src/netlink/index.js'
import { ipvlanNetwork } from '../../src/network/index.js'
import { markText } from '../../src/network/mark.js'
import { route } from '../../src/rtnl/index.js'
import { type FakeKernel, fakeKernel, refuse } from '../../src/testing/index.js'
import { rejection } from '../support/things.js'

type Body = Record<string, unknown>

const options = { name: 'n30', netns: 'host', parent: 'eth0', mode: 'l3', subnets: ['192.168.30.0/24'] } as const
const wanted = { id: 'c1', addresses: ['192.168.30.2'] }
const ifalias = markText({ role: 'attachment', network: 'n30', id: 'c1' })
const parent = { ifiIndex: 2, ifname: 'eth0', mtu: 1500, ifiFlags: ['up'], linkinfo: { kind: 'dummy' } }

/** A kernel with one parent, and in the container's namespace what is given or has been created. */
function kernelWith(link?: Body, addresses: Body[] = [], routes: Body[] = []) {
  let there = link
  const isHost = (netns: unknown) => netns === 'host'
  const linksIn = (netns: unknown) => (isHost(netns) ? [parent] : there === undefined ? [] : [there])
  const kernel = fakeKernel(
    {
      RTM_GETLINK: ({ ifname, ifiIndex, targetNetnsid }, { netns, flags }) => {
        // The sibling guard looks by way of ids.
        if (targetNetnsid !== undefined) return []
        const all = linksIn(netns) as Body[]
        if (flags.includes('dump')) return all as never
        const found = all.find((one) => one.ifiIndex === ifiIndex || one.ifname === ifname)
        return (found ?? refuse('ENODEV')) as never
      },
      RTM_GETADDR: (_, { netns }) => (isHost(netns) ? [] : addresses) as never,
      RTM_GETROUTE: (_, { netns }) => (isHost(netns) ? [] : routes) as never,
      RTM_GETNSID: () => ({ nsid: -1 }) as never,
      RTM_NEWLINK: ({ ifname, linkinfo }) => {
        there = { ifiIndex: 7, ifname, linkinfo, link: 2, mtu: 1500, address: '02:00:00:00:00:01', ifiFlags: [] }
      },
      RTM_SETLINK: ({ ifname }) => {
        there = { ...there, ...(ifname === undefined ? {} : { ifname }) }
      },
      RTM_DELLINK: () => {
        there = undefined
      },
      RTM_NEWADDR: () => undefined,
      RTM_DELADDR: () => undefined,
      RTM_NEWROUTE: () => undefined,
      RTM_DELROUTE: () => undefined,
    },
    { namespaces: ['host', 'net1'] },
  )
  return kernel
}

/** What changes was asked for. */
const changes = (kernel: FakeKernel<typeof route>): string[] =>
  kernel.requests.map(({ type }) => type).filter((type) => !type.startsWith('RTM_GET'))

const attaching = ['RTM_NEWLINK', 'RTM_SETLINK', 'RTM_NEWADDR', 'RTM_SETLINK', 'RTM_NEWROUTE']

describe('network', () => {
  const open = (kernel: FakeKernel<typeof route>, more: object = {}) =>
    ipvlanNetwork({ ...options, host: kernel.host, ...more })

  it('attaches step by step', async () => {
    const kernel = kernelWith()
    const attachment = await (await open(kernel)).attach('net1', wanted)
    expect(changes(kernel)).to.deep.equal(attaching)
    expect(attachment).to.include({ id: 'c1', ifname: 'eth0', ifiIndex: 7 })
  })

  it('a plan has the same steps, and sends none of them', async () => {
    const kernel = kernelWith()
    const { steps } = await (await open(kernel)).plan('net1', wanted)
    expect(changes(kernel)).to.deep.equal([])
    const messages = steps.map(({ request }) => decode(route, request!)[0]!)
    expect(messages.map(({ type }) => type)).to.deep.equal(attaching)
    expect(messages[0]!.body).to.deep.include({
      link: 2,
      linkinfo: { kind: 'ipvlan', data: { mode: 'l3', flags: [] } },
    })
    expect((messages[1]!.body as Body).ifalias).to.equal(ifalias)
    for (const { annotated } of steps) expect(annotated.length).to.be.greaterThan(1)
  })

  const undone: Readonly<Record<string, readonly string[]>> = {
    RTM_NEWADDR: ['RTM_DELLINK'],
    RTM_NEWROUTE: ['RTM_SETLINK', 'RTM_DELADDR', 'RTM_DELLINK'],
  }
  for (const [type, after] of Object.entries(undone))
    it(`what was done before a refused ${type} is undone, in reverse`, async () => {
      const kernel = kernelWith()
      kernel.answer({ [type]: () => refuse('EPERM') })
      const error = await rejection((await open(kernel)).attach('net1', wanted))
      expect(error).to.include({ code: 'ERR_NETWORK_STEP', network: 'n30', id: 'c1' })
      expect(error.suppressed).to.deep.equal([])
      expect(changes(kernel)).to.deep.equal([...attaching.slice(0, attaching.indexOf(type) + 1), ...after])
    })

  it('the first error is thrown; those of undoing are told by it', async () => {
    const kernel = kernelWith()
    kernel.answer({ RTM_NEWADDR: () => refuse('EPERM'), RTM_DELLINK: () => refuse('EBUSY') })
    const error = await rejection((await open(kernel)).attach('net1', wanted))
    expect(error.cause).to.include({ errnoName: 'EPERM' })
    expect((error.suppressed as { errnoName: string }[]).map(({ errnoName }) => errnoName)).to.deep.equal(['EBUSY'])
    expect(error.message).to.match(/not undone: /)
  })

  const sound = {
    ...{ ifiIndex: 7, ifname: 'eth0', ifalias, link: 2, mtu: 1500, ifiFlags: ['up'] },
    linkinfo: { kind: 'ipvlan', data: { mode: 'l3', flags: [] } },
  }
  const address = { ifaFamily: 'inet', ifaPrefixlen: 24, ifaIndex: 7, local: '192.168.30.2', address: '192.168.30.2' }
  const byDevice = { rtmFamily: 'inet', rtmDstLen: 0, table: 'main', rtmTable: 'main', rtmType: 'unicast', oif: 7 }

  it('check: sound, and each way not to be', async () => {
    const drift = async (link: Body | undefined, addresses: Body[], routes: Body[], more: object = {}) => {
      const kernel = kernelWith(link, addresses, routes)
      const all = await (await open(kernel)).check('c1', { ...wanted, netns: 'net1', ...more })
      expect(changes(kernel)).to.deep.equal([])
      return all.map(({ code }) => code)
    }
    const data = (of: object) => ({ ...sound, linkinfo: { kind: 'ipvlan', data: of } })
    expect(await drift(sound, [address], [byDevice])).to.deep.equal([])
    expect(await drift(undefined, [], [])).to.deep.equal(['link-missing'])
    expect(await drift({ ...sound, ifalias: undefined }, [address], [byDevice])).to.deep.equal(['link-missing'])
    expect(await drift(data({ mode: 'l2', flags: [] }), [address], [byDevice])).to.deep.equal(['mode'])
    expect(await drift(data({ mode: 'l3', flags: ['vepa'] }), [address], [byDevice])).to.deep.equal(['flags'])
    expect(await drift({ ...sound, link: 3 }, [address], [byDevice])).to.deep.equal(['parent'])
    expect(await drift({ ...sound, ifname: 'e9' }, [address], [byDevice])).to.deep.equal(['link-renamed'])
    expect(await drift({ ...sound, ifiFlags: [] }, [address], [byDevice])).to.deep.equal(['link-down'])
    expect(await drift(sound, [{ ...address, ifaPrefixlen: 32 }], [byDevice])).to.deep.equal(['address-missing'])
    expect(await drift(sound, [address], [])).to.deep.equal(['route-missing'])
    expect(await drift(sound, [address], [byDevice], { mtu: 1400 })).to.deep.equal(['mtu'])
    expect(await drift(sound, [{ ...address, flags: ['dadfailed'] }], [byDevice])).to.deep.equal(['address-duplicate'])
  })
})
