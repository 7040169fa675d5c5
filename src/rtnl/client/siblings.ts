/**
 * The sibling guard. Mode and flags of an ipvlan belong to its parent's port, so a new ipvlan with another mode switches
 * all that are on the same parent, and the kernel does not say so. Here they are found before anything is sent.
 *
 * What it sees: links in this namespace, in those that have an id here (the kernel gives one when a link is moved), and
 * in those that have a name (/run/netns). Not: links in a namespace that has neither, such as a container's whose runtime
 * gave it no name and made the link directly in it; and, for a parent that is in another namespace than this, links in
 * namespaces without an id here. And it looks before it changes: what others do in between, it cannot see.
 */
import { Conversation } from '../../netlink/conversation.js'
import { TransportError } from '../../netlink/errors.js'
import { KernelError } from '../../netlink/kernel-error.js'
import type { Namespace, OpenNamespace } from '../../netlink/netns.js'
import { type Sibling, SiblingError } from '../errors.js'
import { route } from '../family.js'
import { ipvlan, ipvtap, type Link } from '../link/index.js'
import { type ChangeOptions, type Context, pass } from './context.js'

type Kernel = Context['conversation']

/** The kinds whose links share their parent's port. */
const shared = [ipvlan.kind, ipvtap.kind]
const isShared = (kind: unknown): boolean => shared.some((one) => one === kind)

const only = ['ifiIndex', 'ifname', 'link', 'linkNetnsid', 'linkinfo']

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
 * @param link what is asked for: linkinfo, and for a new link its parent `link`
 * @param self the link that is changed, which is not its own sibling; undefined for a new one
 * @throws SiblingError
 */
export async function guard(
  context: Context,
  link: Link,
  self: number | undefined,
  options: ChangeOptions,
): Promise<void> {
  const wanted = wantedBy(link)
  if (wanted === undefined) return
  const port = await portOf(context, link, self, options)
  if (port === undefined) return
  const found = await siblingsOf(context, port, self, options)
  const switched = found.filter((sibling) => differs(wanted, sibling))
  if (switched.length === 0) return
  const flags = wanted.flags === undefined ? '' : ` flags ${wanted.flags.join(' ') || 'none'}`
  const text = `${wanted.mode === undefined ? '' : `mode ${wanted.mode}`}${flags}`.trim()
  throw new SiblingError(port.parent, text, switched)
}

function wantedBy(link: Link): Wanted | undefined {
  const info = link.linkinfo
  if (!isShared(info?.kind)) return undefined
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

/** The port that a link is on, or would be on: a parent that is itself an ipvlan stands for its own parent. */
async function portOf(
  context: Context,
  link: Link,
  self: number | undefined,
  options: ChangeOptions,
): Promise<Port | undefined> {
  const get = (ifiIndex: number) => context.conversation.get('RTM_GETLINK', { ifiIndex }, { ...pass(options), only })
  if (self !== undefined) {
    const { link: parent, linkNetnsid } = await get(self)
    return parent === undefined ? undefined : { parent, nsid: await ownOr(context, linkNetnsid, options) }
  }
  if (link.link === undefined) return undefined
  const parent = await get(link.link)
  if (!isShared(parent.linkinfo?.kind) || parent.link === undefined) return { parent: link.link, nsid: undefined }
  return { parent: parent.link, nsid: await ownOr(context, parent.linkNetnsid, options) }
}

/** A namespace can have an id for itself. */
async function ownOr(context: Context, nsid: number | undefined, options: ChangeOptions): Promise<number | undefined> {
  if (nsid === undefined) return undefined
  const self = await context.within(own(context), (opened) => idOf(context.conversation, opened!, options))
  return nsid === self ? undefined : nsid
}

const own = (context: Context): Namespace => context.where ?? { pid: process.pid }

/** The id that a conversation's namespace has for another; undefined when it has none. */
async function idOf(kernel: Kernel, { fd }: OpenNamespace, options: ChangeOptions): Promise<number | undefined> {
  const { nsid } = await kernel.get('RTM_GETNSID', { fd }, pass(options))
  return nsid === undefined || nsid < 0 ? undefined : nsid
}

/** All links on a port, wherever they can be seen. */
async function siblingsOf(
  context: Context,
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
  for (const link of await ipvlansIn(kernel, {}, options)) {
    const at = await ownOr(context, link.linkNetnsid, options)
    if (link.link === port.parent && at === port.nsid && link.ifiIndex !== self) add(link, undefined, undefined)
  }
  const names = new Map<number, string>()
  await context.within(own(context), async (here) => {
    for (const name of context.host.names()) {
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
  for (const { nsid } of await kernel.dump('RTM_GETNSID', {}, { signal: options.signal }).toArray()) {
    if (nsid === undefined || (await ownOr(context, nsid, options)) === undefined) continue
    await quietly(async () => {
      for (const link of await ipvlansIn(kernel, { targetNetnsid: nsid }, options)) {
        const at = link.linkNetnsid === undefined ? nsid : await ownOr(context, link.linkNetnsid, options)
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
  const inside = new Conversation(context.host.open(name), route, { timeout: context.conversation.timeout })
  try {
    const links = await ipvlansIn(inside, {}, options)
    const ours = await idOf(inside, here, options)
    return links.filter(
      (link) => link.link === port.parent && link.linkNetnsid !== undefined && link.linkNetnsid === ours,
    )
  } finally {
    inside.close()
  }
}

async function ipvlansIn(kernel: Kernel, where: Link, options: ChangeOptions): Promise<Link[]> {
  const all: Link[] = []
  for (const kind of shared) {
    const links = await kernel
      .dump(
        'RTM_GETLINK',
        { ...where, linkinfo: { kind } as NonNullable<Link['linkinfo']> },
        { signal: options.signal, only },
      )
      .toArray()
    // The kernel does not filter by a kind whose module is not loaded.
    all.push(...links.filter((link) => link.linkinfo?.kind === kind))
  }
  return all
}

/** A namespace that has gone, or into which we may not look, is none that can be asked. */
async function quietly(look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch (error) {
    if (!(error instanceof KernelError) && !(error instanceof TransportError)) throw error
    if (error.code === 'ERR_NETLINK_CLOSED' || error.code === 'ERR_NETLINK_TIMEOUT') throw error
  }
}
