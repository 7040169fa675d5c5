/** Taking attachments away: the link, and what the host has for it. */
import { attachmentsIn, type FoundLink, findAll } from './find.js'
import { deleteHostRoute, isHostLink, routedAddresses } from './host-link.js'
import { proxiedAddresses, proxyEntry } from './proxy.js'
import { type Inside, type KnownLink, linksOf, type Site } from './site.js'
import type { NetworkSpec } from './spec.js'
import { type ChangeRequest, isGone, linkDeletion, send } from './steps.js'

/** Deletes the link of an attachment, wherever in this namespace it is. @returns what there was */
export async function detachIn(inside: Inside, network: string, id: string): Promise<FoundLink[]> {
  const found = (await attachmentsIn(inside, network)).filter((one) => one.id === id)
  for (const { link } of found) await deleteLink(inside, link)
  return found
}

/**
 * The addresses that the host need not reach any more: those of the links that were deleted, and of those that are only
 * told what no other attachment has by now.
 */
export async function addressesToForget(
  site: Site,
  network: string,
  id: string,
  deleted: readonly FoundLink[],
  told: readonly string[],
): Promise<string[]> {
  const own = addressesIn(deleted)
  const rest = told.filter((address) => !own.includes(address))
  if (rest.length === 0) return own
  const others = addressesIn((await findAll(site, network)).filter((one) => one.id !== id))
  return [...own, ...rest.filter((address) => !others.includes(address))]
}

/** Without their lengths. */
const addressesIn = (found: readonly FoundLink[]): string[] =>
  found.flatMap(({ addresses }) => addresses.map((one) => one.split('/')[0]!))

/** Deletes what the host has for addresses of containers that have gone. */
export async function forgetHost(here: Inside, network: NetworkSpec, addresses: readonly string[]): Promise<void> {
  await forget(here, network, (address) => addresses.includes(address))
}

/**
 * Deletes what the host has for addresses: its routes, and that the parent answers for them.
 * @returns the addresses that it had routes to
 */
export async function forget(
  here: Inside,
  network: NetworkSpec,
  isGarbage: (address: string) => boolean,
): Promise<string[]> {
  const own = (await linksOf(here)).find((link) => isHostLink(link, network.name))
  if (own === undefined) return []
  const garbage = (await routedAddresses(here, own.ifiIndex!)).filter(isGarbage)
  // First the parent's answers: one that has no route to the address any more stands for nothing, and nobody would find it.
  if (own.link !== undefined)
    for (const address of await proxiedAddresses(here, own.link))
      if (garbage.includes(address)) await sendUnlessGone(here, proxyEntry('RTM_DELNEIGH', address, own.link))
  for (const address of garbage) await sendUnlessGone(here, deleteHostRoute(network, address, own.ifiIndex!))
  return garbage
}

/** Deletes a link. @returns whether there was one */
export const deleteLink = (inside: Inside, { ifiIndex }: KnownLink): Promise<boolean> =>
  sendUnlessGone(inside, linkDeletion(ifiIndex!))

/** Sends what deletes; that there is nothing to delete is no error. @returns whether there was something */
export async function sendUnlessGone({ rtnl }: Inside, request: ChangeRequest): Promise<boolean> {
  try {
    await send(rtnl, request)
    return true
  } catch (error) {
    if (!isGone(error)) throw error
    return false
  }
}
