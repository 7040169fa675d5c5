/** Network namespaces by the ids that the one that is listened in has for them. */
import type { Namespace } from '../../netlink/index.js'
import type { Host } from '../../rtnl/client/host.js'
import { openRtnl } from '../../rtnl/client/rtnl.js'

/** A namespace by its id, with its name where it has one: without it nothing can be read there. */
export type Places = Map<number, string | undefined>

/** The namespaces that have an id. @throws TransportError */
export async function readPlaces(host: Host, where: Namespace | undefined): Promise<Places> {
  const rtnl = await openRtnl({ host, netns: where })
  const places: Places = new Map()
  try {
    for (const { nsid } of await rtnl.namespaces.list().toArray()) if (nsid !== undefined) places.set(nsid, undefined)
    for (const name of host.names()) {
      // A name can go at any time, or be what is left of a namespace that has gone.
      const nsid = await rtnl.namespaces.get(name).catch(() => undefined)
      if (nsid !== undefined) places.set(nsid, name)
    }
  } finally {
    rtnl.close()
  }
  return places
}
