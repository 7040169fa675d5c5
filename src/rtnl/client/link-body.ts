/** From what users write about a link to the body of a message. */
import { EncodeError } from '../../netlink/errors.js'
import type { Namespace, OpenNamespace } from '../../netlink/netns.js'
import { type Link, type NewLink, requiredOfKind } from '../link/index.js'
import type { ChangeOptions, Context, LinkRef } from './context.js'

/** Members that are easier to write than the attributes that they stand for. */
export interface LinkMembers {
  /** Up or down: ifiFlags and ifiChange. */
  readonly up?: boolean
  /** The parent: its index or name (IFLA_LINK). */
  readonly link?: LinkRef
  /** The bridge, bond or vrf that it is a port of: its index or name; 0 takes it out (IFLA_MASTER). */
  readonly master?: LinkRef | 0
  /** The namespace that it is made in, or moved to (IFLA_NET_NS_FD, held open meanwhile). */
  readonly netns?: Namespace
}

/** A link to make: the attributes by their names, and LinkMembers. `linkinfo` says what kind. */
export type LinkToAdd = Omit<NewLink, keyof LinkMembers> & LinkMembers
/** What to change of a link: the attributes by their names, and LinkMembers. */
export type LinkChanges = Omit<Link, keyof LinkMembers> & LinkMembers

/** The body that a description stands for. @throws EncodeError, KernelError for names that are not there */
export async function linkBody(
  context: Context,
  type: string,
  given: LinkChanges,
  opened: OpenNamespace | undefined,
  options: ChangeOptions,
): Promise<Link> {
  const { up, link, master, netns: _, ...rest } = given
  const body: Link = { ...rest }
  if (up !== undefined) {
    if (typeof up !== 'boolean')
      throw new EncodeError(type, [{ path: 'up', value: up, message: 'expected true or false' }])
    body.ifiFlags = [...(rest.ifiFlags ?? []).filter((flag) => flag !== 'up'), ...(up ? (['up'] as const) : [])]
    body.ifiChange = [...(rest.ifiChange ?? []).filter((flag) => flag !== 'up'), 'up']
  }
  if (link !== undefined) body.link = await context.index(type, 'link', link, options)
  if (master !== undefined) body.master = master === 0 ? 0 : await context.index(type, 'master', master, options)
  if (opened) body.netNsFd = opened.fd
  return body
}

/** What a new link of its kind cannot do without, and what cannot be together. @throws EncodeError */
export function checkNew(type: string, body: Link): void {
  const info = body.linkinfo as { kind?: string; data?: Record<string, unknown> } | undefined
  if (info?.kind === undefined) {
    const message = 'expected the kind of link: ipvlan, dummy, veth, ...'
    throw new EncodeError(type, [{ path: 'linkinfo.kind', value: undefined, message }])
  }
  const missing = requiredOfKind(info.kind).filter((name) => info.data?.[name] === undefined)
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
  if ((info?.kind !== 'ipvlan' && info?.kind !== 'ipvtap') || !Array.isArray(flags)) return
  if (!flags.includes('private') || !flags.includes('vepa')) return
  const message = 'private and vepa exclude each other: give one, or none for bridge'
  throw new EncodeError(type, [{ path: 'linkinfo.data.flags', value: flags.join(' '), message }])
}
