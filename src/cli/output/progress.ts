/** How much of an input has been read: a line on standard error that is rewritten in place. */
import { showProgress } from './output.js'

/** Nothing is shown for what takes less than a second, and not more often than this (in milliseconds). */
const PATIENCE = 1000
const INTERVAL = 250

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

/** The progress of reading one input. */
export class Progress {
  readonly #size: number | undefined
  #read = 0
  #next = performance.now() + PATIENCE

  /** @param size of the whole, where it is known */
  constructor(size: number | undefined) {
    this.#size = size
  }

  add(bytes: number): void {
    this.#read += bytes
    const now = performance.now()
    if (now < this.#next) return
    this.#next = now + INTERVAL
    const whole = this.#size ? ` of ${mb(this.#size)}, ${Math.floor((100 * this.#read) / this.#size)} %` : ''
    showProgress(mb(this.#read) + whole)
  }

  end(): void {
    showProgress('')
  }
}
