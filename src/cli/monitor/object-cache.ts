/**
 * The objects that a monitor knows of, each as the last message about it: so that after an overrun it can say what was
 * missed.
 */
import { Reader } from '../../netlink/bytes/bytes.js'
import { putType } from '../../netlink/frame/nlmsghdr.js'
import type { ByteOrder } from '../../netlink/index.js'
import { route } from '../../rtnl/protocol.js'
import { type ObjectMessage, saySame } from './objects.js'

/**
 * How many objects of one kind are kept. A route takes some 500 bytes here: a million, the whole Internet's, 0.6 GB.
 */
export const MOST = 1_000_000

/** One object that is not as it was known. */
export interface Missed {
  readonly what: 'new' | 'changed' | 'gone'
  /** The message about it: as it is now; for one that is gone the last that was known, as RTM_DELLINK or the like. */
  readonly bytes: Uint8Array
}

/**
 * Objects by their keys. IPv4 has several routes of one destination, metric and type of service, and IPv6 one for each
 * link: what a key has is a list, in the kernel's order.
 */
export class ObjectCache {
  readonly byteOrder: ByteOrder
  readonly #limit: number
  #size = 0
  // Strings of one byte a character: an array of bytes of its own would take several times what is in it.
  readonly #lists = new Map<string, string[]>()

  /** @param limit how many objects it holds at most; of further ones nothing is kept, and it is `full` */
  constructor(byteOrder: ByteOrder, limit = MOST) {
    this.byteOrder = byteOrder
    this.#limit = limit
  }

  /** Whether there were too many objects, so that it is not known what there is. */
  get full(): boolean {
    return this.#size > this.#limit
  }

  /** Adds what a list of the kernel has. */
  add(key: string, bytes: Uint8Array): void {
    if (this.full || ++this.#size > this.#limit) return
    const list = this.#lists.get(key)
    if (list) list.push(packed(bytes))
    else this.#lists.set(key, [packed(bytes)])
  }

  /** Takes what an event says. */
  take({ key, operation, place }: ObjectMessage, bytes: Uint8Array): void {
    const list = this.#lists.get(key)
    if (!list || operation === 'del') {
      if (operation === 'new') this.add(key, bytes)
      else if (list) this.#remove(key, list, bytes)
      return
    }
    const same = this.#find(list, bytes)
    if (place === 'same') list[Math.max(0, same)] = packed(bytes)
    else if (same < 0) {
      this.add(key, bytes)
      if (place === 'first') list.unshift(list.pop()!)
    }
  }

  #remove(key: string, list: string[], bytes: Uint8Array): void {
    list.splice(Math.max(0, this.#find(list, bytes)), 1)
    if (list.length === 0) this.#lists.delete(key)
    this.#size--
  }

  #find(list: readonly string[], bytes: Uint8Array): number {
    return list.findIndex((one) => saySame(unpacked(one), bytes, this.byteOrder))
  }

  /** What is not as it was known here. */
  *missed(now: ObjectCache): Generator<Missed> {
    for (const [key, list] of now.#lists) yield* this.#compared(this.#lists.get(key) ?? [], list)
    for (const [key, list] of this.#lists) if (!now.#lists.has(key)) yield* this.#compared(list, [])
  }

  *#compared(before: readonly string[], after: readonly string[]): Generator<Missed> {
    const left = [...before]
    const fresh = after.map(unpacked).filter((bytes) => {
      const same = this.#find(left, bytes)
      if (same >= 0) left.splice(same, 1)
      return same < 0
    })
    for (const bytes of fresh) yield { what: left.shift() === undefined ? 'new' : 'changed', bytes }
    for (const one of left) yield { what: 'gone', bytes: deleted(unpacked(one), this.byteOrder) }
  }
}

const packed = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
const unpacked = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

/** A message of something new as the one that it is gone. */
function deleted(bytes: Uint8Array, byteOrder: ByteOrder): Uint8Array {
  const r = new Reader(bytes, byteOrder)
  const deletion = route.at(r, 0, bytes.length)?.deletion
  if (deletion !== undefined) putType(r, 0, route.find(deletion)!.number)
  return bytes
}
