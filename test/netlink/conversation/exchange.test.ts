/** Transports that send and receive in one call, and the turns of the event loop that cost no watch. */
import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import { TransportError } from '../../../src/netlink/errors.js'
import { MemoryTransport } from '../../../src/netlink/transport/memory.js'
import { tap } from '../../../src/netlink/transport/tap.js'
import type { Received, Slot, Transport } from '../../../src/netlink/transport/transport.js'
import { Kernel, PORT, rejection, things, turn } from '../../support/things.js'
import { FAIR, Turns } from '../../support/turns.js'

for (const byteOrder of ['little', 'big'] as const)
  describe(`a transport that has exchange (${byteOrder} endian)`, () => {
    let kernel: Kernel
    let calls: string[]
    let conversation: Conversation<typeof things>

    /** The kernel's end in memory, with an exchange that tells errors of receiving later, as it must. */
    const exchanging = ({ transport }: Kernel): Transport =>
      Object.assign(Object.create(null) as object, {
        protocol: transport.protocol,
        port: PORT,
        byteOrder,
        send: (bytes: Uint8Array, length: number) => {
          calls.push('send')
          transport.send(bytes, length)
        },
        receive: (slot: Slot) => {
          calls.push('receive')
          return transport.receive(slot)
        },
        exchange: (bytes: Uint8Array, length: number, slot: Slot): Received => {
          calls.push('exchange')
          transport.send(bytes, length)
          try {
            return transport.receive(slot)
          } catch (error) {
            transport.fail(error as Error)
            return 'empty'
          }
        },
        onReadable: (callback: (() => void) | undefined) => transport.onReadable(callback),
        join: (group: number) => transport.join(group),
        leave: (group: number) => transport.leave(group),
        ref() {},
        unref() {},
        close: () => transport.close(),
      })

    beforeEach(() => {
      kernel = new Kernel(byteOrder)
      calls = []
      conversation = new Conversation(exchanging(kernel), things)
      kernel.answer = ({ seq, type, body }) =>
        kernel.say(type === 'TEST_GETTHING' ? kernel.thing(seq, body.index ?? 0) : kernel.ack(seq))
    })
    afterEach(() => conversation.close())
    const get = (index: number) => conversation.get('TEST_GETTHING', { index })

    it('is asked once for a request that is answered at once', async () => {
      expect(await get(3)).to.include({ index: 3 })
      expect(await conversation.request('TEST_NEWTHING', { index: 1 })).to.deep.include({ messages: [] })
      expect(calls).to.deep.equal(['exchange', 'exchange'])
    })

    it('sends dumps by send', async () => {
      kernel.answer = kernel.list([[1], [2]])
      expect(await conversation.dump('TEST_GETTHING', {}).toArray()).to.have.length(2)
      expect(calls[0]).to.equal('send')
    })

    it('receives on when what came is not the answer, and when nothing came', async () => {
      const { answer } = kernel
      kernel.transport.queue(kernel.bytes(kernel.thing(99, 1)))
      expect(await get(4)).to.include({ index: 4 })
      expect(conversation.unexpected).to.equal(1)
      let asked: Parameters<typeof answer>[0] | undefined
      kernel.answer = (one) => {
        asked = one
      }
      const late = get(5)
      await turn()
      answer(asked!)
      expect(await late).to.include({ index: 5 })
    })

    it('gives events that wait before the answer to their listeners', async () => {
      const events = conversation.subscribe(['thing'])
      kernel.transport.queue(kernel.bytes(kernel.thing(0, 8)), { group: 1 })
      expect(await get(6)).to.include({ index: 6 })
      expect((await events.next()).value).to.deep.include({ type: 'TEST_NEWTHING' })
      await events.return?.()
    })

    it('says a refusal, an overrun, an answer that was cut, and an error of receiving', async () => {
      kernel.answer = ({ seq }) => kernel.say(kernel.ack(seq, 'EPERM'))
      expect(await rejection(get(1))).to.have.property('code', 'ERR_NETLINK_KERNEL')
      kernel.answer = () => kernel.transport.overrun()
      expect(await rejection(get(1))).to.have.property('code', 'ERR_NETLINK_OVERRUN')
      kernel.answer = () => kernel.transport.queue(new Uint8Array(200_000))
      expect(await rejection(get(1))).to.have.property('code', 'ERR_NETLINK_TRUNCATED')
      kernel.answer = () => kernel.transport.fail(new TransportError('ERR_NETLINK_SYSCALL', 'receive says EIO'))
      expect(await rejection(get(1))).to.have.property('message', 'receive says EIO')
    })

    it('goes on after a send that the system refused', async () => {
      const { answer } = kernel
      kernel.answer = () => {
        throw new TransportError('ERR_NETLINK_SYSCALL', 'send says ENOBUFS')
      }
      expect(await rejection(get(1))).to.have.property('message', 'send says ENOBUFS')
      kernel.answer = answer
      expect(await get(2)).to.include({ index: 2 })
    })

    it('counts for the turns of the event loop', async () => {
      let longest = 0
      let since = 0
      let immediate = setImmediate(function turned() {
        since = 0
        immediate = setImmediate(turned)
      })
      for (let i = 0; i < 400; i++) {
        await get(i)
        longest = Math.max(longest, ++since)
      }
      clearImmediate(immediate)
      expect(longest).to.be.at.most(FAIR)
    })

    it('is not used through a tap, which shows both datagrams', async () => {
      const shown: string[] = []
      const tapped = tap(exchanging(kernel), ({ direction }) => shown.push(direction))
      const other = new Conversation(tapped, things)
      await other.get('TEST_GETTHING', { index: 1 })
      other.close()
      expect(shown).to.deep.equal(['sent', 'received'])
      expect(calls).to.not.include('exchange')
    })
  })

describe('a turn of the event loop', () => {
  /** Counts the watches that are begun. */
  class Watched extends MemoryTransport {
    watches = 0
    override onReadable(callback: (() => void) | undefined): void {
      if (callback) this.watches++
      super.onReadable(callback)
    }
  }
  let kernel: Kernel
  let transport: Watched
  let conversation: Conversation<typeof things>
  beforeEach(() => {
    kernel = new Kernel()
    const ask = kernel.list([[1], [2]])
    transport = new Watched({
      port: PORT,
      byteOrder: 'little',
      onSend: (bytes) => {
        kernel.transport.send(bytes, bytes.length)
        const slot: Slot = { bytes: new Uint8Array(4096), length: 0, port: 0, group: 0, nsid: -1 }
        while (kernel.transport.receive(slot) === 'datagram') transport.queue(slot.bytes.subarray(0, slot.length))
      },
    })
    kernel.answer = ask
    conversation = new Conversation(transport, things)
  })
  afterEach(() => conversation.close())
  const get = (signal?: AbortSignal) => conversation.get('TEST_GETTHING', { index: 1 }, { signal })

  it('takes no watch of the transport, for requests and for lists', async () => {
    for (let i = 0; i < 200; i++) await get()
    for (let i = 0; i < 100; i++) await conversation.dump('TEST_GETTHING', {}).toArray()
    expect(transport.watches).to.equal(0)
  })

  it('takes one where the process may end meanwhile', async () => {
    conversation.unref()
    for (let i = 0; i < 200; i++) await get()
    expect(transport.watches).to.be.greaterThan(0)
  })

  it('takes one where there is no setImmediate, as in a browser', async () => {
    const { setImmediate } = globalThis
    Reflect.deleteProperty(globalThis, 'setImmediate')
    try {
      for (let i = 0; i < 200; i++) await get()
    } finally {
      globalThis.setImmediate = setImmediate
    }
    expect(transport.watches).to.be.greaterThan(0)
  })

  it('waits for what has not come when it is over', async () => {
    for (let i = 0; i < 64; i++) await get()
    let seq = 0
    kernel.answer = (asked) => {
      seq = asked.seq
    }
    const late = get()
    await turn()
    transport.queue(kernel.bytes(kernel.thing(seq, 7)))
    expect(await late).to.include({ index: 7 })
  })

  it('in which the signal speaks, or the conversation is closed, gives nothing', async () => {
    for (const end of ['abort', 'close']) {
      const controller = new AbortController()
      for (let i = 0; i < 64; i++) void get().catch(() => {})
      const one = rejection(get(controller.signal))
      const list = rejection(conversation.dump('TEST_GETTHING', {}, { signal: controller.signal }).toArray())
      await Promise.resolve()
      if (end === 'abort') controller.abort(new Error('enough'))
      else conversation.close()
      for (const error of await Promise.all([one, list]))
        expect(error.message).to.match(end === 'abort' ? /^enough$/ : /is closed$/)
      if (end === 'abort') await turn()
    }
  })

  it('is shared by all that wait', async () => {
    const turns = new Turns()
    const counted = new Conversation(turns.count(transport), things)
    await turns.loop(() => Promise.all(Array.from({ length: 200 }, () => counted.get('TEST_GETTHING', { index: 1 }))))
    expect(turns.longest).to.be.at.most(FAIR)
    counted.close()
  })
})
