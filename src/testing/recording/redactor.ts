/** Replaces names and addresses in messages: in values, in what lossless decoding keeps beside them, in echoed requests. */
import { copyOf } from '../../netlink/bytes/bytes.js'
import { type AnyMessageInput, decode, encode, type Message } from '../../netlink/codec/message.js'
import { dissect } from '../../netlink/dissect/message.js'
import { HEADER } from '../../netlink/frame/nlmsghdr.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import type { Field } from '../../netlink/schema/field.js'
import type { TypeKind } from '../../netlink/schema/meaning.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { headersOf } from './headers.js'
import { Needles } from './needles.js'
import { movedAck, type Pair } from './redact-ack.js'
import type { Pseudonym, Redact } from './redact-options.js'

const plain = (path: string) => path.replace(/\([^)]*\)|\[\d+\]/g, '')

export class Redactor {
  readonly needles: Needles
  readonly #family: Protocol
  readonly #byteOrder: ByteOrder
  readonly #paths: readonly [string, unknown][]
  /** Nothing is to be replaced: then padding stays as well. */
  readonly #idle: boolean
  readonly #made = new Map<Pseudonym, Map<string, unknown>>()

  constructor(family: Protocol, byteOrder: ByteOrder, { values = {}, paths = {} }: Redact) {
    this.#family = family
    this.#byteOrder = byteOrder
    this.needles = new Needles(values)
    this.#paths = Object.entries(paths)
    this.#idle = this.#paths.length === 0 && Object.keys(values).length === 0
  }

  message(bytes: Uint8Array, request: Pair | undefined): Uint8Array {
    if (this.#idle) return bytes
    const options = { byteOrder: this.#byteOrder, lossless: true }
    const messages = decode(this.#family, bytes, options) as Message[]
    const fields = dissect(this.#family, bytes, options)
    const changed = messages.map((message, i) => {
      const texts = textPaths(fields[i]!)
      const body = this.#value('', message.body, texts) as Record<string, unknown>
      if (message.type === 'NLMSG_ERROR') this.#echo(message, body, request)
      const wire = message.wire && { wire: this.#wire(message.wire, message.body, texts, '') }
      return { ...message, body, ...wire }
    })
    return encode(this.#family, changed as AnyMessageInput[], options)
  }

  /** The value at a path that the rules name, also one that is in no message: `netns`. */
  named(path: string, value: unknown): unknown {
    const rule = this.#rule(path)
    return rule ? this.#replaced(rule[1], value) : value
  }

  #rule(path: string): readonly [string, unknown] | undefined {
    return this.#paths.find(([name]) => path === name || path.endsWith(`.${name}`))
  }

  /** What an NLMSG_ERROR says of the request: its length, its payload, and where in it the blame lies. */
  #echo(message: Message, body: Record<string, unknown>, request: Pair | undefined): void {
    const { payload } = message.body as { payload?: Uint8Array }
    const pair = request ?? (payload && this.#echoed(message.body as Echo, payload))
    if (!pair) return
    const length = headersOf(pair.after, this.#byteOrder)[0]?.length ?? pair.after.length
    body.request = { ...(body.request as object), length }
    if (payload) body.payload = copyOf(pair.after, HEADER, length)
    Object.assign(body, movedAck(this.#family, this.#byteOrder, body, pair))
  }

  /** The request that is nowhere but in the answer. */
  #echoed({ request }: Echo, payload: Uint8Array): Pair {
    const { type, flags, seq, pid } = request
    // The numbers of the header as they are: names of flags hang on the type.
    const before = new Uint8Array(HEADER + payload.length)
    const view = new DataView(before.buffer)
    const little = this.#byteOrder === 'little'
    view.setUint32(0, before.length, little)
    view.setUint16(4, type, little)
    view.setUint16(6, typeof flags === 'number' ? flags : 0, little)
    view.setUint32(8, seq, little)
    view.setUint32(12, pid, little)
    before.set(payload, HEADER)
    return { before, after: this.message(before, undefined) }
  }

  #value(path: string, value: unknown, texts: ReadonlySet<string>): unknown {
    const rule = this.#rule(path)
    if (rule && !Array.isArray(value)) return this.#replaced(rule[1], value)
    if (typeof value === 'string') return texts.has(path) ? this.#text(value) : value
    if (Array.isArray(value)) return value.map((one) => this.#value(path, one, texts))
    if (value instanceof Uint8Array) return this.needles.bytes(value)
    if (typeof value !== 'object' || value === null) return value
    const changed: Record<string, unknown> = {}
    for (const [name, one] of Object.entries(value))
      changed[name] = this.#value(path === '' ? name : `${path}.${name}`, one, texts)
    return changed
  }

  #replaced(by: unknown, value: unknown): unknown {
    if (value === '') return value
    if (typeof value === 'string' && this.needles.get(value) !== undefined) return this.needles.get(value)
    const result = typeof by === 'function' ? this.#once(by as Pseudonym, value) : by
    if (typeof value === 'string' && typeof result === 'string') this.needles.set(value, result)
    return result
  }

  #once(make: Pseudonym, value: unknown): unknown {
    const made = this.#made.get(make) ?? new Map<string, unknown>()
    this.#made.set(make, made)
    const key = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one)) ?? ''
    if (!made.has(key)) made.set(key, make(value, made.size + 1))
    return made.get(key)
  }

  #text(text: string): string {
    const changed = this.needles.text(text)
    return changed === text ? this.needles.derived(text) : changed
  }

  /** What is kept beside the values: text that follows a NUL, attributes that another replaces, padding. Nothing of it means anything. */
  #wire(wire: Wire, value: unknown, texts: ReadonlySet<string>, path: string): Wire {
    const { padding: _, trailing, header, raw, attributes, ...rest } = wire
    const inside = value as Record<string, unknown>
    return {
      ...rest,
      ...(header && { header: this.needles.bytes(header) }),
      ...(raw && { raw: this.needles.bytes(raw) }),
      ...(trailing && { trailing: new Uint8Array(trailing.length) }),
      ...(attributes && {
        attributes: attributes.map((one) => {
          if (typeof one === 'string') return one
          const { padding: __, raw: bytes, wire: more, ...kept } = one
          const at = path === '' ? one.name : `${path}.${one.name}`
          return {
            ...kept,
            ...(bytes && this.#raw(one, bytes, texts.has(at))),
            ...(more && { wire: this.#wire(more, inside?.[one.name], texts, at) }),
          }
        }),
      }),
    }
  }

  #raw({ hidden }: { hidden?: true }, bytes: Uint8Array, isText: boolean): { raw?: Uint8Array } {
    if (hidden) return { raw: new Uint8Array(bytes.length) }
    const end = isText ? bytes.indexOf(0) : -1
    return { raw: this.needles.bytes(end < 0 ? bytes : bytes.map((byte, i) => (i < end ? byte : 0))) }
  }
}

type Wire = NonNullable<Message['wire']>

/** The part of an NLMSG_ERROR's body that says what was asked. */
interface Echo {
  readonly request: { readonly type: number; readonly flags: unknown; readonly seq: number; readonly pid: number }
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
