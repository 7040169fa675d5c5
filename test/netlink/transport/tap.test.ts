import { expect } from 'chai'
import { Conversation } from '../../../src/netlink/conversation/conversation.js'
import { MemoryTransport } from '../../../src/netlink/transport/memory.js'
import { type Passed, tap } from '../../../src/netlink/transport/tap.js'
import { Kernel, things } from '../../support/things.js'

describe('tap', () => {
  it('shows what passes, with its group and namespace', async () => {
    const kernel = new Kernel()
    const passed: Passed[] = []
    const conversation = new Conversation(
      tap(kernel.transport, (one) => passed.push(one)),
      things,
    )
    const events = conversation.subscribe(['other'])
    kernel.answer = ({ seq }) => {
      kernel.transport.queue(kernel.bytes(kernel.thing(0, 1)), { group: 2, nsid: 7 })
      kernel.transport.overrun()
      kernel.say(kernel.ack(seq))
    }
    await conversation.request('TEST_NEWTHING', {})
    expect(passed.map(({ bytes, ...rest }) => ({ ...rest, empty: bytes.length === 0 }))).to.deep.equal([
      { direction: 'sent', overrun: false, group: 0, nsid: -1, empty: false },
      { direction: 'received', overrun: false, group: 2, nsid: 7, empty: false },
      { direction: 'received', overrun: true, group: 0, nsid: -1, empty: true },
      { direction: 'received', overrun: false, group: 0, nsid: -1, empty: false },
    ])
    await events.return()
    conversation.close()
  })

  it('says what the transport says of strict checks', () => {
    const silent = tap(new MemoryTransport(), () => {})
    expect(silent.strictCheck).to.equal(undefined)
    for (const strictCheck of [true, false]) {
      const inner = Object.assign(new MemoryTransport(), { strictCheck })
      expect(tap(inner, () => {}).strictCheck).to.equal(strictCheck)
    }
  })
})
