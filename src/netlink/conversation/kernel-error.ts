/** "The kernel said no": an NLMSG_ERROR, or a dump that ended with an errno, explained through the request's definition. */

import { copyOf, type Reader } from '../bytes/bytes.js'
import { readBody } from '../codec/message.js'
import { type AnnotateOptions, annotate } from '../dissect/annotate.js'
import { dissect } from '../dissect/message.js'
import { type Errno, errnoName } from '../errno.js'
import { NetlinkError } from '../errors.js'
import { doneBody, type ExtendedAck, errnoAt, errorBody, type Policy } from '../frame/control.js'
import { control, HEADER, typeAt } from '../frame/nlmsghdr.js'
import type { Protocol } from '../frame/protocol.js'
import { type Field, fieldAt } from '../schema/field.js'
import { join, Malformed } from '../schema/type.js'
import { quote } from '../schema/types/text.js'
import type { ByteOrder } from '../transport/transport.js'

/** What a KernelError is made from. */
export interface KernelErrorParts {
  readonly family: Protocol
  readonly byteOrder: ByteOrder
  /** The request as it was sent, from its nlmsghdr on. */
  readonly request: Uint8Array
  readonly errno: number
  readonly ack: ExtendedAck
  /** What the request was made for, where that was something else: it begins the message. */
  readonly purpose?: string
  readonly cause?: KernelError
}

/**
 * The kernel refused a request. `errnoName` says why, `kernelMessage` is its own text where it gave one, and `path` is
 * the attribute that it blamed.
 * @example
 * RTM_NEWLINK: EINVAL "..." at linkinfo.data(ipvlan).mode (bytes 0x48-0x4d); expected u16 from 0 to 2
 */
export class KernelError extends NetlinkError {
  override readonly name = 'KernelError'
  readonly code = 'ERR_NETLINK_KERNEL'
  /** The type of the request: `RTM_NEWLINK`. */
  readonly type: string
  /** The errno, positive: 22. */
  readonly errno: number
  /** The errno's name: `EINVAL`; the number as text where it has none. */
  readonly errnoName: Errno | `${number}`
  /** The kernel's own text (NLMSGERR_ATTR_MSG). */
  readonly kernelMessage: string | undefined
  /** The attribute or header member that it blames (NLMSGERR_ATTR_OFFS): `linkinfo.data(ipvlan).mode`. */
  readonly path: string | undefined
  /** Where that is in `request`, and how long it is without padding. */
  readonly offset: number | undefined
  readonly length: number | undefined
  /** The attribute that is missing (NLMSGERR_ATTR_MISS_TYPE, MISS_NEST): `linkinfo.data(ipvlan).mode`. */
  readonly missing: string | undefined
  /** What would have been accepted there (NLMSGERR_ATTR_POLICY): `expected u16 from 0 to 2`. */
  readonly policy: string | undefined
  /** What the subsystem adds (NLMSGERR_ATTR_COOKIE). */
  readonly cookie: Uint8Array | undefined
  /** The request as it was sent. */
  readonly request: Uint8Array
  // Not members of their own: whoever prints or serializes the error would take all definitions along.
  readonly #family: Protocol
  readonly #byteOrder: ByteOrder
  readonly #ack: ExtendedAck

  constructor({ family, byteOrder, request, errno, ack, purpose, cause }: KernelErrorParts) {
    const fields = dissect(family, request, { byteOrder })
    const type = fields[0]?.name ?? 'request'
    const blamed = ack.offset === undefined ? undefined : fieldAt(fields, ack.offset)
    const missing = missingOf(fields, ack)
    const policy = ack.policy && policyText(ack.policy)
    const text = describe(type, errno, ack, blamed, missing, policy)
    super(purpose === undefined ? text : `${purpose} (${text})`, cause && { cause })
    this.type = type
    this.errno = errno
    this.errnoName = errnoName(errno)
    this.kernelMessage = ack.message
    this.path = blamed === undefined ? undefined : blamed.path || blamed.name
    this.offset = blamed?.offset ?? ack.offset
    this.length = blamed?.length
    this.missing = missing
    this.policy = policy
    this.cookie = ack.cookie
    this.request = copyOf(request)
    this.#family = family
    this.#byteOrder = byteOrder
    this.#ack = ack
  }

  /**
   * The same error of a request that was made for something else: the message begins with that. This one is its `cause`.
   * @internal
   */
  madeFor(purpose: string): KernelError {
    const { errno, request } = this
    return new KernelError({
      family: this.#family,
      byteOrder: this.#byteOrder,
      request,
      errno,
      ack: this.#ack,
      purpose,
      cause: this,
    })
  }

  /** The protocol of `request`: with it, and the byte order, it can be decoded and dissected. */
  get family(): Protocol {
    return this.#family
  }

  /** The byte order of `request`. */
  get byteOrder(): ByteOrder {
    return this.#byteOrder
  }

  /** What Node's console shows: the error, and the request as annotated hex with the blamed bytes marked. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this.stack ?? this.message}\n  the request:\n${this.annotated()
      .map((line) => `    ${line}`)
      .join('\n')}`
  }

  /** The request as annotated hex, line by line, with the blamed bytes marked. */
  annotated(options: Omit<AnnotateOptions, 'mark'> = {}): string[] {
    const fields = dissect(this.family, this.request, { byteOrder: this.byteOrder })
    if (this.offset === undefined) return annotate(this.request, fields, options)
    const note = [this.errnoName, this.kernelMessage, this.policy].filter(Boolean).join(': ')
    return annotate(this.request, fields, { ...options, mark: { offset: this.offset, length: this.length ?? 1, note } })
  }
}

function describe(
  type: string,
  errno: number,
  ack: ExtendedAck,
  blamed: Field | undefined,
  missing: string | undefined,
  policy: string | undefined,
): string {
  let text = `${type}: ${errnoName(errno)}`
  if (ack.message !== undefined) text += ` ${quote(ack.message)}`
  if (blamed)
    text += ` at ${blamed.path || blamed.name} (bytes ${hex(blamed.offset)}-${hex(blamed.offset + blamed.length - 1)})`
  else if (ack.offset !== undefined) text += ` at byte ${hex(ack.offset)}`
  if (missing !== undefined) text += `; ${missing} is missing`
  if (policy !== undefined) text += `; ${policy}`
  return text
}

const hex = (number: number) => `0x${number.toString(16)}`

/** The path of the attribute that is missing: the nest that should hold it, and its name there. */
function missingOf(fields: readonly Field[], { missType, missNest }: ExtendedAck): string | undefined {
  if (missType === undefined) return undefined
  const nest = missNest === undefined ? fields[0] : fieldAt(fields, missNest)
  return join(nest?.path ?? '', nest?.set?.attribute(missType)?.name ?? `attribute ${missType}`)
}

/** A policy as a sentence: `expected u16 from 0 to 2`. */
function policyText(policy: Policy): string {
  const { minLength, maxLength } = policy
  const [min, max] = [policy.minValueU ?? policy.minValueS, policy.maxValueU ?? policy.maxValueS]
  let text = `expected ${policy.type ?? 'another value'}`
  if (min !== undefined && max !== undefined) text += ` from ${min} to ${max}`
  else if (min !== undefined) text += ` of at least ${min}`
  else if (max !== undefined) text += ` of at most ${max}`
  if (minLength !== undefined && minLength === maxLength) text += ` of ${minLength} bytes`
  else if (minLength !== undefined && maxLength !== undefined) text += ` of ${minLength} to ${maxLength} bytes`
  else if (minLength !== undefined) text += ` of at least ${minLength} bytes`
  else if (maxLength !== undefined) text += ` of at most ${maxLength} bytes`
  const mask = policy.mask ?? policy.bitfield32Mask
  if (mask !== undefined) text += ` within the bits 0x${mask.toString(16)}`
  return text
}

/**
 * The error that an NLMSG_ERROR or NLMSG_DONE tells.
 * @param request the bytes of the request, kept by the error
 */
export function kernelErrorAt(
  family: Protocol,
  byteOrder: ByteOrder,
  request: Uint8Array,
  r: Reader,
  at: number,
  end: number,
): KernelError {
  let ack: ExtendedAck = {}
  try {
    ack = extendedAckOf(r, at, end)
  } catch (error) {
    // The errno is what counts: an explanation that cannot be read does not take it away.
    if (!(error instanceof Malformed)) throw error
  }
  return new KernelError({ family, byteOrder, request, errno: errnoAt(r, at, end), ack })
}

/** Whether an NLMSG_ERROR is long enough to say yes or no. @throws Malformed */
export function checkError(r: Reader, at: number, end: number): void {
  if (typeAt(r, at) !== control.NLMSG_ERROR || end - at >= HEADER + errorBody.minimum) return
  throw new Malformed(at + HEADER, `nlmsgerr needs ${errorBody.minimum} bytes, the message has ${end - at - HEADER}`)
}

/** The extended ack of an NLMSG_ERROR or NLMSG_DONE. @throws Malformed */
export const extendedAckOf = (r: Reader, at: number, end: number): ExtendedAck =>
  typeAt(r, at) === control.NLMSG_DONE ? readBody(r, at, end, doneBody) : readBody(r, at, end, errorBody)
