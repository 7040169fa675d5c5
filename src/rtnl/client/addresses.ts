/** Addresses of links: list, get, add, set, replace, delete. */
import type { Dump } from '../../netlink/conversation.js'
import type { DumpOptions } from '../../netlink/dump-options.js'
import { EncodeError, TransportError } from '../../netlink/errors.js'
import type { Address } from '../address/index.js'
import { type ChangeOptions, type Context, type LinkRef, pass } from './context.js'
import { type Prefix, prefixOf, sameAddress } from './prefix.js'

/** What to list. */
export interface AddressFilter {
  /** Only addresses of this link. */
  readonly dev?: LinkRef
  /** Only IPv4 or IPv6. */
  readonly family?: 'inet' | 'inet6'
}

interface AddressMembers {
  /** The link, by its index or name. */
  readonly dev: LinkRef
  /** Our address with the length of its prefix: `10.0.1.10/24`; without a length it stands alone. */
  readonly address: string
  /** The other end of a point-to-point link, with the length of its prefix. */
  readonly peer?: string
}

/** An address: AddressMembers, and the other attributes by their names. */
export type AddressToAdd = AddressMembers &
  Omit<Address, 'address' | 'local' | 'ifaIndex' | 'ifaFamily' | 'ifaPrefixlen'>

/** Addresses. Kernel: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR (linux/rtnetlink.h). */
export class Addresses {
  readonly #context: Context
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Addresses, as a stream.
   * @example for await (const { local, ifaPrefixlen } of rtnl.addresses.list({ dev: 'eth0' })) console.log(local, ifaPrefixlen)
   */
  list(filter: AddressFilter = {}, options: DumpOptions = {}): Dump<Address> {
    const body = async (): Promise<Address> => {
      if (filter.dev !== undefined) this.#context.needFilters()
      const ifaIndex = await this.#context.optional('RTM_GETADDR', 'dev', filter.dev, options)
      return { ifaFamily: filter.family ?? 'unspec', ...(ifaIndex === undefined ? {} : { ifaIndex }) }
    }
    return this.#context.conversation.dump('RTM_GETADDR', body, options)
  }

  /**
   * One address of a link.
   * @returns undefined when the link does not have it
   */
  async get(which: AddressMembers, options: ChangeOptions = {}): Promise<Address | undefined> {
    const prefix = prefixOf('RTM_GETADDR', 'address', which.address)
    const peer = which.peer === undefined ? prefix : prefixOf('RTM_GETADDR', 'peer', which.peer)
    const all = this.list({ dev: which.dev, family: prefix.family }, { signal: options.signal })
    const isIt = (one: Address) =>
      one.ifaPrefixlen === peer.length &&
      sameAddress(one.local ?? one.address, prefix.address) &&
      sameAddress(one.address, peer.address)
    return (await all.toArray()).find(isIt)
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
    const type = 'RTM_NEWADDR'
    const body = await this.#body(type, given, options)
    const answer = await this.#context.conversation.request(type, body, { ...pass(options), flags: [...flags, 'echo'] })
    this.#context.warn(type, answer)
    for (const message of answer.messages) if (message.type === type) return message.body
    // IPv6 does not echo.
    const made = await this.get({ ...given, dev: body.ifaIndex! }, options)
    if (made) return made
    throw new TransportError(
      'ERR_NETLINK_UNEXPECTED',
      `the address ${given.address} was made, but cannot be found any more`,
    )
  }

  /**
   * Takes an address from a link.
   * @throws KernelError EADDRNOTAVAIL when the link does not have it
   */
  async delete(address: AddressMembers, options: ChangeOptions = {}): Promise<void> {
    const type = 'RTM_DELADDR'
    const body = await this.#body(type, address, options)
    this.#context.warn(type, await this.#context.conversation.request(type, body, pass(options)))
  }

  async #body(type: string, given: AddressToAdd, options: ChangeOptions): Promise<Address> {
    const { dev, address, peer, ...rest } = given
    const own = prefixOf(type, 'address', address)
    const other: Prefix = peer === undefined ? own : prefixOf(type, 'peer', peer)
    if (other.family !== own.family) {
      const message = `expected an address of the same family as ${address}`
      throw new EncodeError(type, [{ path: 'peer', value: peer, message }])
    }
    const ifaIndex = await this.#context.index(type, 'dev', dev, options)
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
