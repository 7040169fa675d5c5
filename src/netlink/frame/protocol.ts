/** One netlink protocol with its message types and its multicast groups. */

import type { ByteOrder } from '../bytes/byte-order.js'
import type { Reader } from '../bytes/bytes.js'
import type { AnyType, Infer } from '../schema/type.js'
import { bytes } from '../schema/types/text.js'
import { checkProtocol } from './check-protocol.js'
import { doneBody, errorBody } from './control.js'
import { discriminatorOf, type MessageDefinition, type Messages, type NamedMessage } from './definition.js'
import { MessageLookup } from './lookup.js'
import { control, type Operation, typeAt } from './nlmsghdr.js'

export type { MessageDefinition, NamedMessage }

/** A netlink protocol: use defineProtocol to make one. */
export interface Protocol<
  M extends Messages = Messages,
  G extends Readonly<Record<string, number>> = Readonly<Record<string, number>>,
> {
  /** Its name in fixtures and documents: `route`. */
  readonly name: string
  /** The number for socket(2): NETLINK_ROUTE is 0. */
  readonly protocol: number
  readonly messages: M
  /** The multicast groups by name. */
  readonly groups: G
  /** What comes after the header in messages that have no definition. */
  readonly fallback: AnyType
  /**
   * The message type with a name or a number; control messages belong to every protocol. Of several types of one number,
   * the one that neither `where` nor `direction` restricts: for the bytes of a message there is `at`.
   */
  find(numberOrName: number | string): NamedMessage | undefined
  /** The message type of the message that begins at `at`; `end` is where its bytes end. */
  at(r: Reader, at: number, end: number): NamedMessage | undefined
  /**
   * Where numbers are given at run time and told by messages of the protocol itself: the protocol that knows what this
   * datagram tells. For captures, datagram by datagram; it is this one where nothing new is told.
   */
  readonly learn?: ((bytes: Uint8Array, byteOrder: ByteOrder) => Protocol) | undefined
}

/** The body of a message type of a protocol: `BodyOf<typeof route, 'RTM_NEWLINK'>`. */
export type BodyOf<F extends Protocol, T extends string> = F['messages'] extends infer M
  ? T extends keyof M
    ? M[T] extends MessageDefinition<infer B>
      ? Infer<B>
      : never
    : never
  : never

/** The name of the messages that answer a GET: `RTM_NEWLINK` for `RTM_GETLINK`. */
export type AnswerTo<F extends Protocol, T extends string> = F['messages'] extends infer M
  ? T extends keyof M
    ? M[T] extends { readonly answer: infer A extends string }
      ? A
      : T
    : T
  : T

const controlMessages: Messages = {
  NLMSG_NOOP: { number: control.NLMSG_NOOP, operation: 'control', body: bytes },
  NLMSG_ERROR: { number: control.NLMSG_ERROR, operation: 'control', body: errorBody },
  NLMSG_DONE: { number: control.NLMSG_DONE, operation: 'control', body: doneBody },
  NLMSG_OVERRUN: { number: control.NLMSG_OVERRUN, operation: 'control', body: bytes },
}

/** How a protocol is defined. */
export interface ProtocolOptions {
  /** What comes after the header in messages that have no definition. Default: bytes. */
  readonly fallback?: AnyType
  /** See Protocol. */
  readonly learn?: Protocol['learn']
  /** Whether the kernel gives the groups their numbers at run time: messages may then name groups that are not here. */
  readonly groupsAtRunTime?: boolean
}

/**
 * Makes a protocol.
 * @throws Error for a definition that cannot work: two messages that nothing tells apart, a number over 65535, an answer
 * that is no message of the protocol, a group that it does not have, an operation or a direction that is none
 * @example
 * const route = defineProtocol('route', 0, { RTM_NEWLINK: { number: 16, operation: 'new', body: linkMessage } }, { link: 1 })
 */
export function defineProtocol<const M extends Messages, const G extends Readonly<Record<string, number>>>(
  name: string,
  protocol: number,
  messages: M,
  groups: G,
  options: ProtocolOptions = {},
): Protocol<M, G> {
  const { fallback = bytes, groupsAtRunTime = false } = options
  checkProtocol({ name, protocol, messages, groups, fallback, groupsAtRunTime })
  const owner = `protocol ${name}`
  const byName = new Map<string, NamedMessage>()
  const all = [...Object.entries(controlMessages), ...Object.entries(messages)]
  const shared = new Set(all.flatMap(([, { where, direction, number }]) => (where || direction ? [number] : [])))
  for (const [key, definition] of all) {
    if (byName.has(key)) throw new Error(`${owner}: ${key} is a control message of every protocol`)
    byName.set(key, named(owner, key, definition, !shared.has(definition.number)))
  }
  for (const { name: key, answer, deletion } of byName.values())
    for (const other of [answer, deletion])
      if (other !== undefined && !byName.has(other)) throw new Error(`${owner}: ${key}: there is no message ${other}`)
  const lookup = new MessageLookup(owner, byName.values())
  const find = (key: number | string) => (typeof key === 'number' ? lookup.find(key) : byName.get(key))
  const at = (r: Reader, from: number, end: number) => lookup.at(r, from, end)
  return Object.freeze({
    name,
    protocol,
    messages,
    groups,
    fallback,
    find,
    at,
    learn: options.learn,
  })
}

/** All members, in one order: objects of one shape are read faster. */
const named = (owner: string, name: string, definition: MessageDefinition, unique: boolean): NamedMessage => ({
  name,
  number: definition.number,
  operation: definition.operation,
  body: definition.body,
  unique,
  where: definition.where,
  discriminator: discriminatorOf(`${owner}: ${name}`, definition),
  direction: definition.direction,
  answer: definition.answer,
  deletion: definition.deletion,
  groups: definition.groups,
})

/** A protocol that knows only the control messages: for bytes of a protocol that nobody described. */
export const unknownProtocol: Protocol = defineProtocol('unknown', -1, {}, {})

/** A message type; for one that the protocol lacks, its number. */
export interface FoundMessage {
  readonly name: string | number
  readonly operation: Operation
  readonly body: AnyType
}

/** Whether nlmsg_type alone says that it is this message; else each message is to be looked at. */
export const isUnique = (found: FoundMessage | NamedMessage): boolean => !('unique' in found) || found.unique

/** The definition for the message at `at`, which ends at `end`; for a type that the protocol lacks, its fallback. */
export const messageAt = (family: Protocol, r: Reader, at: number, end: number): FoundMessage | NamedMessage =>
  family.at(r, at, end) ?? { name: typeAt(r, at), operation: 'other', body: family.fallback }
