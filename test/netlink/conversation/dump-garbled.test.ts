import { expect } from 'chai'
import type { AnyMessageInput } from '../../../src/netlink/codec/message.js'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import type { NetlinkError } from '../../../src/netlink/errors.js'
import { Kernel, rejection, things } from '../../support/things.js'

for (const byteOrder of ['little', 'big'] as const) {
  describe(`a message that cannot be decoded costs itself alone, ${byteOrder}-endian`, () => {
    let kernel: Kernel
    let unexpected: NetlinkError[]
    let conversation: Conversation<typeof things>

    beforeEach(() => {
      kernel = new Kernel(byteOrder)
      unexpected = []
      conversation = new Conversation(kernel.transport, things, { onUnexpected: (error) => unexpected.push(error) })
    })
    afterEach(() => conversation.close())

    const dump = (options = {}) => conversation.dump('TEST_GETTHING', {}, options)
    const indexes = (all: readonly { index?: number }[]) => all.map(({ index }) => index)
    /** One datagram; an attribute of the message at `which` is longer than the message. */
    const garble = (which: number, ...messages: AnyMessageInput[]) => {
      const bytes = kernel.bytes(...messages)
      const at = kernel.bytes(...messages.slice(0, which)).length
      new DataView(bytes.buffer).setUint16(at + 24, 99, byteOrder === 'little')
      kernel.transport.queue(bytes)
    }
    /** A list of 1 to 5, of which 2 and 4 are garbled. */
    const answer: Kernel['answer'] = ({ seq }) => {
      garble(1, kernel.part(seq, 1), kernel.part(seq, 2), kernel.part(seq, 3))
      garble(0, kernel.part(seq, 4))
      kernel.say(kernel.part(seq, 5))
      kernel.say(kernel.done(seq))
    }

    it('in a list taken whole, where it is counted and told', async () => {
      kernel.answer = answer
      const list = dump()
      expect(list.garbled).to.equal(0)
      expect(indexes(await list.toArray())).to.deep.equal([1, 3, 5])
      expect(list.garbled).to.equal(2)
      expect(list.garbledErrors).to.have.length(2)
      for (const error of list.garbledErrors)
        expect(error).to.include({ code: 'ERR_NETLINK_DECODE', type: 'TEST_NEWTHING' })
      expect(list.garbledErrors.map(({ offset }) => offset)).to.deep.equal([56, 24])
      expect(conversation.unexpected).to.equal(2)
      expect(unexpected).to.deep.equal(list.garbledErrors)
    })

    it('in a stream, and in batches', async () => {
      kernel.answer = answer
      const items: unknown[] = []
      const stream = dump()
      for await (const { index } of stream) items.push(index)
      expect(items).to.deep.equal([1, 3, 5])
      expect(stream.garbled).to.equal(2)
      const batches: unknown[] = []
      const list = dump()
      for await (const batch of list.batches()) batches.push(indexes(batch))
      expect(batches).to.deep.equal([[1, 3], [5]])
      expect(list.garbled).to.equal(2)
    })

    it('in a list that waits for what is to come', async () => {
      const first = dump().next()
      await new Promise((resolve) => setTimeout(resolve))
      garble(0, kernel.part(1, 1))
      kernel.say(kernel.part(1, 2))
      expect((await first).value?.index).to.equal(2)
    })

    it('in a list that is asked for again, which counts from the beginning', async () => {
      kernel.answer = ({ seq }) => {
        garble(0, kernel.part(seq, 1))
        kernel.say(kernel.part(seq, 2, seq === 1 ? ['multi', 'dumpIntr'] : ['multi']))
        kernel.say(kernel.done(seq))
      }
      const list = dump()
      expect(indexes(await list.toArray())).to.deep.equal([2])
      expect([list.garbled, conversation.unexpected]).to.deep.equal([1, 2])
    })

    it('however many there are; a few errors are kept', async () => {
      kernel.answer = ({ seq }) => {
        for (let i = 0; i < 1000; i++) garble(0, kernel.part(seq, i))
        kernel.say(kernel.done(seq))
      }
      const list = dump()
      expect(await list.toArray()).to.deep.equal([])
      expect(list.garbled).to.equal(1000)
      expect(list.garbledErrors).to.have.length(16)
    })

    it('before the ack of a change, which is made all the same', async () => {
      kernel.answer = ({ seq }) => {
        garble(1, kernel.thing(seq, 1), kernel.thing(seq, 2))
        kernel.say(kernel.ack(seq))
      }
      const { messages } = await conversation.request('TEST_NEWTHING', {}, { flags: ['echo'] })
      expect(messages.map(({ body }) => (body as { index?: number }).index)).to.deep.equal([1])
      expect(unexpected[0]).to.include({ code: 'ERR_NETLINK_DECODE' })
    })

    it('but the one answer to a get is what was asked for', async () => {
      kernel.answer = ({ seq }) => garble(0, kernel.thing(seq, 1))
      expect(await rejection(conversation.get('TEST_GETTHING', {}))).to.include({ code: 'ERR_NETLINK_DECODE' })
      expect(unexpected).to.deep.equal([])
    })
  })
}
