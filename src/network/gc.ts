/** Garbage: what programs that were killed, and containers that have gone, left of a network. */
import type { Namespace } from '../netlink/socket/netns.js'
import { deleteLink, forget, sendUnlessGone } from './detach.js'
import { type FoundLink, findAll, linksOn } from './find.js'
import { isHostLink } from './host-link.js'
import { parseMark } from './mark.js'
import { dropUser, usersOf } from './parent.js'
import { type Inside, type KnownLink, linksOf, type Site } from './site.js'
import type { NetworkSpec } from './spec.js'

/** What was removed. */
export interface Removed {
  /** A link, or the host's route to an address. */
  readonly what: 'link' | 'route'
  /** The link's name, or the address. */
  readonly name: string
  /** The attachment that it was of, where that is known. */
  readonly id?: string
  /** The namespace that it was in; left out for the parent's. */
  readonly where?: Namespace
}

/** Removes attachments that are not to be kept, unfinished links, and what the host has for neither. */
export async function collect(site: Site, network: NetworkSpec, keep: ReadonlySet<string>): Promise<Removed[]> {
  const all = await findAll(site, network.name)
  // A container that has gone gives its link back to the namespace of the parent, down: the same id can be there twice.
  const live = new Set(all.filter(({ where }) => where !== undefined).map(({ id }) => id))
  const isStale = (one: FoundLink) =>
    one.id === undefined || !keep.has(one.id) || (one.where === undefined && live.has(one.id))
  const stale = all.filter(isStale)
  const removed: Removed[] = []
  for (const found of stale) if (await removeFound(site, found)) removed.push(removedLink(found))
  const kept = all.filter((one) => !isStale(one)).flatMap(({ addresses }) => addresses.map((one) => one.split('/')[0]!))
  await site.here(async (here) => {
    for (const name of await forget(here, network, (address) => !kept.includes(address)))
      removed.push({ what: 'route', name })
    removed.push(...(await unusedParents(site, here)))
  })
  return removed
}

const removedLink = ({ id, link, where }: FoundLink): Removed => ({
  what: 'link',
  name: link.ifname!,
  ...(id === undefined ? {} : { id }),
  ...(where === undefined ? {} : { where }),
})

const removeFound = (site: Site, { where, link }: FoundLink): Promise<boolean> =>
  site.inside(where, (inside) => deleteLink(inside, link))

/** Removes all of a network: its attachments, its links, and the parent that was created and has no other user. */
export async function removeAll(site: Site, network: NetworkSpec): Promise<Removed[]> {
  const removed = await collect(site, network, new Set())
  await site.here(async (here) => {
    for (const link of await linksOf(here)) {
      if (isHostLink(link, network.name) && (await deleteLink(here, link)))
        removed.push({ what: 'link', name: link.ifname! })
      const { altIfname = [] } = link.propList ?? {}
      const drop = dropUser(link, network.name)
      if (isParent(link) && altIfname.some((name) => drop.body.propList.altIfname.includes(name)))
        await sendUnlessGone(here, drop)
    }
    removed.push(...(await unusedParents(site, here)))
  })
  return removed
}

/** Parents that were created, that no network uses any more, and that carry no link of anybody. */
export async function unusedParents(site: Site, here: Inside): Promise<Removed[]> {
  const removed: Removed[] = []
  for (const link of await linksOf(here)) {
    if (!isParent(link) || usersOf(link).length > 0) continue
    if ((await linksOn(site, link.ifiIndex!)).length > 0) continue
    if (await deleteLink(here, link)) removed.push({ what: 'link', name: link.ifname! })
  }
  return removed
}

const isParent = ({ ifalias }: KnownLink): boolean => parseMark(ifalias)?.role === 'parent'
