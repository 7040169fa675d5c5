/**
 * The sibling guard. Mode and flags of an ipvlan belong to its parent's port, so a new ipvlan with another mode switches
 * all that are on the same parent, and the kernel does not say so. Here they are found before anything is sent.
 *
 * What it sees: links in this namespace, in those that have an id here (the kernel gives one when a link is moved), and
 * in those that have a name (/run/netns). Not: links in a namespace that has neither, such as a container's whose runtime
 * gave it no name and made the link directly in it; and, for a parent that is in another namespace than this, links in
 * namespaces without an id here. A client with nothing but a transport sees what that shows. And it looks before it
 * changes: what others do in between, it cannot see.
 */

import { check } from '../../netlink/codec/message.js'
import { EncodeError } from '../../netlink/errors.js'
import type { OpenNamespace } from '../../netlink/socket/netns.js'
import { type Sibling, SiblingError } from '../errors.js'
import { ipvlan, type Link } from '../link/index.js'
import { ipvlanKinds, isIpvlanKind } from '../link/ipvlan-kinds.js'
import { type ChangeOptions, type Context, pass } from './context.js'
import { listLinks } from './link-list.js'
import { idOf, quietly } from './nsid.js'

const only = ['ifiIndex', 'ifname', 'link', 'linkNetnsid', 'linkinfo'] as const

/** What a new or changed link asks of its parent's port. */
interface Wanted {
  readonly mode?: string | number
  readonly flags?: readonly (string | number)[]
}

/** A port: the parent's index, and the id of the namespace that it is in (undefined: ours). */
interface Port {
  readonly parent: number
  readonly nsid: number | undefined
}

/**
 * Refuses what would switch siblings.
 * @param type the request's
 * @param link its body: linkinfo, and for a new link its parent `link`
 * @param self the link that is changed, which is not its own sibling; undefined for a new one
 * @throws EncodeError when it cannot be sent anyhow; SiblingError
 */
export async function guard(
  context: Context,
  type: string,
  link: Link,
  self: number | undefined,
  options: ChangeOptions,
): Promise<void> {
  const wanted = wantedBy(link)
  if (wanted === undefined) return
  // A mode that is none differs from all: that is for the encoder to say.
  const issues = check(context.conversation.family, type, link)
  if (issues.length > 0) throw new EncodeError(type, issues)
  const ids = new Ids(context, options)
  const port = await portOf(context, ids, type, link, self, options)
  if (port === undefined) return
  const found = await siblingsOf(context, ids, port, self, options)
  const switched = found.filter((sibling) => differs(wanted, sibling))
  if (switched.length === 0) return
  const flags = wanted.flags === undefined ? '' : ` flags ${wanted.flags.join(' ') || 'none'}`
  const text = `${wanted.mode === undefined ? '' : `mode ${wanted.mode}`}${flags}`.trim()
  throw new SiblingError(port.parent, text, switched)
}

function wantedBy(link: Link): Wanted | undefined {
  const info = link.linkinfo
  if (!isIpvlanKind(info?.kind)) return undefined
  const { mode, flags } = (info as { data?: Wanted }).data ?? {}
  if (mode === undefined && flags === undefined) return undefined
  return { ...(mode === undefined ? {} : { mode }), ...(flags === undefined ? {} : { flags }) }
}

/** Numbers and names of the same thing are equal: 1 is l3. */
const modes: Readonly<Record<string, number>> = ipvlan.entries.mode[1].values
const bits: Readonly<Record<string, number>> = ipvlan.entries.flags[1].values
const modeNumber = (mode: string | number | undefined) => (typeof mode === 'string' ? modes[mode] : mode)
const flagBits = (flags: readonly (string | number)[]) =>
  flags.reduce<number>((all, flag) => all | (typeof flag === 'string' ? (bits[flag] ?? 0) : flag), 0)

const differs = (wanted: Wanted, { mode, flags }: Sibling): boolean =>
  (wanted.mode !== undefined && modeNumber(wanted.mode) !== modeNumber(mode)) ||
  (wanted.flags !== undefined && flagBits(wanted.flags) !== flagBits(flags))

/** Ids of namespaces, as ours has them. A namespace can have an id for itself. */
class Ids {
  readonly #context: Context
  readonly #options: ChangeOptions
  /** Each id, and whether it is our own: it stays so, while an id that we have not yet may come with any dump. */
  readonly #own = new Map<number, boolean>()
  constructor(context: Context, options: ChangeOptions) {
    this.#context = context
    this.#options = options
  }

  /** The same id, or undefined for our own namespace. */
  async foreign(nsid: number | undefined): Promise<number | undefined> {
    // Without a machine nothing names our namespace, so its id cannot be asked for.
    if (nsid === undefined || this.#context.alone) return nsid
    if (!this.#own.has(nsid)) {
      const { conversation, own } = this.#context
      const self = await this.#context.within(own, (opened) => idOf(conversation, opened!, this.#options))
      if (self !== undefined) this.#own.set(self, true)
      if (self !== nsid) this.#own.set(nsid, false)
    }
    return this.#own.get(nsid) ? undefined : nsid
  }
}

/** The port that a link is on, or would be on: a parent that is itself an ipvlan stands for its own parent. */
async function portOf(
  context: Context,
  ids: Ids,
  type: string,
  link: Link,
  self: number | undefined,
  options: ChangeOptions,
): Promise<Port | undefined> {
  const get = (which: Link) => context.conversation.get('RTM_GETLINK', which, { ...pass(options), only })
  if (self !== undefined) {
    const { link: parent, linkNetnsid } = await context.lookUp(type, 'which', self, get({ ifiIndex: self }))
    return parent === undefined ? undefined : { parent, nsid: await ids.foreign(linkNetnsid) }
  }
  if (link.link === undefined) return undefined
  // The parent's index counts in the namespace that linkNetnsid names.
  const { linkNetnsid: away } = link
  const look = get({ ifiIndex: link.link, ...(away === undefined ? {} : { targetNetnsid: away }) })
  const parent = await context.lookUp(type, 'link', link.link, look, away)
  if (!isIpvlanKind(parent.linkinfo?.kind) || parent.link === undefined)
    return { parent: link.link, nsid: await ids.foreign(away) }
  return { parent: parent.link, nsid: await ids.foreign(parent.linkNetnsid ?? away) }
}

/** All links on a port, wherever they can be seen. */
async function siblingsOf(
  context: Context,
  ids: Ids,
  port: Port,
  self: number | undefined,
  options: ChangeOptions,
): Promise<Sibling[]> {
  const kernel = context.conversation
  const found: Sibling[] = []
  const add = (link: Link, nsid: number | undefined, netns: string | undefined) => {
    const { mode, flags } = (link.linkinfo as { data?: Wanted }).data ?? {}
    found.push({ ifname: link.ifname!, ifiIndex: link.ifiIndex!, mode, flags: flags ?? [], nsid, netns })
  }
  for (const link of await ipvlansIn(context, undefined, options)) {
    const at = await ids.foreign(link.linkNetnsid)
    if (link.link === port.parent && at === port.nsid && link.ifiIndex !== self) add(link, undefined, undefined)
  }
  const names = new Map<number, string>()
  const known = context.host.names()
  await context.within(known.length > 0 ? context.own : undefined, async (here) => {
    for (const name of known) {
      await quietly(() =>
        context.within(name, async (there) => {
          if (there!.inode === here!.inode) return
          const nsid = await idOf(kernel, there!, options)
          if (nsid !== undefined) names.set(nsid, name)
          else if (port.nsid === undefined)
            for (const link of await unseenIn(context, name, here!, port, options)) add(link, undefined, name)
        }),
      )
    }
  })
  for (const { nsid } of await kernel.dump('RTM_GETNSID', {}, pass(options)).toArray()) {
    if (nsid === undefined || (await ids.foreign(nsid)) === undefined) continue
    await quietly(async () => {
      for (const link of await ipvlansIn(context, nsid, options)) {
        const at = await ids.foreign(link.linkNetnsid ?? nsid)
        if (link.link === port.parent && at === port.nsid) add(link, nsid, names.get(nsid))
      }
    })
  }
  return found
}

/** Links on our port in a namespace that has no id here: seen from within. */
async function unseenIn(
  context: Context,
  name: string,
  here: OpenNamespace,
  port: Port,
  options: ChangeOptions,
): Promise<Link[]> {
  return context.elsewhere(name, async (there) => {
    const links = await ipvlansIn(there, undefined, options)
    const ours = await idOf(there.conversation, here, options)
    return links.filter(
      (link) => link.link === port.parent && link.linkNetnsid !== undefined && link.linkNetnsid === ours,
    )
  })
}

async function ipvlansIn(context: Context, nsid: number | undefined, options: ChangeOptions): Promise<Link[]> {
  const where = nsid === undefined ? {} : { nsid }
  const all: Link[] = []
  for (const kind of ipvlanKinds) {
    const list = listLinks(context, { ...where, kind }, { ...pass(options), only })
    all.push(...(await list.toArray()))
    // What cannot be decoded may be a sibling: it is not taken for none.
    if (list.garbledErrors[0] !== undefined) throw list.garbledErrors[0]
  }
  return all
}
