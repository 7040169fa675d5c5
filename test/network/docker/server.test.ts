/** The Docker driver's protocol: what is answered, refused, and in which order. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { expect } from 'chai'
import { DriverServer } from '../../../src/network/docker/server.js'
import { NetworkError } from '../../../src/network/index.js'
import { creation, e1, endpoint, Harness, l3, n30, n110 } from './harness.js'

describe('network/docker/server', () => {
  let docker: Harness
  beforeEach(async () => {
    docker = new Harness()
    await docker.open()
  })
  afterEach(() => docker.close())

  it('says what it is', async () => {
    expect(await docker.post('/Plugin.Activate', '')).to.deep.equal({
      status: 200,
      type: 'application/vnd.docker.plugins.v1.1+json',
      body: { Implements: ['NetworkDriver'] },
    })
    expect(await docker.call('GetCapabilities')).to.include({ Scope: 'local', ConnectivityScope: 'local' })
    expect(await docker.call('GwAllocCheck', { Options: { 'com.docker.network.generic': l3 } })).to.deep.equal({
      SkipIPv4: true,
      SkipIPv6: true,
    })
    expect((await docker.post('/NetworkDriver.Nope', '{}')).status).to.equal(404)
  })

  it('what is refused is told in words, with status 200', async () => {
    await docker.call('CreateNetwork', creation(n30, l3))
    const refused = async (name: string, body: object) => String((await docker.call(name, body)).Err)
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
    const list = { ...endpoint, Interface: { Address: [] } }
    expect(await refused('CreateEndpoint', list)).to.equal('Address is no text')
    expect((await docker.post('/NetworkDriver.Join', '{ "NetworkID": ')).body)
      .to.have.property('Err')
      .that.matches(/no JSON/)
    expect((await docker.post('/NetworkDriver.Join', '[]')).body)
      .to.have.property('Err')
      .that.matches(/no object/)
    docker.fail = new NetworkError('ERR_NETWORK_PARENT', 'docker-x', 'there is no link eth7 (parent)')
    expect(await refused('CreateNetwork', creation(n110, { parent: 'eth7' }))).to.equal(
      'there is no link eth7 (parent)',
    )
    docker.fail = new TypeError('x is no function')
    expect(await refused('CreateNetwork', creation(n110, { parent: 'eth7' }))).to.match(
      /^a fault of the driver: TypeError/,
    )
    expect(JSON.parse(readFileSync(docker.file, 'utf8')).networks).to.have.keys(n30)
  })

  it('a body that never ends keeps no other call waiting', async () => {
    const slow = request({ socketPath: docker.socket, path: '/NetworkDriver.Leave', method: 'POST', agent: false })
    slow.on('error', () => {})
    slow.write('{')
    expect(await docker.call('CreateNetwork', creation(n30, l3))).to.deep.equal({})
    slow.destroy()
  })

  it('one driver at a socket; one that a killed driver left is taken away', async () => {
    const other = new DriverServer(docker.driver)
    const error = await other.listen(docker.socket).then(
      () => undefined,
      (one: Error) => one,
    )
    expect(error?.message).to.match(/another driver listens on/)
    await docker.server.close()
    const left = `require('net').createServer().listen('${docker.socket}', () => process.kill(process.pid, 'SIGKILL'))`
    expect(spawnSync(process.execPath, ['-e', left]).signal).to.equal('SIGKILL')
    expect(existsSync(docker.socket)).to.equal(true)
    await docker.open()
    expect(existsSync(docker.socket)).to.equal(true)
  })

  it('calls come one after another', async () => {
    const all = ['1', '2', '3'].map((digit) => docker.call('CreateNetwork', creation(digit.repeat(64), l3)))
    await Promise.all(all)
    expect(docker.asked).to.have.length(3)
    expect(Object.keys(JSON.parse(readFileSync(docker.file, 'utf8')).networks)).to.have.length(3)
  })
})
