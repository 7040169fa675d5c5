/** The rtnetlink client: links, addresses, routes, neighbours and namespace ids of one network namespace. */

import { Conversation, type Event, type EventOptions, type Events } from '../../netlink/conversation/conversation.js'
import { eventOptions } from '../../netlink/conversation/events.js'
import { OptionError, TransportError } from '../../netlink/errors.js'
import type { AllNames, NameInAny } from '../../netlink/frame/narrowed.js'
import {
  checkOptions,
  INT_MAX,
  integerFrom,
  isBoolean,
  isGiven,
  isTransport,
  type OptionTable,
  timeoutOption,
  unknownName,
} from '../../netlink/options.js'
import { AttributeSet } from '../../netlink/schema/attributes.js'
import type { Namespace, Namespaces } from '../../netlink/socket/netns.js'
import type { Transport } from '../../netlink/transport/transport.js'
import { checkKinds, type NoKinds, type OwnKinds } from '../link/own-kinds.js'
import { addressGroups, route, routeGroups } from '../protocol.js'
import { type RouteOf, routeWith } from '../route-with.js'
import { Addresses } from './addresses.js'
import { Context, type Hooks, hookOptions } from './context.js'
import { type Host, isHost, kernelHost, noHost } from './host.js'
import { Links } from './links.js'
import { NamespaceIds } from './namespaces.js'
import { Neighbours } from './neighbours.js'
import { Routes } from './routes.js'

/** How to open the client. */
export interface RtnlOptions<K extends OwnKinds = OwnKinds> extends Hooks {
  /**
   * Link kinds of your own, made with `linkKind`, beside those that nlwire knows: `links` takes and gives them. A
   * description takes the place of a known one of the same kind. For decoding with them, see `routeWith`.
   */
  readonly kinds?: K | undefined
  /** The network namespace: its name, the path of its file, `{ pid }` or `{ fd }`. Default: the one we are in. */
  readonly netns?: Namespace | undefined
  /** How long to wait for an answer, in milliseconds; 0 for ever. Default 5000. */
  readonly timeout?: number | undefined
  /** The socket's receive buffer in bytes (SO_RCVBUF). Default: the system's. */
  readonly receiveBuffer?: number | undefined
  /**
   * In place of the kernel's socket: a recording, or one in memory. Without `host` nothing else of this machine is
   * touched, so no other namespace can be named, and the sibling guard sees what this transport shows.
   */
  readonly transport?: Transport | undefined
  /** Where sockets and namespaces come from. Default: this machine (`kernelHost`), with `transport` nowhere. */
  readonly host?: Host | undefined
}

/** What a monitor hears: several groups under one name, or one group of the kernel (RTNLGRP_* in camelCase). */
export type MonitorGroup = keyof typeof together | (keyof typeof route.groups & string) | number

/** The kernel's groups that a word of `monitor` stands for. */
export type KernelGroup<G> = G extends keyof typeof together ? (typeof together)[G][number] : G

const together = { address: addressGroups, route: routeGroups } as const

/** How to listen. */
export interface MonitorOptions<N extends string = string> extends EventOptions<N> {
  /**
   * The socket's receive buffer in bytes, which the kernel doubles. It takes no memory before events wait. Default
   * 32 MiB, which holds 80,000 events; who is not root gets what the system allows (net.core.rmem_max).
   */
  readonly receiveBuffer?: number | undefined
  /** Hear also the changes in all namespaces that have an id here: `event.nsid` (NETLINK_LISTEN_ALL_NSID). */
  readonly allNamespaces?: boolean | undefined
}

const receiveBuffer = integerFrom(1, INT_MAX)
/** What they can be. A wrong namespace has its own text when it is opened. */
const rtnlOptions: OptionTable<RtnlOptions> = {
  ...hookOptions,
  kinds: checkKinds,
  netns: isGiven,
  timeout: timeoutOption,
  receiveBuffer,
  transport: isTransport,
  host: isHost,
}
const monitorOptions: OptionTable<MonitorOptions> = { ...eventOptions, receiveBuffer, allNamespaces: isBoolean }

/** The receive buffer of a monitor that is given none, in bytes. */
export const MONITOR_BUFFER = 32 * 1024 * 1024

/**
 * Opens the client.
 * @throws TransportError ERR_NETLINK_NO_NAMESPACE, ERR_NETLINK_PERMISSION, ERR_NETLINK_UNSUPPORTED (no netlink in this
 * system), ERR_NETLINK_NO_SHIM; OptionError
 * @example
 * await using rtnl = await openRtnl({ netns: 'net1' })
 * await rtnl.links.set('lo', { up: true })
 * @example
 * await using rtnl = await openRtnl({ kinds: { vrf: linkKind('vrf', { table: [1, required(u32)] }) } })
 * await rtnl.links.add({ ifname: 'vrf1', linkinfo: { kind: 'vrf', data: { table: 10 } } })
 */
export async function openRtnl<const K extends OwnKinds = NoKinds>(options: RtnlOptions<K> = {}): Promise<Rtnl<K>> {
  return new Rtnl<K>(options)
}

/** The client. Open it with `openRtnl`. */
export class Rtnl<K extends OwnKinds = NoKinds> {
  /** Below it all: for messages that the client has no words for. */
  readonly conversation: Conversation<RouteOf<K>>
  readonly links: Links<K>
  readonly addresses: Addresses
  readonly routes: Routes
  readonly neighbours: Neighbours
  /** Ids of namespaces. To create namespaces themselves, see `netns`. */
  readonly namespaces: NamespaceIds
  /** The namespaces that have a name, where this client is: on this machine, in a recording, or in a fake kernel. */
  readonly netns: Namespaces
  readonly #options: RtnlOptions<K>
  readonly #host: Host
  readonly #protocol: typeof route
  readonly #monitors = new Set<Conversation<typeof route>>()

  constructor(options: RtnlOptions<K>) {
    checkOptions('openRtnl', options, rtnlOptions)
    const { netns, timeout, receiveBuffer, onUnexpected } = options
    this.#options = options
    this.#host = options.host ?? (options.transport ? noHost : kernelHost)
    const transport = options.transport ?? this.#host.open(netns, { receiveBuffer })
    // The types know the kinds where users see them; within the client links are as `route` has them.
    const { kinds } = options
    this.#protocol = kinds === undefined ? route : (routeWith({ kinds }) as unknown as typeof route)
    const conversation = new Conversation(transport, this.#protocol, { timeout, onUnexpected })
    this.conversation = conversation as unknown as Conversation<RouteOf<K>>
    const context = new Context(conversation, this.#host, netns, options)
    this.links = new Links<K>(context)
    this.addresses = new Addresses(context)
    this.routes = new Routes(context)
    this.neighbours = new Neighbours(context)
    this.namespaces = new NamespaceIds(context)
    this.netns = this.#host.netns
  }

  /**
   * Listens to changes, on a socket of its own. It listens when this returns, so no later change is missed.
   * @returns events to iterate: `{ type, body, group, nsid }`; `{ type: 'garbled', error, group, nsid }` for a message
   * that could not be decoded; `{ type: 'overrun' }` when some were lost. Leaving the loop, the signal, or closing the
   * client ends it. For one in the background, `unref` lets the process end.
   * @throws OptionError when there is no such group, or no message has a name of `only`; TransportError, of which
   * ERR_NETLINK_CLOSED when the client is closed
   * @example for await (const event of rtnl.monitor(['link', 'address'], { signal })) console.log(event.type)
   */
  monitor<const G extends MonitorGroup, const N extends NameInAny<typeof route> = AllNames>(
    groups: readonly G[],
    options: MonitorOptions<N> = {},
  ): Events<RouteOf<K>, Event<RouteOf<K>, KernelGroup<G>, N>> {
    type Heard = Events<RouteOf<K>, Event<RouteOf<K>, KernelGroup<G>, N>>
    type Group = (keyof typeof route.groups & string) | number
    if (!Array.isArray(groups)) throw new OptionError('groups', groups, 'a list of groups')
    const all = groups.flatMap<Group>((group) =>
      typeof group === 'string' && Object.hasOwn(together, group)
        ? together[group as keyof typeof together]
        : (group as Group),
    )
    checkOptions('monitor', options, monitorOptions)
    for (const name of options.only ?? [])
      if (!isKnown(name)) throw unknownName('only', name, 'names of rtnetlink', names())
    if (this.closed) throw new TransportError('ERR_NETLINK_CLOSED', 'the client is closed')
    if (this.#options.transport)
      return (this.conversation as unknown as Conversation<typeof route>).subscribe(all, options) as unknown as Heard
    const { receiveBuffer = MONITOR_BUFFER, allNamespaces: listenAllNsid } = options
    const transport = this.#host.open(this.#options.netns, { receiveBuffer, listenAllNsid })
    const conversation = new Conversation(transport, this.#protocol, { onUnexpected: this.#options.onUnexpected })
    this.#monitors.add(conversation)
    const ended = () => {
      this.#monitors.delete(conversation)
      conversation.close()
    }
    try {
      return conversation.subscribe(all, options, ended) as unknown as Heard
    } catch (error) {
      ended()
      throw error
    }
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.conversation.closed
  }

  /** Closes the socket, and ends what is under way: requests are rejected with ERR_NETLINK_CLOSED, monitors end. */
  close(): void {
    this.conversation.close()
    for (const monitor of [...this.#monitors]) monitor.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }
}

const bodies = (): AttributeSet[] =>
  Object.values(route.messages)
    .map(({ body }): unknown => body)
    .filter((body) => body instanceof AttributeSet)

/** Whether any message has a member or an attribute of this name. */
const isKnown = (name: string): boolean =>
  bodies().some((body) => body.attribute(name) !== undefined || body.header?.memberNames.includes(name) === true)

/** The names of all members and attributes. */
const names = (): string[] =>
  bodies().flatMap(({ header, list }) => [...(header?.memberNames ?? []), ...list.map(({ name }) => name)])
