/** The driver's socket: libnetwork's remote driver protocol, HTTP on a unix socket. */
import { chmodSync, mkdirSync, unlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { NetlinkError } from '../../netlink/errors.js'
import { NetworkError } from '../errors.js'
import { SerialQueue } from '../serial-queue.js'
import type { DockerDriver } from './driver.js'
import { DockerDriverError } from './errors.js'
import { parseBody } from './requests.js'

/** How the driver listens. */
export interface DriverServerOptions {
  /** The path of its socket; systemd's, where it has opened one for us (LISTEN_FDS), comes first. */
  readonly socket: string
  /** Told of each call, and of what it came to. */
  readonly log?: ((line: string) => void) | undefined
}

/** The first descriptor that systemd hands over. systemd: SD_LISTEN_FDS_START (sd-daemon.h). */
const LISTEN_FDS_START = 3
const MEDIA_TYPE = 'application/vnd.docker.plugins.v1.1+json'
/** The longest body, in bytes: those of the daemon have a few hundred. */
const LONGEST = 1024 * 1024

/** Listens for the daemon. Calls are carried out one after another, in the order in which they came. */
export class DriverServer {
  readonly #driver: DockerDriver
  readonly #log: (line: string) => void
  readonly #server: Server
  readonly #calls = new SerialQueue()

  constructor(driver: DockerDriver, log: (line: string) => void = () => {}) {
    this.#driver = driver
    this.#log = log
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  /**
   * @returns what it listens on
   * @throws DockerDriverError when another driver listens there
   */
  async listen(socket: string): Promise<string> {
    const { LISTEN_PID, LISTEN_FDS } = process.env
    const handed = LISTEN_PID === String(process.pid) && Number(LISTEN_FDS) > 0
    if (!handed) await free(socket)
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(handed ? { fd: LISTEN_FDS_START } : { path: socket }, resolve)
    })
    if (handed) return 'the socket of systemd'
    // Whoever may write there gives orders to a program of root.
    chmodSync(socket, 0o600)
    return socket
  }

  /** Ends when the calls that have come are done. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    // No connection comes any more, but one that is there may bring another call.
    this.#server.closeIdleConnections()
    await this.#calls.idle()
    this.#server.closeAllConnections()
    await closed
  }

  /** Does something between two calls. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.#calls.run(work)
  }

  #answer(request: IncomingMessage, response: ServerResponse): unknown {
    const say = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': MEDIA_TYPE })
      response.end(`${JSON.stringify(body)}\n`)
    }
    const name = request.url?.replace(/^\/(NetworkDriver\.)?/, '') ?? ''
    if (name === 'Plugin.Activate') {
      request.resume()
      return say(200, { Implements: ['NetworkDriver'] })
    }
    const call = Object.hasOwn(this.#driver.calls, name) ? this.#driver.calls[name] : undefined
    if (call === undefined) {
      request.resume()
      this.#log(`${name}: not implemented`)
      return say(404, { Err: `there is no call ${name}` })
    }
    const refused = (error: unknown) => {
      // The daemon shows Err to its user; a status other than 200 it shows as a failure of the plugin.
      this.#log(`${name}: refused: ${(error as Error).message}`)
      say(200, { Err: wordsOf(error) })
    }
    // The body first: one that never ends keeps no other call waiting.
    return read(request).then(
      (text) =>
        this.between(async () => {
          const reply = await call(parseBody(text))
          this.#log(`${name}: ${JSON.stringify(reply)}`)
          say(200, reply)
        }).catch(refused),
      refused,
    )
  }
}

/** What the daemon's user reads. A fault of our own is told as one. */
function wordsOf(error: unknown): string {
  if (error instanceof NetworkError) return error.reason
  if (error instanceof NetlinkError) return error.message
  return `a fault of the driver: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > LONGEST) throw new DockerDriverError(`the request has more than ${LONGEST} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Takes away the socket that a killed driver has left. @throws DockerDriverError when one listens there */
async function free(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const listens = await new Promise<boolean>((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
      else reject(error)
    })
  })
  if (listens) throw new DockerDriverError(`another driver listens on ${path}`)
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
