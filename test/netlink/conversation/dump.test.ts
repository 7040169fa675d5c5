import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import { type NetlinkError, OptionError } from '../../../src/netlink/errors.js'
import { Kernel, things, turn } from '../../support/things.js'

for (const byteOrder of ['little', 'big'] as const) {
  describe(`dump, ${byteOrder}-endian`, () => {
    let kernel: Kernel
    let unexpected: NetlinkError[]
    let conversation: Conversation<typeof things>

    beforeEach(() => {
      kernel = new Kernel(byteOrder)
      unexpected = []
      conversation = new Conversation(kernel.transport, things, { onUnexpected: (error) => unexpected.push(error) })
    })
    afterEach(() => {
      conversation.close()
      expect(unexpected).to.deep.equal([])
    })

    const list: Kernel['list'] = (datagrams, flags) => kernel.list(datagrams, flags)
    const indexes = (all: readonly { index?: number }[]) => all.map(({ index }) => index)
    const dump = (options = {}) => conversation.dump('TEST_GETTHING', {}, options)

    it('gives the items in order, one by one, by datagrams, or as a list', async () => {
      kernel.answer = list([[1, 2], [3], [4, 5]])
      const items: unknown[] = []
      for await (const { index } of dump()) items.push(index)
      expect(items).to.deep.equal([1, 2, 3, 4, 5])
      const batches: unknown[] = []
      for await (const batch of dump().batches()) batches.push(indexes(batch))
      expect(batches).to.deep.equal([[1, 2], [3], [4, 5]])
      expect(indexes(await dump().toArray())).to.deep.equal([1, 2, 3, 4, 5])
      expect(kernel.asked[0]!.flags).to.deep.equal(['request', 'dump'])
    })

    it('takes DONE in the same datagram, DONE without an errno, and an empty list', async () => {
      kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1), kernel.done(seq))
      expect(indexes(await dump().toArray())).to.deep.equal([1])
      kernel.answer = ({ seq }) => kernel.say({ ...kernel.done(seq), body: {} })
      expect(await dump().toArray()).to.deep.equal([])
    })

    it('gives only the names that were asked for, and refuses a name that there is not', async () => {
      kernel.answer = list([[1]])
      expect(await dump({ only: ['index'] }).toArray()).to.deep.equal([{ index: 1 }])
      expect(() => dump({ only: ['colour'] })).to.throw(OptionError, 'colour')
    })

    it('sends nothing before the first item is asked for', async () => {
      const unused = dump()
      expect(kernel.asked).to.have.length(0)
      await unused.return()
      expect(kernel.asked).to.have.length(0)
      expect(await unused.next()).to.deep.equal({ value: undefined, done: true })
    })

    it('receives only as fast as it is read', async () => {
      kernel.answer = list([[1, 2], [3], [4]])
      const stream = dump()
      await stream.next()
      await stream.next()
      expect(kernel.transport.received).to.equal(1)
      await stream.next()
      expect(kernel.transport.received).to.equal(2)
      await turn()
      expect(kernel.transport.received).to.equal(2)
      expect(kernel.transport.watched).to.equal(false)
    })

    it('waits for what is not there yet', async () => {
      const stream = dump()
      const first = stream.next()
      await turn()
      kernel.say(kernel.part(1, 1), kernel.part(1, 2))
      expect((await first).value?.index).to.equal(1)
      expect((await stream.next()).value?.index).to.equal(2)
      const end = stream.next()
      await turn()
      kernel.say(kernel.done(1))
      expect((await end).done).to.equal(true)
    })

    it('answers several calls of next() in their order', async () => {
      const stream = dump()
      const calls = [stream.next(), stream.next(), stream.next()]
      await turn()
      kernel.say(kernel.part(1, 1))
      kernel.say(kernel.part(1, 2))
      kernel.say(kernel.done(1))
      const results = await Promise.all(calls)
      expect(results.map(({ value }) => value?.index)).to.deep.equal([1, 2, undefined])
      expect(results[2]!.done).to.equal(true)
    })

    it('gives the event loop its turns', async () => {
      kernel.answer = list(Array.from({ length: 300 }, (_, i) => [i]))
      for (const read of [
        () => dump().toArray(),
        async () => {
          for await (const _ of dump()) void _
        },
      ]) {
        let turns = 0
        const count = () => {
          turns++
          next = setImmediate(count)
        }
        let next = setImmediate(count)
        await read()
        clearImmediate(next)
        expect(turns).to.be.greaterThan(3)
      }
    })

    it('lets other requests through while it is read', async () => {
      const stream = dump()
      kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1))
      await stream.next()
      // As the kernel does: the next part is made when the last is received, so it may lie before the answer.
      kernel.answer = ({ seq, body }) => {
        kernel.say(kernel.part(1, 2), kernel.part(1, 3))
        kernel.say(kernel.thing(seq, body.index!))
      }
      expect((await conversation.get('TEST_GETTHING', { index: 50 })).index).to.equal(50)
      kernel.say(kernel.done(1))
      expect(indexes(await stream.toArray())).to.deep.equal([2, 3])
    })

    it('takes turns: the first is read into memory when a second begins, even by the reader of the first', async () => {
      kernel.answer = list([[1, 2], [3], [4]])
      const seen: unknown[] = []
      for await (const { index } of dump()) seen.push(index, indexes(await dump().toArray()))
      const inner = [1, 2, 3, 4]
      expect(seen).to.deep.equal([1, inner, 2, inner, 3, inner, 4, inner])
    })

    it('queues many that begin at once', async () => {
      kernel.answer = list([[1], [2]])
      const all = await Promise.all([dump().toArray(), dump().toArray(), dump().toArray()])
      expect(all.map(indexes)).to.deep.equal([
        [1, 2],
        [1, 2],
        [1, 2],
      ])
      // None was sent before the one before it had ended.
      expect(kernel.asked.map(({ seq }) => seq)).to.deep.equal([1, 2, 3])
    })

    it('leaves the conversation usable when the reader stops early', async () => {
      kernel.answer = list([[1, 2], [3], [4]])
      for await (const _ of dump()) break
      for await (const _ of dump().batches()) break
      kernel.answer = list([[7], [8]])
      expect((await conversation.get('TEST_GETTHING', { index: 9 })).index).to.equal(9)
      expect(indexes(await dump().toArray())).to.deep.equal([7, 8])
    })

    it('does not decode what nobody wants any more', async () => {
      const stream = dump()
      kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1))
      await stream.next()
      await stream.return()
      const bytes = kernel.bytes(kernel.part(1, 2))
      new DataView(bytes.buffer).setUint16(24, 99, byteOrder === 'little')
      kernel.transport.queue(bytes)
      kernel.say(kernel.done(1))
      kernel.answer = list([[7]])
      expect(indexes(await dump().toArray())).to.deep.equal([7])
    })

    it('is left by await using', async () => {
      kernel.answer = list([[1], [2]])
      const stream = dump()
      await stream.next()
      await stream[Symbol.asyncDispose]()
      expect((await stream.next()).done).to.equal(true)
      expect(indexes(await dump().toArray())).to.deep.equal([1, 2])
    })
  })
}
