/** Neighbours and forwarding entries: list, get, add, set, replace, delete. */

import { type DumpOptions, dumpOptions } from '../../netlink/conversation/dump-options.js'
import { KernelError } from '../../netlink/conversation/kernel-error.js'
import type { AllNames, NameIn, Only } from '../../netlink/frame/narrowed.js'
import { checkOptions, isBoolean, isGiven, isRecord, isText, type OptionTable, oneOf } from '../../netlink/options.js'
import { type Neighbour, neighbourMessage } from '../neighbour/index.js'
import { type ChangeOptions, type Context, changeOptions, type LinkRef, pass } from './context.js'
import { filtered, type List } from './list.js'
import { type NeighbourMembers, type NeighbourToAdd, neighbourBody } from './neighbour-body.js'
import { sameAddress } from './prefix.js'
import { refuseIgnored } from './writable.js'

/** What to list. */
export interface NeighbourFilter {
  /** Only of this link. */
  readonly dev?: LinkRef
  /** Only of the ports of this bridge, bond or vrf. */
  readonly master?: LinkRef
  /** IPv4 or IPv6 only, or forwarding entries. Default: neighbours of IPv4 and IPv6. */
  readonly family?: 'inet' | 'inet6' | 'bridge'
  /** Addresses that are answered for (proxy ARP, proxy NDP), in place of neighbours: a list has either. */
  readonly proxy?: boolean
  /** Only those in this state: `permanent`, `reachable`, ... */
  readonly state?: NonNullable<Neighbour['ndmState']>[number]
}

/** What they can be. */
const neighbourFilterOptions: OptionTable<NeighbourFilter> = {
  ...{ dev: isGiven, master: isGiven, proxy: isBoolean, state: isText },
  family: oneOf('inet', 'inet6', 'bridge'),
}

/** Neighbours and forwarding entries. Kernel: RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH (linux/neighbour.h). */
export class Neighbours {
  readonly #context: Context
  /** @internal */
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Neighbours, or forwarding entries (`family: 'bridge'`), as a stream. Changing them while they are streamed may end the
   * stream in ERR_NETLINK_INTERRUPTED: to change what is listed, take it whole by `toArray()` first.
   * @example for await (const { dst, lladdr } of rtnl.neighbours.list({ dev: 'eth0' })) console.log(dst, lladdr)
   * @example const answeredFor = await rtnl.neighbours.list({ dev: 'eth0', proxy: true }).toArray()
   */
  list<const N extends NameIn<Neighbour> = AllNames>(
    filter: NeighbourFilter = {},
    options: DumpOptions<N> = {},
  ): List<Only<Neighbour, N>> {
    checkOptions('neighbours.list', filter, neighbourFilterOptions)
    checkOptions('neighbours.list', options, dumpOptions)
    const { dev, master, family, proxy, state } = filter
    const type = 'RTM_GETNEIGH'
    let index: number | undefined
    const body = async (): Promise<Neighbour> => {
      index = await this.#context.optional(type, 'dev', dev, options)
      const of = await this.#context.optional(type, 'master', master, options)
      return {
        ndmFamily: family ?? 'unspec',
        ...(proxy ? { ndmFlags: ['proxy'] } : {}),
        ...(index === undefined ? {} : { ifindex: index }),
        ...(of === undefined ? {} : { master: of }),
      }
    }
    const needs: NameIn<Neighbour>[] = []
    if (dev !== undefined) needs.push('ndmIfindex')
    if (family !== undefined) needs.push('ndmFamily')
    if (state !== undefined) needs.push('ndmState')
    // Kernels before 4.20 pass over some of the filters, and give everything without saying so.
    const keep = ({ ndmIfindex, ndmFamily, ndmState }: Neighbour) =>
      (index === undefined || ndmIfindex === index) &&
      (family === undefined || ndmFamily === family) &&
      (state === undefined || ndmState?.includes(state) === true)
    const list: List<Neighbour> = filtered(
      (all) => this.#context.conversation.dump(type, body, all),
      options,
      needs,
      keep,
    )
    return list as List<Only<Neighbour, N>>
  }

  /**
   * One neighbour, or forwarding entry.
   * @param which the link and the address, or one as it was listed
   * @returns undefined when there is none
   * @example const gateway = await rtnl.neighbours.get({ dev: 'eth0', dst: '192.0.2.1' })
   */
  async get(which: NeighbourMembers | Neighbour, options: ChangeOptions = {}): Promise<Neighbour | undefined> {
    isRecord('which', which)
    checkOptions('neighbours.get', options, changeOptions)
    return this.#find(await neighbourBody(this.#context, 'RTM_GETNEIGH', which, options), options)
  }

  async #find(body: Neighbour, options: ChangeOptions): Promise<Neighbour | undefined> {
    const { ndmFamily, ndmIfindex, ndmFlags = [], dst, lladdr, vlan } = body
    const isForwarding = ndmFamily === 'bridge'
    const among = isForwarding ? (['self', 'master'] as const) : (['proxy'] as const)
    const flags = among.filter((flag) => ndmFlags.includes(flag))
    // The kernel finds no forwarding entry of vxlan by its other end.
    if (!isForwarding || dst === undefined)
      try {
        const key = isForwarding ? { lladdr, ...(vlan === undefined ? {} : { vlan }) } : { dst }
        const ask = { ndmFamily, ndmIfindex, ndmFlags: flags, ...key } as Neighbour
        return await this.#context.conversation.get('RTM_GETNEIGH', ask, pass(options))
      } catch (error) {
        if (!(error instanceof KernelError)) throw error
        if (error.errnoName === 'ENOENT') return undefined
        // Linux before 5.0, and forwarding entries of devices that have no such question, or none without a VLAN.
        if (error.errnoName !== 'EOPNOTSUPP' && error.errnoName !== 'EINVAL') throw error
      }
    const filter = { dev: ndmIfindex!, family: ndmFamily as 'inet', proxy: flags.includes('proxy') }
    const all = await this.list(filter, pass(options)).toArray()
    return all.find(
      (one) =>
        (dst === undefined || sameAddress(one.dst, dst)) &&
        (!isForwarding || (one.lladdr === lladdr?.toLowerCase() && isOfSame(one, flags))) &&
        (vlan === undefined || one.vlan === vlan),
    )
  }

  /**
   * Makes a neighbour, or a forwarding entry. Without `ndmState` it is permanent.
   * @returns it as it is then
   * @throws EncodeError when the address does not parse; KernelError EEXIST when there is one already
   * @example await rtnl.neighbours.add({ dev: 'eth0', dst: '10.9.0.1', lladdr: '02:00:00:00:00:01' })
   * @example await rtnl.neighbours.add({ dev: 'eth0', dst: '10.9.0.10', proxy: true })
   * @example await rtnl.neighbours.add({ dev: 'vxlan0', family: 'bridge', lladdr: '02:00:00:00:00:01', dst: '192.0.2.9' })
   */
  add(neighbour: NeighbourToAdd, options: ChangeOptions = {}): Promise<Neighbour> {
    return this.#make(neighbour, ['create', 'excl'], options)
  }

  /** Makes a neighbour, or changes the one that there is. */
  replace(neighbour: NeighbourToAdd, options: ChangeOptions = {}): Promise<Neighbour> {
    return this.#make(neighbour, ['create', 'replace'], options)
  }

  /** Changes a neighbour. @throws KernelError ENOENT when there is none */
  set(neighbour: NeighbourToAdd, options: ChangeOptions = {}): Promise<Neighbour> {
    return this.#make(neighbour, ['replace'], options)
  }

  async #make(
    given: NeighbourToAdd,
    flags: readonly ('create' | 'excl' | 'replace')[],
    options: ChangeOptions,
  ): Promise<Neighbour> {
    isRecord('neighbour', given)
    checkOptions('neighbours.add', options, changeOptions)
    const type = 'RTM_NEWNEIGH'
    refuseIgnored(type, neighbourMessage, given, 'new')
    const body = await neighbourBody(this.#context, type, given, options)
    this.#context.warn(type, await this.#context.conversation.request(type, body, { ...pass(options), flags }))
    // The kernel does not echo neighbours.
    const what = body.ndmFamily === 'bridge' ? `the entry for ${body.lladdr}` : `the neighbour ${body.dst}`
    return this.#context.readBack(what, () => this.#find(body, options))
  }

  /**
   * Deletes a neighbour, or a forwarding entry.
   * @param neighbour the link and the address, or one as it was listed
   * @throws KernelError ENOENT when there is none
   */
  async delete(neighbour: NeighbourMembers | Neighbour, options: ChangeOptions = {}): Promise<void> {
    isRecord('neighbour', neighbour)
    checkOptions('neighbours.delete', options, changeOptions)
    const type = 'RTM_DELNEIGH'
    const body = await neighbourBody(this.#context, type, neighbour, options)
    this.#context.warn(type, await this.#context.conversation.request(type, body, pass(options)))
  }
}

/** Whether a forwarding entry is the device's own, or its bridge's, as was asked for. */
const isOfSame = ({ ndmFlags = [], ndmIfindex, master }: Neighbour, asked: readonly string[]): boolean => {
  const isOwn = ndmFlags.includes('self') || (master !== undefined && master === ndmIfindex)
  return asked.includes('self') === isOwn
}
