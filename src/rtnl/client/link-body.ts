/** From what users write about a link to the body of a message. */
import { EncodeError } from '../../netlink/errors.js'
import { type OptionTable, oneOf } from '../../netlink/options.js'
import type { Namespace, OpenNamespace } from '../../netlink/socket/netns.js'
import {
  interfaceFlags,
  type Link,
  type LinkMessage,
  type linkMessage,
  type NewLink,
  requiredOfKind,
} from '../link/index.js'
import { isIpvlanKind } from '../link/ipvlan-kinds.js'
import type { LinkWith, NewLinkWith, OwnKinds } from '../link/own-kinds.js'
import { type ChangeOptions, type Context, changeOptions, type LinkRef } from './context.js'
import type { IgnoredIn } from './writable.js'

/** How to change a link. */
export interface LinkChangeOptions extends ChangeOptions {
  /**
   * Mode and flags of an ipvlan belong to its parent, so all links there share them. `refuse` (default): what would
   * switch others is not sent, and a SiblingError lists them. `switch`: they are switched.
   */
  readonly siblings?: 'refuse' | 'switch'
}

/** What they can be. */
export const linkChangeOptions: OptionTable<LinkChangeOptions> = {
  ...changeOptions,
  siblings: oneOf('refuse', 'switch'),
}

/** Members that are easier to write than the attributes that they stand for. */
export interface LinkMembers {
  /**
   * Up or down: ifiFlags and ifiChange. Of ifiFlags without ifiChange those are set that are given, and the others are
   * left as they are.
   */
  readonly up?: boolean
  /** The parent: its index or name (IFLA_LINK), in the namespace of `linkNetnsid` if that is given. */
  readonly link?: LinkRef
  /** The bridge, bond or vrf that it is a port of: its index or name; 0 takes it out (IFLA_MASTER). */
  readonly master?: LinkRef | 0
  /** The namespace that it is made in, or moved to (IFLA_NET_NS_FD, held open meanwhile). */
  readonly netns?: Namespace
}

/** A link to make: the attributes by their names, and LinkMembers. `linkinfo` says what kind. */
export type LinkToAdd = Omit<NewLink, keyof LinkMembers | IgnoredIn<'new', typeof linkMessage>> & LinkMembers
/** A link to make, of a known kind or of one's own. */
export type LinkToAddWith<K extends OwnKinds> = [keyof K] extends [never]
  ? LinkToAdd
  : Omit<LinkToAdd, 'linkinfo'> & Pick<NewLinkWith<K>, 'linkinfo'>
/** What to change of a link with one's own kinds. */
export type LinkChangesWith<K extends OwnKinds> = [keyof K] extends [never]
  ? LinkChanges
  : Omit<LinkChanges, 'linkinfo'> & Pick<LinkWith<K>, 'linkinfo'>
/** What to change of a link: the attributes by their names, and LinkMembers. */
export type LinkChanges = Omit<Link, keyof LinkMembers | 'propList' | IgnoredIn<'change', typeof linkMessage>> &
  LinkMembers

/** Either. */
export type GivenLink = Omit<Link, keyof LinkMembers> & LinkMembers

/** The body that a description stands for. @throws EncodeError, KernelError for names that are not there */
export async function linkBody(
  context: Context,
  type: string,
  given: GivenLink,
  opened: OpenNamespace | undefined,
  options: ChangeOptions,
): Promise<Link> {
  onePlace(type, given)
  const { up, link, master, netns: _, ...rest } = given
  const body: Link = { ...rest, ...flagsBody(type, given) }
  if (link !== undefined) body.link = await context.index(type, 'link', link, options, rest.linkNetnsid)
  if (master !== undefined) body.master = master === 0 ? 0 : await context.index(type, 'master', master, options)
  if (opened) body.netNsFd = opened.fd
  return body
}

type Flags = NonNullable<Link['ifiFlags']>

/**
 * The flags, and which of them to change. Without the latter the kernel would take all others away: a link would go
 * down because somebody set another flag.
 */
function flagsBody(type: string, { up, ifiFlags, ifiChange }: GivenLink): Pick<Link, 'ifiFlags' | 'ifiChange'> {
  if (up !== undefined && typeof up !== 'boolean')
    throw new EncodeError(type, [{ path: 'up', value: up, message: 'expected true or false' }])
  // What is no list is for the encoder to refuse.
  if (ifiFlags !== undefined && !Array.isArray(ifiFlags)) return {}
  if (ifiChange !== undefined && !Array.isArray(ifiChange)) return {}
  const given: Flags = ifiFlags ?? []
  const change = ifiChange === undefined || ifiChange.length === 0 ? given : ifiChange
  if (up === undefined) return given.length > 0 ? { ifiChange: change } : {}
  return {
    ifiFlags: [...withoutUp(given), ...(up ? (['up'] as const) : [])],
    ifiChange: [...withoutUp(change), 'up'],
  }
}

const UP = interfaceFlags.up
const withoutUp = (flags: Flags): Flags =>
  flags.filter((flag) => flag !== 'up').map((flag) => (typeof flag === 'number' && flag & UP ? flag - UP : flag))

/** Where a link is made or moved to, when that is another namespace: how it can be found there. */
export interface Place {
  /** By a descriptor or a process. */
  readonly netns?: Namespace
  /** By the id that it has here. */
  readonly nsid?: number
}

/** Where the body says that the link is to be; undefined for here. */
export function placeOf({ netNsFd, netNsPid, targetNetnsid }: Link): Place | undefined {
  if (netNsFd !== undefined) return { netns: { fd: netNsFd } }
  if (netNsPid !== undefined) return { netns: { pid: netNsPid } }
  return targetNetnsid === undefined ? undefined : { nsid: targetNetnsid }
}

/** A link can be made in one namespace only. @throws EncodeError */
function onePlace(type: string, given: GivenLink): void {
  const places = (['netns', 'netNsFd', 'netNsPid', 'targetNetnsid'] as const).filter(
    (name) => given[name] !== undefined,
  )
  if (places.length === 0 && given.newIfindex !== undefined) {
    const message = 'it is the index in another namespace: give netns as well'
    throw new EncodeError(type, [{ path: 'newIfindex', value: given.newIfindex, message }])
  }
  if (places.length < 2) return
  const [first, second] = places
  throw new EncodeError(type, [
    { path: second!, value: given[second!], message: `expected one namespace, but ${first} says one already` },
  ])
}

/** To change a link, alternative names have messages of their own. @throws EncodeError */
export function noAltnames(type: string, { propList }: LinkChanges & Pick<Link, 'propList'>): void {
  if (propList === undefined) return
  const message = 'alternative names are set by addAltnames and deleteAltnames: leave it out'
  throw new EncodeError(type, [{ path: 'propList', value: undefined, message }])
}

/** What a new link of its kind cannot do without, and what cannot be together. @throws EncodeError */
export function checkNew(type: string, body: Link, message: LinkMessage): void {
  const info = body.linkinfo as { kind?: string; data?: Record<string, unknown> } | undefined
  if (info?.kind === undefined) {
    const message = 'expected the kind of link: ipvlan, dummy, veth, ...'
    throw new EncodeError(type, [{ path: 'linkinfo.kind', value: undefined, message }])
  }
  const missing = requiredOfKind(info.kind, message).filter((name) => info.data?.[name] === undefined)
  if (missing.length > 0) {
    const message = `a new ${info.kind} needs it`
    throw new EncodeError(
      type,
      missing.map((name) => ({ path: `linkinfo.data.${name}`, value: undefined, message })),
    )
  }
}

/** Flags of an ipvlan that cannot be together: the kernel refuses them without saying why. @throws EncodeError */
export function checkFlags(type: string, body: Link): void {
  const info = body.linkinfo as { kind?: string; data?: { flags?: unknown } } | undefined
  const flags = info?.data?.flags
  if (!isIpvlanKind(info?.kind) || !Array.isArray(flags)) return
  if (!flags.includes('private') || !flags.includes('vepa')) return
  const message = 'private and vepa exclude each other: give one, or none for bridge'
  throw new EncodeError(type, [{ path: 'linkinfo.data.flags', value: flags.join(' '), message }])
}
