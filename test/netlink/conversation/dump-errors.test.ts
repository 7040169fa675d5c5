import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import type { NetlinkError } from '../../../src/netlink/errors.js'
import { Kernel, rejection, things, turn } from '../../support/things.js'

for (const byteOrder of ['little', 'big'] as const) {
  describe(`dump in trouble, ${byteOrder}-endian`, () => {
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

    describe('ends with an error', () => {
      const failing = async (options = {}) => {
        const items: unknown[] = []
        const error = await rejection(
          (async () => {
            for await (const { index } of dump(options)) items.push(index)
          })(),
        )
        return { items, error }
      }

      it('of the kernel, at once', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq, 'EPERM'))
        const { items, error } = await failing()
        expect(items).to.deep.equal([])
        expect(error).to.include({ code: 'ERR_NETLINK_KERNEL', errnoName: 'EPERM', type: 'TEST_GETTHING' })
        expect(await rejection(dump().toArray())).to.include({ errnoName: 'EPERM' })
      })

      it('of the kernel in DONE, after items', async () => {
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.part(seq, 1))
          kernel.say(kernel.done(seq, 'ENOMEM'))
        }
        const { items, error } = await failing()
        expect(items).to.deep.equal([1])
        expect(error).to.include({ errnoName: 'ENOMEM' })
      })

      it('when a datagram cannot be taken apart; the next dump is not', async () => {
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.part(seq, 1))
          const bytes = kernel.bytes(kernel.part(seq, 2), kernel.part(seq, 3))
          new DataView(bytes.buffer).setUint32(0, 9999, byteOrder === 'little')
          kernel.transport.queue(bytes)
          kernel.say(kernel.part(seq, 4))
          kernel.say(kernel.done(seq))
        }
        const { items, error } = await failing()
        expect(items).to.deep.equal([1])
        expect(error).to.include({ code: 'ERR_NETLINK_DECODE', offset: 0 })
        kernel.answer = list([[7]])
        expect(indexes(await dump().toArray())).to.deep.equal([7])
      })

      it('when its end is garbled; the next dump is not', async () => {
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.part(seq, 1))
          const bytes = kernel.bytes({ ...kernel.done(seq), body: {} })
          new DataView(bytes.buffer).setUint16(4, 2, byteOrder === 'little')
          kernel.transport.queue(bytes)
        }
        const { items, error } = await failing()
        expect(items).to.deep.equal([1])
        expect(error.message).to.match(/nlmsgerr needs 20 bytes/)
        kernel.answer = list([[7]])
        expect(indexes(await dump({ timeout: 100 }).toArray())).to.deep.equal([7])
      })

      it('when a datagram did not fit', async () => {
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.part(seq, 1))
          kernel.transport.queue(new Uint8Array(300_000))
        }
        const { items, error } = await failing()
        expect(items).to.deep.equal([1])
        expect(error).to.include({ code: 'ERR_NETLINK_TRUNCATED' })
        kernel.answer = list([[7]])
        expect(indexes(await dump().toArray())).to.deep.equal([7])
      })

      it('when a datagram did not fit, and the list goes on behind it as if nothing were missing', async () => {
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.part(seq, 1))
          kernel.transport.queue(new Uint8Array(300_000 * seq))
          kernel.say(kernel.part(seq, 3))
          kernel.say(kernel.done(seq))
        }
        expect(await rejection(dump().toArray())).to.include({ code: 'ERR_NETLINK_TRUNCATED' })
        const { items, error } = await failing()
        expect(items).to.deep.equal([1, 3])
        expect(error).to.include({ code: 'ERR_NETLINK_TRUNCATED' })
        kernel.answer = list([[7]])
        expect(indexes(await dump().toArray())).to.deep.equal([7])
      })

      it('when nothing comes in time, then or later', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1))
        const { items, error } = await failing({ timeout: 10 })
        expect(items).to.deep.equal([1])
        expect(error).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
        const next = dump().toArray()
        kernel.answer = list([[7]])
        kernel.say(kernel.part(1, 2))
        kernel.say(kernel.done(1))
        expect(indexes(await next)).to.deep.equal([7])
      })

      it('with the reason of its signal, whatever is there already', async () => {
        kernel.answer = list([[1, 2, 3], [4]])
        const controller = new AbortController()
        const stream = dump({ signal: controller.signal })
        await stream.next()
        controller.abort(new Error('enough'))
        expect((await rejection(stream.next())).message).to.equal('enough')
        expect((await stream.next()).done).to.equal(true)
        expect((await rejection(dump({ signal: controller.signal }).toArray())).message).to.equal('enough')
        expect(indexes(await dump().toArray())).to.deep.equal([1, 2, 3, 4])
      })

      it('when it waits for its turn in vain', async () => {
        const first = dump()
        kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1))
        await first.next()
        expect(await rejection(dump({ timeout: 10 }).toArray())).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
        const aborted = dump({ signal: AbortSignal.abort(new Error('enough')) }).next()
        expect((await rejection(aborted)).message).to.equal('enough')
        kernel.say(kernel.done(1))
        expect((await first.next()).done).to.equal(true)
        kernel.answer = list([[7]])
        expect(indexes(await dump().toArray())).to.deep.equal([7])
      })

      it('when the conversation is closed, running or waiting for its turn', async () => {
        const [running, queued] = [dump().next(), dump().toArray()]
        await turn()
        conversation.close()
        expect(await rejection(running)).to.include({ code: 'ERR_NETLINK_CLOSED' })
        expect(await rejection(queued)).to.include({ code: 'ERR_NETLINK_CLOSED' })
      })
    })

    describe('interrupted', () => {
      /** The first `times` answers say that the list changed. */
      const changing = (times: number) => {
        kernel.answer = (asked) => {
          const flags = times-- > 0 ? ['multi', 'dumpIntr'] : ['multi']
          kernel.say(kernel.part(asked.seq, asked.seq))
          kernel.say(kernel.part(asked.seq, 99, flags))
          kernel.say(kernel.done(asked.seq))
        }
      }

      it('is asked for again where nothing was given yet', async () => {
        changing(2)
        expect(indexes(await dump().toArray())).to.deep.equal([3, 99])
        expect(kernel.asked).to.have.length(3)
      })

      it('is asked for again only so often', async () => {
        changing(100)
        expect(await rejection(dump().toArray())).to.include({ code: 'ERR_NETLINK_INTERRUPTED' })
        expect(kernel.asked).to.have.length(6)
        expect(await rejection(dump({ retries: 0 }).toArray())).to.include({ code: 'ERR_NETLINK_INTERRUPTED' })
        expect(kernel.asked).to.have.length(7)
      })

      it('tells a stream after its last item, for nothing can be taken back', async () => {
        changing(1)
        const items: unknown[] = []
        const read = async () => {
          for await (const { index } of dump()) items.push(index)
        }
        expect(await rejection(read())).to.include({ code: 'ERR_NETLINK_INTERRUPTED' })
        expect(items).to.deep.equal([1, 99])
        expect(kernel.asked).to.have.length(1)
      })

      it('is an error, or accepted, on demand', async () => {
        changing(2)
        expect(await rejection(dump({ interrupted: 'error' }).toArray())).to.include({
          code: 'ERR_NETLINK_INTERRUPTED',
        })
        const accepted = dump({ interrupted: 'accept' })
        expect(indexes(await accepted.toArray())).to.deep.equal([2, 99])
        expect(accepted.interrupted).to.equal(true)
      })

      it('is seen on DONE as well', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1), kernel.done(seq, null, ['multi', 'dumpIntr']))
        expect(await rejection(dump({ interrupted: 'error' }).toArray())).to.include({
          code: 'ERR_NETLINK_INTERRUPTED',
        })
      })

      it('retries with an empty first answer', async () => {
        kernel.answer = ({ seq }) =>
          seq === 1
            ? kernel.say(kernel.done(seq, null, ['multi', 'dumpIntr']))
            : kernel.say(kernel.part(seq, 5), kernel.done(seq))
        const items: unknown[] = []
        for await (const { index } of dump()) items.push(index)
        expect(items).to.deep.equal([5])
      })

      it('does not ask again for one who has left', async () => {
        const stream = dump()
        kernel.answer = ({ seq }) => kernel.say(kernel.part(seq, 1, ['multi', 'dumpIntr']))
        await stream.next()
        await stream.return()
        kernel.say(kernel.done(1))
        kernel.answer = list([[7]])
        expect(indexes(await dump().toArray())).to.deep.equal([7])
        expect(kernel.asked).to.have.length(2)
      })
    })
  })
}
