/** A redacted recording replays with the very test that made it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Host, openRtnl } from '../../src/index.js'
import type { Link } from '../../src/rtnl/index.js'
import {
  FixtureError,
  fakeKernel,
  identities,
  load,
  pseudonyms,
  type Redact,
  ReplayError,
  refuse,
  replayHost,
  stable,
  testTransport,
  volatile,
  withTestHost,
} from '../../src/testing/index.js'

/** A kernel with a parent and namespaces, in which links can be made. */
function kernel(): Host {
  const links: Link[] = [{ ifiIndex: 1, ifname: 'uplink7', address: '52:54:00:12:34:56', mtu: 1500 }]
  const made = fakeKernel(
    {
      RTM_NEWLINK: (link) => {
        if (link.mtu === 1) return refuse('EINVAL', { message: `${link.ifname}: bad MTU`, blame: 'mtu' })
        links.push({ ...link, ifiIndex: links.length + 1 })
      },
      RTM_GETLINK: ({ ifname, ifiIndex }, { flags }) =>
        flags.includes('dump') ? links : links.find((link) => link.ifname === ifname || link.ifiIndex === ifiIndex),
      RTM_NEWADDR: () => undefined,
    },
    { namespaces: ['customer3'], sysctls: { 'net/ipv6/conf/uplink7/disable_ipv6': 0 } },
  )
  return made.host
}

/** The program and what its test looks at: names and addresses that it chose, and a text of the kernel. */
async function test(host: Host): Promise<void> {
  await using rtnl = await openRtnl({ host, netns: 'customer3' })
  const parent = await rtnl.links.get('uplink7')
  expect(parent.ifname).to.equal('uplink7')
  host.sysctl.set('net/ipv6/conf/uplink7/disable_ipv6', 1)
  await rtnl.conversation.request('RTM_NEWLINK', { ifname: 'secret0', ifalias: 'of a customer' }, { flags: ['create'] })
  const link = await rtnl.links.get('secret0')
  expect([link.ifname, link.ifalias]).to.deep.equal(['secret0', 'of a customer'])
  const body = { ifaFamily: 'inet', ifaIndex: link.ifiIndex!, local: '10.77.66.55', label: 'secret0:1' } as const
  await rtnl.conversation.request('RTM_NEWADDR', body, { flags: ['create'] })
  const error = await rtnl.conversation
    .request('RTM_NEWLINK', { ifname: 'secret0', mtu: 1 }, { flags: ['create'] })
    .catch((reason: unknown) => reason)
  expect(error).to.include({ kernelMessage: 'secret0: bad MTU', path: 'mtu' })
  expect((await rtnl.links.list().toArray()).map(({ ifname }) => ifname)).to.deep.equal(['uplink7', 'secret0'])
  expect(host.names()).to.deep.equal(['customer3'])
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  )

describe('replays of redacted recordings', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-redacted-'))
    file = join(folder, 'program.nl')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const ways: Record<string, Redact> = {
    'all identities': { paths: { ...volatile, ...identities() } },
    values: {
      values: {
        uplink7: 'lan0',
        secret0: 'hidden-name',
        '10.77.66.55': '192.0.2.7',
        customer3: 'blue',
        'of a customer': 'x',
      },
    },
    'a constant': {
      values: { customer3: 'blue' },
      paths: { ifalias: 'hidden', ifname: pseudonyms.name, local: pseudonyms.address },
    },
  }
  for (const [name, redact] of Object.entries(ways))
    it(name, async () => {
      await withTestHost(file, test, { mode: 'record', on: kernel(), redact })
      const text = readFileSync(file, 'utf8')
      for (const word of ['secret0', 'uplink7', '10.77.66.55', 'customer', '73 65 63 72'])
        expect(text).not.to.include(word)
      await withTestHost(file, test, { mode: 'replay', redact })
      const again = join(folder, 'again.nl')
      await withTestHost(again, test, { mode: 'record', on: kernel(), redact, title: 'program' })
      expect(readFileSync(again, 'utf8')).to.equal(text)
      // Without it the recording is about other names.
      expect(await failure(withTestHost(file, test, { mode: 'replay' }))).to.be.instanceOf(Error)
    })

  it('one name is one name: another where the recorded one came again is an error', async () => {
    const redact = { paths: { ifname: pseudonyms.name } }
    const twice = (second: string) => async (host: Host) => {
      await using rtnl = await openRtnl({ host })
      await rtnl.links.get('uplink7')
      await rtnl.links.get(second)
    }
    await withTestHost(file, twice('uplink7'), { mode: 'record', on: kernel(), redact })
    await withTestHost(file, twice('uplink7'), { mode: 'replay', redact })
    const error = await failure(withTestHost(file, twice('other'), { mode: 'replay', redact }))
    expect(error).to.be.instanceOf(ReplayError)
    expect(error!.message).to.include('ifname: expected "if1", sent "other"')
  })

  it('a recording that is missing says how it is made', async () => {
    for (const promise of [
      withTestHost(file, test, { mode: 'replay' }),
      Promise.resolve().then(() => testTransport(file, { mode: 'replay' })),
    ]) {
      const error = await failure(promise)
      expect(error).to.be.instanceOf(FixtureError)
      expect(error!.message).to.match(/program\.nl".*NLWIRE_TEST=record/)
    }
  })

  it('what is wrong in a file is told with its line, in plain English', () => {
    const head = '# t\n# kernel: x   endian: little   family: route\n'
    const garbled = `${head}\n> x\n0000  11 00 00 00 10 00 05 00  01 00 00 00 00 00 00 00\n0010  00\n`
    expect(() => replayHost(`${garbled}\n< y\n0000  ff\n`)).to.throw(FixtureError, /^line 9: .*1 byte is there/)
    expect(() => replayHost(`# t\n# sysctl: {"does":\n# kernel: x   endian: little   family: route\n`)).to.throw(
      FixtureError,
      /head.*sysctl/,
    )
    const { exchanges, byteOrder } = load(
      `${head}\n> x\n0000  14 00 00 00 10 00 05 00  01 00 00 00 00 00 00 00\n0010  00 00 00 00\n`,
    )
    expect(stable(exchanges, byteOrder)).to.have.length(1)
    const { host } = replayHost(
      `${head}\n> x\n0000  14 00 00 00 10 00 05 00  01 00 00 00 00 00 00 00\n0010  00 00 00 00\n`,
    )
    host.open(undefined)
    expect(() => host.open(undefined)).to.throw(ReplayError, 'the recording has 1 socket, and this is one more')
  })
})
