/** A family: one netlink protocol with its message types and its multicast groups. */

import type { AnyType, Infer } from '../schema/type.js'
import { bytes } from '../schema/types/text.js'
import { checkProtocol } from '../schema/validate.js'
import { doneBody, errorBody } from './control.js'
import { control, type Operation } from './nlmsghdr.js'

/** One message type. */
export interface MessageDefinition<T extends AnyType = AnyType> {
  /** nlmsg_type. */
  readonly number: number
  /** What it does, which decides what its flags mean. */
  readonly operation: Operation
  /** What comes after the header. */
  readonly body: T
  /** The multicast groups, by name, to which the kernel sends it. Events are narrowed by it. */
  readonly groups?: readonly string[]
}

/** A message type together with its name. */
export interface NamedMessage extends MessageDefinition {
  readonly name: string
}

export type Messages = Readonly<Record<string, MessageDefinition>>

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
  /** The message type with a number or a name; control messages belong to every family. */
  find(numberOrName: number | string): NamedMessage | undefined
}

/** The body of a message type of a family: `BodyOf<typeof route, 'RTM_NEWLINK'>`. */
export type BodyOf<F extends Protocol, T extends string> = F['messages'] extends infer M
  ? T extends keyof M
    ? M[T] extends MessageDefinition<infer B>
      ? Infer<B>
      : never
    : never
  : never

/** The type of the messages that answer a GET: `RTM_NEWLINK` for `RTM_GETLINK`. */
export type AnswerTo<T extends string> = T extends `${infer A}_GET${infer B}` ? `${A}_NEW${B}` : T

const controlMessages: Messages = {
  NLMSG_NOOP: { number: control.NLMSG_NOOP, operation: 'control', body: bytes },
  NLMSG_ERROR: { number: control.NLMSG_ERROR, operation: 'control', body: errorBody },
  NLMSG_DONE: { number: control.NLMSG_DONE, operation: 'control', body: doneBody },
  NLMSG_OVERRUN: { number: control.NLMSG_OVERRUN, operation: 'control', body: bytes },
}

/**
 * Makes a family.
 * @example
 * const route = defineProtocol('route', 0, { RTM_NEWLINK: { number: 16, operation: 'new', body: linkMessage } }, { link: 1 })
 */
export function defineProtocol<const M extends Messages, const G extends Readonly<Record<string, number>>>(
  name: string,
  protocol: number,
  messages: M,
  groups: G,
): Protocol<M, G> {
  checkProtocol({ name, messages, groups })
  const byName = new Map<string, NamedMessage>()
  const byNumber = new Map<number, NamedMessage>()
  for (const [key, definition] of [...Object.entries(controlMessages), ...Object.entries(messages)]) {
    const named = { name: key, ...definition }
    if (byNumber.has(named.number))
      throw new Error(`protocol ${name}: ${key} and ${byNumber.get(named.number)!.name} have the same number`)
    if (byName.has(key)) throw new Error(`protocol ${name}: ${key} is a control message of every protocol`)
    byName.set(key, named)
    byNumber.set(named.number, named)
  }
  const find = (key: number | string) => (typeof key === 'number' ? byNumber.get(key) : byName.get(key))
  return Object.freeze({ name, protocol, messages, groups, find })
}

/** A family that knows only the control messages: for bytes of a protocol that nobody described. */
export const unknownProtocol: Protocol = defineProtocol('unknown', -1, {}, {})
