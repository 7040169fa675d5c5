/** Events when something is wrong: garbled messages, full queues, errors of the socket, a process that wants to end. */
import { expect } from 'chai'
import { Conversation, type Event } from '../../../src/netlink/conversation/conversation.js'
import { DecodeError, type NetlinkError, OptionError, TransportError } from '../../../src/netlink/errors.js'
import { MemoryTransport } from '../../../src/netlink/transport/memory.js'
import { Kernel, rejection, things, turn } from '../../support/things.js'

describe('events in trouble', () => {
  let kernel: Kernel
  let conversation: Conversation<typeof things>
  let unexpected: NetlinkError[]
  beforeEach(() => {
    kernel = new Kernel()
    unexpected = []
    conversation = new Conversation(kernel.transport, things, { onUnexpected: (error) => unexpected.push(error) })
  })
  afterEach(() => conversation.close())

  const bytesOf = (index: number) => kernel.bytes({ ...kernel.thing(0, index), pid: 0 })
  const tell = (index: number, group = 1) => kernel.transport.queue(bytesOf(index), { group })
  const kindOf = (event: Event<typeof things> | undefined) =>
    event && event.type === 'TEST_NEWTHING' ? event.body.index : event?.type
  const take = async (events: AsyncIterator<Event<typeof things>, undefined>, count: number) => {
    const seen: unknown[] = []
    for (let i = 0; i < count; i++) seen.push(kindOf((await events.next()).value))
    return seen
  }
  const failing = (errno: number) => new TransportError('ERR_NETLINK_SYSCALL', `errno ${errno}`, { errno })
  const ENOMEM = 12
  const EMSGSIZE = 90
  const EBADF = 9

  describe('a garbled message', () => {
    it('is told to each who cannot decode it, and goes to the others', async () => {
      const all = conversation.subscribe(['thing'])
      const same = conversation.subscribe(['thing', 'other'])
      const other = conversation.subscribe(['other'])
      const bytes = bytesOf(1)
      bytes[24] = 99
      kernel.transport.queue(bytes, { group: 1, nsid: 4 })
      tell(2)
      const { value } = await all.next()
      expect(value).to.include({ type: 'garbled', group: 'thing', nsid: 4 })
      expect(value && 'error' in value && value.error).to.be.instanceOf(DecodeError)
      expect(value && 'error' in value && value.error).to.include({ type: 'TEST_NEWTHING', offset: 24 })
      expect(await take(all, 1)).to.deep.equal([2])
      expect(await take(same, 2)).to.deep.equal(['garbled', 2])
      expect([other.waiting, unexpected.length, conversation.unexpected]).to.deep.equal([0, 0, 0])
    })

    it('is none for one attribute that does not fit its type, which is kept as bytes', async () => {
      const all = conversation.subscribe(['thing'])
      const some = conversation.subscribe(['thing'], { only: ['name'] })
      const bytes = kernel.bytes({ ...kernel.thing(0, 1), pid: 0, body: { index: 1, value: 7, name: 'x' } } as never)
      // The name comes first or last; the value, of four bytes, is the attribute of type 2.
      const view = new DataView(bytes.buffer)
      for (let at = 24; at < bytes.length; at += (view.getUint16(at, true) + 3) & ~3)
        if (view.getUint16(at + 2, true) === 2) view.setUint16(at, 6, true)
      kernel.transport.queue(bytes, { group: 1 })
      const { value } = await all.next()
      expect(value).to.have.property('type', 'TEST_NEWTHING')
      expect(value).to.have.nested.property('body.index', 1)
      expect(value).to.have.nested.property('body.unknown[0].type', 2)
      expect((await some.next()).value).to.deep.include({ type: 'TEST_NEWTHING', body: { name: 'x' } })
    })

    it('whose length is wrong is told to all of its group', async () => {
      const [one, two] = [conversation.subscribe(['thing']), conversation.subscribe(['thing', 'other'])]
      const other = conversation.subscribe(['other'])
      const bytes = bytesOf(1)
      bytes[0] = 4
      kernel.transport.queue(bytes, { group: 1 })
      tell(2)
      expect(await take(one, 2)).to.deep.equal(['garbled', 2])
      expect(await take(two, 2)).to.deep.equal(['garbled', 2])
      expect([other.waiting, unexpected.length]).to.deep.equal([0, 0])
    })

    it('that nobody listens to is unexpected, as ever', async () => {
      const events = conversation.subscribe(['thing'])
      const bytes = bytesOf(1)
      bytes[0] = 4
      kernel.transport.queue(bytes, { group: 2 })
      tell(2)
      expect(await take(events, 1)).to.deep.equal([2])
      expect(unexpected[0]).to.include({ code: 'ERR_NETLINK_DECODE' })
    })
  })

  describe('the high-water mark', () => {
    it('holds for one who is slow beside one who is not: what is dropped is an overrun', async () => {
      const slow = conversation.subscribe(['thing'], { highWater: 4 })
      const fast = conversation.subscribe(['thing'])
      for (let i = 1; i <= 10; i++) tell(i)
      expect(await take(fast, 10)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      expect(slow.waiting).to.equal(5)
      expect(await take(slow, 5)).to.deep.equal([1, 2, 3, 4, 'overrun'])
      tell(11)
      expect(await take(slow, 1)).to.deep.equal([11])
    })

    it('holds while requests read what comes before their answers', async () => {
      const events = conversation.subscribe(['thing'], { highWater: 2 })
      kernel.answer = ({ seq }) => {
        for (let i = 1; i <= 5; i++) tell(i)
        kernel.say(kernel.ack(seq))
      }
      await conversation.request('TEST_NEWTHING', {})
      await conversation.request('TEST_NEWTHING', {})
      expect(await take(events, 3)).to.deep.equal([1, 2, 'overrun'])
    })
  })

  describe('an error of the socket', () => {
    it('that a dump met ends that dump; monitors hear of a loss and go on, requests get their answers', async () => {
      for (const errno of [ENOMEM, EMSGSIZE]) {
        const events = conversation.subscribe(['thing'])
        kernel.answer = ({ seq, flags }) => {
          if (!flags.includes('dump')) return
          kernel.say(kernel.part(seq, 1))
          kernel.transport.fail(failing(errno))
        }
        const request = conversation.request('TEST_NEWTHING', {})
        const items: unknown[] = []
        const error = await rejection(
          (async () => {
            for await (const { index } of conversation.dump('TEST_GETTHING', {})) items.push(index)
          })(),
        )
        expect(error).to.include({ errno })
        expect(items).to.deep.equal([1])
        const [asked, dumped] = kernel.asked.slice(-2)
        kernel.say(kernel.part(dumped!.seq, 2), kernel.done(dumped!.seq))
        kernel.say(kernel.ack(asked!.seq))
        await request
        tell(3)
        expect(await take(events, 2)).to.deep.equal(['overrun', 3])
        kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 7), kernel.done(seq))
        expect(await conversation.dump('TEST_GETTHING', {}).toArray()).to.have.length(1)
        await events.return()
      }
      expect(unexpected).to.deep.equal([])
    })

    it('with no dump and no listener fails the request', async () => {
      kernel.answer = () => kernel.transport.fail(failing(ENOMEM))
      expect(await rejection(conversation.request('TEST_NEWTHING', {}))).to.include({ errno: ENOMEM })
    })

    it('that means the end of the socket ends all, although the groups cannot be left', async () => {
      const all = [conversation.subscribe(['thing']), conversation.subscribe(['other'])]
      kernel.transport.leave = () => {
        throw failing(EBADF)
      }
      const waiting = all.map((events) => rejection(events.next()))
      kernel.transport.fail(failing(EBADF))
      for (const error of await Promise.all(waiting)) expect(error).to.include({ errno: EBADF })
    })
  })

  it('tell that they ended when they never began', () => {
    let ended = 0
    const count = () => {
      ended++
    }
    expect(() => conversation.subscribe(['thing', 'colour' as 'thing'], {}, count)).to.throw(OptionError)
    expect(ended).to.equal(1)
    kernel.transport.join = () => {
      throw failing(1)
    }
    expect(() => conversation.subscribe(['thing'], {}, count)).to.throw('errno 1')
    expect(ended).to.equal(2)
  })

  describe('keep the process alive', () => {
    const counted = () => {
      const transport = new MemoryTransport()
      let alive = true
      transport.ref = () => {
        alive = true
      }
      transport.unref = () => {
        alive = false
      }
      return { transport, alive: () => alive }
    }

    it('unless unref says otherwise, of each stream or of all', async () => {
      const { transport, alive } = counted()
      const many = new Conversation(transport, things)
      const one = many.subscribe(['thing'])
      expect(alive()).to.equal(true)
      expect(one.unref()).to.equal(one)
      expect(alive()).to.equal(false)
      const two = many.subscribe(['other'])
      expect(alive()).to.equal(true)
      await two.return()
      expect(alive()).to.equal(false)
      // A request that waits keeps it alive for as long as it waits.
      const pending = many.request('TEST_NEWTHING', {}, { timeout: 10 })
      expect(alive()).to.equal(true)
      expect(await rejection(pending)).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
      expect(alive()).to.equal(false)
      one.ref()
      expect(alive()).to.equal(true)
      many.unref()
      expect(alive()).to.equal(false)
      one.unref().ref()
      expect(alive()).to.equal(false)
      many.ref()
      expect(alive()).to.equal(true)
      many.close()
    })

    it('not even the timeouts do, once the conversation has been unref-ed', async () => {
      const { transport } = counted()
      const many = new Conversation(transport, things)
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
      const before = timers()
      const pending = [rejection(many.request('TEST_NEWTHING', {}))]
      expect(timers()).to.equal(before + 1)
      many.unref()
      pending.push(rejection(many.request('TEST_NEWTHING', {})))
      expect(timers()).to.equal(before)
      many.ref()
      expect(timers()).to.equal(before + 2)
      many.close()
      await Promise.all(pending)
      await turn(0)
    })
  })
})
