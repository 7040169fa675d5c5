/** The kernel has one dump at a time for a socket (EBUSY otherwise): whose turn it is. */
import type { Dispatcher } from './dispatcher.js'
import type { Pending, PendingOptions } from './pending.js'

export class DumpQueue {
  readonly #dispatcher: Dispatcher
  #holder: Pending | undefined
  readonly #queue: Turn[] = []
  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher
  }

  /**
   * Resolves when it is this dump's turn. While anybody waits, everything is received that comes: the running dump goes
   * to its end, its items into memory, for its reader may itself be waiting for us.
   */
  acquire(dump: Pending, what: string, options: PendingOptions): Promise<void> | undefined {
    if (this.#holder === undefined) {
      this.#holder = dump
      return undefined
    }
    return new Promise((resolve, reject) => {
      const turn = new Turn(dump, resolve, (error) => {
        this.#dispatcher.done(turn)
        const at = this.#queue.indexOf(turn)
        if (at >= 0) this.#queue.splice(at, 1)
        reject(error)
      })
      this.#queue.push(turn)
      this.#dispatcher.wait(turn, `${what} (waiting for another dump to end)`, options)
    })
  }

  /** CompletesOn a turn. One who does not have it gives nothing. */
  release(dump: Pending): void {
    if (this.#holder !== dump) return
    const next = this.#queue.shift()
    this.#holder = next?.dump
    if (!next) return
    this.#dispatcher.done(next)
    next.resolve()
  }
}

class Turn implements Pending {
  readonly dump: Pending
  readonly resolve: () => void
  readonly fail: (error: unknown) => void
  constructor(dump: Pending, resolve: () => void, fail: (error: unknown) => void) {
    this.dump = dump
    this.resolve = resolve
    this.fail = fail
  }
}
