/** What is left when a step fails, or the program is killed between two steps: nothing. Run by failing.test.js. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { ipvlanNetwork, NetworkError } from '../../../src/network/index.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { rejection } from '../../support/things.js'
import { attachment, description } from './described.js'
import { faults, faultyHost } from './faulty-host.js'
import { expectSame, inside, look } from './support.js'

const killed = fileURLToPath(new URL('./killed.js', import.meta.url))

describe('networks when something fails', function () {
  this.timeout(500_000)
  let netns: string
  let container: string
  beforeEach(() => {
    netns = makeNamespace()
    container = makeNamespace()
    inside(netns, 'ip link add eth0 type dummy; ip link set eth0 up; ip address add 10.9.0.1/24 dev eth0')
    // The IPv6 settings that a container runtime makes.
    inside(container, 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link set lo up')
  })
  afterEach(removeNamespaces)

  /** Lets each change of attach fail, one after the other, until there is none left. @returns how many there were */
  async function eachChange(fail: (change: number) => Promise<boolean>): Promise<number> {
    for (let change = 1; change < 100; change++) if (!(await fail(change))) return change - 1
    throw new Error('it has no end')
  }

  for (const fault of faults)
    it(`attach: each change ${fault}: all is undone`, async () => {
      const before = look(netns, container)
      const count = await eachChange(async (change) => {
        const net = await ipvlanNetwork({
          ...description(netns),
          host: faultyHost((n) => (n === change ? fault : undefined)),
        })
        try {
          await net.attach(container, attachment)
        } catch (error) {
          expect(error).to.be.instanceOf(NetworkError)
          expect(error).to.include({ code: 'ERR_NETWORK_STEP', id: attachment.id })
          expect((error as NetworkError).suppressed).to.deep.equal([])
          expectSame(look(netns, container), before)
          return true
        }
        const sound = await ipvlanNetwork(description(netns))
        await sound.remove()
        expectSame(look(netns, container), before)
        return false
      })
      expect(count).to.be.greaterThan(12)
    })

  it('detach and remove: each change fails: doing it again leaves nothing', async () => {
    const before = look(netns, container)
    for (const fault of faults) {
      await eachChange(async (change) => {
        const sound = await ipvlanNetwork(description(netns))
        await sound.attach(container, attachment)
        const net = await ipvlanNetwork({
          ...description(netns),
          host: faultyHost((n) => (n === change ? fault : undefined)),
        })
        const failed = await net
          .detach(attachment.id)
          .then(() => net.remove())
          .then(
            () => false,
            () => true,
          )
        await sound.detach(attachment.id)
        await sound.remove()
        expectSame(look(netns, container), before)
        return failed
      })
    }
  })

  it('killed after each change of attach: remove leaves nothing, and attach completes it', async () => {
    const before = look(netns, container)
    const net = await ipvlanNetwork(description(netns))
    const count = await eachChange(async (change) => {
      const run = () => spawnSync(process.execPath, [killed, netns, container, 'attach', String(change)])
      const first = run()
      if (first.signal === null) {
        expect(String(first.stderr)).to.equal('')
        await net.remove()
        return false
      }
      await net.remove()
      expectSame(look(netns, container), before)
      run()
      await net.attach(container, attachment)
      expect((await net.plan(container, attachment)).steps).to.deep.equal([])
      expect(inside(container, 'ip -o link').trim().split('\n')).to.have.length(2)
      await net.remove()
      expectSame(look(netns, container), before)
      return true
    })
    expect(count).to.be.greaterThan(12)
  })

  it('killed after each change of detach and remove: gc and remove leave nothing', async () => {
    const before = look(netns, container)
    const net = await ipvlanNetwork(description(netns))
    const count = await eachChange(async (change) => {
      await net.attach(container, attachment)
      const run = spawnSync(process.execPath, [killed, netns, container, 'remove', String(change)])
      await net.gc([])
      expect(await net.list()).to.deep.equal([])
      await net.remove()
      expectSame(look(netns, container), before)
      return run.signal !== null
    })
    expect(count).to.be.greaterThan(3)
  })

  it('an error of undoing is told', async () => {
    const net = await ipvlanNetwork({
      ...description(netns),
      host: faultyHost((n) => (n >= 6 ? 'refused' : undefined)),
    })
    const error = (await rejection(net.attach(container, attachment))) as unknown as NetworkError
    expect(error.suppressed.length).to.be.greaterThan(0)
    expect(error.message).to.match(/; not undone: /)
  })
})
