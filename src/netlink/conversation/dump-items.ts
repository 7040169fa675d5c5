/** What a dump has brought: items that wait to be taken, and what could not be decoded. */
import type { DecodeError } from '../errors.js'

/** Items in the order in which they came. */
export class DumpItems<T> {
  /** Whether any has been taken, so that they cannot be had from the beginning again. */
  given = false
  /** Those that wait, and before them some that were taken. Public: a call for each push would cost 3 % of a dump. */
  all: T[] = []
  #next = 0

  get some(): boolean {
    return this.#next < this.all.length
  }

  /** The first. There has to be one. */
  take(): T {
    this.given = true
    const item = this.all[this.#next++]!
    if (this.#next === this.all.length) this.clear()
    return item
  }

  /** All of them. */
  takeAll(): T[] {
    this.given = true
    const all = this.#next === 0 ? this.all : this.all.slice(this.#next)
    this.clear()
    return all
  }

  clear(): void {
    this.all = []
    this.#next = 0
  }
}

/** So many errors are kept, each with the bytes of a datagram. */
const KEPT = 16

/** Messages that could not be decoded. */
export class GarbledMessages {
  count = 0
  errors: readonly DecodeError[] = []

  add(error: DecodeError): void {
    this.count++
    if (this.errors.length < KEPT) this.errors = [...this.errors, error]
  }

  clear(): void {
    this.count = 0
    this.errors = []
  }
}
