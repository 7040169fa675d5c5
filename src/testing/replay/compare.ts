/** Two requests compared by meaning, path by path. */

import { toHex } from '../../netlink/bytes/bytes.js'
import { equal, isObject } from '../../netlink/bytes/equal.js'
import { decode, type Message } from '../../netlink/codec/message.js'
import { DecodeError, OptionError } from '../../netlink/errors.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import {
  bytesOption,
  checkOptions,
  isBoolean,
  isByteOrder,
  isProtocol,
  namesOption,
  type OptionTable,
} from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { renumbered } from '../recording/headers.js'

/** Where two requests differ. `undefined`: it is not there. */
export interface Difference {
  /** `linkinfo.data.mode`, `flags`, `type`; with `[1].` before it in the second message of a datagram. */
  readonly path: string
  readonly expected: unknown
  readonly sent: unknown
}

/** How to compare. */
export interface CompareOptions {
  /** Members of bodies that need not be the same, by name or path. */
  readonly ignore?: readonly string[]
  /** Whether the bytes must be the same: the order of attributes, their padding and their nested bits. */
  readonly exact?: boolean
}

/** What they can be. */
export const compareOptions: OptionTable<CompareOptions> = { ignore: namesOption, exact: isBoolean }

/**
 * What differs between two datagrams, sequence numbers and ports apart. The order of attributes makes no difference,
 * unless `exact`.
 * @returns nothing where they mean the same
 */
export function differences(
  family: Protocol,
  byteOrder: ByteOrder,
  expected: Uint8Array,
  sent: Uint8Array,
  options: CompareOptions = {},
): Difference[] {
  isProtocol('family', family)
  isByteOrder('byteOrder', byteOrder)
  bytesOption('expected', expected)
  bytesOption('sent', sent)
  checkOptions('differences', options, compareOptions)
  const { ignore = [], exact = false } = options
  const [left, right] = [plain(expected, byteOrder), plain(sent, byteOrder)]
  const same = equal(left, right)
  if (same) return []
  const bytes = [{ path: 'bytes', expected: left, sent: right }]
  const [theirs, ours] = [messagesOf(family, byteOrder, expected), messagesOf(family, byteOrder, sent)]
  // What cannot be decoded has no meaning but its bytes.
  if (!theirs || !ours) return bytes
  const found = new Finder(exact ? [] : ignore)
  found.compare('', unwrapped(theirs), unwrapped(ours))
  return found.list.length === 0 && exact ? [...orders('', unwrapped(theirs), unwrapped(ours)), ...bytes] : found.list
}

/**
 * What differs between plain messages, as decode gives them. With `partial` only what is expected is looked at: other
 * members, and other names in a list of names, make no difference.
 */
export function messageDifferences(
  expected: readonly object[],
  actual: readonly object[],
  { partial = false }: { readonly partial?: boolean } = {},
): Difference[] {
  const found = new Finder([], partial)
  if (expected.length === 1 && (actual.length === 1 || partial)) found.compare('', expected[0], actual[0])
  else found.compare('', expected, actual)
  return found.list
}

const plain = (bytes: Uint8Array, byteOrder: ByteOrder) => renumbered(bytes, byteOrder, () => ({ seq: 0, port: 0 }))

function messagesOf(family: Protocol, byteOrder: ByteOrder, bytes: Uint8Array): object[] | undefined {
  try {
    const messages = decode(family, bytes, { byteOrder }) as Message[]
    return messages.map(({ type, flags, body }) => ({ type, flags: [...flags].sort(), body }))
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** Nearly always there is one message, and its paths are then those of its body. */
const unwrapped = (messages: object[]): unknown => (messages.length === 1 ? messages[0] : messages)

/** The path of a member; a message's body is not named in it. */
function below(path: string, name: string): string {
  if (name === 'body' && (path === '' || path.endsWith(']'))) return path
  return path === '' ? name : `${path}.${name}`
}

class Finder {
  readonly list: Difference[] = []
  readonly #ignore: readonly string[]
  readonly #partial: boolean
  constructor(ignore: readonly string[], partial = false) {
    this.#ignore = ignore
    this.#partial = partial
  }

  compare(path: string, expected: unknown, sent: unknown): void {
    if (equal(expected, sent)) return
    if (isMessage(expected) && isMessage(sent) && expected.type !== sent.type) {
      // Nothing in them can be compared then.
      this.list.push({ path: below(path, 'type'), expected: expected.type, sent: sent.type })
    } else if (isObject(expected) && isObject(sent)) {
      for (const name of new Set([...Object.keys(expected), ...(this.#partial ? [] : Object.keys(sent))])) {
        const at = below(path, name)
        if (!this.#ignored(at)) this.compare(at, expected[name], sent[name])
      }
    } else if (isList(expected) && isList(sent)) {
      for (let i = 0; i < Math.max(expected.length, this.#partial ? 0 : sent.length); i++)
        this.compare(`${path}[${i}]`, expected[i], sent[i])
    } else if (!this.#partial || !isAmong(expected, sent)) this.list.push({ path, expected, sent })
  }

  #ignored(path: string): boolean {
    return this.#ignore.some((name) => path === name || path.endsWith(`.${name}`))
  }
}

const isMessage = (value: unknown): value is { type: unknown; body: unknown } =>
  isObject(value) && 'type' in value && 'body' in value

/** Lists of objects are compared one by one; lists of names, such as flags, as a whole. */
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.some(isObject)

/** Whether all names of a list are in the other. */
const isAmong = (expected: unknown, sent: unknown): boolean =>
  Array.isArray(expected) && Array.isArray(sent) && expected.every((one) => sent.some((other) => equal(one, other)))

/** Objects whose members are the same and come in another order. */
function orders(path: string, expected: unknown, sent: unknown): Difference[] {
  if (Array.isArray(expected) && Array.isArray(sent))
    return expected.flatMap((one, i) => orders(`${path}[${i}]`, one, sent[i]))
  if (!isObject(expected) || !isObject(sent)) return []
  const [theirs, ours] = [Object.keys(expected).join(', '), Object.keys(sent).join(', ')]
  const here = theirs === ours ? [] : [{ path: `order of ${path || 'attributes'}`, expected: theirs, sent: ours }]
  return [...here, ...Object.keys(expected).flatMap((name) => orders(below(path, name), expected[name], sent[name]))]
}

/** A value in one line. */
function inWords(value: unknown): string {
  if (value === undefined) return '(not there)'
  if (value instanceof Uint8Array) return toHex(value, ' ')
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `${one}n` : one instanceof Uint8Array ? toHex(one) : one,
  )
}

/** Differences as lines: `linkinfo.data.mode: expected "l3s", sent "l3"`. */
export function describeDifferences(list: readonly Difference[], operation = 'sent'): string[] {
  if (!Array.isArray(list) || list.some((one) => typeof one?.path !== 'string'))
    throw new OptionError('list', list, 'a list of differences')
  return list.map(
    ({ path, expected, sent }) =>
      `${path || 'the message'}: expected ${inWords(expected)}, ${operation} ${inWords(sent)}`,
  )
}
