/** Lists as the client gives them, and the filter for what a kernel does not leave out itself. */
import type { Dump } from '../../netlink/conversation/conversation.js'
import type { DumpOptions } from '../../netlink/conversation/dump-options.js'
import type { DecodeError } from '../../netlink/errors.js'
import type { NameIn } from '../../netlink/frame/narrowed.js'

/**
 * A list: iterate it, take it by `batches()`, or whole by `toArray()`. It is asked for at the first item. Changing what
 * is listed while it is streamed ends the stream in ERR_NETLINK_INTERRUPTED: take it whole by `toArray()` first.
 */
export interface List<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /** Whether the list changed while it was read, and that was accepted. */
  readonly interrupted: boolean
  /**
   * How many objects the kernel told in a message that could not be decoded: they are missing in what was given. Each was
   * told to `onUnexpected` of `openRtnl` as well. What one attribute does not fit is no such case: it is kept as bytes.
   */
  readonly garbled: number
  /** What was wrong with them, and their bytes: the first 16. */
  readonly garbledErrors: readonly DecodeError[]
  /** The same list by datagrams: cheaper than item by item. */
  batches(): AsyncGenerator<T[], undefined, undefined>
  /** The whole list. Only here an interrupted one can be asked for again without anybody noticing. */
  toArray(): Promise<T[]>
  return(): Promise<IteratorResult<T, undefined>>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Leaves out of a dump what is not wanted: kernels pass over filters that they do not know, and give everything.
 * @param dump makes the dump; its options may ask for more than the user did
 * @param options the user's
 * @param needs what `keep` looks at. What the user did not ask for is taken out again.
 * @param keep whether an item is wanted
 */
export function filtered<T extends object>(
  dump: (options: DumpOptions<NameIn<T>>) => Dump<T>,
  options: DumpOptions<NameIn<T>>,
  needs: readonly NameIn<T>[],
  keep: (item: T) => boolean,
): List<T> {
  const { only } = options
  if (needs.length === 0) return dump(options)
  if (!only) return new Filtered(dump(options), keep, [])
  const added = needs.filter((name) => !only.includes(name))
  return new Filtered(dump({ ...options, only: [...only, ...added] }), keep, added)
}

class Filtered<T extends object> implements List<T> {
  readonly #dump: Dump<T>
  readonly #keep: (item: T) => boolean
  readonly #added: readonly (keyof T & string)[]
  constructor(dump: Dump<T>, keep: (item: T) => boolean, added: readonly (keyof T & string)[]) {
    this.#dump = dump
    this.#keep = keep
    this.#added = added
  }

  get interrupted(): boolean {
    return this.#dump.interrupted
  }

  get garbled(): number {
    return this.#dump.garbled
  }

  get garbledErrors(): readonly DecodeError[] {
    return this.#dump.garbledErrors
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const result = await this.#dump.next()
      if (result.done) return result
      try {
        if (this.#wants(result.value)) return result
      } catch (error) {
        // Whoever iterates does not stop what has thrown.
        await this.#dump.return()
        throw error
      }
    }
  }

  async *batches(): AsyncGenerator<T[], undefined, undefined> {
    for await (const batch of this.#dump.batches()) {
      const wanted = batch.filter((item) => this.#wants(item))
      if (wanted.length > 0) yield wanted
    }
  }

  async toArray(): Promise<T[]> {
    return (await this.#dump.toArray()).filter((item) => this.#wants(item))
  }

  return(): Promise<IteratorResult<T, undefined>> {
    return this.#dump.return()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#dump[Symbol.asyncDispose]()
  }

  #wants(item: T): boolean {
    const wanted = this.#keep(item)
    for (const name of this.#added) delete item[name]
    return wanted
  }
}
