/** What a monitor knows of all namespaces that it hears of, and what was missed when something was lost. */
import { type Namespace, TransportError } from '../../netlink/index.js'
import type { Host } from '../../rtnl/client/host.js'
import { route } from '../../rtnl/protocol.js'
import type { Parsed } from '../messages/messages.js'
import type { Heard } from './datagrams.js'
import { type Places, readPlaces } from './namespace-names.js'
import { type Missed, ObjectCache } from './object-cache.js'
import { objectOf } from './objects.js'
import { readObjects } from './snapshot.js'

/** What to watch, and where. */
export interface WatchOptions {
  readonly host: Host
  /** The namespace that is listened in, undefined for our own. */
  readonly where: Namespace | undefined
  readonly groups: readonly number[]
  readonly allNamespaces: boolean
}

/** Something that was missed, in a namespace by its id, -1 for the one that is listened in. */
export interface MissedIn extends Missed {
  readonly group: number
  readonly nsid: number
}

const HERE = -1

export class MonitorState {
  readonly #options: WatchOptions
  /** By namespace, then by group. */
  readonly #known = new Map<number, Map<number, ObjectCache>>()
  #places: Places = new Map()
  readonly #tooMany = new Set<number>()
  /** A namespace was heard of that was not read yet. */
  #behind = true

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** The name of a namespace. */
  nameOf(nsid: number): string | undefined {
    return this.#places.get(nsid)
  }

  /** The ids of namespaces that nothing can be read in, since they have no name. */
  get unreadable(): number[] {
    return [...this.#places].filter(([, name]) => name === undefined).map(([nsid]) => nsid)
  }

  /** The groups of which somewhere more objects are than are kept. */
  get tooMany(): number[] {
    return [...this.#tooMany]
  }

  /** Takes what an event says. */
  take({ nsid, group }: Heard, { items, byteOrder }: Parsed): void {
    const strange = nsid !== HERE && !this.#known.has(nsid) && !this.#places.has(nsid)
    if (this.#options.allNamespaces && (group === route.groups.nsid || strange)) this.#behind = true
    const known = this.#known.get(nsid)?.get(group)
    if (!known) return
    for (const { header, sound, bytes } of items) {
      const message = sound && header ? route.find(header.type) : undefined
      const object = message && objectOf(message, bytes, byteOrder)
      if (!object) continue
      known.take(object, bytes)
      // The next namespace with this id will be another one.
      if (group === route.groups.nsid && object.operation === 'del') this.#forget(Number(object.key))
    }
  }

  /**
   * Reads the namespaces that were not read yet. To be called whenever nothing more waits; mostly does nothing.
   * @throws TransportError, ERR_NETLINK_INTERRUPTED when a list changed each time that it was read: to be tried again
   */
  async catchUp(): Promise<void> {
    if (!this.#behind) return
    for (const [nsid, where] of await this.#readable())
      if (!this.#known.has(nsid)) this.#known.set(nsid, await this.#read(nsid, where))
    this.#behind = false
  }

  /**
   * Reads everything again and gives what is not as it was known.
   * @throws as catchUp does
   */
  async *missed(): AsyncGenerator<MissedIn> {
    for (const [nsid, where] of await this.#readable()) {
      const before = this.#known.get(nsid)
      const now = await this.#read(nsid, where)
      this.#known.set(nsid, now)
      // One that was to be read for the first time: nothing in it is news.
      if (!before && this.#behind) continue
      for (const [group, known] of now) {
        const old = before?.get(group) ?? new ObjectCache(known.byteOrder)
        if (old.full || known.full) this.#tooMany.add(group)
        else for (const missed of old.missed(known)) yield { ...missed, group, nsid }
      }
    }
    this.#behind = false
  }

  #forget(nsid: number): void {
    this.#known.delete(nsid)
    this.#places.delete(nsid)
  }

  /** The namespaces that can be read; those that have gone are forgotten. */
  async #readable(): Promise<(readonly [nsid: number, where: Namespace | undefined])[]> {
    const { host, where, allNamespaces } = this.#options
    if (allNamespaces) this.#places = await readPlaces(host, where)
    for (const nsid of this.#known.keys()) if (nsid !== HERE && !this.#places.has(nsid)) this.#known.delete(nsid)
    const others = [...this.#places].filter(([, name]) => name !== undefined)
    return [[HERE, where], ...others]
  }

  async #read(nsid: number, where: Namespace | undefined): Promise<Map<number, ObjectCache>> {
    try {
      return await readObjects(this.#options.host, where, this.#options.groups)
    } catch (error) {
      // It has gone since its name was read.
      const gone = error instanceof TransportError && error.code === 'ERR_NETLINK_NO_NAMESPACE' && nsid !== HERE
      if (gone) return new Map()
      throw error
    }
  }
}
