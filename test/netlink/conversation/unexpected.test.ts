import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import type { NetlinkError } from '../../../src/netlink/errors.js'
import { Kernel, PORT, rejection, things, turn } from '../../support/things.js'

for (const byteOrder of ['little', 'big'] as const) {
  describe(`unexpected, ${byteOrder}-endian`, () => {
    let kernel: Kernel
    let unexpected: NetlinkError[]
    let conversation: Conversation<typeof things>

    beforeEach(() => {
      kernel = new Kernel(byteOrder)
      unexpected = []
      conversation = new Conversation(kernel.transport, things, { onUnexpected: (error) => unexpected.push(error) })
    })
    afterEach(() => conversation.close())

    describe('what nobody asked for', () => {
      const pending = async (cause: () => void): Promise<void> => {
        kernel.answer = ({ seq }) => {
          cause()
          kernel.say(kernel.thing(seq, 5))
        }
        expect((await conversation.get('TEST_GETTHING', {})).index).to.equal(5)
        expect(conversation.unexpected).to.equal(1)
        expect(unexpected).to.have.length(1)
      }

      it('a datagram from another port is told, and answers nothing', async () => {
        await pending(() => kernel.transport.queue(kernel.bytes(kernel.thing(1, 666)), { port: 99 }))
        expect(unexpected[0]).to.include({ code: 'ERR_NETLINK_UNEXPECTED' })
        expect(unexpected[0]!.message).to.match(/from port 99/)
      })

      it('a datagram from another port that is too long for the buffer is told, and nothing is lost by it', async () => {
        const events = conversation.subscribe(['thing'])
        await pending(() => kernel.transport.queue(new Uint8Array(300_000), { port: 99 }))
        expect(unexpected[0]!.message).to.match(/from port 99/)
        kernel.answer = () => kernel.transport.queue(new Uint8Array(600_000), { port: 99 })
        const error = await rejection(conversation.request('TEST_NEWTHING', {}, { timeout: 20 }))
        expect(error).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
        expect(events.waiting).to.equal(0)
      })

      it('an answer for another port is told, and answers nothing', async () => {
        await pending(() => kernel.say(kernel.thing(1, 666, { pid: PORT + 1 })))
        expect(unexpected[0]!.message).to.match(/TEST_NEWTHING, sequence number 1, port 4243/)
      })

      it('an answer with a sequence number that nobody used is told', async () => {
        await pending(() => kernel.say(kernel.thing(77, 666)))
        expect(unexpected[0]!.message).to.match(/sequence number 77/)
      })

      it('a garbled datagram is told', async () => {
        await pending(() => kernel.transport.queue(new Uint8Array([1, 2, 3])))
        expect(unexpected[0]).to.include({ code: 'ERR_NETLINK_DECODE' })
      })

      it('a garbled answer rejects the request that it was for', async () => {
        const cut = (seq: number) => kernel.bytes(kernel.thing(seq, 1)).subarray(0, 26)
        kernel.answer = ({ seq }) => kernel.transport.queue(cut(seq))
        expect(await rejection(conversation.get('TEST_GETTHING', {}))).to.include({ code: 'ERR_NETLINK_DECODE' })
        kernel.answer = ({ seq }) => {
          const bytes = kernel.bytes(kernel.thing(seq, 1))
          new DataView(bytes.buffer).setUint16(24, 99, byteOrder === 'little')
          kernel.transport.queue(bytes)
        }
        const error = await rejection(conversation.get('TEST_GETTHING', {}))
        expect(error).to.include({ code: 'ERR_NETLINK_DECODE', type: 'TEST_NEWTHING', offset: 24 })
        expect(unexpected).to.deep.equal([])
        kernel.answer = ({ seq }) => {
          const bytes = kernel.bytes({ type: 'NLMSG_DONE', seq, pid: PORT, body: {} })
          new DataView(bytes.buffer).setUint16(4, 2, byteOrder === 'little')
          kernel.transport.queue(bytes)
        }
        const short = await rejection(conversation.request('TEST_NEWTHING', {}))
        expect(short.message).to.match(/nlmsgerr needs 20 bytes/)
      })

      it('may send from where it is told', async () => {
        const told = new Promise((resolve, reject) => {
          const other = new Conversation(kernel.transport, things, {
            onUnexpected: () => other.get('TEST_GETTHING', {}).then(resolve, reject),
          })
          kernel.answer = ({ seq }) => kernel.say(...(seq === 1 ? [kernel.thing(9, 9)] : []), kernel.thing(seq, seq))
          void other.get('TEST_GETTHING', {})
        })
        expect(await told).to.deep.include({ index: 2 })
      })
    })

    it('stays usable after all of that in a row, with a request under way', async () => {
      const waiting = conversation.request('TEST_NEWTHING', {})
      const transport = kernel.transport
      const wrong = kernel.bytes(kernel.thing(1, 666))
      transport.queue(wrong, { port: 99 })
      kernel.say(kernel.thing(1, 666, { pid: PORT + 1 }))
      kernel.say(kernel.thing(77, 666))
      transport.queue(new Uint8Array([1, 2, 3]))
      transport.queue(wrong.subarray(0, 20))
      // This one is found by the next request.
      transport.queue(wrong, { group: 2 })
      const error = await rejection(waiting)
      expect(error).to.include({ code: 'ERR_NETLINK_DECODE' })
      await turn()
      expect(unexpected.map(({ code }) => code)).to.deep.equal([
        'ERR_NETLINK_UNEXPECTED',
        'ERR_NETLINK_UNEXPECTED',
        'ERR_NETLINK_UNEXPECTED',
        'ERR_NETLINK_DECODE',
      ])
      kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
      await conversation.request('TEST_NEWTHING', {})
      kernel.answer = ({ seq }) => kernel.say(kernel.thing(seq, 5))
      expect((await conversation.get('TEST_GETTHING', {})).index).to.equal(5)
      expect(conversation.unexpected).to.equal(5)
    })
  })
}
