/** Taking attachments away: the link, and what the host has for it. */
import { attachmentsIn, type FoundLink } from './find.js'
import { deleteHostRoute, isHostLink, routedAddresses } from './host-link.js'
import { type Inside, linksOf } from './site.js'
import type { NetworkSpec } from './spec.js'
import { type ChangeRequest, isGone, send } from './steps.js'

/** Deletes the link of an attachment, wherever in this namespace it is. @returns what there was */
export async function detachIn(inside: Inside, network: string, id: string): Promise<FoundLink[]> {
  const found = (await attachmentsIn(inside, network)).filter((one) => one.id === id)
  for (const { link } of found)
    await sendUnlessGone(inside, { type: 'RTM_DELLINK', body: { ifiIndex: link.ifiIndex! } })
  return found
}

/** Deletes what the host has for addresses of containers that have gone. */
export async function forgetHost(here: Inside, network: NetworkSpec, addresses: readonly string[]): Promise<void> {
  const host = await hostIndex(here, network)
  if (host === undefined) return
  const all = await routedAddresses(here, host)
  for (const address of addresses)
    if (all.includes(address)) await sendUnlessGone(here, deleteHostRoute(network, address, host))
}

/** Deletes what the host has for containers, but for these addresses. @returns the addresses that it was for */
export async function forgetOthers(here: Inside, network: NetworkSpec, keep: readonly string[]): Promise<string[]> {
  const host = await hostIndex(here, network)
  if (host === undefined) return []
  const others = (await routedAddresses(here, host)).filter((address) => !keep.includes(address))
  for (const address of others) await sendUnlessGone(here, deleteHostRoute(network, address, host))
  return others
}

async function hostIndex(here: Inside, { name }: NetworkSpec): Promise<number | undefined> {
  return (await linksOf(here)).find((link) => isHostLink(link, name))?.ifiIndex
}

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
