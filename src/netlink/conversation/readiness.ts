/** When a transport is watched, and whether the watch keeps the process alive. */

import type { Transport } from '../transport/transport.js'
import type { Listeners } from './listeners.js'
import type { PendingRequests } from './pending.js'

export class ReadinessWatch {
  readonly #transport: Transport
  readonly #pending: PendingRequests
  readonly #listeners: Listeners
  readonly #readable: () => void
  #closed = false
  #watching = false
  /** Whether the process is to live while something is waited for. */
  #kept = true
  /** What the transport was told of that. It is not told what it does by itself. */
  #alive: boolean | undefined = true

  constructor(transport: Transport, waits: PendingRequests, listeners: Listeners, readable: () => void) {
    this.#transport = transport
    this.#pending = waits
    this.#listeners = listeners
    this.#readable = readable
  }

  get active(): boolean {
    return this.#watching
  }

  /** Whether anybody wants what comes. */
  wanted(): boolean {
    return this.#pending.size > 0 || this.#listeners.wanting
  }

  /** After every change of who waits and who listens. */
  update(): void {
    if (this.#closed) return
    const alive = this.#kept && (this.#pending.size > 0 || !this.#listeners.unreferenced)
    if (alive !== this.#alive) {
      this.#alive = alive
      if (alive) this.#transport.ref()
      else this.#transport.unref()
    }
    this.#watch(this.wanted())
  }

  /** Whether what is waited for keeps the process alive. */
  get keptAlive(): boolean {
    return this.#kept
  }

  keepAlive(kept: boolean): void {
    this.#kept = kept
    this.#pending.keepAlive(kept)
    // Called again, whatever it was told past us.
    this.#alive = undefined
    this.update()
  }

  #watch(wanted: boolean): void {
    if (wanted === this.#watching) return
    this.#watching = wanted
    this.#transport.onReadable(wanted ? this.#readable : undefined)
  }

  close(): void {
    this.#watch(false)
    this.#closed = true
  }
}
