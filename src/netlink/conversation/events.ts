/** Multicast: what the kernel tells those who joined a group, as a stream. */

import type { Reader } from '../bytes/bytes.js'
import { pick, readBody } from '../codec/message.js'
import type { DecodeError } from '../errors.js'
import type { AllNames, GroupName, MessageIn, MessageName, Only } from '../frame/narrowed.js'
import { type BodyOf, messageAt, type Protocol } from '../frame/protocol.js'
import { checkOptions, isSignal, limitOption, namesOption, type OptionTable } from '../options.js'
import { AttributeSet } from '../schema/attributes.js'
import type { AnyType } from '../schema/type.js'
import type { Slot } from '../transport/transport.js'
import type { Dispatcher } from './dispatcher.js'
import type { MulticastHandler } from './handlers.js'

/**
 * A change that the kernel told, or that changes were lost. Narrow it by `type`. G are the groups that are heard, which
 * leave the messages of these groups; N are the names that are decoded.
 */
export type Event<F extends Protocol, G = string, N = AllNames> =
  | Change<F, MessageOfGroups<F, G>, N>
  | Garbled
  | Overrun

/**
 * The types of the messages of some groups: all where the groups, or what comes to them, are not known. To a group of
 * which nothing is described come only numbers.
 */
type MessageOfGroups<F extends Protocol, G> = G extends string
  ? string extends G
    ? MessageName<F> | number
    : [MessageIn<F, GroupName<F>>] extends [never]
      ? MessageName<F> | number
      : [MessageIn<F, G>] extends [never]
        ? number
        : MessageIn<F, G>
  : MessageName<F> | number

/** A message of one of these types. */
type Change<F extends Protocol, T, N> = T extends string
  ? Told<T, Only<BodyOf<F, T>, N>>
  : T extends number
    ? Told<number, Uint8Array>
    : never

/** A change that the kernel told. */
export interface Told<T, B> {
  /** The message type; its number where the family has no such message. */
  readonly type: T
  readonly body: B
  /** The group's name: `link`; its number as text where the family has no name for it. */
  readonly group: string
  /** The namespace that it happened in, by the id that ours has for it; undefined for our own. */
  readonly nsid: number | undefined
}

/** A message that could not be decoded, so that a change is not known: read again what depends on it. */
export interface Garbled {
  readonly type: 'garbled'
  /** What is wrong, and the bytes. */
  readonly error: DecodeError
  /** As of any other event. */
  readonly group: string
  readonly nsid: number | undefined
}

/** Events were lost (ENOBUFS, or beyond `highWater`): what is known of the kernel's objects is to be read again. */
export interface Overrun {
  readonly type: 'overrun'
}

/** How to listen. N are the names to choose from. */
export interface EventOptions<N extends string = string> {
  /** Decode only these members and attributes. */
  readonly only?: readonly N[] | undefined
  /** CompletesOn the iteration, without an error. */
  readonly signal?: AbortSignal | undefined
  /**
   * How many events wait in memory for a consumer that is slower than the kernel. Beyond that nothing more is read, the
   * kernel's own buffer fills, and what it then drops is told as an `overrun`. Where it is read all the same, for another
   * stream or a request of the same conversation, what comes is dropped here, and told so too. Default 100,000.
   */
  readonly highWater?: number | undefined
}

/** What they can be. */
export const eventOptions: OptionTable<EventOptions> = { only: namesOption, signal: isSignal, highWater: limitOption }

const HIGH_WATER = 100_000
const overrun: Overrun = Object.freeze({ type: 'overrun' })
const last = Object.freeze({ value: undefined, done: true }) as IteratorReturnResult<undefined>

/**
 * Events as an async iterator. It listens from the moment that it is made until it is left: by `break`, by `return()`,
 * by its signal, or when the conversation is closed.
 */
export class Events<F extends Protocol, E = Event<F>>
  implements AsyncIterableIterator<E, undefined, undefined>, MulticastHandler
{
  readonly #dispatcher: Dispatcher
  readonly #names: ReadonlyMap<number, string>
  readonly #only: readonly string[] | undefined
  /** The bodies of `only`, by those of the definitions. */
  readonly #picked = new Map<AnyType, AnyType>()
  readonly #highWater: number
  readonly #signal: AbortSignal | undefined
  readonly #left: () => void
  #queue: (E | undefined)[] = []
  #next = 0
  #ended = false
  #full = false
  #referenced = true
  #failure: { readonly error: unknown } | undefined
  #waiting: { resolve(result: IteratorResult<E, undefined>): void; reject(error: unknown): void }[] = []

  /** @param left called when it is over, to leave the groups @internal */
  constructor(dispatcher: Dispatcher, names: ReadonlyMap<number, string>, options: EventOptions, left: () => void) {
    checkOptions('subscribe', options, eventOptions)
    this.#dispatcher = dispatcher
    this.#names = names
    this.#only = options.only
    this.#highWater = options.highWater ?? HIGH_WATER
    this.#signal = options.signal
    this.#left = left
    dispatcher.listen(this)
    if (options.signal?.aborted) this.#leave()
    else options.signal?.addEventListener('abort', this.#leave, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** How many events wait to be taken. */
  get waiting(): number {
    return this.#queue.length - this.#next
  }

  get wanting(): boolean {
    return !this.#full
  }

  /** Whether it keeps the process alive while it listens. */
  get referenced(): boolean {
    return this.#referenced
  }

  /** Lets the process live while this listens; so it is at first. */
  ref(): this {
    return this.#refer(true)
  }

  /**
   * Lets the process end although this listens: for a monitor in the background. Whatever else the conversation waits
   * for keeps it alive all the same.
   * @example const events = conversation.subscribe(['link']).unref()
   */
  unref(): this {
    return this.#refer(false)
  }

  #refer(referenced: boolean): this {
    this.#referenced = referenced
    if (!this.#ended) this.#dispatcher.referred()
    return this
  }

  take(r: Reader, at: number, end: number, slot: Slot): boolean {
    const name = this.#names.get(slot.group)
    // No group: a transport that cannot tell it. Such a message is for all who listen.
    if (name === undefined && slot.group !== 0) return false
    if (this.#dropped()) return true
    const { name: type, body: whole } = messageAt(this.#dispatcher.family, r, at, end)
    const body = readBody(r, at, end, this.#only === undefined ? whole : this.#pick(whole, this.#only))
    const nsid = slot.nsid < 0 ? undefined : slot.nsid
    this.#put({ type, body, group: name ?? '', nsid } as E)
    return true
  }

  garbled(error: DecodeError, slot: Slot): boolean {
    const name = this.#names.get(slot.group)
    if (name === undefined && slot.group !== 0) return false
    if (!this.#dropped())
      this.#put({ type: 'garbled', error, group: name ?? '', nsid: slot.nsid < 0 ? undefined : slot.nsid } as E)
    return true
  }

  /** Whether there is no room for another event; it is then told as lost. */
  #dropped(): boolean {
    if (!this.#full || this.waiting < this.#highWater) return false
    this.overrun()
    return true
  }

  #pick(whole: AnyType, only: readonly string[]): AnyType {
    let body = this.#picked.get(whole)
    if (!body) {
      // Messages of several types come here, and not every name belongs to each.
      body = whole instanceof AttributeSet ? pick(whole, knownNames(whole, only)) : whole
      this.#picked.set(whole, body)
    }
    return body
  }

  overrun(): void {
    // One is enough until it has been taken.
    if (this.waiting === 0 || this.#queue.at(-1) !== overrun) this.#put(overrun as E)
  }

  #put(event: E): void {
    const waiting = this.#waiting.shift()
    if (waiting) {
      waiting.resolve({ value: event, done: false })
      return
    }
    this.#queue.push(event)
    if (this.waiting >= this.#highWater) this.#full = true
  }

  next(): Promise<IteratorResult<E, undefined>> {
    if (this.#next < this.#queue.length) {
      const value = this.#queue[this.#next]!
      this.#queue[this.#next++] = undefined
      if (this.#next >= 1024 && this.#next * 2 >= this.#queue.length) {
        this.#queue = this.#queue.slice(this.#next)
        this.#next = 0
      }
      if (this.#full && this.waiting <= this.#highWater / 2) {
        this.#full = false
        this.#dispatcher.wanting()
      }
      return Promise.resolve({ value, done: false })
    }
    if (this.#failure) {
      const { error } = this.#failure
      this.#failure = undefined
      return Promise.reject(error)
    }
    if (this.#ended) return Promise.resolve(last)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
  }

  return(): Promise<IteratorResult<E, undefined>> {
    this.#leave()
    return Promise.resolve(last)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave()
  }

  readonly #leave = (): void => {
    this.#queue = []
    this.#next = 0
    this.end(undefined)
  }

  end(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#signal?.removeEventListener('abort', this.#leave)
    this.#dispatcher.unlisten(this)
    const waiting = this.#waiting
    this.#waiting = []
    if (error !== undefined && waiting.length === 0) this.#failure = { error }
    for (const [i, one] of waiting.entries()) {
      if (error !== undefined && i === 0) one.reject(error)
      else one.resolve(last)
    }
    // Last, for it throws where the socket is broken.
    this.#left()
  }
}

const knownNames = (set: AttributeSet, names: readonly string[]): string[] =>
  names.filter((name) => set.attribute(name) !== undefined || set.header?.memberNames.includes(name))
