import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import type { NetlinkError } from '../../../src/netlink/errors.js'
import { Kernel, rejection, things } from '../../support/things.js'

for (const byteOrder of ['little', 'big'] as const) {
  describe(`conversation, ${byteOrder}-endian`, () => {
    let kernel: Kernel
    let unexpected: NetlinkError[]
    let conversation: Conversation<typeof things>

    beforeEach(() => {
      kernel = new Kernel(byteOrder)
      unexpected = []
      conversation = new Conversation(kernel.transport, things, { onUnexpected: (error) => unexpected.push(error) })
    })
    afterEach(() => conversation.close())

    describe('request', () => {
      it('is sent with request and ack, and resolves at the ack', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
        const answer = await conversation.request(
          'TEST_NEWTHING',
          { index: 7, name: 'a' },
          { flags: ['create', 'excl'] },
        )
        expect(answer).to.deep.equal({ messages: [], warning: undefined, cookie: undefined })
        expect(kernel.asked[0]).to.deep.include({
          type: 'TEST_NEWTHING',
          flags: ['request', 'ack', 'excl', 'create'],
          seq: 1,
        })
        expect(kernel.asked[0]!.body).to.deep.equal({ index: 7, name: 'a' })
      })

      it('takes an answer that is there already with exactly one receive, and no turn of the event loop', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
        let turned = false
        const timer = setTimeout(() => (turned = true), 0)
        for (let i = 0; i < 50; i++) await conversation.request('TEST_NEWTHING', { index: i })
        expect(kernel.transport.received).to.equal(50)
        expect(turned).to.equal(false)
        clearTimeout(timer)
      })

      it('gives what came before the ack, the warning and the cookie', async () => {
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.thing(seq, 7))
          kernel.say(kernel.ack(seq, null, { message: 'mind the gap', cookie: new Uint8Array([1, 2]) }))
        }
        const answer = await conversation.request('TEST_NEWTHING', { index: 7 }, { flags: ['echo'] })
        expect(answer.messages).to.deep.equal([{ type: 'TEST_NEWTHING', body: { index: 7, name: 't7' } }])
        expect(answer.warning).to.equal('mind the gap')
        expect(answer.cookie).to.deep.equal(new Uint8Array([1, 2]))
      })

      it('takes answers in any order, many under way at once', async () => {
        const answers = [1, 2, 3, 4].map((index) => conversation.get('TEST_GETTHING', { index }))
        expect(kernel.asked).to.have.length(4)
        for (const at of [2, 0, 3, 1]) kernel.say(kernel.thing(kernel.asked[at]!.seq, kernel.asked[at]!.body.index!))
        expect((await Promise.all(answers)).map(({ index }) => index)).to.deep.equal([1, 2, 3, 4])
      })

      it('hands out the answers of others that it receives on the way', async () => {
        const first = conversation.get('TEST_GETTHING', { index: 1 })
        kernel.answer = ({ seq }) => {
          kernel.say(kernel.thing(kernel.asked[0]!.seq, 1))
          kernel.say(kernel.thing(seq, 2))
        }
        expect((await conversation.get('TEST_GETTHING', { index: 2 })).index).to.equal(2)
        expect((await first).index).to.equal(1)
      })

      it('takes several answers from one datagram', async () => {
        const first = conversation.get('TEST_GETTHING', { index: 1 })
        const second = conversation.request('TEST_NEWTHING', { index: 2 })
        kernel.say(kernel.thing(1, 1), kernel.ack(2))
        expect((await first).index).to.equal(1)
        await second
      })

      it('gives only the names that were asked for', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.thing(seq, 7))
        expect(await conversation.get('TEST_GETTHING', { index: 7 }, { only: ['name'] })).to.deep.equal({ name: 't7' })
      })

      it('is not sent when it cannot be encoded', async () => {
        const error = await rejection(conversation.request('TEST_NEWTHING', { index: 1, name: 'x'.repeat(16) }))
        expect(error).to.include({ code: 'ERR_NETLINK_ENCODE', path: 'name' })
        const flags = await rejection(conversation.request('TEST_NEWTHING', {}, { flags: ['dump'] }))
        expect(flags).to.include({ code: 'ERR_NETLINK_ENCODE', path: 'flags' })
        expect(kernel.asked).to.have.length(0)
        // The writer is in order again.
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
        await conversation.request('TEST_NEWTHING', { index: 1 })
        expect(kernel.asked[0]!.body).to.deep.equal({ index: 1 })
      })

      it('never uses sequence number 0', async () => {
        const seen = new Set<number>()
        kernel.answer = ({ seq }) => {
          seen.add(seq)
          kernel.say(kernel.ack(seq))
        }
        const wrapping = new Conversation(kernel.transport, things, { firstSequence: 0xfffffffe })
        for (let i = 0; i < 4; i++) await wrapping.request('TEST_NEWTHING', {})
        expect([...seen]).to.deep.equal([0xfffffffe, 0xffffffff, 1, 2])
      })
    })

    describe('the kernel says no', () => {
      it('rejects with the errno, the words, the path, the bytes and the policy', async () => {
        kernel.answer = ({ seq, bytes }) => {
          // The mode's header: after nlmsghdr (16), thing (8), name (8), and the nest's own header (4).
          expect(bytes.length).to.equal(44)
          const policy = { type: 'u16', minValueU: 0n, maxValueU: 2n }
          kernel.say(kernel.ack(seq, 'EINVAL', { message: 'no such mode', offset: 36, policy }))
        }
        const error = await rejection(
          conversation.request('TEST_NEWTHING', { index: 1, name: 'abc', inner: { mode: 9 } }),
        )
        expect(error).to.include({
          code: 'ERR_NETLINK_KERNEL',
          errno: 22,
          errnoName: 'EINVAL',
          kernelMessage: 'no such mode',
          path: 'inner.mode',
          offset: 36,
          length: 6,
          policy: 'expected u16 from 0 to 2',
          type: 'TEST_NEWTHING',
          message: 'TEST_NEWTHING: EINVAL "no such mode" at inner.mode (bytes 0x24-0x29); expected u16 from 0 to 2',
        })
        expect(error.request).to.deep.equal(kernel.asked[0]!.bytes)
        // Test reporters and loggers serialize errors, all own members of theirs.
        expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).to.have.length.lessThan(4000)
        const marked = (error as unknown as { annotated(): string[] }).annotated()
        expect(marked.find((line) => line.startsWith('0024'))).to.match(/mode = 9.* {2}<-- EINVAL: no such mode/)
      })

      it('names the attribute that is missing, in the message or in a nest', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq, 'EINVAL', { missType: 2 }))
        expect(await rejection(conversation.request('TEST_NEWTHING', { index: 1 }))).to.include({ missing: 'value' })
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq, 'EINVAL', { missType: 1, missNest: 24 }))
        const error = await rejection(conversation.request('TEST_NEWTHING', { inner: { flags: 1 } }))
        expect(error).to.include({ missing: 'inner.mode', message: 'TEST_NEWTHING: EINVAL; inner.mode is missing' })
      })

      it('keeps the bytes of the right request when the error comes late', async () => {
        const first = conversation.request('TEST_NEWTHING', { index: 1, name: 'first' })
        const second = conversation.request('TEST_NEWTHING', { index: 2, name: 'second' })
        kernel.say(kernel.ack(1, 'EBUSY', { offset: 24 }))
        kernel.say(kernel.ack(2))
        const error = await rejection(first)
        expect(error).to.include({ errnoName: 'EBUSY', path: 'name' })
        expect(error.request).to.deep.equal(kernel.asked[0]!.bytes)
        await second
      })

      it('rejects a get', async () => {
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq, 'ENODEV'))
        expect(await rejection(conversation.get('TEST_GETTHING', { index: 9 }))).to.include({ errno: 19 })
      })

      it('keeps the errno when its explanation is garbled', async () => {
        kernel.answer = ({ seq }) => {
          const bytes = kernel.bytes(kernel.ack(seq, 'EINVAL', { message: 'no' }))
          new DataView(bytes.buffer).setUint16(36, 200, byteOrder === 'little')
          kernel.transport.queue(bytes)
        }
        expect(await rejection(conversation.request('TEST_NEWTHING', {}))).to.include({ errnoName: 'EINVAL' })
      })
    })

    describe('waiting', () => {
      it('times out, and the late answer surprises nobody', async () => {
        const error = await rejection(conversation.request('TEST_NEWTHING', {}, { timeout: 10 }))
        expect(error).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
        expect(error.message).to.equal(
          'TEST_NEWTHING: no answer in 10 ms: it was sent, and may be carried out all the same: the outcome is unknown',
        )
        kernel.say(kernel.ack(1))
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
        await conversation.request('TEST_NEWTHING', {})
        expect(unexpected).to.deep.equal([])
      })

      it('ends with the reason of its signal', async () => {
        const controller = new AbortController()
        const pending = conversation.request('TEST_NEWTHING', {}, { signal: controller.signal })
        controller.abort(new Error('enough'))
        expect((await rejection(pending)).message).to.equal('enough')
        const before = await rejection(conversation.request('TEST_NEWTHING', {}, { signal: controller.signal }))
        expect(before.message).to.equal('enough')
        expect(kernel.asked).to.have.length(1)
      })

      it('watches the transport only while something is waited for', async () => {
        expect(kernel.transport.watched).to.equal(false)
        const pending = conversation.request('TEST_NEWTHING', {})
        expect(kernel.transport.watched).to.equal(true)
        kernel.say(kernel.ack(1))
        await pending
        expect(kernel.transport.watched).to.equal(false)
      })

      it('ends with ERR_NETLINK_CLOSED when the conversation is closed, and nothing is sent after', async () => {
        const pending = [conversation.request('TEST_NEWTHING', {}), conversation.get('TEST_GETTHING', {})]
        conversation.close()
        conversation.close()
        for (const one of pending) expect(await rejection(one)).to.include({ code: 'ERR_NETLINK_CLOSED' })
        expect(await rejection(conversation.request('TEST_NEWTHING', {}))).to.include({ code: 'ERR_NETLINK_CLOSED' })
        expect(await rejection(conversation.dump('TEST_GETTHING', {}).next())).to.include({
          code: 'ERR_NETLINK_CLOSED',
        })
        expect(() => conversation.subscribe(['thing'])).to.throw('closed')
        expect(conversation.closed).to.equal(true)
        expect(kernel.transport.closed).to.equal(true)
      })

      it('rejects with what the transport throws', async () => {
        kernel.answer = () => {
          throw new Error('cable cut')
        }
        expect((await rejection(conversation.request('TEST_NEWTHING', {}))).message).to.equal('cable cut')
        kernel.answer = () => kernel.transport.fail(new Error('receive failed'))
        expect((await rejection(conversation.request('TEST_NEWTHING', {}))).message).to.equal('receive failed')
      })
    })

    describe('datagrams lost or cut', () => {
      it('rejects the requests whose answer did not come, and only those', async () => {
        const answered = conversation.request('TEST_NEWTHING', { index: 1 })
        const lost = conversation.request('TEST_NEWTHING', { index: 2 })
        kernel.transport.overrun()
        kernel.say(kernel.ack(1))
        await answered
        const error = await rejection(lost)
        expect(error).to.include({ code: 'ERR_NETLINK_OVERRUN' })
        expect(error.message).to.match(/outcome is unknown/)
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
        await conversation.request('TEST_NEWTHING', { index: 3 })
      })

      it('does not blame an old overrun for a later silence', async () => {
        conversation.subscribe(['thing'])
        kernel.transport.overrun()
        kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq))
        await conversation.request('TEST_NEWTHING', {})
        kernel.answer = () => {}
        const error = await rejection(conversation.request('TEST_NEWTHING', {}, { timeout: 20 }))
        expect(error).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
      })

      it('rejects with ERR_NETLINK_TRUNCATED when the answer did not fit, and the next one does', async () => {
        kernel.answer = ({ seq }) =>
          kernel.transport.queue(new Uint8Array([...kernel.bytes(kernel.thing(seq, 1)), ...new Uint8Array(200_000)]))
        expect(await rejection(conversation.get('TEST_GETTHING', {}))).to.include({ code: 'ERR_NETLINK_TRUNCATED' })
        kernel.answer = ({ seq }) => kernel.say(kernel.thing(seq, 1))
        expect((await conversation.get('TEST_GETTHING', {})).index).to.equal(1)
      })
    })
  })
}
