/** How the messages of a protocol are defined. */
import type { AnyType } from '../schema/type.js'
import type { Operation } from './nlmsghdr.js'

/** Which way a message goes: requests have NLM_F_REQUEST, answers and events never do. */
export type MessageDirection = 'request' | 'response'

/** One message type. */
export interface MessageDefinition<T extends AnyType = AnyType> {
  /** nlmsg_type. */
  readonly number: number
  /** What it does, which decides what its flags mean. */
  readonly operation: Operation
  /** What comes after the header. */
  readonly body: T
  /**
   * What one member of the body's header must hold, where nlmsg_type alone does not say which message it is: the command
   * of generic netlink, the address family of sock_diag. It is filled in when a message is encoded.
   * @example { cmd: 3 }
   */
  readonly where?: Readonly<Record<string, number>> | undefined
  /** The direction that it is for, where a request and its answer have the same numbers. Default: both. */
  readonly direction?: MessageDirection | undefined
  /** The name of the message that answers a GET. Default: one of the same name. */
  readonly answer?: string | undefined
  /** For what tells of something new: the name of the message that tells that it is gone. */
  readonly deletion?: string | undefined
  /** The multicast groups, by name, to which the kernel sends it. Events are narrowed by it. */
  readonly groups?: readonly string[] | undefined
}

export type Messages = Readonly<Record<string, MessageDefinition>>

/** The member of the body's header that tells messages of one nlmsg_type apart. */
export interface Discriminator {
  readonly member: string
  readonly value: number
  /** Where it is in the body. */
  readonly offset: number
}

/** A message type together with its name. */
export interface NamedMessage extends MessageDefinition {
  readonly name: string
  /** Whether nlmsg_type alone says that it is this message. */
  readonly unique: boolean
  /** `where`, and where that is in the body. */
  readonly discriminator: Discriminator | undefined
}

/**
 * Finds out where the member of `where` is.
 * @param name the message, for errors
 * @throws Error when the body's header has no such member, or that is no integer of one byte
 */
export function discriminatorOf(name: string, { where, body }: MessageDefinition): Discriminator | undefined {
  if (where === undefined) return undefined
  const [entry, ...more] = Object.entries(where)
  if (entry === undefined || more.length > 0) throw new Error(`${name}: where needs exactly one member`)
  const [member, value] = entry
  let offset = 0
  for (const [key, { size, scalar }] of Object.entries(body.members ?? {})) {
    if (key === member) {
      if (scalar !== 1) break
      if (!Number.isInteger(value) || value < 0 || value > 0xff)
        throw new Error(`${name}: where.${member} is ${value}: expected an integer from 0 to 255`)
      return { member, value, offset }
    }
    offset += size!
  }
  throw new Error(`${name}: where.${member}: expected a member of one byte in the header of ${body.name}`)
}
