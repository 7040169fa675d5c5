/** Which message definition the bytes of a message belong to. */
import type { Reader } from '../bytes/bytes.js'
import type { Discriminator, MessageDirection, NamedMessage } from './definition.js'
import { flagsAt, HEADER, NLM_F, typeAt } from './nlmsghdr.js'

/** The messages of a protocol, by the bytes of a message. */
export class MessageLookup {
  /** Of most protocols nlmsg_type says all: one look. */
  readonly #byNumber = new Map<number, NamedMessage>()
  readonly #variants = new Map<number, Variants>()

  /** @param owner the protocol, for errors @throws Error for two messages that nothing tells apart */
  constructor(owner: string, messages: Iterable<NamedMessage>) {
    for (const message of messages) {
      if (message.unique) {
        const other = this.find(message.number)
        if (other) throw new Error(`${owner}: ${message.name} and ${other.name} have the same number`)
        this.#byNumber.set(message.number, message)
      } else {
        const variants = this.#variants.get(message.number) ?? new Variants(owner)
        variants.add(message)
        this.#variants.set(message.number, variants)
      }
    }
  }

  /** The message of a number that nothing else is needed for: of several, the one without `where` and `direction`. */
  find(number: number): NamedMessage | undefined {
    return this.#byNumber.get(number) ?? this.#variants.get(number)?.general
  }

  /** The message that begins at `at`; `end` is where its bytes end. */
  at(r: Reader, at: number, end: number): NamedMessage | undefined {
    const number = typeAt(r, at)
    return this.#byNumber.get(number) ?? this.#variants.get(number)?.at(r, at, end)
  }
}

/** Messages of one nlmsg_type, told apart by a member of the body's header, by direction, or by both. */
class Variants {
  /** What is not told apart any further. */
  general: NamedMessage | undefined
  readonly #owner: string
  #discriminator: Discriminator | undefined
  readonly #byKey = new Map<number, NamedMessage>()

  constructor(owner: string) {
    this.#owner = owner
  }

  add(message: NamedMessage): void {
    const { discriminator, direction, name } = message
    if (discriminator) {
      this.#discriminator ??= discriminator
      const { offset, member } = this.#discriminator
      if (discriminator.offset !== offset)
        throw new Error(`${this.#owner}: ${name}: where.${discriminator.member} is not where ${member} is of others`)
    }
    const key = keyOf(discriminator?.value, direction)
    const other = this.#byKey.get(key)
    if (other) throw new Error(`${this.#owner}: ${name} and ${other.name} have the same number, where and direction`)
    this.#byKey.set(key, message)
    if (!discriminator && !direction) this.general = message
  }

  at(r: Reader, at: number, end: number): NamedMessage | undefined {
    const direction = flagsAt(r, at) & NLM_F.REQUEST ? 'request' : 'response'
    const from = at + HEADER + (this.#discriminator?.offset ?? 0)
    if (this.#discriminator && from < end) {
      const value = r.view.getUint8(from)
      const found = this.#byKey.get(keyOf(value, direction)) ?? this.#byKey.get(keyOf(value, undefined))
      if (found) return found
    }
    return this.#byKey.get(keyOf(undefined, direction)) ?? this.general
  }
}

const directions = { request: 1, response: 2 } as const
/** A number of its own for each value and direction. */
const keyOf = (value: number | undefined, direction: MessageDirection | undefined): number =>
  ((value ?? -1) + 1) * 3 + (direction === undefined ? 0 : directions[direction])
