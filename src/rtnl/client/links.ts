/** Links: list, get, add, set, replace, delete. */
import { Conversation, type Dump } from '../../netlink/conversation.js'
import type { DumpOptions } from '../../netlink/dump-options.js'
import { TransportError } from '../../netlink/errors.js'
import type { Namespace } from '../../netlink/netns.js'
import { route } from '../family.js'
import type { Link } from '../link/index.js'
import { type ChangeOptions, type Context, type LinkRef, named, pass } from './context.js'
import { checkFlags, checkNew, type LinkChanges, type LinkToAdd, linkBody } from './link-body.js'
import { guard } from './siblings.js'

/** What to list; the kernel leaves out the rest. */
export interface LinkFilter {
  /** Only ports of this bridge, bond or vrf. */
  readonly master?: LinkRef
  /** Only links of this kind: `ipvlan`. */
  readonly kind?: string
  /** Only links in the namespace that has this id here (Linux 4.20). */
  readonly nsid?: number
}

/** How to change a link. */
export interface LinkChangeOptions extends ChangeOptions {
  /**
   * Mode and flags of an ipvlan belong to its parent, so all links there share them. `refuse` (default): what would
   * switch others is not sent, and a SiblingError lists them. `switch`: they are switched.
   */
  readonly siblings?: 'refuse' | 'switch'
}

/** How to read one link. */
export interface LinkGetOptions extends ChangeOptions {
  /** Decode only these members and attributes. */
  readonly only?: readonly string[]
}

/** Network interfaces. Kernel: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK (linux/rtnetlink.h). */
export class Links {
  readonly #context: Context
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * All links, or those that a filter wants, as a stream.
   * @throws KernelError while iterating
   * @example for await (const link of rtnl.links.list({ kind: 'ipvlan' })) console.log(link.ifname)
   */
  list(filter: LinkFilter = {}, options: DumpOptions = {}): Dump<Link> {
    const body = async (): Promise<Link> => {
      const { master, kind, nsid } = filter
      return {
        ...(nsid === undefined ? {} : { targetNetnsid: nsid }),
        ...(master === undefined
          ? {}
          : { master: await this.#context.index('RTM_GETLINK', 'master', master, options) }),
        ...(kind === undefined ? {} : { linkinfo: { kind } as NonNullable<Link['linkinfo']> }),
      }
    }
    return this.#context.conversation.dump('RTM_GETLINK', body, options)
  }

  /**
   * One link, by its index, its name, or one of its further names (altname).
   * @throws KernelError ENODEV when there is none
   * @example const { ifiIndex, mtu } = await rtnl.links.get('eth0')
   */
  async get(which: LinkRef, options: LinkGetOptions = {}): Promise<Link> {
    const name = typeof which === 'object' && which !== null ? which.ifiIndex : which
    const body = typeof name === 'string' ? named(name) : { ifiIndex: await this.#index('RTM_GETLINK', which, options) }
    const { only } = options
    return this.#context.conversation.get('RTM_GETLINK', body, { ...pass(options), ...(only ? { only } : {}) })
  }

  /**
   * Makes a link.
   * @param link its attributes; `linkinfo.kind` says of what kind, and `linkinfo.data` has what that kind needs (for
   * ipvlan: `mode`). `netns` makes it in another namespace.
   * @returns the link as it is then, read where it is
   * @throws EncodeError before anything is sent; SiblingError; KernelError (EEXIST: the name is taken)
   * @example
   * await rtnl.links.add({ ifname: 'ipv1', link: 'eth0', netns: 'net1', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
   */
  add(link: LinkToAdd, options: LinkChangeOptions = {}): Promise<Link> {
    return this.#make(link, ['create', 'excl'], options)
  }

  /**
   * Makes a link, or changes the one that has this name and kind already.
   * @throws as `add`, but not EEXIST
   */
  replace(link: LinkToAdd & { readonly ifname: string }, options: LinkChangeOptions = {}): Promise<Link> {
    return this.#make(link, ['create'], options)
  }

  async #make(link: LinkToAdd, flags: readonly ('create' | 'excl')[], options: LinkChangeOptions): Promise<Link> {
    const { conversation } = this.#context
    const type = 'RTM_NEWLINK'
    return this.#context.within(link.netns, async (opened) => {
      const body = await linkBody(this.#context, type, link as LinkChanges, opened, options)
      checkNew(type, body)
      checkFlags(type, body)
      const same = flags.length > 1 ? undefined : await this.#found(body.ifname, options)
      if (options.siblings !== 'switch') await guard(this.#context, body, same, options)
      const before = isDefinite(body.ifname) ? undefined : await this.#indexes(link.netns, options)
      const answer = await conversation.request(type, body, { ...pass(options), flags: [...flags, 'echo'] })
      this.#context.warn(type, answer)
      for (const message of answer.messages) if (message.type === type) return message.body
      return this.#readBack(body, link.netns, before, options)
    })
  }

  async #found(name: string | undefined, options: ChangeOptions): Promise<number | undefined> {
    for await (const link of this.list({}, { only: ['ifiIndex', 'ifname'], signal: options.signal }))
      if (link.ifname === name) return link.ifiIndex
    return undefined
  }

  /** Kernels before 6.2, and every kernel for a link in another namespace, do not echo. */
  async #readBack(
    body: Link,
    netns: Namespace | undefined,
    before: Set<number> | undefined,
    options: ChangeOptions,
  ): Promise<Link> {
    return this.#inside(netns, async (links) => {
      if (before === undefined) return links.get(body.ifname!, pass(options))
      const kind = body.linkinfo?.kind as string | undefined
      const all = await links.list(kind === undefined ? {} : { kind }, { signal: options.signal }).toArray()
      const made = all.filter((link) => link.linkinfo?.kind === kind && !before.has(link.ifiIndex!))
      if (made.length === 1) return made[0]!
      const text = `the link was made, but which of ${made.length} new ones it is cannot be told: give it a name`
      throw new TransportError('ERR_NETLINK_UNEXPECTED', text)
    })
  }

  async #indexes(netns: Namespace | undefined, options: ChangeOptions): Promise<Set<number>> {
    const only = ['ifiIndex']
    const all = await this.#inside(netns, (links) => links.list({}, { only, signal: options.signal }).toArray())
    return new Set(all.map(({ ifiIndex }) => ifiIndex!))
  }

  /** The links of another namespace, through a socket of its own. */
  async #inside<T>(netns: Namespace | undefined, use: (links: Links) => Promise<T>): Promise<T> {
    if (netns === undefined) return use(this)
    const { conversation, host } = this.#context
    const inside = new Conversation(host.open(netns), route, { timeout: conversation.timeout })
    try {
      return await use(new Links(this.#context.inside(inside, netns)))
    } finally {
      inside.close()
    }
  }

  /**
   * Changes a link: only what is given.
   * @param which its index, name, or further name
   * @throws EncodeError, SiblingError, KernelError
   * @example await rtnl.links.set('ipv1', { up: true, mtu: 1400 })
   */
  async set(which: LinkRef, changes: LinkChanges, options: LinkChangeOptions = {}): Promise<void> {
    // The kernel looks at linkinfo in RTM_NEWLINK only.
    const type = changes.linkinfo === undefined ? 'RTM_SETLINK' : 'RTM_NEWLINK'
    const ifiIndex = await this.#index(type, which, options)
    await this.#context.within(changes.netns, async (opened) => {
      const body = { ...(await linkBody(this.#context, type, changes, opened, options)), ifiIndex }
      checkFlags(type, body)
      if (options.siblings !== 'switch') await guard(this.#context, body, ifiIndex, options)
      this.#context.warn(type, await this.#context.conversation.request(type, body, pass(options)))
    })
  }

  /**
   * Deletes a link.
   * @throws KernelError ENODEV when there is none, EOPNOTSUPP for one that is no program's to delete (a card)
   * @example await rtnl.links.delete('ipv1')
   */
  async delete(which: LinkRef, options: ChangeOptions = {}): Promise<void> {
    const type = 'RTM_DELLINK'
    const ifiIndex = await this.#index(type, which, options)
    this.#context.warn(type, await this.#context.conversation.request(type, { ifiIndex }, pass(options)))
  }

  /**
   * Gives a link further names, by which it is found as well. Kernel: RTM_NEWLINKPROP.
   * @example await rtnl.links.addAltnames('eth0', ['uplink'])
   */
  async addAltnames(which: LinkRef, names: readonly string[], options: ChangeOptions = {}): Promise<void> {
    await this.#altnames('RTM_NEWLINKPROP', which, names, ['create', 'excl', 'append'], options)
  }

  /** Takes further names away. Kernel: RTM_DELLINKPROP. */
  async deleteAltnames(which: LinkRef, names: readonly string[], options: ChangeOptions = {}): Promise<void> {
    await this.#altnames('RTM_DELLINKPROP', which, names, [], options)
  }

  async #altnames(
    type: 'RTM_NEWLINKPROP' | 'RTM_DELLINKPROP',
    which: LinkRef,
    names: readonly string[],
    flags: readonly ('create' | 'excl' | 'append')[],
    options: ChangeOptions,
  ): Promise<void> {
    const body = { ifiIndex: await this.#index(type, which, options), propList: { altIfname: [...names] } }
    this.#context.warn(type, await this.#context.conversation.request(type, body, { ...pass(options), flags }))
  }

  #index(type: string, which: LinkRef, options: ChangeOptions): Promise<number> {
    return this.#context.index(type, 'which', which, options)
  }
}

/** Whether the kernel makes the link under exactly this name: it fills in a number for %d. */
const isDefinite = (name: string | undefined): boolean => name !== undefined && !name.includes('%')
