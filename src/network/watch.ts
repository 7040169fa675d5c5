/** Drift as it comes: what the kernel tells makes attachments looked at again. */
import { KernelError } from '../netlink/conversation/kernel-error.js'
import { TransportError } from '../netlink/errors.js'
import type { Namespace } from '../netlink/socket/netns.js'
import type { Rtnl } from '../rtnl/client/rtnl.js'
import type { Drift } from './drift-of.js'

/** Something has changed: an attachment is not as it was asked for any more, or is again. */
export interface DriftEvent {
  readonly type: 'drift' | 'mended'
  /** The attachment's id. */
  readonly id: string
  readonly drift: Drift
}

/** How to watch. */
export interface DriftWatchOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
  /** Lets the process end meanwhile. */
  readonly unref?: boolean | undefined
}

/** The network that is watched. */
export interface Watched {
  /** A client in the namespace of the parent. */
  open(): Promise<Rtnl>
  /** The attachments of the network's object, and where they are. */
  attachments(): ReadonlyMap<string, { readonly where: Namespace | undefined }>
  check(id: string): Promise<Drift[]>
  /** @returns what ends it */
  onChange(changed: () => void): () => void
}

/**
 * One socket hears all: the kernel tells in the parent's namespace what happens in those that have an id there. A socket in
 * a container's namespace would keep it alive when the container has gone.
 */
export async function* watchDrift(watched: Watched, { signal, unref }: DriftWatchOptions): AsyncGenerator<DriftEvent> {
  if (signal?.aborted) return
  const bell = new Bell()
  const rtnl = await watched.open()
  const done = new AbortController()
  const stops = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal])
  const all = () => bell.ring('all')
  const off = watched.onChange(all)
  stops.addEventListener('abort', all)
  try {
    const events = rtnl.monitor(['link', 'address', 'route', 'nsid'], {
      allNamespaces: true,
      signal: stops,
    })
    if (unref) events.unref()
    let failure: { error: unknown } | undefined
    const pump = (async () => {
      for await (const event of events) bell.ring(affected(event))
    })().catch((error: unknown) => {
      failure = { error }
      all()
    })
    const told = new Map<string, Map<string, Drift>>()
    let where: Affected = 'all'
    while (!stops.aborted) {
      const attachments = watched.attachments()
      for (const id of told.keys()) if (!attachments.has(id)) told.delete(id)
      for (const [id, one] of [...attachments]) {
        const nsid = await idOf(rtnl, one.where)
        if (where !== 'all' && (nsid === undefined || !where.has(nsid))) continue
        const drift = await watched.check(id)
        if (stops.aborted) break
        // It was detached meanwhile.
        if (!watched.attachments().has(id)) continue
        const now = new Map(drift.map((one) => [`${one.code} ${one.expected}`, one]))
        const before = told.get(id) ?? new Map<string, Drift>()
        told.set(id, now)
        for (const [key, one] of before) if (!now.has(key)) yield { type: 'mended', id, drift: one }
        for (const [key, one] of now) if (!before.has(key)) yield { type: 'drift', id, drift: one }
      }
      where = await bell.rung()
      if (failure !== undefined) throw failure.error
    }
    done.abort()
    await pump
  } finally {
    stops.removeEventListener('abort', all)
    done.abort()
    off()
    rtnl.close()
  }
}

/** The namespaces in which attachments are to be looked at, by their ids: all, or some. */
type Affected = 'all' | ReadonlySet<number>

/**
 * An address or a route is a matter of its namespace. A link can be a sibling whose new mode switches all, so its
 * namespace says nothing; nor does what was lost, or could not be read.
 */
function affected({ type, nsid }: { readonly type: string; readonly nsid?: number | undefined }): Affected {
  // Our own doing.
  if (type === 'RTM_NEWNSID') return new Set()
  return nsid !== undefined && perNamespace.has(type) ? new Set([nsid]) : 'all'
}

const perNamespace = new Set(['RTM_NEWADDR', 'RTM_DELADDR', 'RTM_NEWROUTE', 'RTM_DELROUTE'])

/**
 * The id of a namespace in that of the parent, by which its events are heard there. It is given one where it has none,
 * which lasts as long as it does.
 * @returns undefined for the parent's own, and for one that has gone, which the check tells
 */
async function idOf(rtnl: Rtnl, where: Namespace | undefined): Promise<number | undefined> {
  if (where === undefined) return undefined
  try {
    return (await rtnl.namespaces.get(where)) ?? (await rtnl.namespaces.set(where))
  } catch (error) {
    if (error instanceof TransportError && error.code === 'ERR_NETLINK_NO_NAMESPACE') return undefined
    // Another has given it one meanwhile.
    if (error instanceof KernelError && error.errnoName === 'EEXIST') return rtnl.namespaces.get(where)
    throw error
  }
}

const isNone = (affected: Affected): boolean => affected !== 'all' && affected.size === 0

/** Remembers what it was rung for until somebody has waited for it. */
class Bell {
  #affected: Affected = new Set()
  #wake: (() => void) | undefined

  ring(affected: Affected): void {
    if (affected === 'all' || this.#affected === 'all') this.#affected = 'all'
    else this.#affected = new Set([...this.#affected, ...affected])
    if (!isNone(this.#affected)) this.#wake?.()
  }

  async rung(): Promise<Affected> {
    if (isNone(this.#affected))
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    const affected = this.#affected
    this.#affected = new Set()
    this.#wake = undefined
    return affected
  }
}
