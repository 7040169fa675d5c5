/**
 * Fairness to the event loop. The kernel's answers are there when `send` returns and are received at once, so a loop of
 * calls would run in microtasks alone, and no timer, no signal handler and no other socket would ever be heard.
 */

/** So many datagrams are received, then the event loop has a turn. A turn costs about 1 us: 64 make that vanish. */
const DATAGRAMS = 64
/** A full datagram of a dump (32 KiB) counts as five: decoding it takes a quarter of a millisecond. */
const SIZE_SHIFT = 13

/**
 * What may still be received before the event loop has a turn. There is one for all conversations of a thread, as there
 * is one event loop: neither two conversations that take turns nor a loop that opens a new one each time get round it.
 */
class EventLoopBudget {
  #left = DATAGRAMS
  #turn: Promise<void> | undefined

  /** Whether something may be received. False: it has to be waited for, and comes in the next turn. */
  get some(): boolean {
    return this.#left > 0
  }

  /** Something was received: a datagram of so many bytes, or the news of a loss. */
  spend(length: number): void {
    this.#left -= 1 + (length >>> SIZE_SHIFT)
  }

  /**
   * Resolves when the event loop has had its turn: a tenth of the price of watching a socket for it. Undefined when none is
   * needed, or where it has to be had otherwise: a browser has no setImmediate.
   */
  turn(): Promise<void> | undefined {
    if (this.#left > 0 || typeof setImmediate !== 'function') return undefined
    this.#turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#turn = undefined
        this.renew()
        resolve()
      })
    })
    return this.#turn
  }

  /** The event loop has called. */
  renew(): void {
    this.#left = DATAGRAMS
  }
}

export const eventLoopBudget = new EventLoopBudget()
