/** A kernel made by hand: every kind of answer, as a client hears it, in both byte orders. */
import { expect } from 'chai'
import { KernelError, OptionError, openRtnl } from '../../../src/index.js'
import { type ByteOrder, Conversation, NLM_F } from '../../../src/netlink/index.js'
import type { Link } from '../../../src/rtnl/index.js'
import { ack, fakeKernel, list, refuse, silence } from '../../../src/testing/index.js'
import { things } from '../../support/things.js'

const failure = (promise: PromiseLike<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason as Error,
  )
const links: Link[] = Array.from({ length: 40 }, (_, i) => ({ ifiIndex: i + 1, ifname: `if${i + 1}` }))

for (const byteOrder of ['little', 'big'] as ByteOrder[]) {
  describe(`a fake kernel, ${byteOrder}-endian`, () => {
    it('answers with an object, a list, a yes and a no', async () => {
      const kernel = fakeKernel(
        {
          RTM_GETLINK: ({ ifname }, { flags }) =>
            flags.includes('dump') ? links : (links.find((link) => link.ifname === ifname) ?? refuse('ENODEV')),
          RTM_SETLINK: () => {},
          RTM_DELLINK: () => refuse('EBUSY', { message: 'in use', blame: 'ifiIndex', cookie: new Uint8Array([1]) }),
        },
        { byteOrder },
      )
      await using rtnl = await openRtnl({ host: kernel.host })
      expect(await rtnl.links.get('if7')).to.include({ ifiIndex: 7 })
      expect(await failure(rtnl.links.get('if99'))).to.include({ errnoName: 'ENODEV' })
      expect((await rtnl.links.list().toArray()).map(({ ifname }) => ifname)).to.deep.equal(
        links.map((link) => link.ifname),
      )
      await rtnl.conversation.request('RTM_SETLINK', { ifiIndex: 1, mtu: 1400 })
      const error = await failure(rtnl.conversation.request('RTM_DELLINK', { ifiIndex: 1 }))
      expect(error).to.be.instanceOf(KernelError)
      expect(error).to.deep.include({
        errnoName: 'EBUSY',
        kernelMessage: 'in use',
        path: 'ifiIndex',
        cookie: new Uint8Array([1]),
      })
      expect(kernel.requests.map(({ type }) => type)).to.deep.equal([
        'RTM_GETLINK',
        'RTM_GETLINK',
        'RTM_GETLINK',
        'RTM_SETLINK',
        'RTM_DELLINK',
      ])
      expect(kernel.requests[3]!.body).to.include({ ifiIndex: 1, mtu: 1400 })
      expect(rtnl.conversation.unexpected).to.equal(0)
    })

    it('remarks, echoes, and changes its mind', async () => {
      const kernel = fakeKernel({ RTM_NEWLINK: () => ack({ message: 'deprecated' }) }, { byteOrder })
      await using rtnl = await openRtnl({ transport: kernel.open() })
      const { conversation } = rtnl
      expect((await conversation.request('RTM_NEWLINK', { ifname: 'a' })).warning).to.equal('deprecated')
      kernel.answer({ RTM_NEWLINK: (body) => ({ ...body, ifiIndex: 9 }) })
      const { messages } = await conversation.request('RTM_NEWLINK', { ifname: 'a' }, { flags: ['echo'] })
      expect(messages).to.have.length(1)
      expect(messages[0]).to.have.property('type', 'RTM_NEWLINK')
      expect(messages[0]!.body).to.include({ ifname: 'a', ifiIndex: 9 })
    })

    it('dumps interrupted, in parts, and to an error', async () => {
      let attempts = 0
      const kernel = fakeKernel(
        {
          RTM_GETLINK: () => list(links.slice(0, 4), { interrupted: attempts++ === 0, each: 1 }),
          RTM_GETADDR: () => list([{ ifaIndex: 1 }], { errno: 'ENOMEM' }),
        },
        { byteOrder },
      )
      await using rtnl = await openRtnl({ transport: kernel.open() })
      expect(await rtnl.links.list().toArray()).to.have.length(4)
      expect(attempts).to.equal(2)
      const sizes: number[] = []
      for await (const batch of rtnl.links.list().batches()) sizes.push(batch.length)
      expect(sizes).to.deep.equal([1, 1, 1, 1])
      expect(await failure(rtnl.addresses.list().toArray())).to.include({ errnoName: 'ENOMEM' })
      const flags = kernel.requests.map(({ bytes }) => new DataView(bytes.buffer).getUint16(6, byteOrder === 'little'))
      expect(flags.every((bits) => (bits & NLM_F.DUMP) === NLM_F.DUMP)).to.equal(true)
    })

    it('tells those who have joined, in the namespace where it happens, and of what was lost', async () => {
      const kernel = fakeKernel({}, { byteOrder, namespaces: ['net1'] })
      expect(kernel.host.names()).to.deep.equal(['net1'])
      await using here = await openRtnl({ host: kernel.host })
      await using there = await openRtnl({ host: kernel.host, netns: 'net1' })
      const [ours, theirs] = [here.monitor(['link']), there.monitor(['link'])]
      const addresses = here.monitor(['address'])
      kernel.multicast('link', 'RTM_NEWLINK', links[0]!, 'net1')
      kernel.multicast('link', 'RTM_DELLINK', links[1]!)
      kernel.multicast(5, 'RTM_NEWADDR', { ifaIndex: 3 })
      kernel.overrun()
      const next = async (events: AsyncIterator<unknown>) => (await events.next()).value
      expect(await next(ours)).to.deep.include({ type: 'RTM_DELLINK', group: 'link' })
      expect(await next(ours)).to.deep.equal({ type: 'overrun' })
      expect(await next(theirs)).to.deep.include({ type: 'RTM_NEWLINK', group: 'link' })
      expect(await next(theirs)).to.deep.include({ type: 'RTM_DELLINK' })
      expect(await next(addresses)).to.deep.include({ type: 'RTM_NEWADDR', group: 'ipv4Ifaddr' })
      expect(() => kernel.multicast('nobody' as 'link', 'RTM_NEWLINK', {})).to.throw(
        OptionError,
        /multicast groups of route .*, got "nobody"/,
      )
    })

    it('may think before it answers, or never answer', async () => {
      const kernel = fakeKernel({ RTM_GETLINK: async () => links[0], RTM_SETLINK: () => silence }, { byteOrder })
      await using rtnl = await openRtnl({ transport: kernel.open(), timeout: 20 })
      expect(await rtnl.links.get('if1')).to.include({ ifiIndex: 1 })
      const error = await failure(rtnl.conversation.request('RTM_SETLINK', { ifiIndex: 1 }))
      expect(error).to.have.property('code', 'ERR_NETLINK_TIMEOUT')
    })

    it('says what is missing', async () => {
      const kernel = fakeKernel(
        { RTM_GETLINK: () => undefined, RTM_GETADDR: () => refuse('EINVAL', { missing: 'nonsense' }) },
        { byteOrder },
      )
      await using rtnl = await openRtnl({ transport: kernel.open() })
      expect(await failure(rtnl.conversation.request('RTM_DELLINK', {})))
        .to.have.property('message')
        .match(/no answer to RTM_DELLINK/)
      expect(await failure(rtnl.links.get('a')))
        .to.have.property('message')
        .match(/no answer to RTM_GETLINK: return/)
      expect(await failure(rtnl.addresses.list().toArray()))
        .to.have.property('message')
        .match(/that the request can have .*, got "nonsense"/)
    })

    it('understands any family', async () => {
      const kernel = fakeKernel(
        { TEST_GETTHING: ({ index }) => ({ index: index!, name: 'one' }) },
        { byteOrder, family: things },
      )
      await using conversation = new Conversation(kernel.open(), things)
      expect(await conversation.get('TEST_GETTHING', { index: 4 })).to.include({ index: 4, name: 'one' })
    })
  })
}
