/** Those who wait for the event loop: each with its timeout and its AbortSignal. Nothing here is on the fast path. */
import { TransportError } from '../errors.js'

/** One who waits. */
export interface Pending {
  fail(error: unknown): void
  /** No more messages will come for it, although its last one did not. */
  forgotten?(): void
}

/** How long, and until what. */
export interface PendingOptions {
  /** Milliseconds; 0 or Infinity for no limit. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  /** Whether a change was asked for: without an answer nobody knows whether it was made. */
  readonly change?: boolean
}

interface Wait {
  readonly timer: ReturnType<typeof setTimeout> | undefined
  readonly signal: AbortSignal | undefined
  readonly abort: () => void
}

/** The longest time that timers take. */
const LONGEST = 2 ** 31 - 1
const unknownOutcome = ': it was sent, and may be carried out all the same: the outcome is unknown'

/** Timers of Node only: elsewhere they are numbers, and there is no process that could end. */
function hold(timer: Wait['timer'], kept: boolean): void {
  if (typeof timer !== 'object') return
  if (kept) timer.ref()
  else timer.unref()
}

export class PendingRequests {
  readonly #all = new Map<Pending, Wait>()
  readonly #changed: () => void
  #kept = true
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get size(): number {
    return this.#all.size
  }

  add(waiting: Pending, what: string, { timeout, signal, change = false }: PendingOptions): void {
    const limited = timeout > 0 && timeout !== Number.POSITIVE_INFINITY
    const late = () => {
      const text = `${what}: no answer in ${timeout} ms${change ? unknownOutcome : ''}`
      waiting.fail(new TransportError('ERR_NETLINK_TIMEOUT', text))
    }
    const abort = () => waiting.fail(signal?.reason)
    const timer = limited ? setTimeout(late, Math.min(timeout, LONGEST)) : undefined
    if (!this.#kept) hold(timer, false)
    signal?.addEventListener('abort', abort, { once: true })
    this.#all.set(waiting, { timer, signal, abort })
    this.#changed()
  }

  delete(waiting: Pending): void {
    const wait = this.#all.get(waiting)
    if (!wait) return
    clearTimeout(wait.timer)
    wait.signal?.removeEventListener('abort', wait.abort)
    this.#all.delete(waiting)
    this.#changed()
  }

  /** Whether the timeouts keep the process alive, those to come as well. */
  keepAlive(kept: boolean): void {
    this.#kept = kept
    for (const { timer } of this.#all.values()) hold(timer, kept)
  }

  failAll(error: unknown): void {
    for (const waiting of [...this.#all.keys()]) waiting.fail(error)
  }
}
