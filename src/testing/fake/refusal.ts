/** The kernel's "no", made by hand: an NLMSG_ERROR with an extended ack, blaming an attribute by its path. */

import { Reader } from '../../netlink/bytes/bytes.js'
import { type AnyMessageInput, encode } from '../../netlink/codec/message.js'
import { dissect } from '../../netlink/dissect/message.js'
import { type Errno, errnoNumber } from '../../netlink/errno.js'
import { OptionError } from '../../netlink/errors.js'
import type { ExtendedAck, Policy } from '../../netlink/frame/control.js'
import { flagsAt, lengthAt, portAt, seqAt, typeAt } from '../../netlink/frame/nlmsghdr.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import {
  bytesOption,
  isRecord,
  isText,
  type OptionCheck,
  type OptionTable,
  unknownName,
} from '../../netlink/options.js'
import type { Field } from '../../netlink/schema/field.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'

/** What an extended ack says. */
export interface Warning {
  /** The kernel's own words. */
  readonly message?: string
  /** The attribute that it blames, by its path in the request: `linkinfo.data.mode`. */
  readonly blame?: string
  /** The attribute that it misses, by its path: `linkinfo.data.mode`. */
  readonly missing?: string
  /** What would be accepted. */
  readonly policy?: Policy
  /** What the subsystem adds. */
  readonly cookie?: Uint8Array
}

/** What they can be. */
export const warnings: OptionTable<Warning> = {
  message: isText,
  blame: isText,
  missing: isText,
  policy: isRecord,
  cookie: bytesOption,
}

/** That there is such an errno. @throws OptionError */
export const isErrno: OptionCheck = (name, value) => {
  if (typeof value !== 'string' || errnoNumber(value as Errno) === undefined)
    throw new OptionError(name, value, "an errno's name, such as EINVAL")
}

/** Why a request is refused. */
export interface Refusal extends Warning {
  readonly errno: Errno
}

/**
 * The NLMSG_ERROR that answers a request: an ack where there is no errno.
 * @param port the port of the asker's socket
 * @throws OptionError for a path that the request does not have, and for an errno without a number
 */
export function answerError(
  family: Protocol,
  byteOrder: ByteOrder,
  request: Uint8Array,
  port: number,
  { errno, ...remark }: Warning & { readonly errno?: Errno | null },
): Uint8Array {
  if (errno) isErrno('errno', errno)
  const r = new Reader(request, byteOrder)
  const ack = extendedAckFor(family, byteOrder, request, remark)
  const seq = seqAt(r, 0)
  const length = lengthAt(r, 0)
  const header = { length, type: typeAt(r, 0), flags: flagsAt(r, 0), seq, pid: portAt(r, 0) }
  const flags = Object.keys(ack).length > 0 ? ['capped', 'ackTlvs'] : ['capped']
  const body = { error: errno ?? null, request: header, ...ack }
  return encode(family, [{ type: 'NLMSG_ERROR', flags, seq, pid: port, body } as AnyMessageInput], { byteOrder })
}

function extendedAckFor(family: Protocol, byteOrder: ByteOrder, request: Uint8Array, remark: Warning): ExtendedAck {
  const { message, blame, missing, policy, cookie } = remark
  const fields = dissect(family, request, { byteOrder })
  return {
    ...(message === undefined ? {} : { message }),
    ...(blame === undefined ? {} : { offset: fieldOf(fields, blame, 'blame').offset }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(policy === undefined ? {} : { policy }),
    ...(missing === undefined ? {} : missingIn(fields, missing)),
  }
}

function missingIn(fields: readonly Field[], path: string): ExtendedAck {
  const dot = path.lastIndexOf('.')
  const nest = dot < 0 ? fields[0] : fieldOf(fields, path.slice(0, dot), 'missing')
  const missType = nest?.set?.attribute(path.slice(dot + 1))?.number
  const names = nest?.set?.list.map(({ name }) => name) ?? []
  if (missType === undefined)
    throw unknownName('missing', path, 'the path of an attribute that the request can have', names)
  return { missType, ...(dot < 0 ? {} : { missNest: nest!.offset }) }
}

/** The field at a path that an option gives, in which the kind of a selected nest may be left out. */
function fieldOf(fields: readonly Field[], path: string, option: string): Field {
  const plain = (text: string) => text.replace(/\([^)]*\)/g, '')
  const paths: string[] = []
  const find = (list: readonly Field[]): Field | undefined => {
    for (const field of list) {
      if (field.path !== '') paths.push(plain(field.path))
      if (field.path !== '' && plain(field.path) === plain(path)) return field
      const inside = find(field.children ?? [])
      if (inside) return inside
    }
    return undefined
  }
  const found = find(fields)
  if (!found) throw unknownName(option, path, 'the path of an attribute of the request', paths)
  return found
}
