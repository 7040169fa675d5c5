/** Those who wait for the event loop: each with its timeout and its AbortSignal. Nothing here is on the fast path. */
import { TransportError } from './errors.js'

/** One who waits. */
export interface Waiting {
  fail(error: unknown): void
  /** No more messages will come for it, although its last one did not. */
  forgotten?(): void
}

/** How long, and until what. */
export interface WaitOptions {
  /** Milliseconds; 0 or Infinity for no limit. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

interface Wait {
  readonly timer: ReturnType<typeof setTimeout> | undefined
  readonly signal: AbortSignal | undefined
  readonly abort: () => void
}

/** The longest time that timers take. */
const LONGEST = 2 ** 31 - 1

export class Waits {
  readonly #all = new Map<Waiting, Wait>()
  readonly #changed: () => void
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get size(): number {
    return this.#all.size
  }

  add(waiting: Waiting, what: string, { timeout, signal }: WaitOptions): void {
    const limited = timeout > 0 && timeout !== Number.POSITIVE_INFINITY
    const late = () => waiting.fail(new TransportError('ERR_NETLINK_TIMEOUT', `${what}: no answer in ${timeout} ms`))
    const abort = () => waiting.fail(signal?.reason)
    const timer = limited ? setTimeout(late, Math.min(timeout, LONGEST)) : undefined
    signal?.addEventListener('abort', abort, { once: true })
    this.#all.set(waiting, { timer, signal, abort })
    this.#changed()
  }

  delete(waiting: Waiting): void {
    const wait = this.#all.get(waiting)
    if (!wait) return
    clearTimeout(wait.timer)
    wait.signal?.removeEventListener('abort', wait.abort)
    this.#all.delete(waiting)
    this.#changed()
  }

  failAll(error: unknown): void {
    for (const waiting of [...this.#all.keys()]) waiting.fail(error)
  }
}
