/** Dumps: lists that the kernel makes one datagram at a time, only as fast as they are read. */
import type { Reader } from '../bytes/bytes.js'
import { pick, readBody } from '../codec/message.js'
import type { DecodeError } from '../errors.js'
import { errnoAt } from '../frame/control.js'
import { control, flagsAt, NLM_F, typeAt } from '../frame/nlmsghdr.js'
import { isUnique, messageAt, type NamedMessage } from '../frame/protocol.js'
import type { AnyType } from '../schema/type.js'
import type { Dispatcher } from './dispatcher.js'
import { DumpItems, GarbledMessages } from './dump-items.js'
import type { DumpOptions } from './dump-options.js'
import type { DumpQueue } from './dump-queue.js'
import type { ResponseHandler } from './handlers.js'
import { checkError, kernelErrorAt } from './kernel-error.js'
import type { PendingOptions } from './pending.js'
import { interruptedError } from './socket-errors.js'

const ready = Promise.resolve()

/**
 * A dump: iterate it, take it by `batches()`, or whole by `toArray()`. It is asked for at the first item, and read with
 * back-pressure. Whoever stops early leaves the conversation usable. A conversation has one dump at a time: when a
 * second begins, the rest of the first is read into memory.
 */
export class Dump<T> implements AsyncIterableIterator<T, undefined, undefined>, ResponseHandler {
  /** Whether the list changed while it was read, and that was accepted. */
  interrupted = false
  /** Never: a dump is not a change. */
  readonly echo = false
  readonly #dispatcher: Dispatcher
  readonly #queue: DumpQueue
  readonly #message: NamedMessage
  readonly #body: unknown
  readonly #options: DumpOptions
  readonly #wait: PendingOptions
  #retries: number
  readonly #items = new DumpItems<T>()
  readonly #garbled = new GarbledMessages()
  #state: 'new' | 'queued' | 'running' | 'ended' = 'new'
  /** Nobody wants the rest. */
  #discarded = false
  #changed = false
  #failure: { readonly error: unknown } | undefined
  #request: Uint8Array | undefined
  /** Type and flags of the last message, and its definition. */
  #kind = -1
  #definition: AnyType | undefined
  #wake: (() => void) | undefined
  #pulling: Promise<void> | undefined

  /** @param body what to ask, or a function that finds it out when it is asked @internal */
  constructor(dispatcher: Dispatcher, queue: DumpQueue, message: NamedMessage, body: unknown, options: DumpOptions) {
    this.#dispatcher = dispatcher
    this.#queue = queue
    this.#message = message
    this.#body = body
    this.#options = options
    this.#retries = options.retries ?? 5
    this.#wait = { timeout: options.timeout ?? 0, signal: options.signal }
  }

  /** How many messages could not be decoded, and are missing in what was given. `onUnexpected` was told each as well. */
  get garbled(): number {
    return this.#garbled.count
  }

  /** What was wrong with them, and their bytes: the first 16. */
  get garbledErrors(): readonly DecodeError[] {
    return this.#garbled.errors
  }

  /** Whether its data goes to nobody any more. */
  get settled(): boolean {
    return this.#discarded || this.#state === 'ended'
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#pulling === undefined && this.#items.some && !this.#aborted())
      return Promise.resolve({ value: this.#items.take(), done: false })
    return this.#pullNext()
  }

  async #pullNext(): Promise<IteratorResult<T, undefined>> {
    if (!this.#aborted()) await this.#pull()
    if (this.#items.some) return { value: this.#items.take(), done: false }
    this.#throwFailure()
    return { value: undefined, done: true }
  }

  /**
   * The same list by datagrams: cheaper than item by item, since only one promise is made for a few hundred items.
   * @example for await (const batch of dump.batches()) count += batch.length
   */
  async *batches(): AsyncGenerator<T[], undefined, undefined> {
    try {
      for (;;) {
        if (!this.#aborted()) await this.#pull()
        if (!this.#items.some) break
        yield this.#items.takeAll()
      }
      this.#throwFailure()
    } finally {
      this.#stop()
    }
  }

  /**
   * The whole list. Only here an interrupted dump can be asked for again without anybody noticing.
   * @throws TransportError ERR_NETLINK_INTERRUPTED when it was interrupted each time
   */
  async toArray(): Promise<T[]> {
    try {
      while (!this.settled && !this.#aborted()) await this.#pull(true)
      this.#throwFailure()
      return this.#items.takeAll()
    } finally {
      this.#stop()
    }
  }

  /** Stops early. What is left is skipped when the next dump begins. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#stop()
    return Promise.resolve({ value: undefined, done: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop()
  }

  #stop(): void {
    this.#items.clear()
    this.#discarded = true
    if (this.#state === 'new') this.#state = 'ended'
    else if (this.#state === 'queued' && !this.#pulling) this.#finish()
    this.#wakeUp()
  }

  /** Once the signal has spoken, nothing more is given, not even what has come already. */
  #aborted(): boolean {
    const { signal } = this.#wait
    if (signal === undefined || !signal.aborted) return false
    this.fail(signal.reason)
    this.#stop()
    return true
  }

  #throwFailure(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure.error
  }

  /** Receives until there is an item or the end; with `all`, as much as one turn of the event loop allows. */
  #pull(all = false): Promise<void> {
    if (this.#pulling) return this.#pulling.then(() => this.#pull(all))
    if (this.settled || (!all && this.#items.some)) return ready
    if (this.#state === 'running' && this.#receive(all)) return ready
    this.#pulling = this.#slowly(all).finally(() => {
      this.#pulling = undefined
    })
    return this.#pulling
  }

  /** What can be had without waiting. True when that was enough. */
  #receive(all: boolean): boolean {
    while (this.#state === 'running' && !this.#discarded) {
      if (!this.#dispatcher.receive()) break
      if (!all && this.#items.some) return true
    }
    return this.settled
  }

  async #slowly(all: boolean): Promise<void> {
    try {
      if (this.#state === 'new') {
        this.#state = 'queued'
        await this.#queue.acquire(this, this.#message.name, this.#wait)
      }
      for (;;) {
        if (this.settled) break
        if (this.#state === 'queued') this.#start(typeof this.#body === 'function' ? await this.#body() : this.#body)
        if (this.#receive(all)) break
        if (this.#state !== 'running') continue
        await (this.#dispatcher.turn() ??
          new Promise<void>((resolve) => {
            this.#wake = resolve
            this.#dispatcher.wait(this, this.#message.name, this.#wait)
          }))
        if (this.#aborted()) break
        if (all || this.#items.some) return
      }
      if (this.#state === 'queued') this.#finish()
    } catch (error) {
      this.fail(error)
    }
  }

  /** Asks for it, the first time or again. */
  #start(body: unknown): void {
    this.#changed = false
    this.#kind = -1
    this.#dispatcher.send(this, this.#message, NLM_F.REQUEST | NLM_F.DUMP, body)
    this.#request = this.#dispatcher.writer.copy()
    this.#state = 'running'
  }

  take(r: Reader, at: number, end: number): boolean {
    // Type and flags: in a dump they are nearly always those of the message before.
    const kind = r.view.getUint32(at + 4, r.little)
    if (kind !== this.#kind && !this.#known(r, at, end)) return typeAt(r, at) !== control.NLMSG_NOOP
    if (this.#discarded) return false
    this.#items.all.push(readBody(r, at, end, this.#definition!) as T)
    if (this.#wake !== undefined) this.#wakeUp()
    return false
  }

  /** One message that cannot be decoded takes no other with it. */
  skip(error: DecodeError): boolean {
    this.#garbled.add(error)
    return true
  }

  /** Finds the definition of messages of a new kind. False for control messages, which bring no item. */
  #known(r: Reader, at: number, end: number): boolean {
    const type = typeAt(r, at)
    if (flagsAt(r, at) & NLM_F.DUMP_INTR) this.#changed = true
    if (type === control.NLMSG_NOOP) return false
    if (type === control.NLMSG_DONE || type === control.NLMSG_ERROR) {
      this.#end(r, at, end)
      return false
    }
    const found = messageAt(this.#dispatcher.family, r, at, end)
    this.#definition = this.#options.only ? pick(found.body, this.#options.only) : found.body
    this.#kind = isUnique(found) ? r.view.getUint32(at + 4, r.little) : -1
    return true
  }

  #end(r: Reader, at: number, end: number): void {
    const { family, transport } = this.#dispatcher
    checkError(r, at, end)
    if (errnoAt(r, at, end) !== 0 && !this.#failure)
      this.#failure = { error: kernelErrorAt(family, transport.byteOrder, this.#request!, r, at, end) }
    if (this.#changed && !this.#failure && !this.#discarded && this.#again()) return
    this.#finish()
  }

  /** The list changed while it was read. True when it is asked for again. */
  #again(): boolean {
    const { interrupted = 'retry' } = this.#options
    if (interrupted === 'accept') {
      this.interrupted = true
      return false
    }
    if (interrupted === 'retry' && !this.#items.given && this.#retries-- > 0) {
      this.#items.clear()
      this.#garbled.clear()
      this.#state = 'queued' // Not from in here: the datagram that said so is still being walked.
      this.#wakeUp()
      return true
    }
    this.#failure = { error: interruptedError(this.#message.name, this.#items.given) }
    return false
  }

  #finish(): void {
    this.#state = 'ended'
    this.#wakeUp()
    this.#queue.release(this)
  }

  #wakeUp(): void {
    if (!this.#wake) return
    this.#dispatcher.done(this)
    this.#wake()
    this.#wake = undefined
  }

  /** What has come so far is still given; then the error is thrown. What still comes is skipped. */
  fail(error: unknown): void {
    if (this.settled) return
    this.#failure ??= { error }
    this.#discarded = true
    if (this.#state === 'running') this.#wakeUp()
    else this.#finish()
  }

  /** It is read on, so that the kernel ends it; what else comes is given, and then the error is thrown. */
  incomplete(error: unknown): void {
    this.#failure ??= { error }
  }

  forgotten(): void {
    this.#finish()
  }
}
