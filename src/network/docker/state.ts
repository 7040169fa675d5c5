/** What the driver knows of Docker's networks and endpoints, on disk: the daemon tells each of them only once. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DockerDriverError } from './errors.js'
import type { DockerNetwork } from './options.js'

/** An endpoint: a container's place in a network. */
export interface DockerEndpoint {
  readonly network: string
  readonly addresses: readonly string[]
  /** Whether the daemon has been given its link. */
  readonly joined: boolean
}

interface Content {
  readonly version: 1
  readonly networks: Readonly<Record<string, DockerNetwork>>
  readonly endpoints: Readonly<Record<string, DockerEndpoint>>
}

/** The state. Each change is on disk before it counts. */
export class DockerState {
  readonly networks: Map<string, DockerNetwork>
  readonly endpoints: Map<string, DockerEndpoint>
  readonly #file: string
  /**
   * @param directory where the file is; it is made when it is missing
   * @throws DockerDriverError when the file cannot be read: nothing is known then, and nothing is taken for garbage
   */
  constructor(directory: string) {
    this.#file = join(directory, 'docker.json')
    const { networks, endpoints } = read(this.#file)
    this.networks = new Map(Object.entries(networks))
    this.endpoints = new Map(Object.entries(endpoints))
  }

  /** Writes it to a new file, which then takes the old one's place: a reader sees either. */
  save(): void {
    const content: Content = {
      version: 1,
      networks: Object.fromEntries(this.networks),
      endpoints: Object.fromEntries(this.endpoints),
    }
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    const draft = `${this.#file}.new`
    const fd = openSync(draft, 'w', 0o600)
    try {
      writeSync(fd, `${JSON.stringify(content, undefined, 2)}\n`)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(draft, this.#file)
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
    const content = JSON.parse(readFileSync(file, 'utf8')) as Content
    if (content?.version !== 1 || !content.networks || !content.endpoints) refuse('it is no state of this driver')
    return content
  } catch (error) {
    if (error instanceof DockerDriverError) throw error
    return refuse((error as Error).message)
  }
}
