/** What the driver knows of Docker's networks and endpoints, on disk: the daemon tells each of them only once. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isObject } from '../../netlink/bytes/equal.js'
import { putInPlace } from '../durable.js'
import { DockerDriverError } from './errors.js'
import type { DockerNetwork } from './options.js'

/** An endpoint: a container's place in a network. */
export interface DockerEndpoint {
  readonly network: string
  readonly addresses: readonly string[]
}

interface Content {
  readonly version: 1
  readonly networks: Readonly<Record<string, DockerNetwork>>
  readonly endpoints: Readonly<Record<string, DockerEndpoint>>
}

/** The state. A change counts when it is on disk. */
export class DockerState {
  readonly #file: string
  #networks: ReadonlyMap<string, DockerNetwork>
  #endpoints: ReadonlyMap<string, DockerEndpoint>
  /**
   * @param directory where the file is; it is made when it is missing
   * @throws DockerDriverError when the file cannot be read: nothing is known then, and nothing is taken for garbage
   */
  constructor(directory: string) {
    this.#file = join(directory, 'docker.json')
    const { networks, endpoints } = read(this.#file)
    this.#networks = new Map(Object.entries(networks))
    this.#endpoints = new Map(Object.entries(endpoints))
  }

  get networks(): ReadonlyMap<string, DockerNetwork> {
    return this.#networks
  }

  get endpoints(): ReadonlyMap<string, DockerEndpoint> {
    return this.#endpoints
  }

  /** Keeps a network, or forgets it and its endpoints. @throws when it cannot be written: the state is as it was then */
  setNetwork(id: string, network: DockerNetwork | undefined): void {
    const kept = [...this.#endpoints].filter(([, one]) => network !== undefined || one.network !== id)
    this.#save(changed(this.#networks, id, network), new Map(kept))
  }

  /** Keeps an endpoint, or forgets it. @throws as `setNetwork` does */
  setEndpoint(id: string, endpoint: DockerEndpoint | undefined): void {
    this.#save(this.#networks, changed(this.#endpoints, id, endpoint))
  }

  #save(networks: ReadonlyMap<string, DockerNetwork>, endpoints: ReadonlyMap<string, DockerEndpoint>): void {
    const content: Content = {
      version: 1,
      networks: Object.fromEntries(networks),
      endpoints: Object.fromEntries(endpoints),
    }
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    const fresh = `${this.#file}.new`
    const fd = openSync(fresh, 'w', 0o600)
    try {
      putInPlace(fd, fresh, this.#file, `${JSON.stringify(content, undefined, 2)}\n`)
    } finally {
      closeSync(fd)
    }
    this.#networks = networks
    this.#endpoints = endpoints
  }
}

function changed<T>(all: ReadonlyMap<string, T>, id: string, value: T | undefined): Map<string, T> {
  const after = new Map(all)
  if (value === undefined) after.delete(id)
  else after.set(id, value)
  return after
}

function read(file: string): Content {
  if (!existsSync(file)) return { version: 1, networks: {}, endpoints: {} }
  const refuse = (why: string): never => {
    throw new DockerDriverError(
      `${file}: ${why}. Without it the driver does not know the networks of Docker: mend it, or delete it and create the networks anew`,
    )
  }
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isContent(content) ? content : refuse('it is no state of this driver')
  } catch (error) {
    if (error instanceof DockerDriverError) throw error
    return refuse((error as Error).message)
  }
}

function isContent(value: unknown): value is Content {
  if (!isObject(value) || value.version !== 1 || !isObject(value.networks) || !isObject(value.endpoints)) return false
  const networks = Object.values(value.networks).every(
    (one) => isObject(one) && typeof one.mode === 'string' && Array.isArray(one.pools) && Array.isArray(one.flags),
  )
  const endpoints = Object.values(value.endpoints).every(
    (one) => isObject(one) && typeof one.network === 'string' && Array.isArray(one.addresses),
  )
  return networks && endpoints
}
