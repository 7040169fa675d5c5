/** What attaching does, as steps: made from what is asked for, and from what is there already. */
import { check } from '../netlink/codec/message.js'
import { EncodeError, OptionError } from '../netlink/errors.js'
import type { Address } from '../rtnl/address/index.js'
import { parsePrefix } from '../rtnl/client/prefix.js'
import { routeBody } from '../rtnl/client/route-body.js'
import { route as rtnetlink } from '../rtnl/protocol.js'
import type { Route } from '../rtnl/route/index.js'
import { NetworkError } from './errors.js'
import { draftName, markText, parseMark } from './mark.js'
import type { NetworkRoute } from './options.js'
import { isUp, kindOf, type Parent } from './parent.js'
import { broadcastOf, contains, type Family, networkOf, prefixText, sameAddress } from './prefixes.js'
import { type Inside, type KnownLink, linksOf } from './site.js'
import { type AttachSpec, hasLinkLayer, linkinfoOf, type NetworkSpec } from './spec.js'
import { isSet, linkDeletion, type NetworkStep, type StepSide, undoCreation } from './steps.js'
import { waitForDad } from './waiting.js'

/** What the container's namespace has already. */
export interface Seen {
  /** The attachment's link, marked; undefined when it is not there. */
  readonly link: KnownLink | undefined
  readonly addresses: readonly Address[]
  readonly routes: readonly Route[]
  /** Deletes what an attach left that did not end. */
  readonly leftovers: readonly NetworkStep[]
}

/** @throws NetworkError ERR_NETWORK_CONFLICT when the name is taken, or the attachment is there in another form */
export async function see(inside: Inside, network: NetworkSpec, wanted: AttachSpec, parent: Parent): Promise<Seen> {
  const conflict = (reason: string): never => {
    throw new NetworkError('ERR_NETWORK_CONFLICT', network.name, reason, { id: wanted.id })
  }
  const links = await linksOf(inside)
  const link = links.find((one) => isAttachment(one, network.name, wanted.id))
  const named = links.find(({ ifname }) => ifname === wanted.ifname)
  if (named !== undefined && named !== link)
    conflict(`the namespace has a link ${wanted.ifname} already (kind ${kindOf(named) ?? 'none'}): give another ifname`)
  const draft = draftName(network.name, wanted.id)
  const leftovers = links
    .filter((one) => one.ifname === draft && one !== link)
    .map((one) => deleteStep(`delete ${draft}, which an attach left that did not end`, 'container', one))
  if (link === undefined) return { link, addresses: [], routes: [], leftovers }
  const { kind, data } = (link.linkinfo ?? {}) as { kind?: string; data?: { mode?: string; flags?: readonly string[] } }
  if (kind !== network.kind) conflict(`it is attached as ${kind}, not ${network.kind}: detach it first`)
  if (data?.mode !== network.mode)
    conflict(`it is attached in mode ${data?.mode}, not ${network.mode}: detach it first`)
  const flags = (data?.flags ?? []).join(' ') || 'none'
  if (kind === 'ipvlan' && flags !== (network.flags.join(' ') || 'none'))
    conflict(`it is attached with flags ${flags}, not ${network.flags.join(' ') || 'none'}: detach it first`)
  if (parent.link !== undefined && link.link !== parent.link.ifiIndex)
    conflict(`it is attached to another parent (index ${link.link}) than ${parent.ifname}: detach it first`)
  if (link.ifname !== wanted.ifname && isUp(link))
    conflict(`it is attached as ${link.ifname}, not ${wanted.ifname}: detach it first`)
  return { ...(await seenOf(inside, link)), leftovers }
}

/** What an attachment's link has. */
export async function seenOf({ rtnl }: Inside, link: KnownLink): Promise<Seen> {
  const addresses = await rtnl.addresses.list({ dev: link.ifiIndex! }).toArray()
  const routes = await rtnl.routes.list({ dev: link.ifiIndex! }).toArray()
  return { link, addresses, routes, leftovers: [] }
}

/** Whether a link is that of an attachment. */
export function isAttachment({ ifalias }: KnownLink, network: string, id: string): boolean {
  const mark = parseMark(ifalias)
  return mark?.role === 'attachment' && mark.network === network && mark.id === id
}

/** The steps of an attachment, in their order. Those that are done already are left out. */
export async function attachSteps(
  network: NetworkSpec,
  wanted: AttachSpec,
  parent: Parent,
  inside: Inside,
  seen: Seen,
): Promise<NetworkStep[]> {
  checkMtu(wanted, parent)
  const steps: NetworkStep[] = [...seen.leftovers]
  if (seen.link === undefined) steps.push(create(network, wanted, parent, inside))
  steps.push(...settle(network, wanted, seen.link))
  if (wanted.bare) return steps
  const present = seen.link !== undefined
  steps.push(...sysctls(network, wanted).filter(({ sysctl }) => !(present && isSet(inside.sysctl, sysctl!))))
  for (const prefix of wanted.addresses) {
    const has = (one: Address) =>
      one.ifaPrefixlen === prefix.length && sameAddress(one.local ?? one.address, prefix.address)
    if (!seen.addresses.some(has)) steps.push(addAddress(network, prefix))
  }
  if (!isUp(seen.link)) steps.push(setUp(wanted))
  const added = wanted.addresses.filter(({ family }) => family === 'inet6').map(({ address }) => address)
  if (network.dad === 'wait' && added.length > 0 && steps.length > 0)
    steps.push({
      title: 'wait until no IPv6 address is tentative',
      side: 'container',
      wait: (rtnl, { link }) => waitForDad(rtnl, link, added, { network: network.name, id: wanted.id }),
    })
  for (const route of routesOf(network, wanted)) {
    const body = await routeBody(noLinks, 'RTM_NEWROUTE', route, {})
    const issues = check(rtnetlink, 'RTM_NEWROUTE', body)
    if (issues.length > 0) throw new EncodeError('RTM_NEWROUTE', issues)
    if (!seen.routes.some((one) => sameRoute(one, body))) steps.push(addRoute(route, body))
  }
  return steps
}

/** RFC 8200, section 5: the kernel takes IPv6 from a link with less. */
const IPV6_MIN_MTU = 1280

/** @throws OptionError */
function checkMtu({ mtu, addresses }: AttachSpec, parent: Parent): void {
  if (mtu === undefined) return
  if (parent.mtu !== undefined && mtu > parent.mtu)
    throw new OptionError('mtu', mtu, `at most ${parent.mtu}, the MTU of ${parent.ifname}`)
  if (mtu < IPV6_MIN_MTU && addresses.some(({ family }) => family === 'inet6'))
    throw new OptionError('mtu', mtu, `at least ${IPV6_MIN_MTU}, without which there are no IPv6 addresses`)
}

function create(network: NetworkSpec, wanted: AttachSpec, parent: Parent, { fd }: Inside): NetworkStep {
  const { kind, bcQueueLen } = network
  const linkinfo = linkinfoOf(network)
  const draft = draftName(network.name, wanted.id)
  return {
    title: `create the ${kind} on ${parent.ifname}`,
    side: 'parent',
    creates: { role: 'link', ifname: draft, side: 'container' },
    request: (indexes) => ({
      type: 'RTM_NEWLINK',
      body: {
        ifname: draft,
        link: indexes.parent,
        ...(fd === undefined ? {} : { netNsFd: fd }),
        ...(wanted.mtu === undefined ? {} : { mtu: wanted.mtu }),
        ...(wanted.mac === undefined ? {} : { address: wanted.mac }),
        linkinfo: bcQueueLen ? { kind, data: { ...linkinfo.data, bcQueueLen } } : linkinfo,
      },
      flags: ['create', 'excl'],
    }),
    undo: ({ link }) => undoCreation(link, draft),
  }
}

/** The mark, the name, and that neighbours are told when it comes up. */
function settle(network: NetworkSpec, wanted: AttachSpec, link: KnownLink | undefined): NetworkStep[] {
  const ifalias = markText({ role: 'attachment', network: network.name, id: wanted.id })
  const conf = { arpNotify: 1 }
  const notify = network.notify && !wanted.bare && !isUp(link)
  const renamed = link?.ifname !== wanted.ifname
  const mtu = link !== undefined && wanted.mtu !== undefined && link.mtu !== wanted.mtu ? { mtu: wanted.mtu } : {}
  if (link !== undefined && !renamed && !notify && mtu.mtu === undefined) return []
  return [
    {
      title: link === undefined ? `mark it, and name it ${wanted.ifname}` : `set ${wanted.ifname} as it is wanted`,
      side: 'container',
      request: (indexes) => ({
        type: 'RTM_SETLINK',
        body: {
          ifiIndex: indexes.link,
          ...(renamed ? { ifname: wanted.ifname } : {}),
          ifalias,
          ...mtu,
          ...(notify ? { afSpec: { inet: { conf } } } : {}),
        },
      }),
    },
  ]
}

/** What IPv6 needs, and what the network's user wants. */
function sysctls(network: NetworkSpec, wanted: AttachSpec): NetworkStep[] {
  const hasIpv6 = wanted.addresses.some(({ family }) => family === 'inet6')
  const all: Record<string, string | number> = {
    // A runtime may have switched IPv6 off in the namespace; addresses are to outlive that the link goes down.
    ...(hasIpv6 ? { 'ipv6/disable_ipv6': 0, 'ipv6/keep_addr_on_down': 1 } : {}),
    ...(hasIpv6 && network.notify ? { 'ipv6/ndisc_notify': 1 } : {}),
    ...network.sysctls,
  }
  return Object.entries(all).map(([key, value]) => {
    const [family, setting] = key.split('/')
    const name = `net/${family}/conf/${wanted.ifname}/${setting}`
    return { title: `set ${name} to ${value}`, side: 'container', sysctl: { name, value: String(value) } }
  })
}

function addAddress({ dad }: NetworkSpec, prefix: AttachSpec['addresses'][number]): NetworkStep {
  const { family, address, length } = prefix
  const broadcast = broadcastOf(prefix)
  const body = (ifaIndex: number) => ({
    ifaFamily: family,
    ifaPrefixlen: length,
    ifaIndex,
    local: address,
    address,
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(family === 'inet6' && dad === 'none' ? { flags: ['nodad'] } : {}),
  })
  return {
    title: `add the address ${prefixText(prefix)}`,
    side: 'container',
    request: ({ link }) => ({ type: 'RTM_NEWADDR', body: body(link), flags: ['create', 'excl'] }),
    undo: ({ link }) => ({ type: 'RTM_DELADDR', body: body(link) }),
  }
}

function setUp({ ifname }: AttachSpec): NetworkStep {
  const body = (ifiIndex: number, up: boolean) => ({ ifiIndex, ifiFlags: up ? ['up'] : [], ifiChange: ['up'] })
  return {
    title: `set ${ifname} up`,
    side: 'container',
    request: ({ link }) => ({ type: 'RTM_SETLINK', body: body(link, true) }),
    undo: ({ link }) => ({ type: 'RTM_SETLINK', body: body(link, false) }),
  }
}

/** The routes that an attachment has: by default, of the network, and its own. */
export function routesOf(network: NetworkSpec, wanted: AttachSpec): NetworkRoute[] {
  const found: NetworkRoute[] = []
  const present = [...new Set(wanted.addresses.map(({ family }) => family))]
  if (wanted.defaultRoute)
    for (const family of present) {
      const route = defaultRoute(network, wanted, family)
      if (route !== undefined) found.push(route)
    }
  for (const route of wanted.routes) found.push(withReach(wanted, route))
  return found
}

/** By the device where there is no link layer, else by the gateway; without a gateway there is none. */
function defaultRoute(network: NetworkSpec, wanted: AttachSpec, family: Family): NetworkRoute | undefined {
  const priority = wanted.metric === undefined ? {} : { priority: wanted.metric }
  if (!hasLinkLayer(network)) return { dst: 'default', family, ...priority }
  const gateway = wanted.gateways[family]
  return gateway === undefined ? undefined : withReach(wanted, { dst: 'default', family, gateway, ...priority })
}

/** A gateway outside of the attachment's own prefixes is on the link all the same. */
function withReach({ addresses }: AttachSpec, route: NetworkRoute): NetworkRoute {
  const { gateway } = route
  if (gateway === undefined || route.onlink !== undefined || /^fe80:/i.test(gateway)) return route
  return addresses.some((prefix) => contains(prefix, gateway)) ? route : { ...route, onlink: true }
}

/** Routes of attachments name no other link: theirs is filled in when it is known. */
const noLinks = { index: async () => 0, optional: async () => undefined }

function addRoute(route: NetworkRoute, body: Route): NetworkStep {
  const by = route.gateway === undefined ? '' : ` by ${route.gateway}`
  return {
    title: `add the route ${route.dst}${by}${body.rtmFamily === 'inet6' && route.dst === 'default' ? ' (IPv6)' : ''}`,
    side: 'container',
    request: ({ link }) => ({ type: 'RTM_NEWROUTE', body: { ...body, oif: link }, flags: ['create', 'excl'] }),
    undo: ({ link }) => ({ type: 'RTM_DELROUTE', body: { ...body, oif: link } }),
  }
}

/** Whether the kernel's route is the one that is wanted: IPv6 fills in a metric of its own. */
export const sameRoute = (one: Route, body: Route): boolean =>
  one.rtmFamily === body.rtmFamily &&
  one.rtmDstLen === body.rtmDstLen &&
  one.table === body.table &&
  one.rtmType === body.rtmType &&
  sameAddress(one.dst, maskedDst(body)) &&
  sameAddress(one.gateway, body.gateway) &&
  (body.priority || (body.rtmFamily === 'inet6' ? IP6_RT_PRIO_USER : 0)) === (one.priority ?? 0)

/** The kernel leaves out the bits beyond the prefix length. */
function maskedDst({ dst, rtmDstLen }: Route): string | undefined {
  const prefix = dst === undefined ? undefined : parsePrefix(`${dst}/${rtmDstLen}`)
  return prefix && networkOf(prefix).address
}

/** The metric of an IPv6 route that is given none. Kernel: IP6_RT_PRIO_USER (net/ip6_route.h). */
const IP6_RT_PRIO_USER = 1024

/** A link of this attachment that came back to the namespace of the parent, when its container had gone. */
export async function staleSteps(here: Inside, { name }: NetworkSpec, wanted: AttachSpec): Promise<NetworkStep[]> {
  const stale = (await linksOf(here)).filter((link) => isAttachment(link, name, wanted.id))
  return stale.map((link) =>
    deleteStep(`delete ${link.ifname}, which came back from a container that has gone`, 'parent', link),
  )
}

const deleteStep = (title: string, side: StepSide, { ifiIndex }: KnownLink): NetworkStep => ({
  title,
  side,
  mayBeGone: true,
  request: () => linkDeletion(ifiIndex!),
})
