/** One request that is no dump: from sending it to its answer. */
import type { Reader } from '../bytes/bytes.js'
import { readBody } from '../codec/message.js'
import { TransportError } from '../errors.js'
import { errnoAt, extendedAckAt } from '../frame/control.js'
import type { NamedMessage } from '../frame/definition.js'
import { control, NLM_F, typeAt } from '../frame/nlmsghdr.js'
import { type BodyOf, messageAt, type Protocol } from '../frame/protocol.js'
import type { AnyType } from '../schema/type.js'
import type { Dispatcher } from './dispatcher.js'
import type { ResponseHandler } from './handlers.js'
import { checkError, extendedAckOf, kernelErrorAt } from './kernel-error.js'

/** A message that an answer or an event brought: narrow it by `type`. */
export type ProtocolMessage<F extends Protocol> =
  | { [K in keyof F['messages'] & string]: { readonly type: K; readonly body: BodyOf<F, K> } }[keyof F['messages'] &
      string]
  | { readonly type: number; readonly body: Uint8Array }

/** What came back for a request that the kernel carried out. */
export interface Answer<F extends Protocol = Protocol> {
  /** The messages before the ack: with the flag `echo`, the object as it was made or changed. */
  readonly messages: readonly ProtocolMessage<F>[]
  /** What the kernel remarks although it has done what was asked (the extended ack of a success). */
  readonly warning: string | undefined
  /** What the subsystem adds (NLMSGERR_ATTR_COOKIE). */
  readonly cookie: Uint8Array | undefined
}

/** The answer to nearly every change: done. */
const plainAck: Answer = Object.freeze({ messages: Object.freeze([]), warning: undefined, cookie: undefined })

/** What the answer to a GET will be, so that it need not be looked up when it comes. */
export interface AnswerDefinition {
  readonly message: NamedMessage
  /** Its body, perhaps with only some of its names. */
  readonly body: AnyType
}

/** What ends a request. */
export type CompletesOn = 'ack' | 'message'

export class Request implements ResponseHandler {
  settled = false
  readonly echo: boolean
  readonly #dispatcher: Dispatcher
  readonly #message: NamedMessage
  readonly #completesOn: CompletesOn
  readonly #answer: AnswerDefinition | undefined
  #messages: ProtocolMessage<Protocol>[] | undefined
  #value: unknown
  #failed = false
  /** The bytes sent, once the writer may be used for another request. */
  #sent: Uint8Array | undefined
  #resolve: ((value: unknown) => void) | undefined
  #reject: ((error: unknown) => void) | undefined

  constructor(
    dispatcher: Dispatcher,
    message: NamedMessage,
    ends: CompletesOn,
    echo: boolean,
    answer: AnswerDefinition | undefined,
  ) {
    this.#dispatcher = dispatcher
    this.#message = message
    this.#completesOn = ends
    this.echo = echo
    this.#answer = answer
  }

  /** Sends it; what is answered at once is never waited for. */
  run(flags: number, body: unknown, timeout: number, signal: AbortSignal | undefined): Promise<unknown> {
    const dispatcher = this.#dispatcher
    if (signal?.aborted) return Promise.reject(signal.reason)
    try {
      const ack = this.#completesOn === 'ack' ? NLM_F.ACK : 0
      dispatcher.send(this, this.#message, flags | NLM_F.REQUEST | ack, body, true)
    } catch (error) {
      return Promise.reject(error)
    }
    if (dispatcher.pump(this)) return this.#outcome()
    this.#sent = dispatcher.writer.copy()
    const turn = dispatcher.turn()
    return turn ? this.#afterTurn(turn, timeout, signal) : this.#wait(timeout, signal)
  }

  #outcome(): Promise<unknown> {
    return this.#failed ? Promise.reject(this.#value) : Promise.resolve(this.#value)
  }

  /** What was answered at once, but not received for the sake of the event loop. */
  async #afterTurn(turn: Promise<void>, timeout: number, signal: AbortSignal | undefined): Promise<unknown> {
    const dispatcher = this.#dispatcher
    await turn
    if (signal?.aborted) this.fail(signal.reason)
    if (dispatcher.pump(this)) return this.#outcome()
    return this.#wait(timeout, signal)
  }

  #wait(timeout: number, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      const change = this.#message.operation !== 'get'
      this.#dispatcher.wait(this, this.#message.name, { timeout, signal, change })
    })
  }

  take(r: Reader, at: number, end: number): boolean {
    const type = typeAt(r, at)
    if (type === control.NLMSG_ERROR || type === control.NLMSG_DONE) {
      this.#end(r, at, end)
      return true
    }
    if (type === control.NLMSG_NOOP) return false
    const single = this.#completesOn === 'message'
    if (!this.settled) {
      if (single) this.#settle(readBody(r, at, end, this.#bodyOf(r, at, end, type)))
      else {
        const { name, body } = messageAt(this.#dispatcher.family, r, at, end)
        this.#messages ??= []
        this.#messages.push({ type: name, body: readBody(r, at, end, body) } as ProtocolMessage<Protocol>)
      }
    }
    return single
  }

  #bodyOf(r: Reader, at: number, end: number, type: number): AnyType {
    const answer = this.#answer
    if (answer?.message.unique && answer.message.number === type) return answer.body
    const found = messageAt(this.#dispatcher.family, r, at, end)
    return answer?.message === found ? answer.body : found.body
  }

  #end(r: Reader, at: number, end: number): void {
    checkError(r, at, end)
    if (this.settled) return
    const { family, transport, writer } = this.#dispatcher
    if (errnoAt(r, at, end) !== 0)
      this.fail(kernelErrorAt(family, transport.byteOrder, this.#sent ?? writer.copy(), r, at, end))
    else if (this.#completesOn === 'message')
      this.fail(new TransportError('ERR_NETLINK_UNEXPECTED', `${this.#message.name}: an ack came without the answer`))
    else if (this.#messages === undefined && extendedAckAt(r, at, end) >= end) this.#settle(plainAck)
    else {
      const { message: warning, cookie } = extendedAckOf(r, at, end)
      this.#settle({ messages: this.#messages ?? [], warning, cookie })
    }
  }

  /** The ack alone says whether a change was made. */
  skip(): boolean {
    return this.#completesOn === 'ack'
  }

  #settle(value: unknown): void {
    this.settled = true
    this.#value = value
    if (!this.#resolve) return
    this.#dispatcher.done(this)
    this.#resolve(value)
  }

  fail(error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#failed = true
    this.#value = error
    if (!this.#reject) return
    this.#dispatcher.done(this)
    this.#reject(error)
  }
}
