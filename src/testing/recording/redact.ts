/** Recordings that can be shown to others: names and addresses replaced, the same by the same, in whole messages. */

import { copyOf } from '../../netlink/bytes/bytes.js'
import { type AnyMessageInput, decode, encode, type Message } from '../../netlink/codec/message.js'
import { dissect } from '../../netlink/dissect/message.js'
import { HEADER } from '../../netlink/frame/nlmsghdr.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import { checkOptions, isByteOrder, isProtocol, isRecord, type OptionTable } from '../../netlink/options.js'
import type { Field } from '../../netlink/schema/field.js'
import type { TypeKind } from '../../netlink/schema/meaning.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { headersOf, isEvent, socketOf } from './headers.js'
import { checkExchanges, type Exchange } from './nl.js'
import { movedAck, type Pair } from './redact-ack.js'

/**
 * Makes what stands in place of a value.
 * @param number the how-manieth different value it is, from 1
 */
export type Pseudonym = (value: unknown, number: number) => unknown

/** What to replace. */
export interface Redact {
  /** Names and addresses by what they are, wherever they stand, also within the kernel's texts. */
  readonly values?: Readonly<Record<string, string>>
  /**
   * Members by name or path: `ifname`, `linkinfo.data.remote`; what stands in their place, or a function that makes it,
   * asked once for each value. A name or address that was replaced at one path is replaced everywhere.
   */
  readonly paths?: Readonly<Record<string, unknown>>
}

/** What they can be. */
export const redactOptions: OptionTable<Redact> = { values: isRecord, paths: isRecord }

const plain = (path: string) => path.replace(/\([^)]*\)|\[\d+\]/g, '')

/**
 * The same conversation with other names and addresses. It goes through the definitions: messages are decoded and
 * encoded, so that lengths are right, and what the kernel blamed is still what it blamed. What no definition knows stays
 * as it is: look at the file before you show it.
 * @throws DecodeError for bytes that cannot be decoded; EncodeError for a replacement that does not fit its place
 * @example redacted(exchanges, route, 'little', { values: { eth0: 'lan0' }, paths: { address: pseudonyms.address } })
 */
export function redacted(
  exchanges: readonly Exchange[],
  family: Protocol,
  byteOrder: ByteOrder,
  redact: Redact,
): Exchange[] {
  checkExchanges('exchanges', exchanges)
  isProtocol('family', family)
  isByteOrder('byteOrder', byteOrder)
  checkOptions('redacted', redact, redactOptions)
  const redactor = new Redactor(family, byteOrder, redact)
  // First all that is replaced is found, then it is replaced: a name may come before the path that says what it is.
  for (const exchange of exchanges) if ('bytes' in exchange) redactor.message(exchange.bytes, undefined)
  const requests = new Map<string, Pair>()
  return exchanges.map((exchange) => {
    if (!('bytes' in exchange)) return exchange
    const keys = headersOf(exchange.bytes, byteOrder).map(({ seq }) => `${socketOf(exchange)} ${seq}`)
    const request = isEvent(exchange) ? undefined : keys.map((key) => requests.get(key)).find(Boolean)
    const bytes = redactor.message(exchange.bytes, request)
    if (exchange.direction === 'sent')
      for (const key of keys) requests.set(key, { before: exchange.bytes, after: bytes })
    return { ...exchange, bytes }
  })
}

class Redactor {
  readonly #family: Protocol
  readonly #byteOrder: ByteOrder
  readonly #values: Map<string, string>
  readonly #paths: readonly [string, unknown][]
  readonly #made = new Map<Pseudonym, Map<string, unknown>>()

  constructor(family: Protocol, byteOrder: ByteOrder, { values = {}, paths = {} }: Redact) {
    this.#family = family
    this.#byteOrder = byteOrder
    this.#values = new Map(Object.entries(values))
    this.#paths = Object.entries(paths)
  }

  message(bytes: Uint8Array, request: Pair | undefined): Uint8Array {
    const options = { byteOrder: this.#byteOrder, lossless: true }
    const messages = decode(this.#family, bytes, options) as Message[]
    const fields = dissect(this.#family, bytes, options)
    const changed = messages.map((message, i) => {
      const texts = textPaths(fields[i]!)
      const body = this.#value('', message.body, texts) as Record<string, unknown>
      if (message.type === 'NLMSG_ERROR') this.#echo(message, body, request)
      return { ...message, body }
    })
    return encode(this.#family, changed as AnyMessageInput[], options)
  }

  /** What an NLMSG_ERROR says of the request: its length, its payload, and where in it the blame lies. */
  #echo(message: Message, body: Record<string, unknown>, request: Pair | undefined): void {
    if (!request) return
    const { payload } = message.body as { payload?: Uint8Array }
    const length = headersOf(request.after, this.#byteOrder)[0]?.length ?? request.after.length
    body.request = { ...(body.request as object), length }
    if (payload) body.payload = copyOf(request.after, HEADER, length)
    Object.assign(body, movedAck(this.#family, this.#byteOrder, body, request))
  }

  #value(path: string, value: unknown, texts: ReadonlySet<string>): unknown {
    const rule = this.#paths.find(([name]) => path === name || path.endsWith(`.${name}`))
    if (rule && !Array.isArray(value)) return this.#replaced(rule[1], value)
    if (typeof value === 'string') return texts.has(path) ? this.#text(value) : value
    if (Array.isArray(value)) return value.map((one) => this.#value(path, one, texts))
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
    const changed: Record<string, unknown> = {}
    for (const [name, one] of Object.entries(value))
      changed[name] = name === 'unknown' ? one : this.#value(path === '' ? name : `${path}.${name}`, one, texts)
    return changed
  }

  #replaced(by: unknown, value: unknown): unknown {
    if (typeof by !== 'function') return by
    const make = by as Pseudonym
    const made = this.#made.get(make) ?? new Map<string, unknown>()
    this.#made.set(make, made)
    const key = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one)) ?? ''
    if (!made.has(key)) made.set(key, make(value, made.size + 1))
    const result = made.get(key)
    if (typeof value === 'string' && typeof result === 'string') this.#values.set(value, result)
    return result
  }

  /** A text, in which what is replaced may stand as a word. */
  #text(text: string): string {
    const whole = this.#values.get(text)
    if (whole !== undefined) return whole
    return text.replace(/[^\s"'(),;]+/g, (word) => this.#values.get(word) ?? word)
  }
}

/** Kinds of values that are text: a name or an address can be in them. */
const written: ReadonlySet<TypeKind> = new Set(['string', 'notation', 'address', 'mac'])

/** The paths at which there is a text or an address: not the name of a number, nor the kind that selects a nest. */
function textPaths(message: Field): Set<string> {
  const paths = new Set<string>()
  const walk = (field: Field, kinds: ReadonlySet<string>) => {
    const path = plain(field.path)
    if (field.kind !== undefined && written.has(field.kind) && !kinds.has(path)) paths.add(path)
    const inside = new Set(kinds)
    for (const { selector } of field.set?.list ?? [])
      if (selector) inside.add(path === '' ? selector.by : `${path}.${selector.by}`)
    for (const child of field.children ?? []) walk(child, inside)
  }
  walk(message, new Set())
  return paths
}
