import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import { Kernel, things } from '../../support/things.js'
import { FAIR, iterate, Turns } from '../../support/turns.js'

describe('the event loop has its turns under a loop of', () => {
  let kernel: Kernel
  let turns: Turns
  let conversation: Conversation<typeof things>
  const open = () => new Conversation(turns.count(kernel.transport), things)
  const dump = () => conversation.dump('TEST_GETTHING', {})

  beforeEach(() => {
    kernel = new Kernel()
    turns = new Turns()
    conversation = open()
    const list = kernel.list([[1, 2], [3]])
    kernel.answer = (asked) => {
      if (asked.type === 'TEST_NEWTHING') kernel.say(kernel.ack(asked.seq))
      else list(asked)
    }
  })
  afterEach(() => conversation.close())

  const loops: Readonly<Record<string, () => Promise<unknown>>> = {
    'changes, each awaited': () => conversation.request('TEST_NEWTHING', {}),
    'gets, each awaited': () => conversation.get('TEST_GETTHING', {}),
    'lists, each taken whole': () => dump().toArray(),
    'lists, item by item': () => iterate(dump()),
    'lists, by datagrams': () => iterate(dump().batches()),
    'lists that are left early': () =>
      dump()
        .next()
        .then(() => dump().toArray()),
    'lists after changes': () => conversation.request('TEST_NEWTHING', {}).then(() => dump().toArray()),
    'several calls at once': () =>
      Promise.all([dump().toArray(), conversation.get('TEST_GETTHING', {}), dump().toArray()]),
    'refused lists': async () => {
      kernel.answer = ({ seq }) => kernel.say(kernel.done(seq, 'EINVAL'))
      await dump()
        .toArray()
        .catch(() => {})
    },
  }
  for (const [name, call] of Object.entries(loops))
    it(name, async () => {
      const { datagrams, longest } = await turns.loop(call)
      expect(datagrams).to.be.at.least(400)
      expect(longest).to.be.at.most(FAIR)
    })

  it('conversations, each opened for one call', async () => {
    const call = async () => {
      const one = open()
      await one.dump('TEST_GETTHING', {}).toArray()
    }
    expect((await turns.loop(call)).longest).to.be.at.most(FAIR)
  })

  it('large datagrams, of which fewer are received at once', async () => {
    const indexes = Array.from({ length: 930 }, (_, i) => i)
    kernel.answer = kernel.list(Array.from({ length: 60 }, () => indexes))
    expect(kernel.bytes(...indexes.map((i) => kernel.part(1, i))).length).to.be.greaterThan(32768)
    expect((await turns.loop(() => dump().toArray(), 60)).longest).to.be.at.most(40)
  })

  it('lists, so that an abort signal, a timer and a change of a variable end it', async () => {
    const controller = new AbortController()
    let done = false
    setTimeout(() => {
      done = true
      controller.abort(new Error('enough'))
    }, 5)
    let lists = 0
    const loop = async () => {
      while (!done && ++lists < 1_000_000)
        await conversation.dump('TEST_GETTHING', {}, { signal: controller.signal }).toArray()
    }
    await loop().catch((error) => expect(error).to.have.property('message', 'enough'))
    expect(lists).to.be.lessThan(1_000_000)
  })

  it('a stream, whose items go on to the end in their order', async () => {
    kernel.answer = kernel.list(Array.from({ length: 500 }, (_, i) => [i]))
    const seen: unknown[] = []
    await turns.loop(async () => {
      for await (const { index } of dump()) seen.push(index)
    })
    expect(seen).to.deep.equal(Array.from({ length: 500 }, (_, i) => i))
    expect(turns.longest).to.be.at.most(FAIR)
  })
})
