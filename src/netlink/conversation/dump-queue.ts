/** The kernel has one dump at a time for a socket (EBUSY otherwise): whose turn it is. */
import type { Exchange } from './dispatcher.js'
import type { Waiting, WaitOptions } from './pending.js'

export class Turns {
  readonly #exchange: Exchange
  #holder: Waiting | undefined
  readonly #queue: Turn[] = []
  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  /**
   * Resolves when it is this dump's turn. While anybody waits, everything is received that comes: the running dump goes
   * to its end, its items into memory, for its reader may itself be waiting for us.
   */
  take(dump: Waiting, what: string, options: WaitOptions): Promise<void> | undefined {
    if (this.#holder === undefined) {
      this.#holder = dump
      return undefined
    }
    return new Promise((resolve, reject) => {
      const turn = new Turn(dump, resolve, (error) => {
        this.#exchange.waited(turn)
        const at = this.#queue.indexOf(turn)
        if (at >= 0) this.#queue.splice(at, 1)
        reject(error)
      })
      this.#queue.push(turn)
      this.#exchange.wait(turn, `${what} (waiting for another dump to end)`, options)
    })
  }

  /** Ends a turn. One who does not have it gives nothing. */
  give(dump: Waiting): void {
    if (this.#holder !== dump) return
    const next = this.#queue.shift()
    this.#holder = next?.dump
    if (!next) return
    this.#exchange.waited(next)
    next.resolve()
  }
}

class Turn implements Waiting {
  readonly dump: Waiting
  readonly resolve: () => void
  readonly fail: (error: unknown) => void
  constructor(dump: Waiting, resolve: () => void, fail: (error: unknown) => void) {
    this.dump = dump
    this.resolve = resolve
    this.fail = fail
  }
}
