/** Links: list, get, add, set, replace, delete. */
import type { AllNames, NameIn, Only } from '../../netlink/frame/narrowed.js'
import { checkOptions, isBoolean, isRecord, namesOption, type OptionTable } from '../../netlink/options.js'
import type { Link } from '../link/index.js'
import type { LinkWith, NoKinds, OwnKinds } from '../link/own-kinds.js'
import { type ChangeOptions, type Context, changeOptions, type LinkRef, named, pass } from './context.js'
import {
  checkFlags,
  type GivenLink,
  type LinkChangeOptions,
  type LinkChanges,
  type LinkChangesWith,
  type LinkToAddWith,
  linkBody,
  linkChangeOptions,
  noAltnames,
} from './link-body.js'
import { createLink } from './link-create.js'
import { type LinkFilter, type LinkListOptions, linkFilterOptions, linkListOptions, listLinks } from './link-list.js'
import { type LinkReading, linkMask } from './link-mask.js'
import type { List } from './list.js'
import { guard } from './siblings.js'
import { refuseIgnored } from './writable.js'

export type { LinkChangeOptions, LinkFilter, LinkListOptions, LinkReading }

/** How to read one link. */
export interface LinkGetOptions<N extends string = string> extends ChangeOptions, LinkReading<N> {}

/** What they can be. */
const linkGetOptions: OptionTable<LinkGetOptions> = { ...changeOptions, only: namesOption, stats: isBoolean }

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
    checkOptions('links.list', filter, linkFilterOptions)
    checkOptions('links.list', options, linkListOptions)
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
    checkOptions('links.get', options, linkGetOptions)
    const name = typeof which === 'object' && which !== null ? which.ifiIndex : which
    const body = typeof name === 'string' ? named(name) : { ifiIndex: await this.#index('RTM_GETLINK', which, options) }
    const { only } = options
    const how = { ...pass(options), ...(only ? { only } : {}) }
    const look = this.#context.conversation.get('RTM_GETLINK', { ...body, extMask: linkMask(options) }, how)
    const link: unknown = await this.#context.lookUp('RTM_GETLINK', 'which', name!, look)
    return link as Only<LinkWith<K>, N>
  }

  /**
   * Makes a link.
   * @param link its attributes; `linkinfo.kind` says of what kind, and `linkinfo.data` has what that kind needs (for
   * ipvlan: `mode`). `netns` makes it in another namespace. What the kernel sets by another message only (`ifalias`,
   * `propList`, `afSpec`, `protoDown`, ...) is sent next; when that fails, the link is deleted again, the error is thrown,
   * and what fails while deleting is its `suppressed`.
   * @returns the link as it is after all, read where it is
   * @throws EncodeError before anything is sent; SiblingError; KernelError (EEXIST: the name is taken); CreatedButUnreadError when
   * it was made, but could not be read back
   * @example
   * await rtnl.links.add({ ifname: 'ipv1', link: 'eth0', netns: 'net1', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
   */
  add(link: LinkToAddWith<K>, options: LinkChangeOptions = {}): Promise<LinkWith<K>> {
    return this.#make('links.add', link as GivenLink, true, options)
  }

  /**
   * Makes a link, or changes the one that has this name and kind already. That one is not deleted when a part of it fails;
   * the further names that it has, it keeps.
   * @throws as `add`, but not EEXIST
   */
  replace(link: LinkToAddWith<K> & { readonly ifname: string }, options: LinkChangeOptions = {}): Promise<LinkWith<K>> {
    return this.#make('links.replace', link as GivenLink, false, options)
  }

  async #make(method: string, link: GivenLink, excl: boolean, options: LinkChangeOptions): Promise<LinkWith<K>> {
    isRecord('link', link)
    checkOptions(method, options, linkChangeOptions)
    const made: unknown = await createLink(this.#context, link, excl, options)
    return made as LinkWith<K>
  }

  /**
   * Changes a link: only what is given.
   * @param which its index, name, or further name
   * @throws EncodeError, SiblingError, KernelError
   * @example await rtnl.links.set('ipv1', { up: true, mtu: 1400 })
   */
  async set(which: LinkRef, given: LinkChangesWith<K>, options: LinkChangeOptions = {}): Promise<void> {
    isRecord('changes', given)
    checkOptions('links.set', options, linkChangeOptions)
    const changes = given as LinkChanges
    // The kernel looks at linkinfo in RTM_NEWLINK only.
    const type = changes.linkinfo === undefined ? 'RTM_SETLINK' : 'RTM_NEWLINK'
    const ifiIndex = await this.#index(type, which, options)
    await this.#context.within(changes.netns, async (opened) => {
      refuseIgnored(type, this.#context.linkMessage, changes, 'change')
      noAltnames(type, changes)
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
    checkOptions('links.delete', options, changeOptions)
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
    checkOptions('links.addAltnames', options, changeOptions)
    namesOption('names', names ?? null)
    const body = { ifiIndex: await this.#index(type, which, options), propList: { altIfname: [...names] } }
    this.#context.warn(type, await this.#context.conversation.request(type, body, { ...pass(options), flags }))
  }

  #index(type: string, which: LinkRef, options: ChangeOptions): Promise<number> {
    return this.#context.index(type, 'which', which, options)
  }
}
