/** What is to be done for a network and an attachment, in its order: made from what is asked for and what is there. */
import { attachSteps, see, staleSteps } from './attachment.js'
import { findHostLink, type HostLink, hostSteps } from './host-link.js'
import { findParent, type Parent } from './parent.js'
import { proxySteps } from './proxy.js'
import { refuseHostAddresses, refuseOtherMode } from './refusals.js'
import type { Inside, Site } from './site.js'
import type { AttachSpec, NetworkSpec } from './spec.js'
import type { Indexes, NetworkStep } from './steps.js'

/** Steps, and the indexes of the links that are there. */
export interface Prepared {
  readonly steps: NetworkStep[]
  readonly known: Partial<Indexes>
}

/** The steps for the network's own links. @throws NetworkError */
export async function ownSteps(site: Site, here: Inside, network: NetworkSpec): Promise<OwnSteps> {
  const own = await lookAtOwn(here, network)
  await refuseOtherMode(site, here, network, own.parent)
  return own
}

type OwnSteps = Prepared & { readonly parent: Parent; readonly host: HostLink }

async function lookAtOwn(here: Inside, network: NetworkSpec): Promise<OwnSteps> {
  const parent = await findParent(here, network)
  const host = await findHostLink(here, network, parent)
  const known = {
    ...(parent.link === undefined ? {} : { parent: parent.link.ifiIndex! }),
    ...(host.link === undefined ? {} : { host: host.link.ifiIndex! }),
  }
  return { steps: [...parent.steps, ...host.steps], known, parent, host }
}

/** The steps of attaching, those for the network's own links first. @throws OptionError, NetworkError */
export async function stepsOf(
  site: Site,
  here: Inside,
  inside: Inside,
  network: NetworkSpec,
  wanted: AttachSpec,
): Promise<Prepared & { readonly parent: Parent }> {
  const { steps, known, parent, host } = await lookAtOwn(here, network)
  const seen = await see(inside, network, wanted, parent)
  // Only a new link can switch the mode of others. Looking into all namespaces takes most of the time of attaching.
  if (seen.link === undefined || (network.hostLink !== undefined && host.link === undefined))
    await refuseOtherMode(site, here, network, parent)
  await refuseHostAddresses(here, network, wanted, inside.where === undefined ? seen.link?.ifiIndex : undefined)
  const stale = inside.where === undefined ? [] : await staleSteps(here, network, wanted)
  const addresses = wanted.addresses.map(({ address }) => address)
  return {
    steps: [
      ...stale,
      ...steps,
      ...(await attachSteps(network, wanted, parent, inside, seen)),
      ...hostSteps(network, host, addresses),
      ...(await proxySteps(here, network, parent, addresses)),
    ],
    known: { ...known, ...(seen.link === undefined ? {} : { link: seen.link.ifiIndex! }) },
    parent,
  }
}
