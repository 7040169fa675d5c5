/** The namespaces that a recorded program saw: their names, and which of them are the same. Kept in the head. */
import type { Namespace, OpenNamespace } from '../../netlink/socket/netns.js'
import type { Recording } from './nl.js'

const NAMES = 'names: '
const OPENED = 'opened: '

/** A namespace's key in the head: what a program calls its own differs from run to run. */
export function placeKey(where: Namespace): string {
  if (typeof where !== 'string') return 'pid' in Object(where) ? 'pid' : 'fd'
  return where.replace(/\d+(?=\/)/g, 'N').replace(/\s/g, '_')
}

/** The names of namespaces that a head has, in the order in which they were opened and listed. */
export function namespacesIn(notes: readonly string[]): string[] {
  const lines = (key: string) => notes.filter((line) => line.startsWith(key)).map((line) => line.slice(key.length))
  const opened = lines(OPENED).flatMap((line) => line.split(' ').map((one) => one.replace(/=-?\d+$/, '')))
  const listed = lines(NAMES).flatMap((line) => line.split(' | ').flatMap((list) => list.split(' ')))
  // Those that were made, deleted and looked for: lines in JSON, see netns-log.ts.
  const named = lines('netns: ').flatMap((line) =>
    [...line.matchAll(/"does":"\w+","name":("(?:[^"\\]|\\.)*")|"in":("(?:[^"\\]|\\.)*")/g)].map(([, a, b]) =>
      String(JSON.parse(a ?? b!)),
    ),
  )
  // A process, a descriptor and a path have no name of their own.
  return [...new Set([...named, ...opened, ...listed])].filter((name) => name !== '' && !/^(pid|fd)$|\//.test(name))
}

export class NamespaceLog {
  /** The lists of names, as they were asked for, where they changed. */
  readonly #lists: string[][] = []
  #asked = 0
  readonly #inodes: bigint[] = []
  readonly #numbers = new Map<string, number>()

  /** What a recording's head has; or the names that there were. */
  static of({ notes }: Recording, names: readonly string[] | undefined): NamespaceLog {
    const places = new NamespaceLog()
    const note = (key: string) => notes.find((line) => line.startsWith(key))?.slice(key.length)
    const lists = names ? [[...names]] : (note(NAMES) ?? '').split(' | ').map((list) => list.split(' ').filter(Boolean))
    places.#lists.push(...lists)
    for (const [i, name] of (names ?? []).entries()) places.#numbers.set(placeKey(name), i)
    if (names) return places
    for (const one of (note(OPENED) ?? '').split(' ').filter(Boolean)) {
      const equals = one.lastIndexOf('=')
      places.#numbers.set(one.slice(0, equals), Number(one.slice(equals + 1)))
    }
    return places
  }

  /** Remembers which namespace was opened: inodes are another at every run, and become 0, 1, ... */
  opened(where: Namespace, inode: bigint): void {
    if (!this.#inodes.includes(inode)) this.#inodes.push(inode)
    this.#numbers.set(placeKey(where), this.#inodes.indexOf(inode))
  }

  /** Remembers the names that there are. */
  listed(names: string[]): string[] {
    this.#lists.push(names)
    return names
  }

  /** The lines for the head. */
  notes(): string[] {
    const lists = this.#lists.map((list) => list.join(' '))
    const same = new Set(lists).size === 1 ? lists.slice(0, 1) : lists
    const opened = [...this.#numbers].map(([key, number]) => `${key}=${number}`).join(' ')
    return [...(lists.some(Boolean) ? [NAMES + same.join(' | ')] : []), ...(opened === '' ? [] : [OPENED + opened])]
  }

  /** The names that there were at this point. */
  names(): string[] {
    return [...(this.#lists[Math.min(this.#asked++, this.#lists.length - 1)] ?? [])]
  }

  /** Which of the namespaces it is that were opened; -1 for none of them. */
  number(where: Namespace): number {
    return this.#numbers.get(placeKey(where)) ?? -1
  }

  /** A stand-in for an open namespace: only its number matters. */
  namespace(where: Namespace): OpenNamespace {
    const number = this.number(where)
    return { fd: 100 + number, inode: BigInt(number), close() {}, [Symbol.dispose]() {} }
  }
}
