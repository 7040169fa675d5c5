/** struct nlmsghdr (linux/netlink.h): the sixteen bytes before every message. */
import type { Reader, Writer } from '../bytes/bytes.js'
import { type Field, leafField } from '../schema/field.js'
import { Malformed, type Type } from '../schema/type.js'
import { type FlagsValue, flagsOf, type Named } from '../schema/types/enum.js'
import { u16 } from '../schema/types/integer.js'

/** The size of struct nlmsghdr. */
export const HEADER = 16

/** Where an NLMSG_ERROR has the request, or its header: after its own header and the errno. */
export const ECHOED = HEADER + 4

/** The message types below NLMSG_MIN_TYPE, which every family has. */
export const control = { NLMSG_NOOP: 1, NLMSG_ERROR: 2, NLMSG_DONE: 3, NLMSG_OVERRUN: 4 } as const

const always = { request: 0x1, multi: 0x2, ack: 0x4, echo: 0x8, dumpIntr: 0x10, dumpFiltered: 0x20 } as const
const get = { ...always, dump: 0x300, root: 0x100, match: 0x200, atomic: 0x400 } as const
const make = { ...always, replace: 0x100, excl: 0x200, create: 0x400, append: 0x800 } as const
const del = { ...always, nonrec: 0x100, bulk: 0x200 } as const
const answer = { ...always, capped: 0x100, ackTlvs: 0x200 } as const

/** NLM_F_* by what the message does: the upper bits mean one thing for a GET and another for a NEW. */
export const messageFlags = {
  get: flagsOf(u16, get),
  new: flagsOf(u16, make),
  set: flagsOf(u16, make),
  del: flagsOf(u16, del),
  control: flagsOf(u16, answer),
  other: flagsOf(u16, always),
} as const

/** What a message does, which decides the names of its flags. */
export type Operation = keyof typeof messageFlags

type NamesOf<T> = T extends Named<FlagsValue<infer N>, infer N> ? keyof N : never
/** The names of the flags of all messages; a number stands for bits without a name. */
export type MessageFlag = NamesOf<(typeof messageFlags)[Operation]> | (number & {})

/** NLM_F_* as numbers, for code that tests bits. */
export const NLM_F = {
  REQUEST: always.request,
  MULTI: always.multi,
  ACK: always.ack,
  ECHO: always.echo,
  DUMP_INTR: always.dumpIntr,
  DUMP: get.dump,
  EXCL: make.excl,
  REPLACE: make.replace,
  CREATE: make.create,
  APPEND: make.append,
  CAPPED: answer.capped,
  ACK_TLVS: answer.ackTlvs,
} as const

/** The length of the message that begins at `at`, header included. @throws Malformed when it cannot be right. */
export function messageLength(r: Reader, at: number, end: number): number {
  if (end - at < HEADER) throw new Malformed(at, `a message needs ${HEADER} bytes for its header, ${end - at} are left`)
  const length = lengthAt(r, at)
  if (length < HEADER)
    throw new Malformed(at, `the message's length is ${length}, less than its header of ${HEADER} bytes`)
  if (length > end - at) throw new Malformed(at, `the message's length is ${length}, but ${end - at} bytes are left`)
  return length
}

/** The members of a header, read one by one where they are needed: no object is made on the fast path. */
export const lengthAt = (r: Reader, at: number): number => r.view.getUint32(at, r.little)
export const typeAt = (r: Reader, at: number): number => r.view.getUint16(at + 4, r.little)
export const flagsAt = (r: Reader, at: number): number => r.view.getUint16(at + 6, r.little)
export const seqAt = (r: Reader, at: number): number => r.view.getUint32(at + 8, r.little)
export const portAt = (r: Reader, at: number): number => r.view.getUint32(at + 12, r.little)

/** What a message type is called that no definition names: by the member of struct nlmsghdr that has its number. */
export const unnamedType = (type: number | string): string => `nlmsg_type ${type}`

/** Changes members of a header that is there. */
export const putLength = (r: Reader, at: number, length: number): void => r.view.setUint32(at, length, r.little)
export const putType = (r: Reader, at: number, type: number): void => r.view.setUint16(at + 4, type, r.little)
export const putFlags = (r: Reader, at: number, flags: number): void => r.view.setUint16(at + 6, flags, r.little)
export const putSeq = (r: Reader, at: number, seq: number): void => r.view.setUint32(at + 8, seq, r.little)
export const putPort = (r: Reader, at: number, port: number): void => r.view.setUint32(at + 12, port, r.little)

/** Begins a message; `endMessage` fills in its length. Returns where it begins. */
export function beginMessage(w: Writer, type: number, flags: number, seq: number, port: number): number {
  const at = w.take(HEADER)
  putHeader(w, at, 0, type, flags, seq, port)
  return at
}

/** Writes a header where room was taken for it. */
export function putHeader(
  w: Writer,
  at: number,
  length: number,
  type: number,
  flags: number,
  seq: number,
  port: number,
): void {
  w.view.setUint32(at, length, w.little)
  w.view.setUint16(at + 4, type, w.little)
  w.view.setUint16(at + 6, flags, w.little)
  w.view.setUint32(at + 8, seq, w.little)
  w.view.setUint32(at + 12, port, w.little)
}

export function endMessage(w: Writer, at: number): void {
  w.view.setUint32(at, w.length - at, w.little)
  w.align()
}

/** The header as one field, with a line that says all of it. */
export function dissectHeader(r: Reader, at: number, typeName: string, operation: Operation): Field {
  const length = lengthAt(r, at)
  const field = leafField('nlmsghdr', '', at, HEADER)
  const names: Type<readonly (string | number)[]> = messageFlags[operation]
  const flags = names.read(r, at + 6, at + 8, undefined).join('|') || 'no flags'
  const port = portAt(r, at)
  field.text = `length ${length}, ${typeName}, ${flags}, seq ${seqAt(r, at)}${port === 0 ? '' : `, port ${port}`}`
  field.struct = 'nlmsghdr'
  return field
}
