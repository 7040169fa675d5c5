/** Work that is done one after another, in the order in which it was given. */

export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Does the work when all before it has ended, well or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  /** Waits until nothing is left, nor anything that was given meanwhile. */
  async idle(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) {
      last = this.#last
      await last
    }
  }
}
