/** Named namespaces in tests: in memory, recorded, replayed, and told in a dry run; a replay never touches the machine. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { dryHost } from '../../src/cli/kernel/dry-run.js'
import { type Host, netns, openRtnl, type TransportError } from '../../src/index.js'
import { noHost } from '../../src/rtnl/client/host.js'
import { fakeKernel, parseNl, ReplayError, recordingHost, replayHost, withTestHost } from '../../src/testing/index.js'
import { root } from '../support/fixtures.js'
import { bothExamples, readmeExample } from '../support/readme-example.js'

function failure(run: () => unknown): TransportError {
  try {
    run()
  } catch (error) {
    return error as TransportError
  }
  throw new Error('nothing was thrown')
}
const told = ({ code, message, syscall, errno }: TransportError) => ({ code, message, syscall, errno })

/** A name that this machine does not have. */
const net = `nlw-replay-${process.pid}`

describe('testing/namespaces', () => {
  const kernel = (namespaces?: string[], deleted?: (name: string) => void) =>
    fakeKernel(
      { RTM_GETLINK: (asked) => ({ ...asked, ifiIndex: 2 }), RTM_GETNSID: () => [], RTM_NEWLINK: () => undefined },
      { ...(namespaces && { namespaces }), ...(deleted && { deleted }), sysctls: { 'net/ipv4/ip_forward': 0 } },
    )

  it('a fake kernel has them: made, listed, deleted; a new one of an old name is another', () => {
    const gone: string[] = []
    const { host } = kernel(['blue'], (name) => gone.push(name))
    expect([host.netns.exists('blue'), host.netns.exists('red')]).to.deep.equal([true, false])
    host.netns.create('red')
    expect(host.netns.list()).to.deep.equal(['blue', 'red'])
    expect(host.names()).to.deep.equal(['blue', 'red'])
    const first = host.netns.inode('red')
    expect(host.netns.inode({ fd: host.namespace('red').fd })).to.equal(first)
    expect(first).not.to.equal(host.netns.inode('blue'))
    host.sysctl.set('net/ipv4/ip_forward', 1, 'red')
    host.netns.delete('red')
    expect(gone).to.deep.equal(['red'])
    for (const run of [
      () => host.netns.delete('red'),
      () => host.netns.inode('red'),
      () => host.namespace('red'),
      () => host.open('red'),
    ])
      expect(told(failure(run))).to.include({
        code: 'ERR_NETLINK_NO_NAMESPACE',
        message: 'there is no network namespace "red" (there are: blue)',
      })
    host.netns.create('red')
    expect(host.netns.inode('red')).not.to.equal(first)
    expect(host.sysctl.get('net/ipv4/ip_forward', 'red')).to.equal('0')
    expect(failure(() => host.netns.create('red'))).to.include({ code: 'ERR_NETLINK_SYSCALL', errno: 17 })
    expect(failure(() => host.netns.create('a/b'))).to.include({ code: 'ERR_NETLINK_NO_NAMESPACE' })
    expect(existsSync('/run/netns/red')).to.equal(false)
  })

  it('a fake kernel that was given none refuses no name', () => {
    const { host } = kernel()
    expect(host.netns.list()).to.deep.equal([])
    host.open('anywhere').close()
  })

  it('a client that has a transport only has none', async () => {
    await using rtnl = await openRtnl({ transport: kernel().open() })
    expect(rtnl.netns.list()).to.deep.equal([])
    for (const run of [
      () => noHost.netns.create('a'),
      () => noHost.netns.delete('a'),
      () => noHost.netns.exists('a'),
      () => noHost.netns.inode('a'),
    ])
      expect(failure(run)).to.include({ code: 'ERR_NETLINK_UNSUPPORTED' })
  })

  it('a dry run tells what would be made and deleted', () => {
    const said: string[] = []
    const { netns: dry } = dryHost((line) => said.push(line))
    dry.create(net)
    dry.delete(net)
    dry.delete('other')
    expect(failure(() => dry.create('a/b'))).to.include({ code: 'ERR_NETLINK_NO_NAMESPACE' })
    expect(said).to.deep.equal([
      `no message: the system calls unshare and mount make /run/netns/${net}`,
      `no message: the system calls umount and unlink delete /run/netns/${net}`,
      'no message: the system calls umount and unlink delete /run/netns/other',
    ])
    expect(netns.exists(net)).to.equal(false)
  })

  describe('recorded', () => {
    let folder: string
    let file: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'nlwire-namespaces-'))
      file = join(folder, 'namespaces.nl')
    })
    after(() => rmSync(folder, { recursive: true }))

    const program = async (host: Host) => {
      await using rtnl = await openRtnl({ host })
      const { netns } = rtnl
      const before = netns.exists(net)
      if (!before) netns.create(net)
      const taken = told(failure(() => netns.create(net)))
      const missing = told(failure(() => netns.inode('nowhere')))
      const unopened = told(failure(() => host.open('nowhere')))
      const unheld = told(failure(() => host.namespace('nowhere')))
      const same = netns.inode(net) === host.namespace(net).inode
      await using inside = await openRtnl({ host, netns: net })
      const { ifiIndex } = await inside.links.get('a')
      const names = netns.list()
      netns.delete(net)
      return [before, taken, missing, unopened, unheld, same, ifiIndex, names, netns.exists(net), netns.list()]
    }

    it('are replayed: results and errors; the machine is not touched', async () => {
      const first = await withTestHost(file, program, { mode: 'record', on: kernel(['blue']).host })
      expect(first.slice(5)).to.deep.equal([true, 2, ['blue', net], false, ['blue']])
      expect(await withTestHost(file, program, { mode: 'replay' })).to.deep.equal(first)
      expect(await withTestHost(file, program, { mode: 'kernel', on: kernel(['blue']).host })).to.deep.equal(first)
      expect(existsSync(`/run/netns/${net}`)).to.equal(false)
      const { notes } = parseNl(readFileSync(file, 'utf8'))
      expect(notes).to.include(`netns: {"does":"create","name":"${net}"}`)
    })

    it('what was not recorded, and what is left over, is an error', () => {
      const other = replayHost(file)
      expect(failure(() => other.host.netns.create('other'))).to.be.instanceOf(ReplayError)
      const { host, assertDone } = replayHost(file)
      expect(failure(() => host.netns.delete(net)).message).to.equal(
        `netns 1: delete ${net}; the recording has: exists ${net}`,
      )
      assertDone()
      const half = replayHost(file)
      half.host.netns.exists(net)
      expect(failure(() => half.assertDone()).message).to.contain(`never done: netns create ${net}`)
    })

    it('are redacted by their names', () => {
      const { host, recording } = recordingHost(kernel(['blue']).host)
      host.netns.create('secret')
      failure(() => host.netns.create('secret'))
      const text = recording({ redact: { values: { secret: 'a' } } }).notes.join('\n')
      expect(text).to.contain('"create","name":"a"').and.not.contain('secret')
    })
  })

  describe("the README's first example", () => {
    it('is what runs here', () => {
      const [readme, run] = bothExamples()
      expect(run).to.equal(readme)
    })

    it('runs from its recording, without root, the shim, or a trace on this machine', async () => {
      await withTestHost(join(root, 'test/testing/readme-example.nl'), readmeExample, { mode: 'replay' })
    })
  })
})
