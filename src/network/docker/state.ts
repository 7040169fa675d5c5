/** What the driver knows of Docker's networks and endpoints, on disk: the daemon tells each of them only once. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

type Networks = Content['networks']
type Endpoints = Content['endpoints']

/** The state. A change counts when it is on disk. */
export class DockerState {
  readonly #file: string
  #content: Content
  /**
   * @param directory where the file is; it is made when it is missing
   * @throws DockerDriverError when the file cannot be read: nothing is known then, and nothing is taken for garbage
   */
  constructor(directory: string) {
    this.#file = join(directory, 'docker.json')
    this.#content = read(this.#file)
  }

  get networks(): ReadonlyMap<string, DockerNetwork> {
    return new Map(Object.entries(this.#content.networks))
  }

  get endpoints(): ReadonlyMap<string, DockerEndpoint> {
    return new Map(Object.entries(this.#content.endpoints))
  }

  /** Keeps a network, or forgets it and its endpoints. @throws when it cannot be written: the state is as it was then */
  setNetwork(id: string, network: DockerNetwork | undefined): void {
    const networks: Networks = changed(this.#content.networks, id, network)
    const kept = Object.entries(this.#content.endpoints).filter(
      ([, one]) => network !== undefined || one.network !== id,
    )
    this.#save({ version: 1, networks, endpoints: Object.fromEntries(kept) })
  }

  /** Keeps an endpoint, or forgets it. @throws as `setNetwork` does */
  setEndpoint(id: string, endpoint: DockerEndpoint | undefined): void {
    const endpoints: Endpoints = changed(this.#content.endpoints, id, endpoint)
    this.#save({ ...this.#content, endpoints })
  }

  /** Writes a new file, which then takes the old one's place: a reader sees either, and so does who starts after a crash. */
  #save(content: Content): void {
    const folder = dirname(this.#file)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const draft = `${this.#file}.new`
    synced(draft, 'w', (fd) => writeFileSync(fd, `${JSON.stringify(content, undefined, 2)}\n`))
    renameSync(draft, this.#file)
    // The name as well is to outlive a loss of power.
    synced(folder, 'r', () => {})
    this.#content = content
  }
}

function changed<T>(all: Readonly<Record<string, T>>, id: string, value: T | undefined): Record<string, T> {
  const { [id]: _, ...rest } = all
  return value === undefined ? rest : { ...rest, [id]: value }
}

function synced(path: string, flags: string, use: (fd: number) => void): void {
  const fd = openSync(path, flags, 0o600)
  try {
    use(fd)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
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

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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
