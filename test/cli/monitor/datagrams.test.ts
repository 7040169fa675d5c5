/** Where a monitor says that something was lost. */
import { expect } from 'chai'
import { listen } from '../../../src/cli/monitor/datagrams.js'
import { MemoryTransport } from '../../../src/netlink/index.js'

describe('what a monitor hears', () => {
  it('tells a loss behind what had waited, also when the next datagram is there before that was told', async () => {
    const transport = new MemoryTransport()
    const stop = new AbortController()
    transport.overrun()
    for (const byte of [1, 2]) transport.queue(Uint8Array.of(byte))
    const heard: unknown[] = []
    let lost = 0
    const drops = () => {
      lost += 5
      return lost
    }
    let next = 3
    for await (const one of listen(transport, { signal: stop.signal, wait: () => 'end', drops })) {
      heard.push(one === 'quiet' ? one : 'lost' in one ? `lost ${one.lost}` : one.bytes[0])
      // A flood: the queue is never found empty again.
      if (next === 5) transport.overrun()
      transport.queue(Uint8Array.of(next++))
      if (next > 11) stop.abort()
    }
    expect(heard).to.deep.equal([1, 2, 'lost 5', 3, 4, 5, 6, 7, 'lost 5'])
  })
})
