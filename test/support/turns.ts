/** How fairly a loop of calls treats the event loop: counted in datagrams, so that a busy machine changes nothing. */
import { type Passed, tap } from '../../src/netlink/transport/tap.js'
import type { Transport } from '../../src/netlink/transport/transport.js'

/** Counts what is received between two turns of the event loop. */
export class Turns {
  /** All that was received. */
  datagrams = 0
  /** The most that was received without a turn. */
  longest = 0
  #since = 0
  #immediate: NodeJS.Immediate | undefined

  /** The same transport, counted. */
  count(transport: Transport): Transport {
    return tap(transport, ({ direction }: Passed) => {
      if (direction === 'sent') return
      this.datagrams++
      this.longest = Math.max(this.longest, ++this.#since)
    })
  }

  /** Calls again and again until `datagrams` were received. Ends even if the event loop never has a turn. */
  async loop(call: () => Promise<unknown>, datagrams = 400): Promise<this> {
    this.datagrams = this.longest = this.#since = 0
    const turned = () => {
      this.#since = 0
      this.#immediate = setImmediate(turned)
    }
    turned()
    try {
      while (this.datagrams < datagrams) await call()
    } finally {
      clearImmediate(this.#immediate)
    }
    return this
  }
}

/** What a loop may receive without a turn: what is left of one, and all of the next. */
export const FAIR = 128

/** Takes a list item by item. */
export async function iterate(list: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of list) void _
}
