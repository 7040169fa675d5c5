/** Links: list, get, add, set, replace, delete. */
import { TransportError } from '../../netlink/errors.js'
import type { AllNames, NameIn, Only } from '../../netlink/frame/narrowed.js'
import type { Namespace } from '../../netlink/socket/netns.js'
import type { Link } from '../link/index.js'
import type { LinkWith, NoKinds, OwnKinds } from '../link/own-kinds.js'
import { type ChangeOptions, type Context, type LinkRef, named, pass } from './context.js'
import {
  checkFlags,
  checkNew,
  type GivenLink,
  type LinkChanges,
  type LinkChangesWith,
  type LinkToAddWith,
  linkBody,
  type Place,
  placeOf,
} from './link-body.js'
import { type LinkFilter, type LinkListOptions, listLinks } from './link-list.js'
import { type LinkReading, linkMask } from './link-mask.js'
import type { List } from './list.js'
import { guard } from './siblings.js'
import { refuseIgnored } from './writable.js'

export type { LinkFilter, LinkListOptions, LinkReading }

/** How to change a link. */
export interface LinkChangeOptions extends ChangeOptions {
  /**
   * Mode and flags of an ipvlan belong to its parent, so all links there share them. `refuse` (default): what would
   * switch others is not sent, and a SiblingError lists them. `switch`: they are switched.
   */
  readonly siblings?: 'refuse' | 'switch'
}

/** How to read one link. */
export interface LinkGetOptions<N extends string = string> extends ChangeOptions, LinkReading<N> {}

/** Network interfaces. Kernel: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK (linux/rtnetlink.h). */
export class Links<K extends OwnKinds = NoKinds> {
  readonly #context: Context
  /** @internal */
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * All links, or those that a filter wants, as a stream. Changing links while they are streamed ends the stream in
   * ERR_NETLINK_INTERRUPTED: to change what is listed, take it whole by `toArray()` first.
   * @throws KernelError while iterating; TransportError ERR_NETLINK_UNSUPPORTED for `nsid` on a kernel that cannot
   * @example for await (const link of rtnl.links.list({ kind: 'ipvlan' })) console.log(link.ifname)
   * @example for (const link of await rtnl.links.list({ kind: 'ipvlan' }).toArray()) await rtnl.links.delete(link)
   * @example const names = await rtnl.links.list({}, { stats: false, only: ['ifiIndex', 'ifname'] }).toArray()
   */
  list<const N extends NameIn<Link> = AllNames>(
    filter: LinkFilter = {},
    options: LinkListOptions<N> = {},
  ): List<Only<LinkWith<K>, N>> {
    return listLinks(this.#context, filter, options) as List<unknown> as List<Only<LinkWith<K>, N>>
  }

  /**
   * One link, by its index, its name, or one of its further names (altname).
   * @throws KernelError ENODEV when there is none
   * @example const { ifiIndex, mtu } = await rtnl.links.get('eth0')
   */
  async get<const N extends NameIn<Link> = AllNames>(
    which: LinkRef,
    options: LinkGetOptions<N> = {},
  ): Promise<Only<LinkWith<K>, N>> {
    const name = typeof which === 'object' && which !== null ? which.ifiIndex : which
    const body = typeof name === 'string' ? named(name) : { ifiIndex: await this.#index('RTM_GETLINK', which, options) }
    const { only } = options
    const how = { ...pass(options), ...(only ? { only } : {}) }
    const link: unknown = await this.#context.conversation.get(
      'RTM_GETLINK',
      { ...body, extMask: linkMask(options) },
      how,
    )
    return link as Only<LinkWith<K>, N>
  }

  /**
   * Makes a link.
   * @param link its attributes; `linkinfo.kind` says of what kind, and `linkinfo.data` has what that kind needs (for
   * ipvlan: `mode`). `netns` makes it in another namespace.
   * @returns the link as it is then, read where it is
   * @throws EncodeError before anything is sent; SiblingError; KernelError (EEXIST: the name is taken); CreatedButUnreadError when
   * it was made, but could not be read back
   * @example
   * await rtnl.links.add({ ifname: 'ipv1', link: 'eth0', netns: 'net1', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
   */
  add(link: LinkToAddWith<K>, options: LinkChangeOptions = {}): Promise<LinkWith<K>> {
    return this.#make(link as GivenLink, ['create', 'excl'], options)
  }

  /**
   * Makes a link, or changes the one that has this name and kind already.
   * @throws as `add`, but not EEXIST
   */
  replace(link: LinkToAddWith<K> & { readonly ifname: string }, options: LinkChangeOptions = {}): Promise<LinkWith<K>> {
    return this.#make(link as GivenLink, ['create'], options)
  }

  async #make(
    link: GivenLink,
    flags: readonly ('create' | 'excl')[],
    options: LinkChangeOptions,
  ): Promise<LinkWith<K>> {
    return (await this.#made(link, flags, options)) as unknown as LinkWith<K>
  }

  async #made(link: GivenLink, flags: readonly ('create' | 'excl')[], options: LinkChangeOptions): Promise<Link> {
    const { conversation } = this.#context
    const type = 'RTM_NEWLINK'
    return this.#context.within(link.netns, async (opened) => {
      refuseIgnored(type, this.#context.linkMessage, link, 'new')
      const body = await linkBody(this.#context, type, link, opened, options)
      checkNew(type, body, this.#context.linkMessage)
      checkFlags(type, body)
      const same = flags.length > 1 ? undefined : await this.#found(body.ifname, options)
      if (options.siblings !== 'switch') await guard(this.#context, type, body, same, options)
      const place = placeOf(body)
      const before = isDefinite(body.ifname) ? undefined : await this.#indexes(place, options)
      const answer = await conversation.request(type, body, { ...pass(options), flags: [...flags, 'echo'] })
      this.#context.warn(type, answer)
      // An echo tells of the link as it was before it went to its place.
      if (place === undefined) for (const message of answer.messages) if (message.type === type) return message.body
      const what = body.ifname === undefined ? 'the link' : `the link ${body.ifname}`
      return this.#context.readBack(what, () => this.#readBack(body, place, before, options))
    })
  }

  async #found(name: string | undefined, options: ChangeOptions): Promise<number | undefined> {
    const all = await this.list({}, { only: ['ifiIndex', 'ifname'], ...pass(options) }).toArray()
    return all.find(({ ifname }) => ifname === name)?.ifiIndex
  }

  /** Kernels before 6.2, and every kernel for a link in another namespace, do not echo. */
  async #readBack(
    body: Link,
    place: Place | undefined,
    before: Set<number> | undefined,
    options: ChangeOptions,
  ): Promise<Link> {
    const kind = body.linkinfo?.kind as string | undefined
    return this.#inside(place?.netns, async (links) => {
      const there = place?.nsid === undefined ? {} : { targetNetnsid: place.nsid }
      if (before === undefined)
        return links.#context.conversation.get('RTM_GETLINK', { ...there, ...named(body.ifname!) }, pass(options))
      const filter = { ...(kind === undefined ? {} : { kind }), ...nsidOf(place) }
      const all = await links.list(filter, pass(options)).toArray()
      const made = all.filter((link) => !before.has(link.ifiIndex!))
      if (made.length === 1) return made[0]!
      const text = `which of ${made.length} new links it is cannot be told: give it a name`
      throw new TransportError('ERR_NETLINK_UNEXPECTED', text)
    })
  }

  async #indexes(place: Place | undefined, options: ChangeOptions): Promise<Set<number>> {
    const how = { only: ['ifiIndex'], ...pass(options) } as const
    const all = await this.#inside(place?.netns, (links) => links.list(nsidOf(place), how).toArray())
    return new Set(all.map(({ ifiIndex }) => ifiIndex!))
  }

  /** The links of another namespace, through a socket of its own. */
  async #inside<T>(netns: Namespace | undefined, use: (links: Links) => Promise<T>): Promise<T> {
    if (netns === undefined) return use(this as unknown as Links)
    return this.#context.elsewhere(netns, (there) => use(new Links(there)))
  }

  /**
   * Changes a link: only what is given.
   * @param which its index, name, or further name
   * @throws EncodeError, SiblingError, KernelError
   * @example await rtnl.links.set('ipv1', { up: true, mtu: 1400 })
   */
  async set(which: LinkRef, given: LinkChangesWith<K>, options: LinkChangeOptions = {}): Promise<void> {
    const changes = given as LinkChanges
    // The kernel looks at linkinfo in RTM_NEWLINK only.
    const type = changes.linkinfo === undefined ? 'RTM_SETLINK' : 'RTM_NEWLINK'
    const ifiIndex = await this.#index(type, which, options)
    await this.#context.within(changes.netns, async (opened) => {
      refuseIgnored(type, this.#context.linkMessage, changes, 'change')
      const body = { ...(await linkBody(this.#context, type, changes, opened, options)), ifiIndex }
      checkFlags(type, body)
      if (options.siblings !== 'switch') await guard(this.#context, type, body, ifiIndex, options)
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

const nsidOf = (place: Place | undefined): LinkFilter => (place?.nsid === undefined ? {} : { nsid: place.nsid })
