/** Puts answers below their requests, where the input has several conversations in between. */
import { NLM_F } from '../../netlink/frame/nlmsghdr.js'
import { definitionOf, isEnd, type Parsed } from './messages.js'

/** So many datagrams wait for the answers of an earlier request; then they are not held back any longer. */
const HELD = 256

interface Group<T> {
  readonly pieces: T[]
  /** The requests that are not answered yet. */
  readonly open: Set<string>
}

/** Something in its place. */
export interface Placed<T> {
  readonly piece: T
  /** It is the first of its group. */
  readonly first: boolean
}

/** Orders datagrams by their conversations. What is no datagram stays where it is. */
export class AnswerGrouper<T> {
  readonly #queue: Group<T>[] = []
  #begun = false
  #held = 0;

  /** Takes the next piece of the input; gives what can be shown now. */
  *add(piece: T, parsed: Parsed | undefined): Generator<Placed<T>> {
    const key = parsed && keyOf(parsed)
    const waiting =
      key === undefined || parsed?.direction === 'sent' ? undefined : this.#queue.find(({ open }) => open.has(key))
    if (waiting) {
      waiting.pieces.push(piece)
      if (isLast(parsed!)) waiting.open.delete(key!)
    } else this.#queue.push({ pieces: [piece], open: new Set(parsed ? opened(parsed) : []) })
    this.#held++
    yield* this.#ready(this.#held > HELD)
  }

  /** The rest, when the input is at its end. */
  *end(): Generator<Placed<T>> {
    while (this.#queue.length > 0) yield* this.#ready(true)
  }

  *#ready(force: boolean): Generator<Placed<T>> {
    let forced = force
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      for (const piece of head.pieces) {
        yield { piece, first: !this.#begun }
        this.#begun = true
        this.#held--
      }
      head.pieces.length = 0
      if (head.open.size > 0 && !forced) return
      forced = false
      this.#queue.shift()
      this.#begun = false
    }
  }
}

const keyOfSeq = ({ datagram, protocol }: Parsed, seq: number) => `${datagram.conversation ?? ''}/${protocol}/${seq}`
const keyOf = (parsed: Parsed): string | undefined => {
  const header = parsed.items[0]?.header
  return header && keyOfSeq(parsed, header.seq)
}

/** The requests of a datagram that will be answered: with an ack, a dump, or the one object that they ask for. */
function opened(parsed: Parsed): string[] {
  if (parsed.direction !== 'sent') return []
  return parsed.items.flatMap((item) => {
    const { header } = item
    if (!header) return []
    const asks = definitionOf(parsed, item)?.operation === 'get'
    const answered = header.flags & NLM_F.ACK || (asks && header.flags & NLM_F.DUMP) || asks
    return answered ? [keyOfSeq(parsed, header.seq)] : []
  })
}

/** Whether no more answers follow: an ack or error, the end of a dump, or a lone object. */
function isLast({ items }: Parsed): boolean {
  const last = items.at(-1)?.header
  return last === undefined || isEnd(last.type) || !(last.flags & NLM_F.MULTI)
}
