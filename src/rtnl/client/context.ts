/** What the parts of the client share: the conversation, the machine, and how names become numbers. */
import { type Answer, Conversation, requestOptions } from '../../netlink/conversation/conversation.js'
import { KernelError } from '../../netlink/conversation/kernel-error.js'
import { EncodeError, type NetlinkError, TransportError } from '../../netlink/errors.js'
import { isFunction, type OptionTable } from '../../netlink/options.js'
import { type Namespace, type OpenNamespace, OWN_NAMESPACE } from '../../netlink/socket/netns.js'
import { CreatedButUnreadError } from '../errors.js'
import { IFNAME_MAX } from '../ifname.js'
import type { Link, LinkMessage } from '../link/index.js'
import type { route } from '../protocol.js'
import { type Host, noHost } from './host.js'

/** How to send one change. */
export interface ChangeOptions {
  /** Ends the waiting; what was sent may be carried out all the same. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds; 0 for ever. Default: the client's. */
  readonly timeout?: number | undefined
}

const { signal, timeout } = requestOptions
/** What they can be. */
export const changeOptions: OptionTable<ChangeOptions> = { signal, timeout }

/** A link by its index, by one of its names, or as it was read. */
export type LinkRef = number | string | { readonly ifiIndex?: number }

type Kernel = typeof route

/** What the user of a client is told beside the answers. */
export interface Hooks {
  /** Called with what the kernel remarks about a change that it has made (the extended ack of a success). */
  readonly onWarning?: ((warning: string, type: string) => void) | undefined
  /**
   * Called with datagrams and messages that no request explains, and with those of lists that could not be decoded (a
   * DecodeError): the list is given without them.
   */
  readonly onUnexpected?: ((error: NetlinkError) => void) | undefined
}

/** What they can be. */
export const hookOptions: OptionTable<Hooks> = { onWarning: isFunction, onUnexpected: isFunction }

export class Context {
  readonly conversation: Conversation<Kernel>
  readonly host: Host
  /** The namespace that all this is in, undefined for our own. */
  readonly where: Namespace | undefined
  readonly #hooks: Hooks
  constructor(conversation: Conversation<Kernel>, host: Host, where: Namespace | undefined, hooks: Hooks) {
    this.conversation = conversation
    this.host = host
    this.where = where
    this.#hooks = hooks
  }

  /** The body of link messages, with the kinds that the user described. */
  get linkMessage(): LinkMessage {
    return this.conversation.family.messages.RTM_NEWLINK.body
  }

  /** The same machine, in another namespace, through a socket of its own. */
  async elsewhere<T>(where: Namespace, use: (there: Context) => Promise<T>): Promise<T> {
    const { timeout } = this.conversation
    const { onUnexpected } = this.#hooks
    const conversation = new Conversation(this.host.open(where), this.conversation.family, { timeout, onUnexpected })
    try {
      return await use(new Context(conversation, this.host, where, this.#hooks))
    } finally {
      conversation.close()
    }
  }

  /** Whether nothing is known but what the transport shows: no other namespace, and not our own either. */
  get alone(): boolean {
    return this.host === noHost
  }

  /** Our own namespace. Of the thread: another one of this process may be elsewhere. */
  get own(): Namespace {
    return this.where ?? OWN_NAMESPACE
  }

  /** Whether the kernel filters dumps by what the request has (NETLINK_GET_STRICT_CHK, Linux 4.20). */
  get filters(): boolean {
    const { transport } = this.conversation
    return !('strictCheck' in transport) || transport.strictCheck !== false
  }

  /** @throws TransportError when the kernel does not filter dumps, and would give all of it without saying so */
  needFilters(): void {
    if (this.filters) return
    const text = 'this kernel cannot filter such a list (NETLINK_GET_STRICT_CHK, Linux 4.20): list all of it'
    throw new TransportError('ERR_NETLINK_UNSUPPORTED', text)
  }

  /** Hands on what the kernel remarked. */
  warn(type: string, answer: Answer<Kernel>): Answer<Kernel> {
    if (answer.warning !== undefined) this.#hooks.onWarning?.(answer.warning, type)
    return answer
  }

  /** Reads what a change made. @throws CreatedButUnreadError when it cannot be read: the change stands all the same */
  async readBack<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
    let made: T | undefined
    try {
      made = await read()
    } catch (error) {
      throw new CreatedButUnreadError(what, error)
    }
    if (made === undefined) throw new CreatedButUnreadError(what)
    return made
  }

  /**
   * The index of a link.
   * @param nsid the id of the namespace that the link is in, where that is another
   * @throws KernelError ENODEV when there is none of this name; EncodeError when it is no name
   */
  async index(type: string, path: string, ref: LinkRef, options: ChangeOptions, nsid?: number): Promise<number> {
    const index = typeof ref === 'object' && ref !== null ? ref.ifiIndex : ref
    if (typeof index === 'string') {
      const where = nsid === undefined ? {} : { targetNetnsid: nsid }
      const how = { ...pass(options), only: ['ifiIndex'] } as const
      const look = this.conversation.get('RTM_GETLINK', { ...where, ...named(index) }, how)
      return (await this.lookUp(type, path, index, look, nsid)).ifiIndex!
    }
    if (Number.isInteger(index) && index! > 0) return index!
    throw new EncodeError(type, [{ path, value: ref, message: "expected a link's index (from 1) or its name" }])
  }

  /**
   * Waits for a look-up of a link that a member names. What the kernel refuses is told of that member: the error is the
   * kernel's, with a message that says the name.
   * @param nsid the id of the namespace that the link is in, where that is another
   */
  async lookUp<T>(type: string, path: string, ref: string | number, look: Promise<T>, nsid?: number): Promise<T> {
    try {
      return await look
    } catch (error) {
      if (!(error instanceof KernelError)) throw error
      const link = `link ${typeof ref === 'string' ? JSON.stringify(ref) : `with index ${ref}`}${this.#placeOf(nsid)}`
      const what = error.errnoName === 'ENODEV' ? `there is no ${link}` : `cannot look up the ${link}`
      throw error.madeFor(`${type}: ${path}: ${what}`)
    }
  }

  #placeOf(nsid: number | undefined): string {
    if (nsid !== undefined) return ` in the network namespace with id ${nsid}`
    return typeof this.where === 'string' ? ` in the network namespace ${JSON.stringify(this.where)}` : ''
  }

  /** The index for a member that may be left out. */
  async optional(
    type: string,
    path: string,
    ref: LinkRef | undefined,
    options: ChangeOptions,
    nsid?: number,
  ): Promise<number | undefined> {
    return ref === undefined ? undefined : this.index(type, path, ref, options, nsid)
  }

  /** Holds a namespace open while its descriptor is used. */
  async within<T>(where: Namespace | undefined, use: (opened: OpenNamespace | undefined) => Promise<T>): Promise<T> {
    if (where === undefined) return use(undefined)
    const opened = this.host.namespace(where)
    try {
      return await use(opened)
    } finally {
      opened.close()
    }
  }
}

/** How to ask for a link by a name: the short kind, or one of the longer further names. */
export const named = (name: string): Link =>
  new TextEncoder().encode(name).length > IFNAME_MAX ? { altIfname: name } : { ifname: name }

/** Only what the conversation is to see. */
export const pass = ({ signal, timeout }: ChangeOptions): ChangeOptions => ({
  ...(signal === undefined ? {} : { signal }),
  ...(timeout === undefined ? {} : { timeout }),
})
