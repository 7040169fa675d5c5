/** What a fake kernel's function returns, and the datagrams that it makes. */

import { type AnyMessageInput, encode } from '../../netlink/codec/message.js'
import type { Errno } from '../../netlink/errno.js'
import { NLM_F } from '../../netlink/frame/nlmsghdr.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import { checkOptions, integerFrom, isArray, isBoolean, type OptionTable } from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { answerError, isErrno, type Warning, warnings } from './refusal.js'

/** How a list is dumped. */
export interface ListOptions {
  /** Whether it changed while it was read (NLM_F_DUMP_INTR). */
  readonly interrupted?: boolean
  /** How many objects go into a datagram. Default 16. */
  readonly each?: number
  /** The errno with which the dump ends. */
  readonly errno?: Errno
}

/** What they can be. */
const listOptions: OptionTable<ListOptions> = { interrupted: isBoolean, each: integerFrom(1), errno: isErrno }

/** What a special answer says. */
export type SpecialAnswer =
  | { readonly kind: 'error'; readonly errno: Errno | null; readonly remark: Warning }
  | { readonly kind: 'list'; readonly items: readonly unknown[]; readonly options: ListOptions }
  | { readonly kind: 'silence' }

/** An answer that is more than an object: made by `refuse`, `ack`, `list`, or `silence`. */
export class Special<B = never> {
  /** Only for the compiler: what objects it holds. */
  declare readonly of: B
  readonly what: SpecialAnswer
  constructor(what: SpecialAnswer) {
    this.what = what
  }
}

/**
 * What a function answers: an object, a list of them (for a dump all of it, in parts), nothing at all for a change that
 * is done, or something special.
 */
export type FakeAnswer<B> = B | readonly B[] | Special<B> | Special | undefined

/**
 * The kernel says no.
 * @example refuse('EINVAL', { message: 'no such mode', blame: 'linkinfo.data.mode' })
 */
export function refuse(errno: Errno, remark: Warning = {}): Special {
  isErrno('errno', errno)
  checkOptions('refuse', remark, warnings)
  return new Special({ kind: 'error', errno, remark })
}

/**
 * The kernel says yes, and remarks something.
 * @example ack({ message: 'this is deprecated' })
 */
export function ack(remark: Warning = {}): Special {
  checkOptions('ack', remark, warnings)
  return new Special({ kind: 'error', errno: null, remark })
}

/**
 * A list that is dumped in another way than an array is.
 * @example list(links, { interrupted: true, each: 1 })
 */
export function list<B>(items: readonly B[], options: ListOptions = {}): Special<B> {
  isArray('items', items)
  checkOptions('list', options, listOptions)
  return new Special<B>({ kind: 'list', items, options })
}

/** No answer: the client waits until its time is over. */
export const silence: Special = new Special({ kind: 'silence' })

/** What the answer is for. */
export interface Asked {
  readonly family: Protocol
  readonly byteOrder: ByteOrder
  readonly type: string
  readonly bytes: Uint8Array
  readonly bits: number
  readonly seq: number
  readonly port: number
}

/** The datagrams of an answer. @throws Error when a GET has none; OptionError, EncodeError for what cannot be said */
export function answerDatagrams(asked: Asked, answer: unknown): Uint8Array[] {
  const { family, byteOrder, bits, type } = asked
  const no = (errno: Errno | null, remark: Warning) =>
    answerError(family, byteOrder, asked.bytes, asked.port, { errno, ...remark })
  const what = answer instanceof Special ? answer.what : undefined
  if (what?.kind === 'silence') return []
  if (what?.kind === 'error') return [no(what.errno, what.remark)]
  const items = what?.kind === 'list' ? what.items : asList(answer)
  if ((bits & NLM_F.DUMP) === NLM_F.DUMP && family.find(type)?.operation === 'get')
    return dump(asked, items, what?.kind === 'list' ? what.options : {})
  const acked = (bits & NLM_F.ACK) !== 0
  if (items.length === 0 && !acked)
    throw new Error(`the fake kernel has no answer to ${type}: return an object, refuse('ENODEV') or silence`)
  const messages = items.map((body) => encoded(asked, [{ type: answerTo(asked), body }]))
  return acked ? [...messages, no(null, {})] : messages
}

const asList = (answer: unknown): readonly unknown[] =>
  answer === undefined ? [] : Array.isArray(answer) ? answer : [answer]

const answerTo = ({ family, type }: Asked) => family.find(type)?.answer ?? type

function encoded({ family, byteOrder, seq, port }: Asked, messages: readonly AnyMessageInput[]): Uint8Array {
  return encode(
    family,
    messages.map((message) => ({ ...message, seq, pid: port })),
    { byteOrder },
  )
}

function dump(asked: Asked, items: readonly unknown[], { interrupted, each = 16, errno }: ListOptions): Uint8Array[] {
  const flags = interrupted ? (['multi', 'dumpIntr'] as const) : (['multi'] as const)
  const datagrams: Uint8Array[] = []
  for (let at = 0; at < items.length; at += each) {
    const part = items.slice(at, at + each)
    datagrams.push(
      encoded(
        asked,
        part.map((body) => ({ type: answerTo(asked), flags, body })),
      ),
    )
  }
  return [...datagrams, encoded(asked, [{ type: 'NLMSG_DONE', flags, body: { error: errno ?? null } }])]
}
