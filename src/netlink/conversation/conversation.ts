/** The conversation: requests, dumps and events over one transport. */

import { pick } from '../codec/message.js'
import { EncodeError, OptionError, TransportError } from '../errors.js'
import type { AllNames, GroupName, MessageName, NameIn, NameInAny, Only } from '../frame/narrowed.js'
import { type MessageFlag, messageFlags, NLM_F } from '../frame/nlmsghdr.js'
import type { AnswerTo, BodyOf, NamedMessage, Protocol } from '../frame/protocol.js'
import {
  checkOptions,
  INT_MAX,
  integerOption,
  isArray,
  isProtocol,
  isSignal,
  isTransport,
  namesOption,
  type OptionTable,
  timeoutOption,
} from '../options.js'
import type { Issue, Type } from '../schema/type.js'
import type { Transport } from '../transport/transport.js'
import { Dispatcher } from './dispatcher.js'
import { type DispatcherOptions, dispatcherOptions } from './dispatcher-options.js'
import { Dump } from './dump.js'
import { type DumpOptions, dumpOptions } from './dump-options.js'
import { DumpQueue } from './dump-queue.js'
import { type Event, type EventOptions, Events } from './events.js'
import { type Answer, type AnswerDefinition, Request } from './request.js'

export type { Answer, ProtocolMessage } from './request.js'
export { Dump, type DumpOptions, type Event, type EventOptions, Events }

/** How a conversation behaves. */
export interface ConversationOptions extends DispatcherOptions {
  /** How long to wait for an answer, in milliseconds; 0 for ever. Default 5000. */
  readonly timeout?: number | undefined
}

/** How to send one request. */
export interface RequestOptions {
  /** NLM_F_* by name, besides `request` and `ack`: `['create', 'excl']`. */
  readonly flags?: readonly MessageFlag[] | undefined
  /** CompletesOn the waiting: the promise is rejected with the signal's reason. What was sent may be carried out all the same. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait for the answer, in milliseconds; 0 for ever. Default: the conversation's. */
  readonly timeout?: number | undefined
}

/** How to ask for one object. N are the names to choose from. */
export interface GetOptions<N extends string = string> extends RequestOptions {
  /** Decode only these members and attributes of the answer. */
  readonly only?: readonly N[] | undefined
}

/** What they can be. */
export const conversationOptions: OptionTable<ConversationOptions> = { ...dispatcherOptions, timeout: timeoutOption }
/** What they can be. The flags are looked at by the names that the message has. */
export const requestOptions: OptionTable<RequestOptions> = {
  flags: isArray,
  signal: isSignal,
  timeout: timeoutOption,
}
/** What they can be. */
export const getOptions: OptionTable<GetOptions> = { ...requestOptions, only: namesOption }

interface Kind {
  readonly message: NamedMessage
  readonly answer: NamedMessage | undefined
  /** The answer with all of its members. */
  readonly plain: AnswerDefinition | undefined
}

/**
 * Requests, dumps and events of one protocol over one transport.
 *
 * The kernel answers inside `send`, so the answer is taken at once, with no turn of the event loop; only what is not
 * there yet is waited for. Any number of requests can be under way; dumps take queue.
 * After 64 datagrams the event loop has a turn, so that no loop of calls keeps timers, signals and other sockets waiting.
 * @example
 * await using conversation = new Conversation(openKernel({ protocol: 0 }), route)
 * const link = await conversation.get('RTM_GETLINK', { ifiIndex: 1 })
 */
export class Conversation<F extends Protocol> {
  readonly family: F
  readonly transport: Transport
  /** The timeout of requests that have none of their own, in milliseconds. */
  readonly timeout: number
  readonly #dispatcher: Dispatcher
  readonly #queue: DumpQueue
  /** How many listeners each group has. */
  readonly #joined = new Map<number, number>()
  readonly #kinds = new Map<string, Kind>()
  readonly #groupNames: ReadonlyMap<number, string>

  constructor(transport: Transport, family: F, options: ConversationOptions = {}) {
    isTransport('transport', transport)
    isProtocol('family', family)
    checkOptions('Conversation', options, conversationOptions)
    this.family = family
    this.transport = transport
    this.timeout = options.timeout ?? 5000
    this.#dispatcher = new Dispatcher(transport, family, options)
    this.#queue = new DumpQueue(this.#dispatcher)
    this.#groupNames = new Map(Object.entries(family.groups).map(([name, number]) => [number, name]))
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.#dispatcher.closed
  }

  /** How many datagrams and messages came that no request explains, or that could not be decoded. */
  get unexpected(): number {
    return this.#dispatcher.unexpected
  }

  /**
   * Sends a request and waits for its ack (NLM_F_REQUEST and NLM_F_ACK are set).
   * @param type the message type: `'RTM_NEWLINK'`
   * @param body its body as a plain value
   * @returns what came before the ack (with the flag `echo`: the object as it was made), and the kernel's warning
   * @throws KernelError when the kernel refuses; EncodeError when the body cannot be encoded, and nothing was sent;
   * TransportError: ERR_NETLINK_TIMEOUT or ERR_NETLINK_OVERRUN (the outcome is unknown), ERR_NETLINK_CLOSED, and others
   * @example await conversation.request('RTM_SETLINK', { ifiIndex: 2, mtu: 1400 })
   */
  request<T extends MessageName<F>>(type: T, body: BodyOf<F, T>, options: RequestOptions = none): Promise<Answer<F>> {
    return this.#run(type, 'ack', body, options) as Promise<Answer<F>>
  }

  /**
   * Asks for one object, without NLM_F_DUMP: the answer is one message, `RTM_NEWLINK` for `RTM_GETLINK`.
   * @throws as `request` does
   * @example const { ifname, mtu } = await conversation.get('RTM_GETLINK', { ifiIndex: 1 }, { only: ['ifname', 'mtu'] })
   */
  get<T extends MessageName<F>, const N extends NameIn<BodyOf<F, AnswerTo<F, T>>> = AllNames>(
    type: T,
    body: BodyOf<F, T>,
    options: GetOptions<N> = none,
  ): Promise<Only<BodyOf<F, AnswerTo<F, T>>, N>> {
    return this.#run(type, 'message', body, options) as Promise<Only<BodyOf<F, AnswerTo<F, T>>, N>>
  }

  #run(type: string, ends: 'ack' | 'message', body: unknown, options: GetOptions) {
    try {
      if (options !== none)
        checkOptions(ends === 'ack' ? 'request' : 'get', options, ends === 'ack' ? requestOptions : getOptions)
      const kind = this.#kind(type)
      const { message, answer } = kind
      const flags = options.flags === undefined ? 0 : flagBits(message, options.flags)
      const { signal, timeout = this.timeout, only } = options
      const picked = answer && only ? { message: answer, body: pick(answer.body, only) } : kind.plain
      const request = new Request(this.#dispatcher, message, ends, (flags & NLM_F.ECHO) !== 0, picked)
      return request.run(flags, body, timeout, signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * Asks for a list (NLM_F_DUMP is set). Nothing is sent before the first item is asked for.
   * @param type `'RTM_GETLINK'`
   * @param body what to filter by, where the kernel can, or a function that finds it out when it is asked; else `{}`
   * @throws OptionError at once when `only` has a name that the answer has not; while iterating, what `request` throws,
   * and TransportError ERR_NETLINK_INTERRUPTED
   * @example for await (const link of conversation.dump('RTM_GETLINK', {}, { only: ['ifname'] })) console.log(link.ifname)
   */
  dump<T extends MessageName<F>, const N extends NameIn<BodyOf<F, AnswerTo<F, T>>> = AllNames>(
    type: T,
    body: BodyOf<F, T> | (() => Promise<BodyOf<F, T>>),
    options: DumpOptions<N> = none,
  ): Dump<Only<BodyOf<F, AnswerTo<F, T>>, N>> {
    const { message, answer } = this.#kind(type)
    checkOptions('dump', options, dumpOptions)
    if (options.only && answer) pick(answer.body, options.only)
    return new Dump(this.#dispatcher, this.#queue, message, body, {
      ...options,
      timeout: options.timeout ?? this.timeout,
    })
  }

  /**
   * Joins multicast groups and listens: they are joined when this returns, so no later change is missed.
   * @param groups names from the family's table, or numbers
   * @param ended called once when the iteration is over, for whatever reason; also when this throws
   * @throws TransportError when a group cannot be joined; OptionError when the family has no such group
   * @example for await (const event of conversation.subscribe(['link'])) console.log(event.type)
   */
  subscribe<const G extends GroupName<F> | number, const N extends NameInAny<F> = AllNames>(
    groups: readonly G[],
    options: EventOptions<N> = none,
    ended?: () => void,
  ): Events<F, Event<F, G, N>> {
    const joined: number[] = []
    const leave = () => {
      try {
        for (const group of joined.splice(0)) this.#leave(group)
      } finally {
        ended?.()
      }
    }
    try {
      if (!Array.isArray(groups)) throw new OptionError('groups', groups, 'a list of multicast groups')
      const numbers = [...new Set(groups.map((group) => this.#group(group)))]
      for (const group of numbers) {
        this.#join(group)
        joined.push(group)
      }
      const names = new Map(numbers.map((group) => [group, this.#groupNames.get(group) ?? `${group}`]))
      return new Events<F, Event<F, G, N>>(this.#dispatcher, names, options, leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  #group(group: string | number): number {
    const groups: Readonly<Record<string, number>> = this.family.groups
    if (typeof group === 'number') return integerOption('groups', group, 1, INT_MAX)
    if (Object.hasOwn(groups, group)) return groups[group]!
    throw new OptionError('groups', group, `names of multicast groups (${Object.keys(groups).join(', ')}) or numbers`)
  }

  #join(group: number): void {
    if (this.closed) throw new TransportError('ERR_NETLINK_CLOSED', 'the conversation is closed')
    const count = this.#joined.get(group) ?? 0
    if (count === 0) this.transport.join(group)
    this.#joined.set(group, count + 1)
  }

  #leave(group: number): void {
    const count = this.#joined.get(group)! - 1
    this.#joined.set(group, count)
    if (count === 0 && !this.closed) this.transport.leave(group)
  }

  /** A message type and the type that answers it. @throws EncodeError when there is none of this name */
  #kind(type: string): Kind {
    let kind = this.#kinds.get(type)
    if (!kind) {
      const { family } = this
      const message = family.find(type)
      if (!message) {
        const accepted = `expected a message type of the family ${family.name}`
        throw new EncodeError(String(type), [{ path: 'type', value: type, message: accepted }])
      }
      const answer = message.answer === undefined ? message : family.find(message.answer)
      kind = { message, answer, plain: answer && { message: answer, body: answer.body } }
      this.#kinds.set(type, kind)
    }
    return kind
  }

  /** Lets the process live while something is waited for; so it is at first. Streams that are unref-ed stay so. */
  ref(): void {
    this.#dispatcher.keepAlive(true)
  }

  /**
   * Lets the process end although something is waited for, whatever it is: requests with their timeouts, dumps, events.
   * For one monitor in the background there is `unref` of its stream.
   */
  unref(): void {
    this.#dispatcher.keepAlive(false)
  }

  /** Closes for good: what is under way is rejected with ERR_NETLINK_CLOSED, streams of events end. */
  close(): void {
    this.#dispatcher.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }
}

const none = Object.freeze({})

/** Flags by name to bits, by what the message does. */
function flagBits({ name, operation }: NamedMessage, flags: readonly MessageFlag[]): number {
  const type = messageFlags[operation]
  const values: Readonly<Record<string, number>> = type.values
  let bits = 0
  for (const flag of flags) {
    const bit = typeof flag === 'number' ? flag : values[flag]
    if (bit === undefined) {
      const issues: Issue[] = []
      ;(type as Type<unknown>).check(flags, 'flags', issues, undefined)
      throw new EncodeError(name, issues)
    }
    bits |= bit
  }
  return bits
}
