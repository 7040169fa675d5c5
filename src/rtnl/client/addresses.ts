/** Addresses of links: list, get, add, set, replace, delete. */
import { type DumpOptions, dumpOptions } from '../../netlink/conversation/dump-options.js'
import { EncodeError } from '../../netlink/errors.js'
import type { AllNames, NameIn, Only } from '../../netlink/frame/narrowed.js'
import { checkOptions, isGiven, isRecord, type OptionTable, oneOf } from '../../netlink/options.js'
import { type Address, addressMessage } from '../address/index.js'
import { type ChangeOptions, type Context, changeOptions, type LinkRef, pass } from './context.js'
import { filtered, type List } from './list.js'
import { type Prefix, prefixWith, sameAddress } from './prefix.js'
import { type IgnoredIn, refuseIgnored } from './writable.js'

/** What to list. */
export interface AddressFilter {
  /** Only addresses of this link. */
  readonly dev?: LinkRef
  /** Only IPv4 or IPv6. */
  readonly family?: 'inet' | 'inet6'
}

/** What they can be. */
const addressFilterOptions: OptionTable<AddressFilter> = { dev: isGiven, family: oneOf('inet', 'inet6') }

/** Members that are easier to write than the attributes that they stand for. */
export interface AddressMembers {
  /** The link, by its index or name. */
  readonly dev: LinkRef
  /** Our address with the length of its prefix: `10.0.1.10/24`; without a length it stands alone. */
  readonly address: string
  /** The other end of a point-to-point link, with the length of its prefix. */
  readonly peer?: string
}

/** An address: AddressMembers, and the other attributes by their names. */
export type AddressToAdd = AddressMembers &
  Omit<
    Address,
    'address' | 'local' | 'ifaIndex' | 'ifaFamily' | 'ifaPrefixlen' | IgnoredIn<'new', typeof addressMessage>
  >

/** Addresses. Kernel: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR (linux/rtnetlink.h). */
export class Addresses {
  readonly #context: Context
  /** @internal */
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Addresses, as a stream. Changing addresses while they are streamed ends the stream in ERR_NETLINK_INTERRUPTED: to
   * change what is listed, take it whole by `toArray()` first.
   * @example for await (const { local, ifaPrefixlen } of rtnl.addresses.list({ dev: 'eth0' })) console.log(local, ifaPrefixlen)
   */
  list<const N extends NameIn<Address> = AllNames>(
    filter: AddressFilter = {},
    options: DumpOptions<N> = {},
  ): List<Only<Address, N>> {
    checkOptions('addresses.list', filter, addressFilterOptions)
    checkOptions('addresses.list', options, dumpOptions)
    const { dev, family } = filter
    let index: number | undefined
    const body = async (): Promise<Address> => {
      index = await this.#context.optional('RTM_GETADDR', 'dev', dev, options)
      return { ifaFamily: family ?? 'unspec', ...(index === undefined ? {} : { ifaIndex: index }) }
    }
    const needs: NameIn<Address>[] = []
    if (dev !== undefined) needs.push('ifaIndex')
    if (family !== undefined) needs.push('ifaFamily')
    // Kernels before 4.20 do not filter by the link, and give all of it without saying so.
    const keep = (one: Address) =>
      (index === undefined || one.ifaIndex === index) && (family === undefined || one.ifaFamily === family)
    const list: List<Address> = filtered(
      (all) => this.#context.conversation.dump('RTM_GETADDR', body, all),
      options,
      needs,
      keep,
    )
    return list as List<Only<Address, N>>
  }

  /**
   * One address of a link.
   * @param which the link and the address, or an address as it was listed
   * @returns undefined when the link does not have it
   */
  async get(which: AddressMembers | Address, options: ChangeOptions = {}): Promise<Address | undefined> {
    isRecord('which', which)
    checkOptions('addresses.get', options, changeOptions)
    const { own, other, dev } = endsOf('RTM_GETADDR', which)
    const all = await this.list({ dev, family: own.family }, pass(options)).toArray()
    return all.find(
      (one) =>
        one.ifaPrefixlen === other.length &&
        sameAddress(one.local ?? one.address, own.address) &&
        sameAddress(one.address, other.address),
    )
  }

  /**
   * Gives a link an address.
   * @returns the address as it is then
   * @throws EncodeError when the address does not parse; KernelError EEXIST when the link has it already
   * @example await rtnl.addresses.add({ dev: 'ipv1', address: '10.0.1.10/24' })
   */
  add(address: AddressToAdd, options: ChangeOptions = {}): Promise<Address> {
    return this.#make(address, ['create', 'excl'], options)
  }

  /** Gives a link an address, or changes the one that it has (lifetimes, metric, flags). */
  replace(address: AddressToAdd, options: ChangeOptions = {}): Promise<Address> {
    return this.#make(address, ['create', 'replace'], options)
  }

  /** Changes an address. The kernel makes it where the link does not have it, as it does for `ip address change`. */
  set(address: AddressToAdd, options: ChangeOptions = {}): Promise<Address> {
    return this.#make(address, ['replace'], options)
  }

  async #make(
    given: AddressToAdd,
    flags: readonly ('create' | 'excl' | 'replace')[],
    options: ChangeOptions,
  ): Promise<Address> {
    isRecord('address', given)
    checkOptions('addresses.add', options, changeOptions)
    const type = 'RTM_NEWADDR'
    refuseIgnored(type, addressMessage, given, 'new')
    const body = await this.#body(type, given, options)
    const answer = await this.#context.conversation.request(type, body, { ...pass(options), flags: [...flags, 'echo'] })
    this.#context.warn(type, answer)
    for (const message of answer.messages) if (message.type === type) return message.body
    // IPv6 does not echo.
    const { ifaIndex, local, address, ifaPrefixlen } = body
    const which = { ifaIndex: ifaIndex!, local: local!, address: address!, ifaPrefixlen: ifaPrefixlen! }
    return this.#context.readBack(`the address ${local}/${ifaPrefixlen}`, () => this.get(which, options))
  }

  /**
   * Takes an address from a link.
   * @param address the link and the address, or an address as it was listed
   * @throws KernelError EADDRNOTAVAIL when the link does not have it
   */
  async delete(address: AddressMembers | Address, options: ChangeOptions = {}): Promise<void> {
    isRecord('address', address)
    checkOptions('addresses.delete', options, changeOptions)
    const type = 'RTM_DELADDR'
    const body = await this.#body(type, address, options)
    this.#context.warn(type, await this.#context.conversation.request(type, body, pass(options)))
  }

  async #body(type: string, given: AddressToAdd | AddressMembers | Address, options: ChangeOptions): Promise<Address> {
    const { own, other, dev } = endsOf(type, given)
    const { dev: _, peer: __, ...rest } = given as AddressToAdd & Address
    const ifaIndex = await this.#context.index(type, 'dev', dev, options)
    if (rest.ifaIndex !== undefined && rest.ifaIndex !== ifaIndex) {
      const message = `expected the index of dev, ${ifaIndex}, or none`
      throw new EncodeError(type, [{ path: 'ifaIndex', value: rest.ifaIndex, message }])
    }
    return {
      ...rest,
      ifaFamily: own.family,
      ifaPrefixlen: other.length,
      ifaIndex,
      local: own.address,
      address: other.address,
    }
  }
}

/** The two ends of an address as users write it, or as the kernel tells it: there `local` is ours. */
function endsOf(type: string, given: AddressMembers | Address): { own: Prefix; other: Prefix; dev: LinkRef } {
  const { dev, address, peer, local, ifaIndex, ifaPrefixlen, ifaFamily } = given as Partial<AddressMembers> & Address
  const path = local === undefined ? 'address' : 'local'
  const far = peer === undefined && local !== undefined && address !== undefined ? 'address' : 'peer'
  const end = far === 'peer' ? peer : address
  // The length is that of the other end's prefix, where there is one.
  const own = prefixWith(type, path, local ?? address, 'ifaPrefixlen', end === undefined ? ifaPrefixlen : undefined)
  const other = end === undefined ? own : prefixWith(type, far, end, 'ifaPrefixlen', ifaPrefixlen)
  if (other.family !== own.family) {
    const message = `expected an address of the same family as ${own.address}`
    throw new EncodeError(type, [{ path: far, value: end, message }])
  }
  if (ifaFamily !== undefined && ifaFamily !== 'unspec' && ifaFamily !== own.family) {
    const message = `expected ${own.family}, as ${own.address} is, or none`
    throw new EncodeError(type, [{ path: 'ifaFamily', value: ifaFamily, message }])
  }
  // Without either, `dev` is what is said to be missing.
  return { own, other, dev: (dev ?? ifaIndex) as LinkRef }
}
