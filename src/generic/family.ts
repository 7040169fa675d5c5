/** How families of generic netlink are described: their ids and groups are known only when the kernel was asked. */
import type { MessageDefinition } from '../netlink/frame/definition.js'
import { defineProtocol, type Protocol } from '../netlink/frame/protocol.js'
import type { AnyType } from '../netlink/schema/type.js'
import { genericBody } from './genlmsghdr.js'
import { NETLINK_GENERIC } from './nlctrl.js'

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
 * @example
 * const netdev = genericFamily('netdev', {
 *   NETDEV_CMD_DEV_GET: { cmd: 1, operation: 'get', body: headed(genlmsghdr, attributes('NETDEV_A_DEV', { ifindex: [1, u32] })) },
 * })
 */
export const genericFamily = <const M extends GenericMessages>(name: string, messages: M): GenericFamily<M> =>
  Object.freeze({ name, messages })

/**
 * The protocol of a family, with the id and the groups that the kernel gave it: for a conversation, and for captures.
 * @throws Error for a definition that cannot work
 */
export function resolvedProtocol<const M extends GenericMessages>(
  family: GenericFamily<M>,
  { id, groups }: ResolvedFamily,
): Protocol<MessagesAt<M>, Readonly<Record<string, number>>> {
  const messages = Object.entries<GenericMessage>(family.messages).map(([name, { cmd, ...rest }]) => [
    name,
    { ...rest, number: id, where: { genlCmd: cmd } },
  ])
  return defineProtocol(family.name, NETLINK_GENERIC, Object.fromEntries(messages) as MessagesAt<M>, groups, {
    fallback: genericBody,
  })
}
