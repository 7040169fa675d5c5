/** The words for the attributes of a set, from its definition. */
import { AttributeSet } from '../../../netlink/index.js'
import type { AnyType } from '../../../netlink/schema/type.js'
import { takeSlot, type WordSlot } from './slot.js'
import type { Synonyms } from './synonyms.js'
import { membersOf, namesOf, typeOf } from './value.js'
import { plain, snake, type Words } from './words.js'

/** Words and what they stand for. Reads NAME VALUE pairs into an object. */
export class Dictionary {
  readonly #slots = new Map<string, WordSlot>()
  readonly #names: string[] = []
  readonly #synonyms: Synonyms
  readonly #translations = new Map<string, readonly string[]>()

  constructor(set: AttributeSet, synonyms: Synonyms = {}) {
    this.#synonyms = synonyms
    for (const [word, stands] of Object.entries(synonyms)) this.#translations.set(plain(word), stands)
    const members = Object.entries(set.header?.members ?? {}).filter(([name]) => !name.startsWith('_'))
    for (const { name, type, selector, repeated } of set.list)
      if (!selector) this.#add(snake(name), { is: 'value', path: [name], type, repeated })
    for (const [name, type] of members) {
      const slot: WordSlot = { is: 'value', path: [name], type, repeated: false }
      this.#add(withoutPrefix(name), slot)
      this.#add(snake(name), slot, false)
    }
    this.#flags([], members)
    for (const { name, type } of set.list) {
      if (type.kind === 'struct') this.#flags([name], Object.entries(type.members ?? {}))
      if (type.meaning === 'own-flags') this.#flags([], [[name, type]])
    }
  }

  /** Members that are flags, each by its name: as switches where another member is their mask. */
  #flags(owner: readonly string[], members: readonly (readonly [string, AnyType])[]): void {
    for (const [name, type] of members) {
      if (type.kind !== 'flags' || type.maskOf !== undefined) continue
      const mask = members.find(([, other]) => other.maskOf === name)
      if (owner.length > 0 && !mask) continue
      for (const flag of namesOf(type)) {
        const path = [...owner, name]
        const change = (inverse: boolean): WordSlot =>
          mask ? { is: 'switch', owner, value: name, mask: mask[0], flag, inverse } : { is: 'flag', path, flag }
        this.#add(snake(flag), change(false))
        this.#add(`${snake(name)}.${snake(flag)}`, change(false), false)
        // arp on is noarp off.
        const opposite = /^no([a-z]{3,})$/.exec(flag)?.[1]
        if (mask && opposite !== undefined) this.#add(opposite, change(true))
      }
    }
  }

  #add(name: string, slot: WordSlot, listed = true): void {
    const key = plain(name)
    if (this.#slots.has(key)) return
    this.#slots.set(key, slot)
    if (listed && !(slot.is === 'value' && isIgnored(slot.type))) this.#names.push(name)
  }

  /** All words that it knows. */
  get names(): readonly string[] {
    return [...this.#names, ...Object.keys(this.#synonyms).filter((name) => !name.includes(' '))]
  }

  /** Each name that takes a value, with its type and the other words for it: for the usage. */
  *values(): Generator<{ readonly name: string; readonly type: AnyType; readonly others: readonly string[] }> {
    const others = Object.entries(this.#synonyms).filter(([word, stands]) => stands.length === 1 && !word.includes(' '))
    const named = new Set(this.#names.map(plain))
    for (const name of [
      ...this.#names,
      ...others.map(([, [stands]]) => stands!).filter((one) => !named.has(plain(one))),
    ]) {
      const slot = this.slot(name)
      const synonyms = others.filter(([, [stands]]) => plain(stands!) === plain(name)).map(([word]) => word)
      if (slot?.is === 'value') yield { name, type: slot.type, others: synonyms }
    }
  }

  /** The names that are switched on and off, and the flags that stand alone. */
  get switches(): readonly string[] {
    return this.#names.filter((name) => this.#slots.get(plain(name))!.is === 'switch')
  }

  /**
   * Takes one attribute, if the next word is one.
   * @param into the object that it becomes a member of
   * @param shortened whether a word may be the beginning of a name: not where it can be the name of something else
   * @returns false when the word is none
   * @throws Failure for a value that the definition does not accept
   */
  take(words: Words, into: Record<string, unknown>, shortened = true): boolean {
    words.offer(this.names)
    if (words.done) return false
    const slot = this.next(words) ?? (shortened ? this.#begunBy(words.peek()!) : undefined)
    if (!slot) return false
    takeSlot(words, slot, into)
    return true
  }

  /** What the next word stands for. Words of ip's own give way to the kernel's. */
  next(words: Words): WordSlot | undefined {
    if (words.done) return undefined
    const [first, second] = [plain(words.peek()!), words.peek(1)]
    const both = this.#translations.get(`${first} ${second}`)
    const one = this.#translations.get(first)
    if (both) words.replace(2, both)
    else if (one) words.replace(1, one)
    return this.slot(words.peek()!)
  }

  /** What a name, or a path with dots, stands for. */
  slot(word: string): WordSlot | undefined {
    const known = this.#slots.get(plain(word))
    if (known || !word.includes('.')) return known
    const [first, ...rest] = word.split('.')
    const slot = this.#slots.get(plain(first!))
    if (slot?.is !== 'value') return undefined
    const inside = insideOf(slot.type, rest.join('.'))
    return inside?.is === 'value' ? { ...inside, path: [...slot.path, ...inside.path] } : undefined
  }

  /** The only name that a shortened word can mean. */
  #begunBy(word: string): WordSlot | undefined {
    const key = plain(word)
    const meant = this.#names.filter((name) => plain(name).startsWith(key))
    return key.length >= 3 && meant.length === 1 ? this.#slots.get(plain(meant[0]!)) : undefined
  }
}

/** What changes nothing is no word to offer; the client says why when it is used. */
const isIgnored = ({ access }: AnyType): boolean => access === 'read-only' || access === 'query-only'

/** ifiIndex as index. */
const withoutPrefix = (name: string): string => snake(name).replace(/^[a-z]+_/, '')

/** An attribute of a nest, or a member of a struct, by the rest of a path. */
function insideOf(type: AnyType, rest: string): WordSlot | undefined {
  const own = typeOf(type)
  if (own instanceof AttributeSet) return new Dictionary(own).slot(rest)
  const name = membersOf(own).find((one) => plain(one) === plain(rest))
  if (name === undefined) return undefined
  return { is: 'value', path: [name], type: own.members![name]!, repeated: false }
}
