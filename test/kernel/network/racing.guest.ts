/** Networks whose links are changed at the same time by several calls and programs: run by edges.test.js. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { ipvlanNetwork } from '../../../src/network/index.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { rejection } from '../../support/things.js'
import { attachment, description } from './described.js'
import { faultyHost } from './faulty-host.js'
import { n30 } from './reaching.js'
import { expectSame, inside, look, sh } from './support.js'

const attaching = fileURLToPath(new URL('./attaching.js', import.meta.url))

describe('networks at the same time', function () {
  this.timeout(120_000)
  let netns: string
  beforeEach(() => {
    netns = makeNamespace()
    inside(netns, 'ip link add eth0 type dummy; ip link set eth0 up; ip address add 10.9.0.1/24 dev eth0')
  })
  // Loaded once: several programs that need a module at the same time do not all get it.
  before(() => {
    sh('modprobe -d /run/modules 8021q')
  })
  afterEach(removeNamespaces)

  it('twenty attachments of one network at once', async () => {
    const net = await ipvlanNetwork(description(netns))
    const all = Array.from({ length: 20 }, (_, i) => ({ id: `c${i}`, addresses: [`192.168.30.${i + 2}`] }))
    await Promise.all(all.map((wanted) => net.attach(makeNamespace(), wanted)))
    expect(await net.list()).to.have.length(20)
    expect(inside(netns, 'ip route show proto 110').trim().split('\n')).to.have.length(20)
    await net.remove()
  })

  it('several networks, and one in several objects, create one VLAN', async () => {
    const before = look(netns)
    const names = ['a', 'b', 'a', 'b', 'c']
    const nets = await Promise.all(names.map((name) => ipvlanNetwork({ name, mode: 'l3', netns, parent: 'eth0.30' })))
    await Promise.all(
      nets.map((net, i) => net.attach(makeNamespace(), { id: `c${i}`, addresses: [`192.168.30.${i + 2}/24`] })),
    )
    expect(inside(netns, 'ip link show eth0.30').match(/altname nlwire\.[abc]/g)).to.have.length(3)
    await Promise.all(nets.map((net) => net.remove()))
    expectSame(look(netns), before)
  })

  it('two modes on one parent at once: one is refused', async () => {
    const nets = await Promise.all(
      (['l2', 'l3'] as const).map((mode) => ipvlanNetwork({ name: mode, mode, netns, parent: 'eth0' })),
    )
    const results = await Promise.allSettled(
      nets.map((net, i) => net.attach(makeNamespace(), { id: 'c', addresses: [`192.168.30.${i + 2}/24`] })),
    )
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected'])
    expect((results[1] as PromiseRejectedResult).reason).to.include({ code: 'ERR_NETWORK_MODE' })
  })

  it('several programs count the users of one VLAN', async () => {
    const before = look(netns)
    const programs = ['a', 'b', 'c'].map(async (name, i) => {
      const program = spawn(process.execPath, [attaching, netns, makeNamespace(), name, `192.168.30.${i + 2}/24`])
      const [errors] = await Promise.all([text(program.stderr), once(program, 'exit')])
      return errors
    })
    expect((await Promise.all(programs)).join('')).to.equal('')
    expectSame(look(netns), before)
  })

  it('a VLAN that another network uses by now stays when attaching fails', async () => {
    const host = faultyHost(
      (change) => (change === 6 ? 'refused' : undefined),
      (change) => {
        if (change === 3) inside(netns, 'ip link property add dev eth0.30 altname nlwire.other')
      },
    )
    const net = await ipvlanNetwork({ ...description(netns), host })
    const error = await rejection(net.attach(makeNamespace(), attachment))
    expect(error).to.include({ code: 'ERR_NETWORK_STEP' })
    expect(inside(netns, 'ip link show eth0.30').match(/altname .*/g)).to.deep.equal(['altname nlwire.other'])
  })

  it('detaching again leaves the route to an address that another attachment has by now', async () => {
    const options = { ...n30, netns, parent: 'eth0', hostAccess: { addresses: ['192.168.30.254'] } }
    const [first, second] = [await ipvlanNetwork(options), await ipvlanNetwork(options)]
    const addresses = ['192.168.30.2']
    await first.attach(makeNamespace(), { id: 'c1', addresses })
    await second.detach('c1')
    await second.attach(makeNamespace(), { id: 'c2', addresses })
    expect(await second.detach('c1', { addresses })).to.equal(false)
    expect(await first.detach('c1')).to.equal(false)
    expect(inside(netns, 'ip route show proto 110')).to.match(/192\.168\.30\.2 /)
    await second.detach('c2')
    expect(inside(netns, 'ip route show proto 110')).to.equal('')
  })
})
