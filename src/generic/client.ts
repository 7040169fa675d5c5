/** The client of generic netlink: families by name, and conversations with them. */
import {
  Conversation,
  type ConversationOptions,
  conversationOptions,
  type RequestOptions,
} from '../netlink/conversation/conversation.js'
import type { Dump } from '../netlink/conversation/dump.js'
import type { Protocol } from '../netlink/frame/protocol.js'
import { checkOptions, isFunction, isGiven, type OptionTable } from '../netlink/options.js'
import { openKernel } from '../netlink/socket/kernel.js'
import { type Namespace, netns } from '../netlink/socket/netns.js'
import type { Transport } from '../netlink/transport/transport.js'
import {
  type GenericFamily,
  type GenericMessages,
  type MessagesAt,
  type ResolvedFamily,
  resolvedProtocol,
} from './family.js'
import { NETLINK_GENERIC } from './genlmsghdr.js'
import type { FamilyInfo } from './nlctrl.js'
import { generic } from './protocol.js'

/** How to open the client. */
export interface GenericOptions extends ConversationOptions {
  /** The network namespace. Default: the one we are in. */
  readonly netns?: Namespace | undefined
  /** Makes a transport for each conversation in place of the kernel's socket: of a recording, or one in memory. */
  readonly transport?: (() => Transport) | undefined
}

/** What they can be. */
const genericOptions: OptionTable<GenericOptions> = {
  ...conversationOptions,
  // A wrong one has its own text when it is opened.
  netns: isGiven,
  transport: isFunction,
}

/**
 * Opens the client.
 * @throws TransportError ERR_NETLINK_NO_NAMESPACE, ERR_NETLINK_PERMISSION, ERR_NETLINK_NO_SHIM
 * @example
 * await using client = await openGeneric()
 * const { id, version, groups } = await client.resolve('netdev')
 */
export async function openGeneric(options: GenericOptions = {}): Promise<Generic> {
  return new Generic(options)
}

/** The client. Open it with `openGeneric`. */
export class Generic {
  /** With nlctrl. */
  readonly conversation: Conversation<typeof generic>
  readonly #options: GenericOptions
  readonly #opened = new Set<Conversation<Protocol>>()

  constructor(options: GenericOptions = {}) {
    checkOptions('openGeneric', options, genericOptions)
    this.#options = options
    this.conversation = new Conversation(this.#transport(), generic, options)
  }

  #transport(): Transport {
    const { transport, netns: where } = this.#options
    if (transport) return transport()
    if (where === undefined) return openKernel({ protocol: NETLINK_GENERIC })
    const opened = netns.open(where)
    try {
      return openKernel({ protocol: NETLINK_GENERIC, netns: opened.fd })
    } finally {
      opened.close()
    }
  }

  /**
   * All that nlctrl tells of a family: its commands and groups too.
   * @throws KernelError ENOENT when there is none of this name (the kernel loads a module that has it, if it may)
   */
  get(name: string, options: RequestOptions = {}): Promise<FamilyInfo> {
    return this.conversation.get('CTRL_CMD_GETFAMILY', { familyName: name }, options)
  }

  /** All families. @example for await (const { familyName } of client.list()) console.log(familyName) */
  list(): Dump<FamilyInfo> {
    return this.conversation.dump('CTRL_CMD_GETFAMILY', {})
  }

  /** What the kernel accepts in the attributes of a family's requests, part by part (Linux 5.7). @throws KernelError ENOENT */
  policies(name: string): Dump<FamilyInfo> {
    return this.conversation.dump('CTRL_CMD_GETPOLICY', { familyName: name })
  }

  /**
   * The numbers of a family at this boot of this kernel.
   * @throws KernelError ENOENT when there is none of this name
   * @example (await client.resolve('nlctrl')).id // 16
   */
  async resolve(name: string, options: RequestOptions = {}): Promise<ResolvedFamily> {
    return resolvedFrom(await this.get(name, options))
  }

  /**
   * A conversation with a family, on a socket of its own; closing the client closes it.
   * @throws KernelError ENOENT when the kernel has no such family
   */
  async open<const M extends GenericMessages>(
    family: GenericFamily<M>,
  ): Promise<Conversation<Protocol<MessagesAt<M>, Readonly<Record<string, number>>>>> {
    const protocol = resolvedProtocol(family, await this.resolve(family.name))
    const conversation = new Conversation(this.#transport(), protocol, this.#options)
    this.#opened.add(conversation as unknown as Conversation<Protocol>)
    return conversation
  }

  /** Closes the sockets: what is under way is rejected with ERR_NETLINK_CLOSED. */
  close(): void {
    this.conversation.close()
    for (const one of this.#opened) one.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }
}

/** The numbers of a family in what nlctrl tells of it. */
export function resolvedFrom({
  familyName = '',
  familyId = 0,
  version = 0,
  mcastGroups = [],
}: FamilyInfo): ResolvedFamily {
  const groups = mcastGroups.flatMap(({ name, id }) => (name === undefined || id === undefined ? [] : [[name, id]]))
  return Object.freeze({ name: familyName, id: familyId, version, groups: Object.freeze(Object.fromEntries(groups)) })
}
