/** The named namespaces that a recorded program made, deleted and looked for, in their order. Kept in the head. */
import type { Namespace, Namespaces } from '../../netlink/socket/netns.js'
import { type AccessLog, place } from './access-log.js'
import type { NamespaceLog } from './namespace-log.js'

/** What its lines of the head begin with. @internal */
export const NETNS = 'netns'

/** A namespace that could not be opened, or not be held open. @internal */
export const opening = (does: 'open' | 'hold', where: Namespace | undefined) => ({ does, ...place(where) })

/** Lets everything through to another one and keeps it. @internal */
export function tapNamespaces(log: AccessLog, places: NamespaceLog, inner: Namespaces): Namespaces {
  const none = () => undefined
  return {
    create: (name) => log.keep({ does: 'create', name }, () => inner.create(name), none),
    delete: (name) => log.keep({ does: 'delete', name }, () => inner.delete(name), none),
    list: () => places.listed(inner.list()),
    exists: (name) => log.keep({ does: 'exists', name }, () => inner.exists(name), String),
    inode: (where) =>
      log.keep(
        { does: 'inode', ...place(where) },
        () => {
          const inode = inner.inode(where)
          places.opened(where, inode)
          return inode
        },
        () => String(places.number(where)),
      ),
  }
}

/**
 * Answers as it was recorded, and in that order. Nothing of this machine is looked at.
 * @param refuse throws what is said of an access that was not recorded
 * @internal
 */
export function replayNamespaces(log: AccessLog, places: NamespaceLog, refuse: (text: string) => never): Namespaces {
  const next = (does: string, name: string) => log.next({ does, name }, refuse)
  return {
    create: (name) => void next('create', name),
    delete: (name) => void next('delete', name),
    list: () => places.names(),
    exists: (name) => next('exists', name) === 'true',
    inode: (where) => BigInt(log.next({ does: 'inode', ...place(where) }, refuse)!),
  }
}
