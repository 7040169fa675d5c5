import { expect } from 'chai'
import { Conversation, type Event } from '../../../src/netlink/conversation/conversation.js'
import { OptionError } from '../../../src/netlink/errors.js'
import { Kernel, rejection, things, turn } from '../../support/things.js'

describe('events', () => {
  let kernel: Kernel
  let conversation: Conversation<typeof things>
  beforeEach(() => {
    kernel = new Kernel()
    conversation = new Conversation(kernel.transport, things)
  })
  afterEach(() => conversation.close())

  const tell = (index: number, group = 1, more = {}) =>
    kernel.transport.queue(kernel.bytes({ ...kernel.thing(0, index), pid: 0, ...more }), { group })
  const indexOf = (event: Event<typeof things> | undefined) =>
    event && event.type === 'TEST_NEWTHING' ? event.body.index : event?.type

  it('come with type, body, group and namespace, from the moment of subscribing', async () => {
    const events = conversation.subscribe(['thing', 'other'])
    expect([...kernel.transport.groups]).to.deep.equal([1, 2])
    kernel.transport.queue(kernel.bytes({ type: 'TEST_DELTHING', body: { index: 3 } }), { group: 2, nsid: 5 })
    tell(4)
    expect((await events.next()).value).to.deep.equal({
      type: 'TEST_DELTHING',
      body: { index: 3 },
      group: 'other',
      nsid: 5,
    })
    expect((await events.next()).value).to.deep.include({ type: 'TEST_NEWTHING', group: 'thing', nsid: undefined })
  })

  it('are waited for', async () => {
    const events = conversation.subscribe(['thing'])
    const waiting = [events.next(), events.next()]
    await turn()
    tell(1)
    tell(2)
    expect((await Promise.all(waiting)).map(({ value }) => indexOf(value))).to.deep.equal([1, 2])
  })

  it('are decoded only as far as asked, in each type the names that it has', async () => {
    const events = conversation.subscribe(['thing'], { only: ['name', 'colour' as 'value'] })
    tell(1)
    expect((await events.next()).value).to.deep.include({ body: { name: 't1' } })
  })

  it('go to those who joined the group', async () => {
    const [one, two] = [conversation.subscribe(['thing']), conversation.subscribe(['other'])]
    tell(1, 1)
    tell(2, 2)
    expect(indexOf((await one.next()).value)).to.equal(1)
    expect(indexOf((await two.next()).value)).to.equal(2)
    expect([one.waiting, two.waiting]).to.deep.equal([0, 0])
  })

  it('are no answers, although our own changes come back with our sequence number', async () => {
    const events = conversation.subscribe(['thing'])
    kernel.answer = ({ seq }) => {
      kernel.transport.queue(kernel.bytes(kernel.thing(seq, 7)), { group: 1 })
      kernel.say(kernel.ack(seq))
    }
    expect((await conversation.request('TEST_NEWTHING', { index: 7 })).messages).to.deep.equal([])
    expect(indexOf((await events.next()).value)).to.equal(7)
    expect(conversation.unexpected).to.equal(0)
  })

  it('are answers as well with the flag echo', async () => {
    const events = conversation.subscribe(['thing'])
    kernel.answer = ({ seq }) => {
      kernel.transport.queue(kernel.bytes(kernel.thing(seq, 7)), { group: 1 })
      kernel.say(kernel.ack(seq))
    }
    const { messages } = await conversation.request('TEST_NEWTHING', { index: 7 }, { flags: ['echo'] })
    expect(messages).to.have.length(1)
    expect(indexOf((await events.next()).value)).to.equal(7)
  })

  it('tell an overrun once, and go on', async () => {
    const events = conversation.subscribe(['thing'])
    tell(1)
    kernel.transport.overrun()
    kernel.transport.overrun()
    tell(2)
    const seen: unknown[] = []
    for (let i = 0; i < 3; i++) seen.push(indexOf((await events.next()).value))
    expect(seen).to.deep.equal([1, 'overrun', 2])
  })

  it('stay unread beyond the high-water mark, until there is room again', async () => {
    const events = conversation.subscribe(['thing'], { highWater: 4 })
    for (let i = 1; i <= 10; i++) tell(i)
    await turn(20)
    expect(events.waiting).to.equal(4)
    expect(kernel.transport.waiting).to.equal(6)
    // A watch that went on would call again and again for what is not read.
    expect(kernel.transport.watched).to.equal(false)
    const seen: unknown[] = []
    for (let i = 0; i < 10; i++) seen.push(indexOf((await events.next()).value))
    expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('none of 50,000 is lost or out of order', async () => {
    const events = conversation.subscribe(['thing'])
    for (let i = 0; i < 50_000; i++) tell(i)
    let next = 0
    for await (const event of events) {
      expect(indexOf(event)).to.equal(next++)
      if (next === 50_000) break
    }
  })

  it('end with break, return, signal and close, and the groups are left', async () => {
    const controller = new AbortController()
    const [a, b, c, d] = [
      conversation.subscribe(['thing']),
      conversation.subscribe(['thing'], { signal: controller.signal }),
      conversation.subscribe(['thing', 'other']),
      conversation.subscribe(['other']),
    ] as const
    tell(1)
    for await (const _ of a) break
    expect((await a.next()).done).to.equal(true)
    const waiting = b.next().then(() => b.next())
    await turn()
    controller.abort()
    expect((await waiting).done).to.equal(true)
    expect(kernel.transport.groups.has(1)).to.equal(true)
    await c.return()
    expect([...kernel.transport.groups]).to.deep.equal([2])
    const last = d.next()
    conversation.close()
    expect((await last).done).to.equal(true)
    expect((await d.next()).done).to.equal(true)
  })

  it('end at once with a signal that has spoken already', async () => {
    const events = conversation.subscribe(['thing'], { signal: AbortSignal.abort() })
    expect((await events.next()).done).to.equal(true)
    expect(kernel.transport.groups.size).to.equal(0)
    expect(kernel.transport.watched).to.equal(false)
  })

  it('end with the error of the transport', async () => {
    const [a, b] = [conversation.subscribe(['thing']), conversation.subscribe(['thing'])]
    const waiting = a.next()
    kernel.transport.fail(new Error('cable cut'))
    expect((await rejection(waiting)).message).to.equal('cable cut')
    expect((await rejection(b.next())).message).to.equal('cable cut')
    expect((await b.next()).done).to.equal(true)
  })

  it('refuse a group that there is not', () => {
    expect(() => conversation.subscribe(['colour' as 'thing'])).to.throw(OptionError, 'thing, other')
    expect(kernel.transport.groups.size).to.equal(0)
  })

  it('that are garbled are told, and the others go on', async () => {
    const events = conversation.subscribe(['thing'])
    const bytes = kernel.bytes({ ...kernel.thing(0, 1), pid: 0 })
    bytes[24] = 99
    kernel.transport.queue(bytes, { group: 1 })
    tell(2)
    expect(indexOf((await events.next()).value)).to.equal('garbled')
    expect(indexOf((await events.next()).value)).to.equal(2)
    expect(conversation.unexpected).to.equal(0)
  })
})
