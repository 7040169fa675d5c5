/** The names that a test uses, and those that stand in its place in a redacted recording. */

import { Reader } from '../../netlink/bytes/bytes.js'
import { decode, type Message } from '../../netlink/codec/message.js'
import { DecodeError } from '../../netlink/errors.js'
import { ECHOED, lengthAt } from '../../netlink/frame/nlmsghdr.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { headersOf, socketOf } from '../recording/headers.js'
import { namespacesIn } from '../recording/namespace-log.js'
import { Needles } from '../recording/needles.js'
import type { Datagram } from '../recording/nl.js'
import type { Pair } from '../recording/redact-ack.js'
import type { Pseudonym, Redact } from '../recording/redact-options.js'
import { Redactor } from '../recording/redactor.js'

/** A request in the recording's names, and what was learnt from it. */
export interface NamedRequest {
  readonly bytes: Uint8Array
  /** Which of the test's names is which of the recording's. */
  readonly learnt: ReadonlyMap<string, string>
}

const plain = (path: string) => path.replace(/\[\d+\]/g, '')

/**
 * A name or an address that a request has at a path of `redact` is the one that the recorded request has there; from
 * then on it stands in answers too. What the program never sent is known by `values` only.
 */
export class Naming {
  readonly #family: Protocol
  readonly #byteOrder: ByteOrder
  readonly #paths: readonly [string, unknown][]
  /** Numbers and times are replaced as when it was recorded; texts by what was learnt. */
  readonly #others: Readonly<Record<string, Pseudonym>>
  readonly #toRecorded: Map<string, string>
  readonly #toTest = new Map<string, string>()
  readonly #namespaces: string[]
  /** The requests by socket and sequence number: as they were recorded, and as they were sent. */
  readonly #asked = new Map<string, Pair>()

  constructor(family: Protocol, byteOrder: ByteOrder, { values = {}, paths = {} }: Redact, notes: readonly string[]) {
    this.#family = family
    this.#byteOrder = byteOrder
    this.#paths = Object.entries(paths)
    this.#others = Object.fromEntries(
      this.#paths.map(([path, by]) => [
        path,
        (value: unknown, number: number) =>
          typeof value === 'string' ? value : typeof by === 'function' ? (by as Pseudonym)(value, number) : by,
      ]),
    )
    this.#toRecorded = new Map(Object.entries(values))
    for (const [test, recorded] of this.#toRecorded) this.#toTest.set(recorded, test)
    this.#namespaces = namespacesIn(notes)
  }

  /** What a request of the test is, in the recording's names, if it is this recorded one. */
  sent(recorded: Uint8Array, sent: Uint8Array): NamedRequest {
    const learnt = new Map<string, string>()
    const [theirs, ours] = [recorded, sent].map((bytes) => this.#bodies(bytes))
    if (theirs && ours) this.#learn('', theirs, ours, learnt)
    const values = Object.fromEntries([...this.#toRecorded, ...learnt])
    return { bytes: this.#changed(sent, { values, paths: this.#others }), learnt }
  }

  /** That the request was this one. What is blamed in it lies elsewhere where names are longer. */
  keep({ learnt }: NamedRequest, recorded: Datagram, sent: Uint8Array): void {
    const pair = { before: recorded.bytes, after: sent }
    for (const { seq } of headersOf(sent, this.#byteOrder)) this.#asked.set(`${socketOf(recorded)} ${seq}`, pair)
    for (const [test, recorded] of learnt) this.#bind(test, recorded)
  }

  /** An answer or an event, in the names of the test. */
  received(bytes: Uint8Array, socket: number): Uint8Array {
    const [header] = headersOf(bytes, this.#byteOrder)
    const pair = header && this.#asked.get(`${socket} ${header.seq}`)
    // What a fault made is about the request as it was sent.
    const isAboutSent = pair && this.#echoedLength(bytes) === pair.after.length
    return this.#changed(bytes, { values: Object.fromEntries(this.#toTest) }, isAboutSent ? undefined : pair)
  }

  /** A text in the recording's names: a sysctl. */
  text(text: string): string {
    return new Needles(Object.fromEntries(this.#toRecorded)).text(text)
  }

  /** The test's name of a namespace that the recording names. */
  namespaceOfTest(recorded: string): string {
    return this.#toTest.get(recorded) ?? recorded
  }

  /** The recorded name of a namespace: of one that is new, the first that has no other name yet. */
  namespace(name: string): string {
    const known = this.#toRecorded.get(name)
    if (known !== undefined) return known
    if (this.#namespaces.includes(name) || !this.#paths.some(([path]) => path === 'netns')) return name
    const free = this.#namespaces.find((one) => !this.#toTest.has(one))
    if (free === undefined) return name
    this.#bind(name, free)
    return free
  }

  #bind(test: string, recorded: string): void {
    this.#toRecorded.set(test, recorded)
    this.#toTest.set(recorded, test)
  }

  #learn(path: string, recorded: unknown, sent: unknown, learnt: Map<string, string>): void {
    if (typeof recorded === 'string' && typeof sent === 'string') {
      const rule = this.#paths.find(([name]) => path === name || path.endsWith(`.${name}`))
      if (rule && this.#mayBe(rule[1], recorded, sent, learnt)) learnt.set(sent, recorded)
    } else if (isObject(recorded) && isObject(sent))
      for (const [name, one] of Object.entries(recorded)) {
        const at = Array.isArray(recorded) ? path : path === '' ? name : `${path}.${name}`
        this.#learn(plain(at), one, sent[name], learnt)
      }
  }

  /** One name of the test is one of the recording; where all have one replacement, several are. */
  #mayBe(by: unknown, recorded: string, sent: string, learnt: ReadonlyMap<string, string>): boolean {
    if (sent === '' || this.#toRecorded.has(sent) || learnt.has(sent)) return false
    if (typeof by !== 'function') return recorded === by
    // What has no pseudonym, such as lo, stands for itself.
    if ((by as Pseudonym)(sent, 0) === sent || (by as Pseudonym)(recorded, 0) === recorded) return false
    return !this.#toTest.has(recorded) && ![...learnt.values()].includes(recorded)
  }

  #bodies(bytes: Uint8Array): unknown[] | undefined {
    return this.#unlessGarbled(() =>
      (decode(this.#family, bytes, { byteOrder: this.#byteOrder }) as Message[]).map(({ body }) => body),
    )
  }

  #changed(bytes: Uint8Array, redact: Redact, pair?: Pair): Uint8Array {
    const redactor = new Redactor(this.#family, this.#byteOrder, redact)
    return this.#unlessGarbled(() => redactor.message(bytes, pair)) ?? bytes
  }

  #echoedLength(bytes: Uint8Array): number | undefined {
    return bytes.length < ECHOED + 4 ? undefined : lengthAt(new Reader(bytes, this.#byteOrder), ECHOED)
  }

  /** What cannot be decoded has no names. */
  #unlessGarbled<T>(run: () => T): T | undefined {
    try {
      return run()
    } catch (error) {
      if (error instanceof DecodeError) return undefined
      throw error
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
