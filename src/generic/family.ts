/** How families of generic netlink are described: their ids and groups are known only when the kernel was asked. */
import type { MessageDefinition, Messages } from '../netlink/frame/definition.js'
import { defineProtocol, type Protocol } from '../netlink/frame/protocol.js'
import type { AnyType } from '../netlink/schema/type.js'
import { GENL_MAX_ID, genericBody, NETLINK_GENERIC } from './genlmsghdr.js'

/** A message of a family: its command in place of a number. */
export interface GenericMessage<T extends AnyType = AnyType> extends Omit<MessageDefinition<T>, 'number' | 'where'> {
  /** genlmsghdr.cmd. */
  readonly cmd: number
}
export type GenericMessages = Readonly<Record<string, GenericMessage>>

/** The description of a family. */
export interface GenericFamily<M extends GenericMessages = GenericMessages> {
  readonly name: string
  readonly messages: M
}

/** What nlctrl says of a family, at this boot of this kernel. */
export interface ResolvedFamily {
  readonly name: string
  /** The nlmsg_type of its messages. */
  readonly id: number
  readonly version: number
  /** The multicast groups by name. */
  readonly groups: Readonly<Record<string, number>>
}

/** The messages of a family with the id of a kernel. */
export type MessagesAt<M extends GenericMessages> = {
  readonly [N in keyof M]: Omit<M[N], 'cmd'> & { readonly number: number }
}

/**
 * Describes a family of generic netlink.
 * @param name the name that nlctrl knows it by
 * @throws Error for a definition that cannot work, as defineProtocol does
 * @example
 * const netdev = genericFamily('netdev', {
 *   NETDEV_CMD_DEV_GET: { cmd: 1, operation: 'get', body: headed(genlmsghdr, attributes('NETDEV_A_DEV', { ifindex: [1, u32] })) },
 * })
 */
export function genericFamily<const M extends GenericMessages>(name: string, messages: M): GenericFamily<M> {
  const family = Object.freeze({ name, messages })
  // Mistakes are told here, and not only when a number is known.
  resolvedProtocol(family, { name, id: GENL_MAX_ID, version: 0, groups: {} })
  return family
}

/** The messages of a family with an id. Its other commands have its name. */
export function messagesAt({ name, messages }: GenericFamily, id: number): Messages {
  const all: Record<string, MessageDefinition> = { [name]: { number: id, operation: 'get', body: genericBody } }
  for (const [key, { cmd, ...rest }] of Object.entries(messages))
    all[key] = { ...rest, number: id, where: { genlCmd: cmd } }
  return all
}

/**
 * The protocol of a family, with the id and the groups that the kernel gave it: for a conversation, and for captures.
 * @throws Error for a definition that cannot work
 */
export function resolvedProtocol<const M extends GenericMessages>(
  family: GenericFamily<M>,
  { id, groups }: ResolvedFamily,
): Protocol<MessagesAt<M>, Readonly<Record<string, number>>> {
  const messages = messagesAt(family, id) as unknown as MessagesAt<M>
  return defineProtocol(family.name, NETLINK_GENERIC, messages, groups, {
    fallback: genericBody,
    groupsAtRunTime: true,
  })
}
