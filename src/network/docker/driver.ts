/** Docker's networks of ipvlans: what each call of the daemon does. */
import { networkNames } from '../marked.js'
import { Network } from '../network.js'
import { Site } from '../site.js'
import { networkSpec } from '../spec.js'
import { DockerDriverError } from './errors.js'
import { type DockerNetwork, dockerName, dockerNetwork, isDockerName, joinRoutes, networkOptions } from './options.js'
import { endpointOf, endpointRequest, networkRequest, textIn } from './requests.js'
import type { DockerState } from './state.js'

type Body = Readonly<Record<string, unknown>>
/** A call's answer: `{}` where nothing is to be told. */
type Reply = Readonly<Record<string, unknown>>

/** What the driver needs of a network. `Network` is one. */
export type DriverNetwork = Pick<Network, 'create' | 'attach' | 'detach' | 'gc' | 'remove' | 'list'>

/** Where networks come from. Default: the kernel. */
export interface DriverBackend {
  open(id: string, network: DockerNetwork): DriverNetwork
  /** The names of Docker's networks that have links in the kernel. */
  names(): Promise<string[]>
  /** Removes what is left of a network that is not known any more, unless a container still has a link of it. */
  remove(name: string): Promise<void>
}

/** Docker's remote network driver. Calls come one after another. */
export class DockerDriver {
  readonly #state: DockerState
  readonly #backend: DriverBackend
  readonly #log: (line: string) => void
  /** @param log told what could not be collected */
  constructor(state: DockerState, backend: DriverBackend = kernelBackend, log: (line: string) => void = () => {}) {
    this.#state = state
    this.#backend = backend
    this.#log = log
  }

  /** The calls of the protocol by their names. Any other one is answered with 404, which the daemon takes for `not implemented`. */
  readonly calls: Readonly<Record<string, (body: Body) => Promise<Reply>>> = {
    GetCapabilities: async () => ({ Scope: 'local', ConnectivityScope: 'local', GwAllocChecker: true }),
    GwAllocCheck: async (body) => {
      // The pools are not known yet; in l3 the gateway's address is free, unless the host is to have it.
      const { options, internal } = networkRequest({ NetworkID: 'checked', ...body })
      const { host_access: host, ...others } = options
      const { mode, internal: alone } = dockerNetwork({ id: '', options: others, internal, pools: [] })
      const skip = (alone || mode !== 'l2') && host !== 'true'
      return { SkipIPv4: skip, SkipIPv6: skip }
    },
    CreateNetwork: (body) => this.#createNetwork(body),
    DeleteNetwork: (body) => this.#deleteNetwork(body),
    CreateEndpoint: (body) => this.#createEndpoint(body),
    EndpointOperInfo: async () => ({ Value: {} }),
    DeleteEndpoint: (body) => this.#deleteEndpoint(body),
    Join: (body) => this.#join(body),
    // The daemon takes the link back itself, and then deletes the endpoint.
    Leave: nothing,
    DiscoverNew: nothing,
    DiscoverDelete: nothing,
    ProgramExternalConnectivity: nothing,
    RevokeExternalConnectivity: nothing,
  }

  async #createNetwork(body: Body): Promise<Reply> {
    const request = networkRequest(body)
    const network = dockerNetwork(request)
    this.#refuseOtherMode(request.id, network)
    const opened = this.#backend.open(request.id, network)
    await opened.create()
    try {
      this.#state.setNetwork(request.id, network)
    } catch (error) {
      await opened.remove()
      throw error
    }
    return {}
  }

  /** The kernel knows a mode only where there is a link; a network without containers has none. */
  #refuseOtherMode(id: string, { parent, mode, flags }: DockerNetwork): void {
    for (const [other, one] of this.#state.networks) {
      if (other === id || parent === null || one.parent !== parent) continue
      if (one.mode === mode && one.flags.join() === flags.join()) continue
      const has = `${one.mode}${one.flags.length === 0 ? '' : ` ${one.flags.join(' ')}`}`
      throw new DockerDriverError(
        `network ${other.slice(0, 12)} has ${parent} in mode ${has}: mode and flags belong to the parent, so all networks on it share them`,
      )
    }
  }

  async #deleteNetwork(body: Body): Promise<Reply> {
    const id = textIn(body, 'NetworkID')
    const network = this.#state.networks.get(id)
    if (network === undefined) return {}
    await this.#backend.open(id, network).remove()
    this.#state.setNetwork(id, undefined)
    return {}
  }

  async #createEndpoint(body: Body): Promise<Reply> {
    const { network, id, addresses, mac } = endpointRequest(body)
    this.#network(network)
    if (mac !== undefined)
      throw new DockerDriverError(`an ipvlan has the MAC address of its parent: ${mac} cannot be given (--mac-address)`)
    this.#state.setEndpoint(id, { network, addresses })
    // Whatever is told of the interface that the daemon has set already is an error to it.
    return { Interface: {} }
  }

  async #deleteEndpoint(body: Body): Promise<Reply> {
    const { network, id } = endpointOf(body)
    const endpoint = this.#state.endpoints.get(id)
    const known = this.#state.networks.get(network)
    // Without the network what there was went with it.
    if (known !== undefined)
      await this.#backend.open(network, known).detach(id, { addresses: endpoint?.addresses ?? [] })
    this.#state.setEndpoint(id, undefined)
    return {}
  }

  async #join(body: Body): Promise<Reply> {
    const { network: networkId, id } = endpointOf(body)
    const network = this.#network(networkId)
    const endpoint = this.#state.endpoints.get(id)
    if (endpoint === undefined) throw new DockerDriverError(`there is no endpoint ${id.slice(0, 12)}`)
    const ifname = linkName(id)
    const { addresses } = endpoint
    await this.#backend.open(networkId, network).attach(undefined, { id, ifname, addresses, bare: true })
    return {
      InterfaceName: { SrcName: ifname, DstPrefix: 'eth' },
      // Without a gateway the daemon would give the container a second interface, on a bridge.
      DisableGatewayService: true,
      ...joinRoutes(network, addresses),
    }
  }

  #network(id: string): DockerNetwork {
    const network = this.#state.networks.get(id)
    if (network !== undefined) return network
    throw new DockerDriverError(`there is no network ${id.slice(0, 12)}: was the state of the driver deleted?`)
  }

  /**
   * Removes what the daemon will not ask for: links of endpoints that are not known, and of networks that are not known
   * where no container has one.
   * @returns the endpoints whose links are down in the daemon's own namespace: they came back from containers that were
   * removed while the driver was away, or the daemon is about to move them
   */
  async collect(): Promise<Set<string>> {
    const back = new Set<string>()
    const { networks, endpoints } = this.#state
    for (const [id, network] of networks) {
      const known = [...endpoints].filter(([, one]) => one.network === id).map(([endpoint]) => endpoint)
      await this.#trying(`collect what is left of network ${id.slice(0, 12)}`, async () => {
        const opened = this.#backend.open(id, network)
        await opened.gc(known)
        for (const { id: endpoint, where, up } of await opened.list())
          if (where === undefined && !up) back.add(endpoint)
      })
    }
    const names = [...networks.keys()].map(dockerName)
    await this.#trying('collect what is left of networks that are not known', async () => {
      for (const name of await this.#backend.names()) if (!names.includes(name)) await this.#backend.remove(name)
    })
    return back
  }

  /** What cannot be collected of one network is no reason to leave the others without a driver. */
  async #trying(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#log(`cannot ${what}: ${(error as Error).message}`)
    }
  }

  /** Deletes endpoints that are as `collect` found them before: nobody has moved their links since. */
  async collectAgain(before: ReadonlySet<string>): Promise<void> {
    for (const id of await this.collect()) {
      const endpoint = this.#state.endpoints.get(id)
      if (endpoint !== undefined && before.has(id))
        await this.#deleteEndpoint({ NetworkID: endpoint.network, EndpointID: id })
    }
  }
}

const nothing = async (): Promise<Reply> => ({})

/** The name of an endpoint's link until the daemon gives it its own. */
const linkName = (endpoint: string): string => `iv${endpoint.slice(0, 10)}`

const kernelBackend: DriverBackend = {
  open: (id, network) => new Network(networkSpec('ipvlan', networkOptions(id, network)), new Site({})),
  names: async () => (await networkNames(new Site({}))).filter(isDockerName),
  remove: async (name) => {
    const network = new Network(networkSpec('ipvlan', { name, parent: null }), new Site({}))
    // A container that has one is somebody's: of another driver, or of a state that was lost. It goes on.
    if ((await network.list()).every(({ where }) => where === undefined)) await network.remove()
  },
}
