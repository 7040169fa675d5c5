/** NLMSG_ERROR and NLMSG_DONE, with the extended ack (enum nlmsgerr_attrs and netlink_policy_type_attr, linux/netlink.h). */
import { align4, type Reader, type Writer } from '../bytes/bytes.js'
import { type Errno, errnoName, errnoNumber } from '../errno.js'
import { attributes } from '../schema/define.js'
import { type Field, leafField } from '../schema/field.js'
import { type Expected, type Infer, type Issue, issueOf, join, type Type, Unwritable } from '../schema/type.js'
import { enumOf } from '../schema/types/enum.js'
import { s64, u32, u64 } from '../schema/types/integer.js'
import { bytes, nulString } from '../schema/types/text.js'
import {
  ECHOED,
  flagsAt,
  HEADER,
  lengthAt,
  messageFlags,
  NLM_F,
  portAt,
  putHeader,
  seqAt,
  typeAt,
  unnamedType,
} from './nlmsghdr.js'

const policyTypes = {
  ...{ invalid: 0, flag: 1, u8: 2, u16: 3, u32: 4, u64: 5, s8: 6, s16: 7, s32: 8, s64: 9, binary: 10, string: 11 },
  ...{ nulString: 12, nested: 13, nestedArray: 14, bitfield32: 15, sint: 16, uint: 17 },
} as const

/** What the kernel would have accepted: NL_POLICY_TYPE_ATTR_*. */
export const policy = attributes(
  'NL_POLICY_TYPE_ATTR',
  {
    type: [1, enumOf(u32, policyTypes, 'NL_ATTR_TYPE')],
    minValueS: [2, s64],
    maxValueS: [3, s64],
    minValueU: [4, u64],
    maxValueU: [5, u64],
    minLength: [6, u32],
    maxLength: [7, u32],
    policyIdx: [8, u32],
    policyMaxtype: [9, u32],
    bitfield32Mask: [10, u32],
    pad: [11, bytes],
    mask: [12, u64],
  },
  { nestedBit: true },
)

/** The extended ack: NLMSGERR_ATTR_*. */
export const extendedAck = attributes(
  'NLMSGERR_ATTR',
  {
    /** What the kernel says, in its own words (MSG). */
    message: [1, nulString()],
    /** Which byte of the request it blames, from the beginning of the request's header (OFFS). */
    offset: [2, u32],
    /** What the subsystem tells about a success: for a new object, say, its number (COOKIE). */
    cookie: [3, bytes],
    /** What would be accepted at the offset (POLICY). */
    policy: [4, policy],
    /** The number of the attribute that is missing (MISS_TYPE). */
    missType: [5, u32],
    /** Where the nest is in which it is missing; left out when that is the message itself (MISS_NEST). */
    missNest: [6, u32],
  },
  { constants: { others: { message: 'NLMSGERR_ATTR_MSG', offset: 'NLMSGERR_ATTR_OFFS' } } },
)

export type ExtendedAck = Infer<typeof extendedAck>
export type Policy = Infer<typeof policy>

/** The header of the request that an answer is about. */
export interface RequestHeader {
  length: number
  type: number
  flags: number
  seq: number
  pid: number
}

/** The body of NLMSG_ERROR: `error` is the errno's name, or null for an ack. */
export interface ErrorBody extends ExtendedAck {
  error: Errno | `${number}` | null
  request: RequestHeader
  /** The request's payload, where the kernel echoes all of it. */
  payload?: Uint8Array
}

/** The body of NLMSG_DONE: `error` is null, or the errno with which a dump ended. Older kernels send none. */
export interface DoneBody extends ExtendedAck {
  error?: Errno | `${number}` | null
}

const headerNames = ['length', 'type', 'flags', 'seq', 'pid']

const errorOf = (number: number) => (number === 0 ? null : errnoName(number))

/** Where the extended ack of an NLMSG_ERROR begins, `end` when there is none. `at` is the message's first byte. */
export function extendedAckAt(r: Reader, at: number, end: number): number {
  const flags = flagsAt(r, at)
  if (!(flags & NLM_F.ACK_TLVS)) return end
  const echoed = flags & NLM_F.CAPPED ? HEADER : Math.max(HEADER, lengthAt(r, at + ECHOED))
  return Math.min(end, at + align4(ECHOED + Math.min(echoed, end - at)))
}

/** The errno of an NLMSG_ERROR or NLMSG_DONE, positive, 0 for none. `at` is the message's first byte. */
export const errnoAt = (r: Reader, at: number, end: number): number =>
  end - at < HEADER + 4 ? 0 : Math.abs(r.view.getInt32(at + HEADER, r.little))

/** The body of NLMSG_ERROR. It is read with its own header before it, since that says where the extended ack is. */
export const errorBody: Type<ErrorBody> = Object.freeze({
  kind: 'object',
  name: 'nlmsgerr',
  minimum: 4 + HEADER,
  read(r: Reader, at: number, end: number): ErrorBody {
    const tlvs = extendedAckAt(r, at - HEADER, end)
    const echoed = at + 4
    const payload = Math.min(echoed + Math.max(HEADER, lengthAt(r, echoed)), tlvs)
    return {
      error: errorOf(r.view.getInt32(at, r.little)),
      request: {
        length: lengthAt(r, echoed),
        type: typeAt(r, echoed),
        flags: flagsAt(r, echoed),
        seq: seqAt(r, echoed),
        pid: portAt(r, echoed),
      },
      ...(!(flagsAt(r, at - HEADER) & NLM_F.CAPPED) && payload > echoed + HEADER
        ? { payload: bytes.read(r, echoed + HEADER, payload, undefined) }
        : {}),
      ...extendedAck.read(r, tlvs, end),
    }
  },
  write(w: Writer, { error, request, payload, ...ack }: ErrorBody) {
    writeErrno(w, error)
    const at = w.take(HEADER)
    putHeader(w, at, request.length, request.type, request.flags, request.seq, request.pid)
    if (payload) w.put(payload)
    w.align()
    extendedAck.write(w, ack)
  },
  check(value: unknown, path: string, issues: Issue[]) {
    const { error, request, payload, ...ack } = (value ?? {}) as Partial<ErrorBody>
    checkErrno(error, path, issues)
    if (typeof request !== 'object')
      issues.push(issueOf(join(path, 'request'), request, { kind: 'object', names: headerNames }))
    if (payload !== undefined) bytes.check(payload, join(path, 'payload'), issues, undefined)
    extendedAck.check(ack, path, issues)
  },
  dissect(r: Reader, at: number, end: number, field: Field) {
    const tlvs = extendedAckAt(r, at - HEADER, end)
    const children = [errnoField(r, at)]
    const echoed = leafField('request', join(field.path, 'request'), at + 4, HEADER)
    const flags = messageFlags.other.show(messageFlags.other.read(r, at + 10, at + 12, undefined))
    echoed.text = `length ${r.view.getUint32(at + 4, r.little)}, ${unnamedType(typeAt(r, at + 4))}, ${flags}, seq ${seqAt(r, at + 4)}`
    children.push(echoed)
    const rest = at + 4 + HEADER
    if (tlvs > rest) {
      const payload = leafField('payload', join(field.path, 'payload'), rest, tlvs - rest)
      payload.text = "the request's payload"
      children.push(payload)
    }
    field.children = [...children, ...tlvFields(r, tlvs, end, field)]
  },
  describe: () => ({ type: 'nlmsgerr', extendedAck: extendedAck.describe() }),
})

/** The body of NLMSG_DONE. */
export const doneBody: Type<DoneBody> = Object.freeze({
  kind: 'object',
  name: 'done',
  minimum: 0,
  read(r: Reader, at: number, end: number): DoneBody {
    if (end - at < 4) return {}
    const tlvs = flagsAt(r, at - HEADER) & NLM_F.ACK_TLVS ? extendedAck.read(r, at + 4, end) : {}
    return { error: errorOf(r.view.getInt32(at, r.little)), ...tlvs }
  },
  write(w: Writer, { error, ...ack }: DoneBody) {
    if (error !== undefined) writeErrno(w, error)
    extendedAck.write(w, ack)
  },
  check(value: unknown, path: string, issues: Issue[]) {
    const { error, ...ack } = (value ?? {}) as DoneBody
    if (error !== undefined) checkErrno(error, path, issues)
    extendedAck.check(ack, path, issues)
  },
  dissect(r: Reader, at: number, end: number, field: Field) {
    field.children = []
    if (end - at < 4) return
    const tlvs = flagsAt(r, at - HEADER) & NLM_F.ACK_TLVS ? at + 4 : end
    field.children = [errnoField(r, at), ...tlvFields(r, tlvs, end, field)]
  },
  describe: () => ({ type: 'done', extendedAck: extendedAck.describe() }),
})

function errnoField(r: Reader, at: number): Field {
  const number = r.view.getInt32(at, r.little)
  const field = leafField('error', 'error', at, 4)
  field.width = 4
  field.text = number === 0 ? '0 (ack)' : `${errnoName(number)} (${number})`
  return field
}

function tlvFields(r: Reader, at: number, end: number, parent: Field): Field[] {
  if (at >= end) return []
  const holder = leafField('', parent.path, at, end - at)
  extendedAck.dissect(r, at, end, holder)
  if (holder.problem) parent.problem = holder.problem
  return holder.children ?? []
}

function writeErrno(w: Writer, error: string | null): void {
  const number = error === null ? 0 : errnoNumber(error)
  if (number === undefined) throw new Unwritable()
  const at = w.take(4)
  w.view.setInt32(at, -number, w.little)
}

function checkErrno(error: unknown, path: string, issues: Issue[]): void {
  if (error === null || (typeof error === 'string' && errnoNumber(error) !== undefined)) return
  const expected: Expected = { kind: 'notation', what: 'the name of an errno, or null,', examples: ['EINVAL'] }
  issues.push(issueOf(join(path, 'error'), error, expected))
}
