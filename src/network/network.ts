/** Networks of ipvlans and macvlans: attach, detach, list, gc, plan, remove. */
import type { Namespace } from '../netlink/socket/netns.js'
import { type Announcement, announcement } from './announce.js'
import type { Attachment, ListedAttachment, Plan } from './attached.js'
import { attachSteps, routesOf, see, staleSteps } from './attachment.js'
import { detachIn, forgetHost } from './detach.js'
import { dhcpIdentity } from './dhcp-identity.js'
import { type FoundLink, findAll } from './find.js'
import { collect, type Removed, removeAll } from './gc.js'
import { findHostLink, type HostLink, hostSteps } from './host-link.js'
import { checkNames } from './mark.js'
import type { AttachOptions, IpvlanNetworkOptions, MacvlanNetworkOptions } from './options.js'
import { findParent, type Parent } from './parent.js'
import { prefixesOption, prefixText } from './prefixes.js'
import { proxySteps } from './proxy.js'
import { refuseHostAddresses, refuseOtherMode } from './refusals.js'
import { type Inside, Site, sides } from './site.js'
import { type AttachSpec, attachSpec, type NetworkSpec, networkSpec } from './spec.js'
import { carryOut, type Indexes, type NetworkStep, planned } from './steps.js'

/** What has been attached by this object. */
interface Remembered {
  readonly where: Namespace | undefined
  readonly wanted: AttachSpec
}

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
  await site.here(async (here) => {
    const parent = await findParent(here, spec)
    await refuseOtherMode(site, here, spec, parent)
  })
  return new Network(spec, site)
}

/** A network. Open it with `ipvlanNetwork` or `macvlanNetwork`. */
export class Network {
  readonly #spec: NetworkSpec
  readonly #site: Site
  readonly #remembered = new Map<string, Remembered>()
  #last: Promise<unknown> = Promise.resolve()

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
    return this.#alone(() =>
      this.#site.here(async (here) => {
        const { steps, known } = await this.#own(here)
        await carryOut(steps, sides(here, here), known, { network: this.name })
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
    return this.#alone(async () => {
      const wanted = attachSpec(this.#spec, options)
      const attachment = await this.#both(where, async (here, inside) => {
        const { steps, known } = await this.#steps(here, inside, wanted)
        await carryOut(steps, sides(here, inside), known, { network: this.name, id: wanted.id })
        return this.#attachment(inside, wanted)
      })
      this.#remembered.set(wanted.id, { where, wanted })
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
        const { steps, known } = await this.#steps(here, inside, wanted)
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
      const addresses = [
        ...found.flatMap((one) => one.addresses),
        ...[...given, ...(before?.wanted.addresses ?? [])].map(prefixText),
      ].map((text) => text.split('/')[0]!)
      await this.#site.here(async (here) => {
        // The link of a container that has gone may have come back.
        if (where !== undefined) await look(here)
        await forgetHost(here, this.#spec, addresses)
      })
      this.#remembered.delete(id)
      return found.length > 0
    })
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
    return this.#alone(async () => {
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
    return this.#alone(async () => {
      const removed = await removeAll(this.#site, this.#spec)
      this.#remembered.clear()
      return removed
    })
  }

  /** One call after another: each looks at what the one before left. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  #both<T>(where: Namespace | undefined, use: (here: Inside, inside: Inside) => Promise<T>): Promise<T> {
    return this.#site.here((here) => this.#site.inside(where, (inside) => use(here, inside)))
  }

  /** The steps for the network's own links, and the indexes of what is there. */
  async #own(here: Inside): Promise<{ steps: NetworkStep[]; known: Partial<Indexes>; parent: Parent; host: HostLink }> {
    const parent = await findParent(here, this.#spec)
    await refuseOtherMode(this.#site, here, this.#spec, parent)
    const host = await findHostLink(here, this.#spec, parent)
    const known = {
      ...(parent.link === undefined ? {} : { parent: parent.link.ifiIndex! }),
      ...(host.link === undefined ? {} : { host: host.link.ifiIndex! }),
    }
    return { steps: [...parent.steps, ...host.steps], known, parent, host }
  }

  async #steps(
    here: Inside,
    inside: Inside,
    wanted: AttachSpec,
  ): Promise<{ steps: NetworkStep[]; known: Partial<Indexes> }> {
    const { steps, known, parent, host } = await this.#own(here)
    const seen = await see(inside, this.#spec, wanted, parent)
    await refuseHostAddresses(here, this.#spec, wanted, inside.where === undefined ? seen.link?.ifiIndex : undefined)
    const stale = inside.where === undefined ? [] : await staleSteps(here, this.#spec, wanted)
    const addresses = wanted.addresses.map(({ address }) => address)
    return {
      steps: [
        ...stale,
        ...steps,
        ...(await attachSteps(this.#spec, wanted, parent, inside, seen)),
        ...hostSteps(this.#spec, host, addresses),
        ...(await proxySteps(here, this.#spec, parent, addresses)),
      ],
      known: { ...known, ...(seen.link === undefined ? {} : { link: seen.link.ifiIndex! }) },
    }
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
