/** The words of a command, one after the other. */
import { DEFAULT_FIND_SIMILAR_OPTIONS, findSimilar } from '@optique/core/suggestion'
import { Failure } from '../../process/failure.js'

/** A name without what its spellings differ in: `num_tx_queues`, `num-tx-queues` and numTxQueues are one. */
export const plain = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

/** A name as it is written on the command line: `num_tx_queues`. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A cursor over the words of a command. */
export class Words {
  readonly #words: string[]
  #at = 0
  /** What could stand after the last word: for the completion of a shell. */
  readonly offered = new Set<string>()
  /** What is being read: `link add`. Errors begin with it. */
  command: string

  constructor(words: readonly string[], command: string) {
    this.#words = [...words]
    this.command = command
  }

  get done(): boolean {
    return this.#at >= this.#words.length
  }

  /** The word that comes next, and the one `ahead` after it; undefined at the end. */
  peek(ahead = 0): string | undefined {
    return this.#words[this.#at + ahead]
  }

  /** Takes a word. @param what what it is to be: `a name after dev`. @throws Failure at the end */
  next(what: string): string {
    const word = this.#words[this.#at]
    if (word === undefined) throw this.wrong(`${what} is missing at the end`)
    this.#at++
    return word
  }

  /** Takes the word if it is one of these. */
  take(...keywords: readonly string[]): string | undefined {
    this.offer(keywords)
    const word = this.peek()
    if (word === undefined || !keywords.includes(word)) return undefined
    this.#at++
    return word
  }

  /**
   * Takes a word that means one of several things; the beginning of one is enough where it means one thing only.
   * @param meanings what each word means
   * @throws Failure when it is none of them
   */
  choose<M extends string>(meanings: Readonly<Record<string, M>>, what: string): M {
    const all = Object.keys(meanings)
    this.offer(all)
    const word = this.next(what)
    if (Object.hasOwn(meanings, word)) return meanings[word]!
    const begun = all.filter((one) => one.startsWith(word))
    // list-id is list and more: who means it says so.
    const meant = begun.filter((one) => !begun.some((other) => one.startsWith(`${other}-`)))
    if (new Set(meant.map((one) => meanings[one])).size === 1) return meanings[meant[0]!]!
    throw this.wrong(`"${word}": expected one of ${(meant.length > 1 ? meant : all).join(', ')}`)
  }

  /** Puts other words in the place of those that come next. */
  replace(count: number, words: readonly string[]): void {
    this.#words.splice(this.#at, count, ...words)
  }

  /** Says what could come here, should it be the end. */
  offer(candidates: Iterable<string>): void {
    if (this.done) for (const candidate of candidates) this.offered.add(candidate)
  }

  /** @throws Failure when words are left over */
  end(known: readonly string[] = []): void {
    if (!this.done) throw this.unknown(this.peek()!, known)
  }

  /** An error about these words. */
  wrong(message: string): Failure {
    return new Failure(`${this.command}: ${message}`)
  }

  /** An error about a word that means nothing here. */
  unknown(word: string, known: readonly string[]): Failure {
    const [object] = this.command.split(' ')
    const hint = nearest(word, known)
    return this.wrong(`"${word}" means nothing here${hint}; nlwire ${object} help lists all words`)
  }
}

/** The known words that a mistyped one may be meant for. */
function nearest(word: string, known: readonly string[]): string {
  const found = findSimilar(word, new Set(known), DEFAULT_FIND_SIMILAR_OPTIONS)
  return found.length === 0 ? '' : ` (did you mean ${found.join(' or ')}?)`
}
