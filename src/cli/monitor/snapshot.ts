/** Reading what is there: all objects of the groups that are listened to, by the kernel's lists. */
import { type ByteOrder, hostByteOrder, KernelError, type Namespace, type Passed, tap } from '../../netlink/index.js'
import type { Host } from '../../rtnl/client/host.js'
import { openRtnl } from '../../rtnl/client/rtnl.js'
import { route } from '../../rtnl/protocol.js'
import { parse } from '../messages/messages.js'
import { lists } from './groups.js'
import { ObjectCache } from './object-cache.js'
import { objectOf } from './objects.js'

/**
 * Reads the lists of groups in a namespace, on a socket of its own: there a list cannot be lost in a flood of events.
 * @returns what is there by the number of the group; a group that the kernel has no list of is left out
 * @throws TransportError, ERR_NETLINK_INTERRUPTED when a list changed each time that it was read
 */
export async function readObjects(
  host: Host,
  where: Namespace | undefined,
  groups: readonly number[],
): Promise<Map<number, ObjectCache>> {
  let byteOrder: ByteOrder = hostByteOrder
  let current = new ObjectCache(byteOrder)
  const heard = ({ direction, bytes }: Passed) => {
    // Asked for, or asked for again because the list changed while it was read.
    if (direction === 'sent') current = new ObjectCache(byteOrder)
    else fill(current, bytes, byteOrder)
  }
  const open: Host['open'] = (...given) => {
    const transport = host.open(...given)
    byteOrder = transport.byteOrder
    return tap(transport, heard)
  }
  const rtnl = await openRtnl({ host: { ...host, open }, netns: where })
  const found = new Map<number, ObjectCache>()
  try {
    for (const group of groups) {
      const list = lists.get(group)
      if (!list) continue
      try {
        await rtnl.conversation.dump(list.type, list.body, { only: [] }).toArray()
        found.set(group, current)
      } catch (error) {
        // This kernel does not have them: mpls is a module, for one.
        if (!(error instanceof KernelError)) throw error
      }
    }
  } finally {
    rtnl.close()
  }
  return found
}

function fill(known: ObjectCache, bytes: Uint8Array, byteOrder: ByteOrder): void {
  for (const item of parse({ bytes, where: '', byteOrder }, {}).items) {
    const message = item.sound ? route.find(item.header!.type) : undefined
    const object = message && objectOf(message, item.bytes, byteOrder)
    if (object?.operation === 'new') known.add(object.key, item.bytes)
  }
}
