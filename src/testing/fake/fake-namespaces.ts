/** Network namespaces that are kept in memory: their names, and which is which. */
import { errnos } from '../../netlink/errno.js'
import {
  type Namespace,
  type Namespaces,
  nameTaken,
  noNamespace,
  type OpenNamespace,
  pathOf,
  pathOfName,
} from '../../netlink/socket/netns.js'

/** The descriptor of the first of them. */
const FIRST_FD = 100

/** The namespaces of a fake kernel. @internal */
export class FakeNamespaces implements Namespaces {
  /** All that there ever were, by their numbers: undefined for one that was deleted. */
  readonly #names: (string | undefined)[]
  readonly #deleted: ((name: string) => void) | undefined
  /** Names that can not be used: all others where namespaces were given, else only those that were deleted. */
  readonly #missing: (name: string) => boolean
  readonly #gone = new Set<string>()

  constructor(names: readonly string[] | undefined, deleted: ((name: string) => void) | undefined) {
    this.#names = [...(names ?? [])]
    this.#deleted = deleted
    this.#missing = names === undefined ? (name) => this.#gone.has(name) : () => true
  }

  create(name: string): void {
    pathOfName(name)
    if (this.#names.includes(name)) throw nameTaken(name, { syscall: 'open', errno: errnos.EEXIST })
    this.#names.push(name)
    this.#gone.delete(name)
  }

  delete(name: string): void {
    pathOfName(name)
    const number = this.#names.indexOf(name)
    if (number < 0) throw noNamespace(name, this.list())
    this.#names[number] = undefined
    this.#gone.add(name)
    this.#deleted?.(name)
  }

  list(): string[] {
    return this.#names.filter((name) => name !== undefined).sort()
  }

  exists(name: string): boolean {
    pathOfName(name)
    return this.#names.includes(name)
  }

  inode(where: Namespace): bigint {
    return this.open(where).inode
  }

  /** A stand-in for an open one: only its number matters, -1 for what has no name here. */
  open(where: Namespace): OpenNamespace {
    this.check(where)
    const number = this.#number(where)
    return { fd: FIRST_FD + number, inode: BigInt(number), close() {}, [Symbol.dispose]() {} }
  }

  /** @throws TransportError for a name that there is not */
  check(where: Namespace | undefined): void {
    if (where === undefined) return
    pathOf(where)
    if (typeof where === 'string' && !where.includes('/') && !this.#names.includes(where) && this.#missing(where))
      throw noNamespace(where, this.list())
  }

  /** What tells namespaces apart: the same for a name and a descriptor of it. */
  key(where: Namespace | undefined): string {
    this.check(where)
    const number = where === undefined ? -1 : this.#number(where)
    return number < 0 ? (JSON.stringify(where) ?? 'own') : String(number)
  }

  #number(where: Namespace): number {
    if (typeof where === 'string') return this.#names.indexOf(where)
    if ('fd' in where && where.fd - FIRST_FD < this.#names.length) return where.fd - FIRST_FD
    return -1
  }
}
