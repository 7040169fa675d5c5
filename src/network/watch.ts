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
  const off = watched.onChange(() => bell.ring())
  const stop = () => bell.ring()
  stops.addEventListener('abort', stop)
  try {
    const events = rtnl.monitor(['link', 'address', 'route', 'nsid'], {
      allNamespaces: true,
      signal: stops,
      ...(unref === undefined ? {} : { unref }),
    })
    let failure: { error: unknown } | undefined
    const pump = (async () => {
      for await (const _ of events) bell.ring()
    })().catch((error: unknown) => {
      failure = { error }
      bell.ring()
    })
    const told = new Map<string, Map<string, Drift>>()
    const named = new Set<Namespace>()
    while (!stops.aborted) {
      const all = watched.attachments()
      for (const id of told.keys()) if (!all.has(id)) told.delete(id)
      for (const { where } of all.values()) await giveId(rtnl, where, named)
      for (const id of all.keys()) {
        const drift = await watched.check(id)
        // It was detached meanwhile.
        if (!watched.attachments().has(id)) continue
        const now = new Map(drift.map((one) => [`${one.code} ${one.expected}`, one]))
        const before = told.get(id) ?? new Map<string, Drift>()
        told.set(id, now)
        for (const [key, one] of before) if (!now.has(key)) yield { type: 'mended', id, drift: one }
        for (const [key, one] of now) if (!before.has(key)) yield { type: 'drift', id, drift: one }
        if (stops.aborted) break
      }
      await bell.rung()
      if (failure !== undefined) throw failure.error
    }
    done.abort()
    await pump
  } finally {
    stops.removeEventListener('abort', stop)
    done.abort()
    off()
    rtnl.close()
  }
}

/** Gives a namespace an id in that of the parent, so that its events are heard there. It lasts as long as the namespace. */
async function giveId(rtnl: Rtnl, where: Namespace | undefined, named: Set<Namespace>): Promise<void> {
  if (where === undefined || named.has(where)) return
  try {
    if ((await rtnl.namespaces.get(where)) === undefined) await rtnl.namespaces.set(where)
    named.add(where)
  } catch (error) {
    // It has gone, which the check tells; or another has given it an id meanwhile.
    if (error instanceof TransportError && error.code === 'ERR_NETLINK_NO_NAMESPACE') return
    if (!(error instanceof KernelError) || error.errnoName !== 'EEXIST') throw error
  }
}

/** Remembers that it was rung until somebody has waited for it. */
class Bell {
  #rung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  async rung(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#rung = false
    this.#wake = undefined
  }
}
