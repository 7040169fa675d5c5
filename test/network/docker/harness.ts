/** A Docker daemon's side of the driver's socket, and networks that only note what is asked of them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DockerDriver, type DriverBackend, type DriverNetwork } from '../../../src/network/docker/driver.js'
import { DriverServer } from '../../../src/network/docker/server.js'
import { DockerState } from '../../../src/network/docker/state.js'

export const n30 = 'a'.repeat(64)
export const n110 = 'b'.repeat(64)
export const e1 = 'c'.repeat(64)

/** What the daemon sends for `docker network create -o parent=eth0 -o ipvlan_mode=l3`. */
export const creation = (NetworkID: string, options: object, pool = '192.168.30.0/24', more: object = {}) => ({
  NetworkID,
  Options: { 'com.docker.network.enable_ipv6': false, 'com.docker.network.generic': options, ...more },
  IPv4Data: [{ AddressSpace: 'LocalDefault', Pool: pool, Gateway: '192.168.30.1/24' }],
  IPv6Data: [],
})
export const l3 = { parent: 'eth0', ipvlan_mode: 'l3' }
export const endpoint = {
  NetworkID: n30,
  EndpointID: e1,
  Interface: { Address: '192.168.30.2/24', AddressIPv6: '', MacAddress: '' },
}

/** A driver at a socket of its own, in a folder that goes with the test. */
export class Harness {
  readonly folder = mkdtempSync(join(tmpdir(), 'nlwire-docker-'))
  readonly socket = join(this.folder, 'plugins/nlwire.sock')
  readonly stateFolder = join(this.folder, 'state')
  readonly file = join(this.stateFolder, 'docker.json')
  /** What the networks were asked for. */
  asked: string[] = []
  /** What each of them fails with. */
  fail: Error | undefined
  /** The attachments that they list. */
  listed: { id: string; where: undefined; up: boolean }[] = []
  /** The names of networks in the kernel. */
  names: string[] = []
  server!: DriverServer
  driver!: DockerDriver

  readonly backend: DriverBackend = {
    open: (id, { parent, mode, hostAddresses }) => {
      const name = `${id.slice(0, 1)} on ${parent} ${mode}${hostAddresses.length === 0 ? '' : ` ${hostAddresses}`}`
      const network: Partial<DriverNetwork> = {
        create: () => this.#note(`create ${name}`),
        attach: (where, options) => this.#note(`attach ${name} ${where} ${JSON.stringify(options)}`),
        detach: (endpoint, { addresses } = {}) => this.#note(`detach ${name} ${endpoint.slice(0, 1)} ${addresses}`),
        gc: (keep) => this.#note(`gc ${name} ${[...keep].map((one) => one.slice(0, 1))}`),
        remove: () => this.#note(`remove ${name}`),
        list: async () => this.listed as never,
      }
      return network as DriverNetwork
    },
    names: async () => this.names,
    remove: (name) => this.#note(`remove ${name}`),
  }

  async #note(text: string): Promise<never> {
    this.asked.push(text)
    if (this.fail) throw this.fail
    return undefined as never
  }

  /** Starts the driver. */
  async open(): Promise<void> {
    this.driver = new DockerDriver(new DockerState(this.stateFolder), this.backend)
    this.server = new DriverServer(this.driver)
    await this.server.listen(this.socket)
  }

  async close(): Promise<void> {
    await this.server.close()
    rmSync(this.folder, { recursive: true })
  }

  /** Sends a request as the daemon does. */
  post(path: string, body: string): Promise<{ status: number; type: string | undefined; body: unknown }> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath: this.socket, path, method: 'POST', agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () =>
          resolve({ status: response.statusCode!, type: response.headers['content-type'], body: JSON.parse(text) }),
        )
      })
      sent.on('error', reject).end(body)
    })
  }

  /** A call of the protocol. */
  async call(name: string, body: object = {}): Promise<Record<string, unknown>> {
    const reply = await this.post(`/NetworkDriver.${name}`, `${JSON.stringify(body)}\n`)
    return reply.body as Record<string, unknown>
  }
}
