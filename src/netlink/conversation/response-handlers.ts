/** Whose the answers are: those who wait for messages, by the sequence number of what they sent. */
import type { NetlinkError } from '../errors.js'
import type { ResponseHandler } from './handlers.js'

export class ResponseHandlers {
  readonly #all = new Map<number, ResponseHandler>()
  /** Whose the last message was: in a dump the next one is nearly always, too. */
  #recent: ResponseHandler | undefined
  #recentSequence = 0

  /** Whose messages with this sequence number are. */
  of(sequence: number): ResponseHandler | undefined {
    if (this.#recent !== undefined && sequence === this.#recentSequence) return this.#recent
    this.#recentSequence = sequence
    this.#recent = this.#all.get(sequence)
    return this.#recent
  }

  add(sequence: number, handler: ResponseHandler): void {
    this.#all.set(sequence, handler)
    this.#recent = undefined
  }

  /** Its last message has come. */
  delete(sequence: number): void {
    this.#all.delete(sequence)
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
