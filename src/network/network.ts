/** Networks of ipvlans and macvlans: attach, detach, list, gc, plan, remove. */
import type { Namespace } from '../netlink/socket/netns.js'
import { type Announcement, announcement } from './announce.js'
import type { Attachment, ListedAttachment, Plan } from './attached.js'
import { routesOf } from './attachment.js'
import { addressesToForget, detachIn, forgetHost } from './detach.js'
import { dhcpIdentity } from './dhcp-identity.js'
import { driftOf, type ExpectedAttachment } from './drift.js'
import type { Drift } from './drift-of.js'
import { type FoundLink, findAll } from './find.js'
import { collect, type Removed, removeAll } from './gc.js'
import { checkNames } from './mark.js'
import type { AttachOptions, IpvlanNetworkOptions, MacvlanNetworkOptions } from './options.js'
import { findParent } from './parent.js'
import { prefixesOption, prefixText } from './prefixes.js'
import { ownSteps, stepsOf } from './prepare.js'
import { refuseOtherMode } from './refusals.js'
import { SerialQueue } from './serial-queue.js'
import { type Inside, Site } from './site.js'
import { type AttachSpec, attachSpec, type NetworkSpec, networkSpec } from './spec.js'
import { planned } from './steps.js'
import { carryOutPrepared, inTurn, steadily } from './turns.js'
import { type DriftEvent, type DriftWatchOptions, watchDrift } from './watch.js'

/**
 * A network of ipvlans. Nothing is created before the first `attach`, or `create`.
 * @throws OptionError for what cannot be; NetworkError ERR_NETWORK_PARENT, ERR_NETWORK_MODE
 * @example
 * const net = await ipvlanNetwork({ name: 'n30', parent: 'eth0', mode: 'l3', subnets: ['192.168.30.0/24'] })
 * await net.attach('net1', { id: 'c1', addresses: ['192.168.30.2'] })
 */
export const ipvlanNetwork = (options: IpvlanNetworkOptions): Promise<Network> =>
  openNetwork(networkSpec('ipvlan', options), options)

/** A network of macvlans: as `ipvlanNetwork`, with the modes of a macvlan. */
export const macvlanNetwork = (options: MacvlanNetworkOptions): Promise<Network> =>
  openNetwork(networkSpec('macvlan', options), options)

async function openNetwork(spec: NetworkSpec, options: IpvlanNetworkOptions | MacvlanNetworkOptions): Promise<Network> {
  const site = new Site(options)
  await site.here((here) => steadily(async () => refuseOtherMode(site, here, spec, await findParent(here, spec))))
  return new Network(spec, site)
}

/** A network. Open it with `ipvlanNetwork` or `macvlanNetwork`. */
export class Network {
  readonly #spec: NetworkSpec
  readonly #site: Site
  readonly #remembered = new Map<string, ExpectedAttachment>()
  readonly #watchers = new Set<() => void>()
  readonly #calls = new SerialQueue()

  /** @internal */
  constructor(spec: NetworkSpec, site: Site) {
    this.#spec = spec
    this.#site = site
  }

  get name(): string {
    return this.#spec.name
  }

  /**
   * Creates the links of the network itself where they are missing: a VLAN or dummy as the parent, the host's own link.
   * `attach` does so as well.
   * @throws NetworkError
   */
  create(): Promise<void> {
    return this.#changing(() =>
      this.#site.here(async (here) => {
        const prepare = () => ownSteps(this.#site, here, this.#spec)
        await carryOutPrepared(this.#site, here, here, prepare, { network: this.name })
      }),
    )
  }

  /**
   * Attaches a container: creates its link in its namespace, marks it, gives it its name, addresses and routes. What is
   * there already is left, so attaching again does nothing, or completes what was begun. When a step fails, those before it
   * are undone.
   * @param where the container's namespace; undefined for the parent's own
   * @throws OptionError for what cannot be; NetworkError: the parent, the mode, an address or the name cannot be had, or
   * the kernel refused a step
   * @example const { mac } = await net.attach({ pid: 4711 }, { id: 'c1', ifname: 'eth0', addresses: ['192.168.30.2/24'] })
   */
  attach(where: Namespace | undefined, options: AttachOptions): Promise<Attachment> {
    return this.#changing(async () => {
      const wanted = attachSpec(this.#spec, options)
      const attachment = await this.#both(where, async (here, inside) => {
        const prepare = () => stepsOf(this.#site, here, inside, this.#spec, wanted)
        await carryOutPrepared(this.#site, here, inside, prepare, { network: this.name, id: wanted.id })
        return this.#attachment(inside, wanted)
      })
      this.#remembered.set(wanted.id, { where, wanted, mtu: attachment.mtu })
      this.#changed()
      return attachment
    })
  }

  /**
   * What `attach` would do, with the bytes that it would send. Nothing is changed.
   * @throws as `attach` does, but for what the kernel would refuse
   */
  plan(where: Namespace | undefined, options: AttachOptions): Promise<Plan> {
    return this.#alone(() => {
      const wanted = attachSpec(this.#spec, options)
      return this.#both(where, async (here, inside) => {
        const { steps, known } = await stepsOf(this.#site, here, inside, this.#spec, wanted)
        return { steps: planned(steps, known) }
      })
    })
  }

  /**
   * Detaches a container. That there is nothing to detach is success.
   * @param options.netns its namespace; left out, it is looked for in all that can be found
   * @param options.addresses its addresses, where its namespace may have gone: the host's routes to them are deleted
   * @returns whether there was something
   */
  detach(
    id: string,
    options: { readonly netns?: Namespace | undefined; readonly addresses?: readonly string[] | undefined } = {},
  ): Promise<boolean> {
    return this.#alone(async () => {
      checkNames(this.name, id)
      const given = prefixesOption('addresses', options.addresses ?? [])
      const before = this.#remembered.get(id)
      const where = options.netns ?? before?.where
      const found: FoundLink[] = []
      const look = async (inside: Inside) => {
        found.push(...(await detachIn(inside, this.name, id)))
      }
      if (where !== undefined) await this.#site.passingBy(where, look)
      // A process that was attached may have gone, while its namespace lives on under a name.
      if (found.length === 0 && options.netns === undefined) await this.#site.everywhere(look)
      const told = [...given, ...(before?.wanted.addresses ?? [])].map(({ address }) => address)
      const addresses = await addressesToForget(this.#site, this.name, id, found, told)
      await this.#site.here(async (here) => {
        // The link of a container that has gone may have come back.
        if (where !== undefined) await look(here)
        await forgetHost(here, this.#spec, addresses)
      })
      this.#remembered.delete(id)
      this.#changed()
      return found.length > 0
    })
  }

  /**
   * What of an attachment is not as it was asked for. Nothing is changed; `attach` again mends what is missing.
   * @param expected what it was attached with, and where: for one that another object has attached. Left out, and not
   * attached by this object, it is checked as far as the marks of links tell
   * @returns empty when all is sound
   * @throws OptionError for what cannot be
   * @example for (const { code, message } of await net.check('c1')) console.log(code, message)
   */
  check(id: string, expected?: AttachOptions & { readonly netns?: Namespace | undefined }): Promise<Drift[]> {
    return this.#alone(() => {
      checkNames(this.name, id)
      const { netns, ...given } = expected ?? {}
      const known = expected && { where: netns, wanted: attachSpec(this.#spec, { ...given, id }) }
      return driftOf(this.#site, this.#spec, id, known ?? this.#remembered.get(id))
    })
  }

  /**
   * Tells drift of this object's attachments as it comes, and when it is mended, each once; what there is already first.
   * Gives each namespace an id in that of the parent.
   * @example for await (const { type, id, drift } of net.watch({ signal })) console.log(type, id, drift.message)
   */
  watch(options: DriftWatchOptions = {}): AsyncGenerator<DriftEvent, void> {
    const watched = {
      open: () => this.#site.open(),
      attachments: () => this.#remembered,
      check: (id: string) => this.check(id),
      onChange: (changed: () => void) => {
        this.#watchers.add(changed)
        return () => this.#watchers.delete(changed)
      },
    }
    return watchDrift(watched, options)
  }

  /** The attachments that the kernel has, in all namespaces that can be found. */
  list(): Promise<ListedAttachment[]> {
    return this.#alone(async () => {
      const all = await findAll(this.#site, this.name)
      return all.flatMap(({ id, link, where, addresses }) =>
        id === undefined
          ? []
          : [
              {
                id,
                ifname: link.ifname!,
                ifiIndex: link.ifiIndex!,
                where,
                up: link.ifiFlags!.includes('up'),
                addresses,
              },
            ],
      )
    })
  }

  /**
   * Deletes the attachments that are not in the list, what killed programs left of the network, and what the host still
   * has for either. Not to be called while another program attaches to the network.
   * @param keep the ids of those that live
   * @returns what was removed
   * @example for (const { name, id } of await net.gc(['c1', 'c2'])) console.log(`removed ${name} of ${id}`)
   */
  gc(keep: Iterable<string>): Promise<Removed[]> {
    return this.#changing(async () => {
      const ids = new Set(keep)
      const removed = await collect(this.#site, this.#spec, ids)
      for (const id of this.#remembered.keys()) if (!ids.has(id)) this.#remembered.delete(id)
      return removed
    })
  }

  /**
   * The routes that routers outside need, as the containers of modes l3 and l3s answer no ARP: plain, and in the words of
   * FRR and BIRD. Empty without `subnets`, and for a family of which the parent has no address.
   */
  routes(): Promise<Announcement> {
    return this.#alone(() =>
      this.#site.here(async (here) => {
        const { link } = await findParent(here, this.#spec)
        const own = link === undefined ? [] : await here.rtnl.addresses.list({ dev: link.ifiIndex! }).toArray()
        return announcement(this.#spec.subnets, own)
      }),
    )
  }

  /**
   * Removes the network: its attachments, its own links, and the parent if it was created for networks and has no other
   * user.
   * @returns what was removed
   */
  remove(): Promise<Removed[]> {
    return this.#changing(async () => {
      const removed = await steadily(() => removeAll(this.#site, this.#spec))
      this.#remembered.clear()
      return removed
    })
  }

  #changed(): void {
    for (const changed of this.#watchers) changed()
  }

  /** The same for all networks of this program. */
  #changing<T>(work: () => Promise<T>): Promise<T> {
    return this.#alone(() => inTurn(work))
  }

  /** One call after another: each looks at what the one before left. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#calls.run(work)
  }

  #both<T>(where: Namespace | undefined, use: (here: Inside, inside: Inside) => Promise<T>): Promise<T> {
    return this.#site.here((here) => this.#site.inside(where, (inside) => use(here, inside)))
  }

  async #attachment(inside: Inside, wanted: AttachSpec): Promise<Attachment> {
    const { ifiIndex, address, mtu } = await inside.rtnl.links.get(wanted.ifname, {
      only: ['ifiIndex', 'address', 'mtu'],
    })
    return {
      id: wanted.id,
      ifname: wanted.ifname,
      ifiIndex: ifiIndex!,
      mac: String(address),
      mtu: mtu!,
      addresses: wanted.addresses.map(prefixText),
      routes: routesOf(this.#spec, wanted),
      dhcp: dhcpIdentity(this.name, wanted.id),
    }
  }
}
