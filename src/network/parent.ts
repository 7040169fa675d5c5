/** The link below a network: found, refused with the reason, or created. */

import { isIpvlanKind } from '../rtnl/link/ipvlan-kinds.js'
import type { Route } from '../rtnl/route/index.js'
import { NetworkError } from './errors.js'
import { draftName, isDraftName, isUserName, type Mark, markText, parseMark, userName } from './mark.js'
import { type Inside, type KnownLink, linkNamed, linksOf } from './site.js'
import type { NetworkSpec } from './spec.js'
import { type NetworkStep, undoCreation } from './steps.js'

/** The parent, and what is to be done to have it. */
export interface Parent {
  readonly ifname: string
  /** Its MTU, or what it will be; undefined for a dummy that is not there yet. */
  readonly mtu: number | undefined
  /** undefined: it is not there yet. */
  readonly link: KnownLink | undefined
  /** Creates it, or tells that the network uses it. */
  readonly steps: readonly NetworkStep[]
}

const refuse = ({ name }: NetworkSpec, reason: string): never => {
  throw new NetworkError('ERR_NETWORK_PARENT', name, reason)
}

/** @throws NetworkError ERR_NETWORK_PARENT when it is not there, or cannot carry the network's links */
export async function findParent(here: Inside, spec: NetworkSpec): Promise<Parent> {
  if (spec.parent === null) return createdParent(here, spec, dummyName(spec), { kind: 'dummy' }, 'the dummy')
  const given = spec.parent ?? (await defaultDevice(here, spec))
  const link = await linkNamed(here, given)
  if (link === undefined) return vlanParent(here, spec, given)
  // It may have been given by an alternative name, which sysctls do not have.
  const ifname = link.ifname!
  if (parseMark(link.ifalias)?.role === 'parent') return createdParent(here, spec, ifname, undefined, 'the VLAN')
  return { ifname, mtu: link.mtu, link: await suitable(here, spec, link), steps: [] }
}

/** The dummy of a network without a parent. */
const dummyName = ({ name }: NetworkSpec): string => draftName(name, ':dummy')

/** The device of the default route with the lowest metric, of IPv4 where both families have one. */
async function defaultDevice({ rtnl }: Inside, spec: NetworkSpec): Promise<string> {
  const found: Route[] = []
  for (const family of ['inet', 'inet6'] as const) {
    const all = await rtnl.routes.list({ family, table: 'main', type: 'unicast' }).toArray()
    found.push(...all.filter(({ rtmDstLen }) => rtmDstLen === 0).sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0)))
    if (found.length > 0) break
  }
  const index = found[0]?.oif ?? found[0]?.multipath?.[0]?.rtnhIfindex
  if (index === undefined) return refuse(spec, 'there is no default route whose link could be the parent: give parent')
  return (await rtnl.links.get(index, { only: ['ifname'] })).ifname!
}

/** `eth0.30`: VLAN 30 of eth0, as Docker names them. */
async function vlanParent(here: Inside, spec: NetworkSpec, ifname: string): Promise<Parent> {
  const [, base, digits] = /^(.+)\.(\d{1,4})$/.exec(ifname) ?? []
  const id = Number(digits)
  if (base === undefined) return refuse(spec, `there is no link ${ifname} (parent)`)
  const below = await linkNamed(here, base)
  if (below === undefined)
    return refuse(spec, `there is neither a link ${ifname} (parent), nor ${base} to create it on`)
  if (id < 1 || id > 4094) return refuse(spec, `${ifname} cannot be created: the number of a VLAN is 1 to 4094`)
  if (!isUp(below)) return refuse(spec, `${base} is down, and a VLAN on it cannot be set up: set ${base} up first`)
  const linkinfo = { kind: 'vlan', data: { id } }
  const there = (await linksOf(here)).find((one) => isVlan(one, below, id))
  // Another program has created it in between.
  if (there?.ifname === ifname) return findParent(here, spec)
  if (there !== undefined && !isDraftName(there))
    return refuse(spec, `VLAN ${id} of ${base} is there already as ${there.ifname}: use that as the parent`)
  return createdParent(here, spec, ifname, linkinfo, `VLAN ${id} of ${base}`, below, there)
}

function isVlan(link: KnownLink, below: KnownLink, id: number): boolean {
  const { kind, data } = (link.linkinfo ?? {}) as { kind?: string; data?: { id?: number } }
  return kind === 'vlan' && link.link === below.ifiIndex && link.linkNetnsid === undefined && data?.id === id
}

/** A parent that is ours: created where it is missing, with an alternative name for each network that uses it. */
async function createdParent(
  here: Inside,
  spec: NetworkSpec,
  ifname: string,
  linkinfo: object | undefined,
  what: string,
  below?: KnownLink,
  draftOfAnother?: KnownLink,
): Promise<Parent> {
  const draft = draftName(spec.name, `:parent:${ifname}`)
  const link = draftOfAnother ?? (await linkNamed(here, ifname)) ?? (await linkNamed(here, draft))
  const steps: NetworkStep[] = []
  if (link === undefined)
    steps.push({
      title: `create ${what}`,
      side: 'parent',
      creates: { role: 'parent', ifname: draft, side: 'parent' },
      request: () => ({
        type: 'RTM_NEWLINK',
        body: { ifname: draft, ...(below === undefined ? {} : { link: below.ifiIndex }), linkinfo },
        flags: ['create', 'excl'],
      }),
      // By this name only: once it is marked, others may use it, and it is deleted when none does (`unusedParents`).
      undo: () => undoCreation(0, draft),
    })
  const user = userName(spec.name)
  // Before the mark: one that is marked and has no user is deleted by others.
  if (!link?.propList?.altIfname?.includes(user))
    steps.push({
      title: `tell that the network uses ${ifname}`,
      side: 'parent',
      request: ({ parent }) => linkProp('RTM_NEWLINKPROP', parent, user),
      undo: ({ parent }) => linkProp('RTM_DELLINKPROP', parent, user),
    })
  if (parseMark(link?.ifalias)?.role !== 'parent' || !isUp(link))
    steps.push(markStep(`mark ${ifname} as created, and set it up`, 'parent', { role: 'parent' }, ifname, link))
  return { ifname, mtu: (link ?? below)?.mtu, link, steps }
}

/** Marks a link of the network's own, gives it its name, and sets it up. @param link as it is, where it is there */
export const markStep = (
  title: string,
  role: 'parent' | 'host',
  mark: Mark,
  ifname: string,
  link: KnownLink | undefined,
): NetworkStep => ({
  title,
  side: 'parent',
  request: (indexes) => ({
    type: 'RTM_SETLINK',
    body: {
      ifiIndex: indexes[role],
      ...(link?.ifname === ifname ? {} : { ifname }),
      ifalias: markText(mark),
      ifiFlags: ['up'],
      ifiChange: ['up'],
    },
  }),
})

const linkProp = (type: 'RTM_NEWLINKPROP' | 'RTM_DELLINKPROP', ifiIndex: number, altname: string) => ({
  type,
  body: { ifiIndex, propList: { altIfname: [altname] } },
  flags: type === 'RTM_NEWLINKPROP' ? ['create', 'excl', 'append'] : [],
})

/** Whether it was created for networks, or will be. */
export const isCreated = ({ link }: Parent): boolean => link === undefined || parseMark(link.ifalias)?.role === 'parent'

export const isUp = (link: Pick<KnownLink, 'ifiFlags'> | undefined): boolean => link?.ifiFlags?.includes('up') === true

/** Masters whose ports cannot carry ipvlans or macvlans: they take all that the port receives. A vrf does not. */
const takesAll = ['bridge', 'bond', 'team', 'openvswitch']

/** What the kernel would refuse as EINVAL or EBUSY without a word is refused with the reason. */
async function suitable(here: Inside, spec: NetworkSpec, link: KnownLink): Promise<KnownLink> {
  const { ifname, ifiFlags, linkinfo, master } = link
  const other = spec.kind === 'ipvlan' ? 'macvlan' : 'ipvlan'
  if (ifiFlags?.includes('loopback')) refuse(spec, `${ifname} is the loopback, which cannot be a parent`)
  const slave = (linkinfo as { slaveKind?: string } | undefined)?.slaveKind
  if (slave !== undefined && takesAll.includes(slave)) {
    const to = master === undefined ? undefined : await here.rtnl.links.get(master, { only: ['ifname'] })
    refuse(spec, `${ifname} is a port of the ${slave} ${to?.ifname}: use ${to?.ifname} itself as the parent`)
  }
  const kind = kindOf(link)
  if (kind === spec.kind && link.link !== undefined && link.linkNetnsid === undefined) {
    // The kernel puts it on the parent's parent.
    const below = (await linksOf(here)).find(({ ifiIndex }) => ifiIndex === link.link)
    if (below !== undefined) return suitable(here, spec, below)
  }
  if (kind === spec.kind) refuse(spec, `${ifname} is itself an ${kind} whose parent is in another namespace`)
  if (kind === 'ipvlan') refuse(spec, `${ifname} is an ipvlan, which cannot carry a macvlan: use its parent`)
  const on = (await linksOf(here)).find((one) => one.link === link.ifiIndex && isKind(kindOf(one), other))
  if (on !== undefined)
    refuse(spec, `${ifname} has the ${other} ${on.ifname} on it: a parent carries one kind or the other`)
  return link
}

export const kindOf = ({ linkinfo }: KnownLink): string | undefined => linkinfo?.kind as string | undefined

const isKind = (kind: string | undefined, wanted: 'ipvlan' | 'macvlan'): boolean =>
  wanted === 'ipvlan' ? isIpvlanKind(kind) : kind === 'macvlan' || kind === 'macvtap'

/** The networks that use a parent that was created. */
export const usersOf = (link: KnownLink): string[] => (link.propList?.altIfname ?? []).filter(isUserName)

/** Takes the network from the users of a parent. */
export const dropUser = (link: KnownLink, network: string) =>
  linkProp('RTM_DELLINKPROP', link.ifiIndex!, userName(network))
