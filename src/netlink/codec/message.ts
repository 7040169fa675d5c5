/** Messages as plain values: decoding a datagram, and encoding messages into one. */

import { type ByteOrder, hostByteOrder } from '../bytes/byte-order.js'
import { align4, onlyZeros, Reader, Writer } from '../bytes/bytes.js'
import { dissect } from '../dissect/message.js'
import { DecodeError, EncodeError } from '../errors.js'
import type { DoneBody, ErrorBody } from '../frame/control.js'
import type { AllNames, MessageName, NameInAny, Only } from '../frame/narrowed.js'
import {
  beginMessage,
  endMessage,
  HEADER,
  type MessageFlag,
  messageFlags,
  messageLength,
  portAt,
  seqAt,
} from '../frame/nlmsghdr.js'
import { type BodyOf, messageAt, type Protocol } from '../frame/protocol.js'
import {
  bytesOption,
  checkOptions,
  isArray,
  isBoolean,
  isByteOrder,
  isProtocol,
  namesOption,
  type OptionTable,
} from '../options.js'
import { AttributeSet } from '../schema/attributes.js'
import { fatalProblem } from '../schema/field.js'
import { type AnyType, type Issue, Malformed, type Type } from '../schema/type.js'
import { checkMessage, checkWire, headerNumber } from './check-message.js'
import { type Wire, wireOf, writeWire } from './lossless.js'
import { checkBody, type MessageParts, refuseValue, writeBody } from './writing.js'

/** A message: the header's members and the body as a plain value. */
export interface Message<T extends string | number = string | number, B = unknown> {
  /** The C constant: `RTM_NEWLINK`; the number where the family has no such message. */
  type: T
  /** NLM_F_*, named by what the message does: `['request', 'ack', 'excl', 'create']`. */
  flags: readonly MessageFlag[]
  seq: number
  /** The port of the sender's socket (nlmsg_pid): 0 for the kernel. */
  pid: number
  body: B
  /** What the plain body cannot carry, where the canonical encoding would differ from the bytes (lossless only). */
  wire?: Wire
}

/** Every message that a family can give: narrow it by `type`. N are the names that are decoded. */
export type MessageOf<F extends Protocol, N = AllNames> =
  | { [K in MessageName<F>]: Message<K, Only<BodyOf<F, K>, N>> }[MessageName<F>]
  | Message<'NLMSG_ERROR', ErrorBody>
  | Message<'NLMSG_DONE', DoneBody>
  | Message<'NLMSG_NOOP' | 'NLMSG_OVERRUN' | number, Uint8Array>

/** How to decode. N are the names to choose from. */
export interface DecodeOptions<N extends string = string> {
  /** The byte order of the sender: the host's own by default. */
  readonly byteOrder?: ByteOrder
  /** Decode only these members and attributes of each body; the others are skipped, which is many times faster. */
  readonly only?: readonly N[] | undefined
  /** Give `wire` where plain values cannot carry all of the bytes. */
  readonly lossless?: boolean
}

const decoding: OptionTable<DecodeOptions> = { byteOrder: isByteOrder, only: namesOption, lossless: isBoolean }
const encoding: OptionTable<EncodeOptions> = { byteOrder: isByteOrder }
const defaults = Object.freeze({})

/**
 * As checkOptions, which costs a quarter of a short message: nearly always these alone are given, and are read here as
 * they are named.
 */
function checkUsual<T extends EncodeOptions>(whose: string, options: T, table: OptionTable<T>): void {
  if (typeof options === 'object' && options !== null) {
    const { byteOrder, only, lossless }: DecodeOptions = options
    if (only !== undefined) namesOption('only', only)
    let known = byteOrder === undefined || byteOrder === 'little' || byteOrder === 'big'
    if (lossless !== undefined && typeof lossless !== 'boolean') known = false
    const reads = 'only' in table
    for (const name in options)
      if (name !== 'byteOrder' && !(reads && (name === 'only' || name === 'lossless'))) known = false
    if (known) return
  }
  checkOptions(whose, options, table)
}

/**
 * Decodes all messages of a datagram (or of a recorded stream of aligned messages).
 * @param family the protocol that they belong to: `route` for rtnetlink
 * @throws DecodeError with the path and the byte, for anything that does not fit, and nothing else whatever the bytes are;
 * OptionError for an option that can not be, or bytes that are no Uint8Array
 * @example decode(route, bytes)[0].body.linkinfo.data.mode // 'l3'
 */
export function decode<F extends Protocol = Protocol, const N extends NameInAny<F> = AllNames>(
  family: F,
  bytes: Uint8Array,
  options: DecodeOptions<N> = defaults,
): MessageOf<F, N>[] {
  isProtocol('family', family)
  if (!(bytes instanceof Uint8Array)) bytesOption('bytes', bytes)
  if (options !== defaults) checkUsual('decode', options, decoding)
  const { byteOrder = hostByteOrder } = options
  const r = new Reader(bytes, byteOrder)
  const messages: Message[] = []
  let at = 0
  try {
    while (at < bytes.length && !onlyZeros(bytes, at)) {
      const length = messageLength(r, at, bytes.length)
      const { name, operation, body } = messageAt(family, r, at, at + length)
      const value = readBody(r, at, at + length, options.only ? pick(body, options.only) : body)
      const flags: Type<readonly MessageFlag[]> = messageFlags[operation]
      const message: Message = {
        type: name,
        flags: flags.read(r, at + 6, at + 8, undefined),
        seq: seqAt(r, at),
        pid: portAt(r, at),
        body: value,
      }
      if (options.lossless && !options.only) {
        const wire = wireOf(body, r, at, length, value)
        if (wire) message.wire = wire
      }
      messages.push(message)
      at += align4(length)
    }
  } catch (error) {
    throw decodeError(family, bytes, byteOrder, at, error)
  }
  return messages as MessageOf<F, N>[]
}

/** Reads the body of a message; `end` is where the message ends. */
export function readBody<T>(r: Reader, at: number, end: number, body: Type<T>): T {
  r.begin()
  if (end - at - HEADER < body.minimum)
    throw new Malformed(at + HEADER, `${body.name} needs ${body.minimum} bytes, the message has ${end - at - HEADER}`)
  return body.read(r, at + HEADER, end, undefined)
}

/** The same body with only some of its names. Control messages are always whole. */
export const pick = (body: AnyType, only: readonly string[]): AnyType =>
  body instanceof AttributeSet ? body.pick(only) : body

/** Makes the DecodeError of what went wrong in the fast walk: a second walk, the dissector's, finds the path. */
export function decodeError(
  family: Protocol,
  bytes: Uint8Array,
  byteOrder: ByteOrder,
  at: number,
  error: unknown,
): unknown {
  if (!(error instanceof Malformed)) return error
  const r = new Reader(bytes, byteOrder)
  const known = bytes.length - at >= HEADER ? String(messageAt(family, r, at, bytes.length).name) : undefined
  const [message] = dissect(family, bytes.subarray(at), { byteOrder })
  const problem = message && fatalProblem(message)
  const [reason, offset] = problem ? [problem.problem!, at + problem.offset] : [error.message, error.at]
  return new DecodeError(reason, { type: known, path: problem?.path ?? '', offset, bytes })
}

/** How to encode. */
export interface EncodeOptions {
  /** The byte order of the receiver: the host's own by default. */
  readonly byteOrder?: ByteOrder
}

/** What encode takes: a message of which all but type and body may be left out. */
export type MessageInput<F extends Protocol> = F extends unknown
  ? {
      [K in keyof F['messages'] & string]: Partial<Message<K, BodyOf<F, K>>> & { type: K; body: BodyOf<F, K> }
    }[keyof F['messages'] & string]
  : never

/** A message of any family, as encode takes it when the types are not known. */
export type AnyMessageInput = Partial<Message> & { type: string | number; body: unknown }

/**
 * Encodes messages into one datagram, each padded to four bytes.
 * @throws EncodeError with every path that is wrong, what was given and what would be accepted; OptionError
 * @example encode(route, [{ type: 'RTM_GETLINK', flags: ['request'], seq: 1, body: { ifiIndex: 2 } }])
 */
export function encode<F extends Protocol>(
  family: F,
  messages: readonly (MessageInput<F> | MessageOf<F> | AnyMessageInput)[],
  options: EncodeOptions = defaults,
): Uint8Array {
  isProtocol('family', family)
  isArray('messages', messages)
  if (options !== defaults) checkUsual('encode', options, encoding)
  const { byteOrder = hostByteOrder } = options
  // One buffer for all calls: a new one for each would cost as much as the rest. A value with a getter that encodes
  // finds it taken.
  const w = spare && byteOrder === hostByteOrder ? spare : new Writer(byteOrder)
  if (w === spare) spare = undefined
  w.length = 0
  try {
    writeAll(w, family, messages as readonly AnyMessageInput[])
    return w.copy()
  } finally {
    if (byteOrder === hostByteOrder && w.bytes.length <= LARGEST_SPARE) spare = w
  }
}

const LARGEST_SPARE = 65536
const none: readonly MessageFlag[] = Object.freeze([])
let spare: Writer | undefined

function writeAll(w: Writer, family: Protocol, messages: readonly AnyMessageInput[]): void {
  for (const message of messages) {
    if (typeof message !== 'object' || message === null) checkMessage(message)
    const definition = definitionOf(family, message.type)
    const { name } = definition
    const names: Type<readonly MessageFlag[]> = messageFlags[definition.operation]
    const at = beginMessage(
      w,
      definition.number,
      0,
      headerNumber(name, 'seq', message.seq),
      headerNumber(name, 'pid', message.pid),
    )
    const flags = message.flags ?? none
    if (!names.put!(w, at + 6, flags)) refuseValue(name, names, flags, 'flags')
    if (message.wire !== undefined) {
      checkWire(name, message.wire)
      writeWire(w, at, definition, message.body, message.wire)
    } else {
      writeBody(w, definition, message.body)
      endMessage(w, at)
    }
  }
}

function definitionOf(family: Protocol, type: string | number): MessageParts {
  const found = family.find(type)
  if (found) return found
  const number = typeof type === 'number' || (typeof type === 'string' && type !== '') ? Number(type) : Number.NaN
  if (Number.isInteger(number) && number >= 0 && number <= 0xffff)
    return { name: String(type), number, operation: 'other', body: family.fallback, discriminator: undefined }
  const issue = {
    path: 'type',
    value: type,
    message: `expected a message type of the family ${family.name}, or a number`,
  }
  throw new EncodeError(String(type), [issue])
}

/**
 * Checks a body before a byte is sent.
 * @returns every issue with its path; an empty list when the body can be encoded
 * @example check(route, 'RTM_NEWLINK', { ifname: 'a/b' }) // [{ path: 'ifname', ... }]
 */
export function check(family: Protocol, type: string, body: unknown): Issue[] {
  isProtocol('family', family)
  const issues: Issue[] = []
  checkBody(definitionOf(family, type), body, issues)
  return issues
}
