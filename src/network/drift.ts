/** How a network's links differ from what was asked for. Nothing is changed. */
import { TransportError } from '../netlink/errors.js'
import type { Namespace } from '../netlink/socket/netns.js'
import { attachSteps, isAttachment, seenOf } from './attachment.js'
import { type Drift, differs, driftsOf } from './drift-of.js'
import { NetworkError } from './errors.js'
import { findAll } from './find.js'
import { findHostLink, hostSteps } from './host-link.js'
import { findParent, isUp, type Parent } from './parent.js'
import { prefixesOption } from './prefixes.js'
import { proxySteps } from './proxy.js'
import { type Inside, type KnownLink, linkNamed, linksOf, type Site } from './site.js'
import type { AttachSpec, NetworkSpec } from './spec.js'
import type { NetworkStep } from './steps.js'
import { steadily } from './turns.js'

/** What is expected of an attachment. */
export interface ExpectedAttachment {
  readonly where: Namespace | undefined
  readonly wanted: AttachSpec
  /** The MTU that it had, where none was asked for. */
  readonly mtu?: number | undefined
}

/**
 * What of an attachment is not as expected.
 * @param expected left out: what the marks of links tell
 */
export async function driftOf(
  site: Site,
  network: NetworkSpec,
  id: string,
  expected: ExpectedAttachment | undefined,
): Promise<Drift[]> {
  return steadily(async () => {
    const known = expected ?? (await byMarks(site, network, id))
    if (known === undefined) return [differs('link-missing', `the link of ${id}`, 'none in any namespace')]
    return site.here((here) => look(site, here, network, known))
  })
}

/** What the link itself says: where it is, its name, and its addresses. Which routes it was given it does not say. */
async function byMarks(site: Site, network: NetworkSpec, id: string): Promise<ExpectedAttachment | undefined> {
  const all = (await findAll(site, network.name)).filter((one) => one.id === id)
  // A link in the namespace of the parent may have come back from a container that has gone.
  const found = all.find(({ where }) => where !== undefined) ?? all[0]
  if (found === undefined) return undefined
  const wanted = {
    id,
    ifname: found.link.ifname!,
    addresses: prefixesOption('addresses', found.addresses),
    gateways: network.gateways,
    routes: network.routes,
    defaultRoute: false,
    metric: network.metric,
    mtu: network.mtu,
    mac: undefined,
    bare: false,
  }
  return { where: found.where, wanted }
}

async function look(site: Site, here: Inside, network: NetworkSpec, expected: ExpectedAttachment): Promise<Drift[]> {
  const { where, wanted } = expected
  const own = await parentOf(here, network)
  const drift = [...own.drift]
  try {
    await site.inside(where, async (inside) => {
      drift.push(...(await inContainer(inside, network, expected, own.parent)))
    })
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'ERR_NETLINK_NO_NAMESPACE') throw error
    drift.push(differs('namespace-missing', `the namespace of ${wanted.id}`, error.message))
  }
  if (own.parent?.link !== undefined) drift.push(...(await ofHost(here, network, own.parent, wanted)))
  return drift
}

/** The parent, and what is wrong with it. */
async function parentOf(here: Inside, network: NetworkSpec): Promise<{ parent: Parent | undefined; drift: Drift[] }> {
  let parent: Parent
  try {
    parent = await findParent(here, network)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    const { parent: given } = network
    const there = typeof given === 'string' && (await linkNamed(here, given)) !== undefined
    const what = `${given ?? 'the link of the default route'} as the parent`
    return { parent: undefined, drift: [differs(there ? 'parent' : 'parent-missing', what, error.reason)] }
  }
  const { link, ifname } = parent
  if (link === undefined)
    return { parent, drift: [differs('parent-missing', `${ifname} as the parent`, `there is no link ${ifname}`)] }
  return { parent, drift: isUp(link) ? [] : [differs('parent-down', `the parent ${ifname} up`, 'down')] }
}

async function inContainer(
  inside: Inside,
  network: NetworkSpec,
  { wanted, mtu }: ExpectedAttachment,
  parent: Parent | undefined,
): Promise<Drift[]> {
  const link = (await linksOf(inside)).find((one) => isAttachment(one, network.name, wanted.id))
  if (link === undefined) return [differs('link-missing', `the link ${wanted.ifname}`, 'none that carries its mark')]
  const drift = ofLink(network, wanted, mtu, parent, link)
  if (wanted.bare || parent === undefined) return drift
  const seen = await seenOf(inside, link)
  // What attaching again would do is what is missing; that of a link with another name, under that name.
  const steps = await attachSteps(network, { ...wanted, ifname: link.ifname! }, parent, inside, seen)
  const failed = seen.addresses.filter(({ flags }) => (flags as readonly unknown[] | undefined)?.includes('dadfailed'))
  return [
    ...drift,
    ...driftsOf(steps, inside.sysctl),
    ...failed.map(({ address }) => differs('address-duplicate', `${address} on this link alone`, 'on another as well')),
  ]
}

function ofLink(
  network: NetworkSpec,
  wanted: AttachSpec,
  mtu: number | undefined,
  parent: Parent | undefined,
  link: KnownLink,
): Drift[] {
  const { kind, data } = (link.linkinfo ?? {}) as { kind?: string; data?: { mode?: string; flags?: readonly string[] } }
  const drift: Drift[] = []
  const compare = (code: Drift['code'], what: string, expected: unknown, found: unknown) => {
    if (expected !== undefined && expected !== found)
      drift.push(differs(code, `${what} ${expected}`, found === undefined ? 'none' : `${found}`))
  }
  compare('link-renamed', 'the link', wanted.ifname, link.ifname)
  compare('kind', 'kind', network.kind, kind)
  compare('mode', 'mode', network.mode, data?.mode)
  if (network.kind === 'ipvlan')
    compare('flags', 'flags', network.flags.join(' ') || 'none', data?.flags?.join(' ') || 'none')
  compare('mtu', 'MTU', wanted.mtu ?? mtu, link.mtu)
  compare('mac', 'hardware address', wanted.mac?.toLowerCase(), link.address)
  if (parent?.link !== undefined && link.link !== parent.link.ifiIndex)
    drift.push(
      differs('parent', `${parent.ifname} (index ${parent.link.ifiIndex}) as the parent`, `index ${link.link}`),
    )
  if (wanted.bare || isUp(link)) return drift
  return [...drift, differs('link-down', `${link.ifname} up`, 'down')]
}

/** What the host has for the attachment: its link, routes, proxy entries. */
async function ofHost(here: Inside, network: NetworkSpec, parent: Parent, wanted: AttachSpec): Promise<Drift[]> {
  const addresses = wanted.addresses.map(({ address }) => address)
  const steps: NetworkStep[] = []
  try {
    const host = await findHostLink(here, network, parent)
    steps.push(...host.steps, ...hostSteps(network, host, addresses))
    steps.push(...(await proxySteps(here, network, parent, addresses)))
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    const taken = error.code === 'ERR_NETWORK_CONFLICT'
    const what = taken ? `the host's link ${network.hostLink?.ifname}` : `settings of ${parent.ifname} for proxy`
    return [...driftsOf(steps, here.sysctl), differs(taken ? 'host-link-missing' : 'sysctl', what, error.reason)]
  }
  return driftsOf(steps, here.sysctl)
}
