/** nlwire network without a kernel: its words, its definitions on disk, and what is wrong with either. docs/networks.md runs the rest. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { attachmentOf, attachOptions, storedNetworkOf } from '../../src/cli/commands/network/definitions.js'
import { planLines } from '../../src/cli/commands/network/show.js'
import { attachSpec, networkSpec } from '../../src/network/spec.js'
import { NetworkStore } from '../../src/network/store.js'
import { nlwire } from './run.js'

const common = { gateway: [], route: [], noDefaultRoute: false }
const plain = {
  ...{ name: 'n30', kind: 'ipvlan' as const, noParent: false, flag: [], subnet: [], internal: false, sysctl: [] },
  ...{ hostAccess: false, hostAddress: [], proxy: false, noNotify: false, waitForDad: false },
  ...common,
}

describe('nlwire network', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-network-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const run = (line: string) => nlwire(['network', ...line.split(' '), '--state-dir', folder])

  it('what is not said is not kept: the defaults are those of the library', () => {
    expect(storedNetworkOf(plain)).to.deep.equal({ kind: 'ipvlan', options: { name: 'n30' }, attachments: {} })
    expect(attachmentOf({ name: 'n30', id: 'c1', address: [], ...common })).to.deep.equal({ id: 'c1' })
  })

  it('every option comes to the library', () => {
    const { kind, options } = storedNetworkOf({
      ...plain,
      ...{ noParent: true, netns: 'host1', mode: 'l3s', flag: ['private'], subnet: ['10.0.0.0/8'], internal: true },
      ...{ hostAddress: ['10.0.0.9'], hostIfname: 'h0', proxy: true, noNotify: true, waitForDad: true },
      ...{ sysctl: ['ipv6/accept_ra=0'], mtu: 1400, metric: 5, gateway: ['10.0.0.1'], noDefaultRoute: true },
      route: ['10.50.0.0/16', '10.51.0.0/16,10.0.0.3'],
    })
    expect(options).to.deep.equal({
      ...{ name: 'n30', parent: null, netns: 'host1', mode: 'l3s', flags: ['private'], subnets: ['10.0.0.0/8'] },
      ...{ internal: true, hostAccess: { addresses: ['10.0.0.9'], ifname: 'h0' }, proxy: true, notify: false },
      ...{ dad: 'wait', sysctls: { 'ipv6/accept_ra': '0' }, mtu: 1400, metric: 5, gateway: ['10.0.0.1'] },
      defaultRoute: false,
      routes: [{ dst: '10.50.0.0/16' }, { dst: '10.51.0.0/16', gateway: '10.0.0.3' }],
    })
    const spec = networkSpec(kind, options as never)
    const words = { ifname: 'e0', address: ['10.0.0.2'], mtu: 1300, metric: 6, where: 'net1' }
    const wanted = attachmentOf({ name: 'n30', id: 'c1', ...common, ...words })
    expect(wanted.netns).to.equal('net1')
    expect(attachSpec(spec, attachOptions(wanted))).to.deep.include({ ifname: 'e0', mtu: 1300, metric: 6 })
  })

  it('a network that is not there names those that are', async () => {
    new NetworkStore(folder).update('n30', () => storedNetworkOf(plain))
    for (const verb of [
      'attach n9 --id c1',
      'detach n9 c1',
      'ls n9',
      'check n9',
      'gc n9',
      'plan n9 --id c1',
      'rm n9',
    ]) {
      const { status, stderr } = await run(verb)
      expect([status, stderr.trim()], verb).to.deep.equal([
        2,
        `nlwire: there is no network n9 in ${folder}: it has n30`,
      ])
    }
  })

  it('lists the definitions, for people and as JSON', async () => {
    new NetworkStore(folder).update('n30', () => storedNetworkOf({ ...plain, parent: 'eth0', subnet: ['10.0.0.0/8'] }))
    expect((await run('ls')).stdout).to.equal('n30: ipvlan on eth0, 10.0.0.0/8, 0 attachments\n')
    expect(JSON.parse((await run('ls --json')).stdout)).to.deep.equal([
      { kind: 'ipvlan', options: { name: 'n30', parent: 'eth0', subnets: ['10.0.0.0/8'] }, attachments: {} },
    ])
    expect((await run('check n30')).status).to.equal(0)
  })

  it('what is wrong is said, and nothing is kept', async () => {
    for (const [line, text] of [
      ['create n30 --parent a --no-parent', '--no-parent and --parent exclude each other'],
      ['create n30 --mode x', 'mode: expected'],
      ['create n30 --subnet x', 'subnets[0]: expected'],
      ['create n30 --route a,b,c', '--route a,b,c: expected DESTINATION or DESTINATION,GATEWAY'],
      ['create n30 --sysctl x', '--sysctl x: expected NAME=VALUE'],
    ] as const) {
      const { status, stderr } = await run(line)
      expect(status, line).to.equal(2)
      expect(stderr, line).to.contain(text)
    }
    expect(new NetworkStore(folder).names()).to.deep.equal([])
  })

  it('there is one network of a name; a broken file is named', async () => {
    const store = new NetworkStore(folder)
    store.update('n30', () => storedNetworkOf(plain))
    const before = readFileSync(store.file('n30'), 'utf8')
    expect((await run('create n30')).stderr).to.contain('there is a network n30 already')
    expect(readFileSync(store.file('n30'), 'utf8')).to.equal(before)
    writeFileSync(store.file('n30'), '{')
    const { status, stderr } = await run('ls n30')
    expect([status, stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes(store.file('n30')) && text.includes('is no JSON'),
    )
  })

  it('a plan has the bytes of each step, and its settings', () => {
    const request = new Uint8Array([16, 0, 0, 0, 18, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    const sysctl = { name: 'net/ipv6/conf/eth0/accept_ra', value: '0' }
    const text = planLines([
      { title: 'list', side: 'parent', request, annotated: [] },
      { title: 'set it', side: 'container', sysctl, annotated: [`${sysctl.name} = 0`] },
    ]).join('\n')
    expect(text).to.contain("list (in the parent's namespace)")
    expect(text).to.match(/0000 {2}10 00 00 00.*RTM_GETLINK/)
    expect(text).to.contain("set it (in the container's namespace)")
    expect(text).to.contain('net/ipv6/conf/eth0/accept_ra = 0')
  })

  it('is known to help and completion', async () => {
    expect((await nlwire(['--help'])).stdout).to.match(/network +Networks of ipvlans/)
    const told = (await nlwire(['completion', 'bash', 'network', ''])).stdout
    for (const verb of ['create', 'attach', 'detach', 'ls', 'check', 'gc', 'plan', 'rm']) expect(told).to.contain(verb)
  })
})
