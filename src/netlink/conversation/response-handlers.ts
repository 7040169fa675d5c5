/** Whose the answers are: those who wait for messages, by the sequence number of what they sent. */
import type { NetlinkError } from '../errors.js'
import type { ResponseHandler } from './handlers.js'

export class ResponseHandlers {
  /** All but the newest, which mostly has its answer before there is another: that saves a tenth of a microsecond. */
  readonly #older = new Map<number, ResponseHandler>()
  #newest: ResponseHandler | undefined
  #newestSequence = 0
  /** Whose the last message was: in a dump the next one is nearly always, too. */
  #recent: ResponseHandler | undefined
  #recentSequence = 0

  get #all(): Map<number, ResponseHandler> {
    if (this.#newest !== undefined) this.#older.set(this.#newestSequence, this.#newest)
    this.#newest = undefined
    return this.#older
  }

  /** Whose messages with this sequence number are. */
  of(sequence: number): ResponseHandler | undefined {
    if (this.#recent !== undefined && sequence === this.#recentSequence) return this.#recent
    this.#recentSequence = sequence
    this.#recent = sequence === this.#newestSequence ? this.#newest : undefined
    this.#recent ??= this.#older.get(sequence)
    return this.#recent
  }

  add(sequence: number, handler: ResponseHandler): void {
    if (this.#newest !== undefined) this.#older.set(this.#newestSequence, this.#newest)
    this.#newest = this.#recent = handler
    this.#newestSequence = this.#recentSequence = sequence
  }

  /** Its last message has come. */
  delete(sequence: number): void {
    if (sequence === this.#newestSequence && this.#newest !== undefined) this.#newest = undefined
    else this.#older.delete(sequence)
    this.#recent = undefined
  }

  /** Whether one of them still lacks its answer. */
  get someUnsettled(): boolean {
    for (const handler of this.#all.values()) if (!handler.settled) return true
    return false
  }

  /** No more messages will come. */
  failAll(error: unknown): void {
    const handlers = [...this.#all.values()]
    this.#all.clear()
    this.#recent = undefined
    for (const handler of handlers) if (!handler.settled) handler.fail(error)
    for (const handler of handlers) handler.forgotten?.()
  }

  /**
   * No more messages will come for the dumps, of which the kernel has one at a time. What it says of them all the same is
   * skipped. False when there is none.
   */
  failDumps(error: unknown): boolean {
    // Only dumps can be forgotten: all others have one answer.
    const dumps = [...this.#all.values()].filter((handler) => handler.forgotten && !handler.settled)
    for (const dump of dumps) {
      dump.fail(error)
      dump.forgotten?.()
    }
    return dumps.length > 0
  }

  /** A datagram was lost that may have been a part of what one of them takes. */
  incomplete(error: NetlinkError): void {
    for (const handler of this.#all.values()) handler.incomplete?.(error)
  }
}
