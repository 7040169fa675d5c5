/** One test run three ways: recorded on a kernel (one made by hand), replayed from that file, and on the kernel. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { type Host, OptionError, openRtnl } from '../../src/index.js'
import type { Link } from '../../src/rtnl/index.js'
import {
  fakeKernel,
  parseNl,
  ReplayError,
  replayHost,
  type TestHost,
  testHost,
  testMode,
  testTransport,
  withTestHost,
} from '../../src/testing/index.js'

/** A kernel with two namespaces, in which links can be made. */
function kernel(): Host {
  const links: Link[] = []
  const made = fakeKernel(
    {
      RTM_NEWLINK: (link) => {
        links.push({ ...link, ifiIndex: links.length + 2 })
        made.multicast('link', 'RTM_NEWLINK', links.at(-1)!)
      },
      RTM_GETLINK: ({ ifname }) => links.find((link) => link.ifname === ifname),
      RTM_GETNSID: ({ fd }) => ({ nsid: fd! - 100 }),
    },
    { namespaces: ['net1', 'net2'] },
  )
  return made.host
}

/** The program under test: two clients, a monitor, and ids of namespaces. */
async function program(host: Host): Promise<unknown[]> {
  await using rtnl = await openRtnl({ host })
  await using inside = await openRtnl({ host, netns: 'net1' })
  const events = rtnl.monitor(['link'])
  await inside.conversation.request('RTM_NEWLINK', { ifname: 'a' }, { flags: ['create'] })
  const { value } = await events.next()
  const { ifiIndex } = await rtnl.links.get('a')
  return [
    ifiIndex,
    (value as { body: Link }).body.ifname,
    await rtnl.namespaces.get('net2'),
    await rtnl.namespaces.get('net1'),
    host.names(),
  ]
}
const expected = [2, 'a', 1, 0, ['net1', 'net2']]

describe('test hosts', () => {
  let folder: string
  let file: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-test-host-'))
    file = join(folder, 'program.nl')
  })
  after(() => rmSync(folder, { recursive: true }))
  const mode = (value: string | undefined, run: () => unknown) => {
    const before = process.env.NLWIRE_TEST
    if (value === undefined) delete process.env.NLWIRE_TEST
    else process.env.NLWIRE_TEST = value
    try {
      return run()
    } finally {
      if (before === undefined) delete process.env.NLWIRE_TEST
      else process.env.NLWIRE_TEST = before
    }
  }

  it('record, replay and kernel give the same; recording again gives the same file', async () => {
    const options = { command: 'npm test', kernel: '6.1.0 x86_64' }
    const record = () => withTestHost(file, program, { ...options, mode: 'record', on: kernel() })
    expect(await record()).to.deep.equal(expected)
    const text = readFileSync(file, 'utf8')
    await record()
    expect(readFileSync(file, 'utf8')).to.equal(text)
    const { title, notes } = parseNl(text)
    expect({ title, notes }).to.deep.equal({
      title: 'program',
      notes: ['cmd: npm test', 'names: net1 net2', 'opened: net2=0 net1=1'],
    })
    expect(await withTestHost(file, program, { mode: 'kernel', on: kernel() })).to.deep.equal(expected)
    const replayed = await withTestHost(file, program, { mode: 'replay' })
    expect(replayed).to.deep.equal(expected)
    expect(await withTestHost(pathToFileURL(file), program, { mode: 'replay' })).to.deep.equal(expected)
  })

  it('what is left over is an error at the end; a test that failed is told as it failed, and not recorded', async () => {
    const half = async (host: TestHost) => {
      await using rtnl = await openRtnl({ host })
      void rtnl
    }
    const failure = (promise: Promise<unknown>) =>
      promise.then(
        () => undefined,
        (error: unknown) => error as Error,
      )
    expect(await failure(withTestHost(file, half, { mode: 'replay' }))).to.be.instanceOf(ReplayError)
    expect(await failure(withTestHost(file, half, { mode: 'replay', allowUnused: true }))).to.equal(undefined)
    const fail = async (host: TestHost) => {
      await half(host)
      throw new Error('as it failed')
    }
    for (const how of ['replay', 'record'] as const) {
      const other = how === 'record' ? join(folder, 'other.nl') : file
      const error = await failure(withTestHost(other, fail, { mode: how, on: kernel() }))
      expect(error).to.have.property('message', 'as it failed')
    }
    expect(existsSync(join(folder, 'other.nl'))).to.equal(false)
    expect(() => {
      using host = testHost(file, { mode: 'replay' })
      void host
    }).to.throw(ReplayError, /not used up/)
  })

  it('one socket too many is an error', async () => {
    const { host, remaining } = replayHost(file)
    const all = remaining()
    expect(all).to.be.greaterThan(6)
    for (let i = 0; i < 3; i++) host.open(undefined)
    expect(() => host.open(undefined)).to.throw(ReplayError, /3 sockets, and this is one more/)
  })

  it('NLWIRE_TEST says how', () => {
    expect(mode(undefined, testMode)).to.equal('replay')
    for (const value of ['replay', 'kernel', 'record']) expect(mode(value, testMode)).to.equal(value)
    expect(() => mode('maybe', testMode)).to.throw(
      OptionError,
      'NLWIRE_TEST: expected replay, kernel or record, got "maybe"',
    )
    expect(mode('kernel', () => (testHost('nowhere.nl', { on: kernel() }) as TestHost).mode)).to.equal('kernel')
  })

  it('one transport does it as well', async () => {
    const path = join(folder, 'transport.nl')
    const fake = fakeKernel({ RTM_GETLINK: () => ({ ifiIndex: 5 }) })
    for (const how of ['record', 'replay', 'kernel'] as const) {
      const transport = testTransport(path, { mode: how, open: () => fake.open() })
      await using rtnl = await openRtnl({ transport })
      expect((await rtnl.links.get('a')).ifiIndex, how).to.equal(5)
    }
    expect(fake.requests).to.have.length(2)
  })
})
