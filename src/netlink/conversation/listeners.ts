/** Those who listen to multicast groups. What one of them cannot decode, or throws, is nothing to the others. */
import type { Reader } from '../bytes/bytes.js'
import { DecodeError } from '../errors.js'
import type { Slot } from '../transport/transport.js'
import type { MulticastHandler } from './handlers.js'

export class Listeners {
  readonly #all = new Set<MulticastHandler>()
  readonly #errorOf: (at: number, cause: unknown) => unknown

  /** @param errorOf the error for a message at this place of the slot that could not be decoded */
  constructor(errorOf: (at: number, cause: unknown) => unknown) {
    this.#errorOf = errorOf
  }

  get size(): number {
    return this.#all.size
  }

  /** Whether one of them has room for more. */
  get wanting(): boolean {
    for (const listener of this.#all) if (listener.wanting) return true
    return false
  }

  /** Whether they are all of the kind that keeps no process alive. */
  get unreferenced(): boolean {
    for (const listener of this.#all) if (listener.referenced) return false
    return this.#all.size > 0
  }

  add(listener: MulticastHandler): void {
    this.#all.add(listener)
  }

  delete(listener: MulticastHandler): void {
    this.#all.delete(listener)
  }

  /** Gives a message to each. True when it was for one of them. */
  take(r: Reader, at: number, end: number, slot: Slot): boolean {
    let taken = false
    for (const listener of this.#all) {
      try {
        if (listener.take(r, at, end, slot)) taken = true
      } catch (cause) {
        taken = true
        const error = this.#errorOf(at, cause)
        if (error instanceof DecodeError) listener.garbled(error, slot)
        else listener.end(error)
      }
    }
    return taken
  }

  /** The rest of the datagram cannot be taken apart. True when it was for one of them. */
  garbled(error: DecodeError, slot: Slot): boolean {
    let heard = false
    for (const listener of this.#all) if (listener.garbled(error, slot)) heard = true
    return heard
  }

  overrun(): void {
    for (const listener of this.#all) listener.overrun()
  }

  /** CompletesOn them all, each whatever the end of another throws: a group of a broken socket cannot be left, for one. */
  end(error: unknown): void {
    let thrown: { readonly cause: unknown } | undefined
    for (const listener of [...this.#all]) {
      try {
        listener.end(error)
      } catch (cause) {
        thrown ??= { cause }
      }
    }
    // With an error, that is the first cause, and it has been told.
    if (thrown !== undefined && error === undefined) throw thrown.cause
  }
}
