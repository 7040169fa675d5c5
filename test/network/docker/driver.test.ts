/** What each call of the Docker daemon does, with networks that only note what is asked of them. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { DockerDriver } from '../../../src/network/docker/driver.js'
import { DockerState } from '../../../src/network/docker/state.js'
import { creation, e1, endpoint, Harness, l3, n30, n110 } from './harness.js'

describe('network/docker/driver', () => {
  let docker: Harness
  beforeEach(async () => {
    docker = new Harness()
    await docker.open()
  })
  afterEach(() => docker.close())

  it('a network, an endpoint, and their end', async () => {
    expect(await docker.call('CreateNetwork', creation(n30, l3))).to.deep.equal({})
    expect(await docker.call('CreateEndpoint', endpoint)).to.deep.equal({ Interface: {} })
    expect(
      await docker.call('Join', { NetworkID: n30, EndpointID: e1, SandboxKey: '/var/run/docker/netns/1' }),
    ).to.deep.equal({
      InterfaceName: { SrcName: `iv${'c'.repeat(10)}`, DstPrefix: 'eth' },
      DisableGatewayService: true,
      StaticRoutes: [{ Destination: '0.0.0.0/0', RouteType: 1, NextHop: '' }],
    })
    expect(await docker.call('Leave', { NetworkID: n30, EndpointID: e1 })).to.deep.equal({})
    expect(await docker.call('DeleteEndpoint', { NetworkID: n30, EndpointID: e1 })).to.deep.equal({})
    expect(await docker.call('DeleteEndpoint', { NetworkID: n30, EndpointID: e1 })).to.deep.equal({})
    expect(await docker.call('DeleteNetwork', { NetworkID: n30 })).to.deep.equal({})
    expect(await docker.call('DeleteNetwork', { NetworkID: n30 })).to.deep.equal({})
    const options = { id: e1, ifname: `iv${'c'.repeat(10)}`, addresses: ['192.168.30.2/24'], bare: true }
    expect(docker.asked).to.deep.equal([
      'create a on eth0 l3',
      `attach a on eth0 l3 undefined ${JSON.stringify(options)}`,
      'detach a on eth0 l3 c 192.168.30.2/24',
      'detach a on eth0 l3 c ',
      'remove a on eth0 l3',
    ])
  })

  it("the host's addresses: given, of --aux-address, or the gateway's in l3", async () => {
    await docker.call('CreateNetwork', creation(n30, { ...l3, host_access: 'true' }))
    const aux = creation(n110, { parent: 'eth1', host_access: 'true' })
    const pool = { ...aux.IPv4Data[0], AuxAddresses: { host: '192.168.30.254/24' } }
    await docker.call('CreateNetwork', { ...aux, IPv4Data: [pool] })
    await docker.call('CreateNetwork', creation('d'.repeat(64), { parent: 'eth2', host_access: '10.0.0.1, fd00::1' }))
    expect(docker.asked).to.deep.equal([
      'create a on eth0 l3 192.168.30.1',
      'create b on eth1 l2 192.168.30.254',
      'create d on eth2 l2 10.0.0.1,fd00::1',
    ])
  })

  it('l2: the gateway of the pool; default_route=false and internal: none', async () => {
    const joined = async (id: string, options: object, more: object = {}) => {
      await docker.call('CreateNetwork', creation(id, options, '192.168.30.0/24', more))
      await docker.call('CreateEndpoint', { ...endpoint, NetworkID: id })
      const {
        InterfaceName: _,
        DisableGatewayService: __,
        ...rest
      } = await docker.call('Join', { NetworkID: id, EndpointID: e1 })
      return rest
    }
    expect(await joined(n30, { parent: 'eth0' })).to.deep.equal({ Gateway: '192.168.30.1' })
    expect(await joined(n110, { parent: 'eth0', default_route: 'false' })).to.deep.equal({})
    expect(await joined('d'.repeat(64), { parent: 'eth0' }, { 'com.docker.network.internal': true })).to.deep.equal({})
    expect(await joined('e'.repeat(64), {})).to.deep.equal({})
  })

  it('knows after a start what it was told before', async () => {
    await docker.call('CreateNetwork', creation(n30, l3))
    await docker.call('CreateEndpoint', endpoint)
    await docker.server.close()
    await docker.open()
    await docker.call('DeleteEndpoint', { NetworkID: n30, EndpointID: e1 })
    expect(docker.asked.at(-1)).to.equal('detach a on eth0 l3 c 192.168.30.2/24')
  })

  it('what cannot be written does not count', async () => {
    await docker.call('CreateNetwork', creation(n30, l3))
    rmSync(docker.file)
    mkdirSync(join(docker.file, 'in the way'), { recursive: true })
    expect(String((await docker.call('CreateNetwork', creation(n110, { parent: 'eth1' }))).Err)).to.match(
      /EISDIR|ENOTEMPTY/,
    )
    expect(docker.asked.at(-1)).to.equal('remove b on eth1 l2')
    rmSync(docker.file, { recursive: true })
    expect(
      await docker.call('CreateNetwork', creation('d'.repeat(64), { parent: 'eth1', ipvlan_mode: 'l3' })),
    ).to.deep.equal({})
  })

  it('what a newer daemon asks before: whether a gateway is needed', async () => {
    const skips = async (options: object) =>
      (await docker.call('GwAllocCheck', { Options: { 'com.docker.network.generic': options } })).SkipIPv4
    expect(await skips({ parent: 'eth0' })).to.equal(false)
    expect(await skips({})).to.equal(true)
    expect(await skips(l3)).to.equal(true)
    expect(await skips({ ...l3, host_access: 'true' })).to.equal(false)
    expect(await skips({ parent: 'eth0', host_access: 'true' })).to.equal(false)
  })

  it('the driver is started again between any two calls', async () => {
    const again = async () => {
      await docker.server.close()
      await docker.open()
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
      expect(await docker.call(name, body), name).not.to.have.property('Err')
      await again()
      await docker.driver.collectAgain(await docker.driver.collect())
    }
    expect(JSON.parse(readFileSync(docker.file, 'utf8'))).to.deep.equal({ version: 1, networks: {}, endpoints: {} })
  })

  it('collects links of endpoints and networks that are not known, and those that came back', async () => {
    await docker.call('CreateNetwork', creation(n30, l3))
    await docker.call('CreateEndpoint', endpoint)
    docker.names = ['docker-aaaaaaaaaaaa', 'docker-gone']
    docker.listed = [{ id: e1, where: undefined, up: false }]
    docker.asked = []
    const back = await docker.driver.collect()
    expect(docker.asked).to.deep.equal(['gc a on eth0 l3 c', 'remove docker-gone'])
    docker.listed = [{ id: e1, where: undefined, up: true }]
    await docker.driver.collectAgain(back)
    expect(docker.asked.some((one) => one.startsWith('detach'))).to.equal(false)
    docker.listed = [{ id: e1, where: undefined, up: false }]
    await docker.driver.collectAgain(new Set())
    expect(docker.asked.some((one) => one.startsWith('detach'))).to.equal(false)
    await docker.driver.collectAgain(back)
    expect(docker.asked.at(-1)).to.equal('detach a on eth0 l3 c 192.168.30.2/24')
  })

  it('what cannot be collected of one network is told, and the others are', async () => {
    await docker.call('CreateNetwork', creation(n30, l3))
    const said: string[] = []
    docker.fail = new Error('no room')
    docker.names = ['docker-gone']
    await new DockerDriver(new DockerState(docker.stateFolder), docker.backend, (line) => said.push(line)).collect()
    expect(said).to.deep.equal([
      'cannot collect what is left of network aaaaaaaaaaaa: no room',
      'cannot collect what is left of networks that are not known: no room',
    ])
  })
})
