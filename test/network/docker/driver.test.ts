/** The Docker driver's protocol and state, with networks that only note what is asked of them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { DockerDriver, type DriverBackend, type DriverNetwork } from '../../../src/network/docker/driver.js'
import { DriverServer } from '../../../src/network/docker/server.js'
import { DockerState } from '../../../src/network/docker/state.js'
import { NetworkError } from '../../../src/network/index.js'

const n30 = 'a'.repeat(64)
const n110 = 'b'.repeat(64)
const e1 = 'c'.repeat(64)

/** What the daemon sends for `docker network create -o parent=eth0 -o ipvlan_mode=l3`. */
const creation = (NetworkID: string, options: object, pool = '192.168.30.0/24', more: object = {}) => ({
  NetworkID,
  Options: { 'com.docker.network.enable_ipv6': false, 'com.docker.network.generic': options, ...more },
  IPv4Data: [{ AddressSpace: 'LocalDefault', Pool: pool, Gateway: '192.168.30.1/24' }],
  IPv6Data: [],
})
const l3 = { parent: 'eth0', ipvlan_mode: 'l3' }
const endpoint = {
  NetworkID: n30,
  EndpointID: e1,
  Interface: { Address: '192.168.30.2/24', AddressIPv6: '', MacAddress: '' },
}

describe('network/docker', () => {
  let folder: string
  let asked: string[]
  let fail: Error | undefined
  let listed: { id: string; where: undefined; up: boolean }[]
  let names: string[]
  let server: DriverServer
  let driver: DockerDriver

  const note = async (text: string): Promise<never> => {
    asked.push(text)
    if (fail) throw fail
    return undefined as never
  }
  const backend: DriverBackend = {
    open: (id, { parent, mode, hostAddresses }) => {
      const name = `${id.slice(0, 1)} on ${parent} ${mode}${hostAddresses.length === 0 ? '' : ` ${hostAddresses}`}`
      const network: Partial<DriverNetwork> = {
        create: () => note(`create ${name}`),
        attach: (where, options) => note(`attach ${name} ${where} ${JSON.stringify(options)}`),
        detach: (id, { addresses } = {}) => note(`detach ${name} ${id.slice(0, 1)} ${addresses}`),
        gc: (keep) => note(`gc ${name} ${[...keep].map((one) => one.slice(0, 1))}`),
        remove: () => note(`remove ${name}`),
        list: async () => listed as never,
      }
      return network as DriverNetwork
    },
    names: async () => names,
    remove: (name) => note(`remove ${name}`),
  }
  const open = async () => {
    driver = new DockerDriver(new DockerState(join(folder, 'state')), backend)
    server = new DriverServer(driver)
    await server.listen(socket())
  }
  const socket = () => join(folder, 'plugins/nlwire.sock')
  const file = () => join(folder, 'state/docker.json')

  const post = (path: string, body: string): Promise<{ status: number; type: string | undefined; body: unknown }> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath: socket(), path, method: 'POST', agent: false }, (response) => {
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
  const call = async (name: string, body: object = {}) =>
    (await post(`/NetworkDriver.${name}`, `${JSON.stringify(body)}\n`)).body as Record<string, unknown>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-docker-'))
    asked = []
    listed = []
    names = []
    fail = undefined
    await open()
  })
  afterEach(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  it('says what it is', async () => {
    expect(await post('/Plugin.Activate', '')).to.deep.equal({
      status: 200,
      type: 'application/vnd.docker.plugins.v1.1+json',
      body: { Implements: ['NetworkDriver'] },
    })
    expect(await call('GetCapabilities')).to.include({ Scope: 'local', ConnectivityScope: 'local' })
    expect(await call('GwAllocCheck', { Options: { 'com.docker.network.generic': l3 } })).to.deep.equal({
      SkipIPv4: true,
      SkipIPv6: true,
    })
    expect((await post('/NetworkDriver.Nope', '{}')).status).to.equal(404)
  })

  it('a network, an endpoint, and their end', async () => {
    expect(await call('CreateNetwork', creation(n30, l3))).to.deep.equal({})
    expect(await call('CreateEndpoint', endpoint)).to.deep.equal({ Interface: {} })
    expect(await call('Join', { NetworkID: n30, EndpointID: e1, SandboxKey: '/var/run/docker/netns/1' })).to.deep.equal(
      {
        InterfaceName: { SrcName: `iv${'c'.repeat(10)}`, DstPrefix: 'eth' },
        DisableGatewayService: true,
        StaticRoutes: [{ Destination: '0.0.0.0/0', RouteType: 1, NextHop: '' }],
      },
    )
    expect(await call('Leave', { NetworkID: n30, EndpointID: e1 })).to.deep.equal({})
    expect(await call('DeleteEndpoint', { NetworkID: n30, EndpointID: e1 })).to.deep.equal({})
    expect(await call('DeleteEndpoint', { NetworkID: n30, EndpointID: e1 })).to.deep.equal({})
    expect(await call('DeleteNetwork', { NetworkID: n30 })).to.deep.equal({})
    expect(await call('DeleteNetwork', { NetworkID: n30 })).to.deep.equal({})
    const options = { id: e1, ifname: `iv${'c'.repeat(10)}`, addresses: ['192.168.30.2/24'], bare: true }
    expect(asked).to.deep.equal([
      'create a on eth0 l3',
      `attach a on eth0 l3 undefined ${JSON.stringify(options)}`,
      'detach a on eth0 l3 c 192.168.30.2/24',
      'detach a on eth0 l3 c ',
      'remove a on eth0 l3',
    ])
  })

  it('what is refused is told in words, with status 200', async () => {
    await call('CreateNetwork', creation(n30, l3))
    const refused = async (name: string, body: object) => String((await call(name, body)).Err)
    expect(await refused('CreateNetwork', creation(n110, { ...l3, ipvlan_mode: 'l2' }))).to.match(
      /network aaaaaaaaaaaa has eth0 in mode l3: mode and flags belong to the parent/,
    )
    expect(await refused('CreateNetwork', creation(n110, { ...l3, ipvlan_flag: 'private' }))).to.match(/mode l3/)
    expect(await refused('CreateNetwork', creation(n110, { mode: 'l3' }))).to.match(/no option mode: expected parent/)
    expect(await refused('CreateNetwork', creation(n110, { ipvlan_mode: 'l4' }))).to.match(
      /ipvlan_mode l4: expected l2/,
    )
    expect(await refused('CreateNetwork', creation(n110, { ...l3, mtu: 'big' }))).to.match(/mtu big/)
    expect(await refused('CreateNetwork', creation(n110, { parent: 'eth1', host_access: 'true' }))).to.match(
      /--aux-address host=ADDRESS/,
    )
    expect(await refused('CreateNetwork', {})).to.match(/no NetworkID/)
    const mac = { ...endpoint, Interface: { MacAddress: '02:00:00:00:00:01' } }
    expect(await refused('CreateEndpoint', mac)).to.match(/MAC address of its parent/)
    expect(await refused('Join', { NetworkID: n30, EndpointID: e1 })).to.match(/no endpoint cccccccccccc/)
    expect(await refused('CreateEndpoint', { ...endpoint, NetworkID: n110 })).to.match(/no network bbbbbbbbbbbb/)
    expect((await post('/NetworkDriver.Join', '{ "NetworkID": ')).body)
      .to.have.property('Err')
      .that.matches(/no JSON/)
    expect((await post('/NetworkDriver.Join', '[]')).body)
      .to.have.property('Err')
      .that.matches(/no object/)
    fail = new NetworkError('ERR_NETWORK_PARENT', 'docker-x', 'there is no link eth7 (parent)')
    expect(await refused('CreateNetwork', creation(n110, { parent: 'eth7' }))).to.equal(
      'there is no link eth7 (parent)',
    )
    fail = new TypeError('x is no function')
    expect(await refused('CreateNetwork', creation(n110, { parent: 'eth7' }))).to.match(
      /^a fault of the driver: TypeError/,
    )
    expect(JSON.parse(readFileSync(file(), 'utf8')).networks).to.have.keys(n30)
  })

  it("the host's addresses: given, of --aux-address, or the gateway's in l3", async () => {
    await call('CreateNetwork', creation(n30, { ...l3, host_access: 'true' }))
    const aux = creation(n110, { parent: 'eth1', host_access: 'true' })
    const pool = { ...aux.IPv4Data[0], AuxAddresses: { host: '192.168.30.254/24' } }
    await call('CreateNetwork', { ...aux, IPv4Data: [pool] })
    await call('CreateNetwork', creation('d'.repeat(64), { parent: 'eth2', host_access: '10.0.0.1, fd00::1' }))
    expect(asked).to.deep.equal([
      'create a on eth0 l3 192.168.30.1',
      'create b on eth1 l2 192.168.30.254',
      'create d on eth2 l2 10.0.0.1,fd00::1',
    ])
  })

  it('l2: the gateway of the pool; default_route=false and internal: none', async () => {
    const joined = async (id: string, options: object, more: object = {}) => {
      await call('CreateNetwork', creation(id, options, '192.168.30.0/24', more))
      await call('CreateEndpoint', { ...endpoint, NetworkID: id })
      const {
        InterfaceName: _,
        DisableGatewayService: __,
        ...rest
      } = await call('Join', { NetworkID: id, EndpointID: e1 })
      return rest
    }
    expect(await joined(n30, { parent: 'eth0' })).to.deep.equal({ Gateway: '192.168.30.1' })
    expect(await joined(n110, { parent: 'eth0', default_route: 'false' })).to.deep.equal({})
    expect(await joined('d'.repeat(64), { parent: 'eth0' }, { 'com.docker.network.internal': true })).to.deep.equal({})
    expect(await joined('e'.repeat(64), {})).to.deep.equal({})
  })

  it('knows after a start what it was told before', async () => {
    await call('CreateNetwork', creation(n30, l3))
    await call('CreateEndpoint', endpoint)
    await server.close()
    await open()
    await call('DeleteEndpoint', { NetworkID: n30, EndpointID: e1 })
    expect(asked.at(-1)).to.equal('detach a on eth0 l3 c 192.168.30.2/24')
  })

  it('what cannot be written does not count', async () => {
    await call('CreateNetwork', creation(n30, l3))
    rmSync(file())
    mkdirSync(join(file(), 'in the way'), { recursive: true })
    expect(String((await call('CreateNetwork', creation(n110, { parent: 'eth1' }))).Err)).to.match(/EISDIR|ENOTEMPTY/)
    expect(asked.at(-1)).to.equal('remove b on eth1 l2')
    rmSync(file(), { recursive: true })
    expect(await call('CreateNetwork', creation('d'.repeat(64), { parent: 'eth1', ipvlan_mode: 'l3' }))).to.deep.equal(
      {},
    )
  })

  it('what a newer daemon asks before: whether a gateway is needed', async () => {
    const skips = async (options: object) =>
      (await call('GwAllocCheck', { Options: { 'com.docker.network.generic': options } })).SkipIPv4
    expect(await skips({ parent: 'eth0' })).to.equal(false)
    expect(await skips({})).to.equal(true)
    expect(await skips(l3)).to.equal(true)
    expect(await skips({ ...l3, host_access: 'true' })).to.equal(false)
    expect(await skips({ parent: 'eth0', host_access: 'true' })).to.equal(false)
  })

  it('the driver is started again between any two calls', async () => {
    const again = async () => {
      await server.close()
      await open()
    }
    const ids = { NetworkID: n30, EndpointID: e1 }
    for (const [name, body] of [
      ['CreateNetwork', creation(n30, l3)],
      ['CreateEndpoint', endpoint],
      ['Join', ids],
      ['EndpointOperInfo', ids],
      ['Leave', ids],
      ['DeleteEndpoint', ids],
      ['DeleteNetwork', { NetworkID: n30 }],
    ] as const) {
      expect(await call(name, body), name).not.to.have.property('Err')
      await again()
      await driver.collectAgain(await driver.collect())
    }
    expect(JSON.parse(readFileSync(file(), 'utf8'))).to.deep.equal({ version: 1, networks: {}, endpoints: {} })
  })

  it('collects links of endpoints and networks that are not known, and those that came back', async () => {
    await call('CreateNetwork', creation(n30, l3))
    await call('CreateEndpoint', endpoint)
    names = ['docker-aaaaaaaaaaaa', 'docker-gone']
    listed = [{ id: e1, where: undefined, up: false }]
    asked = []
    const back = await driver.collect()
    expect(asked).to.deep.equal(['gc a on eth0 l3 c', 'remove docker-gone'])
    listed = [{ id: e1, where: undefined, up: true }]
    await driver.collectAgain(back)
    expect(asked.some((one) => one.startsWith('detach'))).to.equal(false)
    listed = [{ id: e1, where: undefined, up: false }]
    await driver.collectAgain(new Set())
    expect(asked.some((one) => one.startsWith('detach'))).to.equal(false)
    await driver.collectAgain(back)
    expect(asked.at(-1)).to.equal('detach a on eth0 l3 c 192.168.30.2/24')
  })

  it('one driver at a socket; one that a killed driver left is taken away', async () => {
    const other = new DriverServer(driver)
    const error = await other.listen(socket()).then(
      () => undefined,
      (one: Error) => one,
    )
    expect(error?.message).to.match(/another driver listens on/)
    await server.close()
    const left = `require('net').createServer().listen('${socket()}', () => process.kill(process.pid, 'SIGKILL'))`
    expect(spawnSync(process.execPath, ['-e', left]).signal).to.equal('SIGKILL')
    expect(existsSync(socket())).to.equal(true)
    await open()
    expect(existsSync(socket())).to.equal(true)
  })

  it('calls come one after another', async () => {
    const all = ['1', '2', '3'].map((digit) => call('CreateNetwork', creation(digit.repeat(64), l3)))
    await Promise.all(all)
    expect(asked).to.have.length(3)
    expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')).networks)).to.have.length(3)
  })
})
