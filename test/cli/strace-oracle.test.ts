/**
 * Whole conversations of ip, traced while it prints its JSON: what `nlwire decode --json` reads in the trace agrees with
 * what that very run of ip printed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { revivedBody } from '../../src/cli/json/from-json.js'
import { route } from '../../src/rtnl/index.js'
import { runInUml, uml } from '../kernel/uml.js'
import { root as project } from '../support/fixtures.js'
import { ip, ipCommand } from '../support/ip.js'
import { layer, needs, root } from '../support/layers.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'
import type { Recorded } from '../support/oracle.js'
import { compareWithOracle } from '../support/oracle-compare.js'
import { nlwire } from './run.js'

const strace = layer('strace', () => {
  execFileSync('strace', ['-V'], { stdio: 'ignore' })
  return undefined
})

const setup = [
  'link set lo up',
  'link add p0 address 02:00:00:00:00:01 type veth peer name p1',
  'link set p0 up alias an_alias',
  'link set p1 up',
  'link property add dev p0 altname a-longer-name-than-fits',
  'link add br0 type bridge stp_state 1 ageing_time 12345',
  'link set p1 master br0',
  'link add link p0 name m0 type macvlan mode bridge',
  'addr add 10.0.0.1/24 broadcast + dev p0',
  'addr add 2001:db8::1/64 dev p0 nodad',
  'route add 10.1.0.0/16 via 10.0.0.2 metric 7 mtu 1400',
  'route add 10.2.0.0/16 nexthop via 10.0.0.3 weight 2 nexthop via 10.0.0.4',
  'route add unreachable 10.9.0.0/16',
  'route add 2001:db8:1::/48 via 2001:db8::2 table 100',
]
/** What this machine's kernel may not have. */
const rare = [
  'link add link p0 name v5 type vlan id 5 gvrp on',
  'link add e0 type dummy',
  'link add link e0 name i0 type ipvlan mode l3 private',
  'link add link e0 name i1 type ipvtap mode l3 private',
]
const commands = ['link show', 'addr show', '-4 addr show', 'route show table all', '-6 route show']

describe('what ip prints, and what its own trace says', () => {
  let namespace: string
  let folder: string
  let missing: string[]
  before(function () {
    for (const what of [root, ipCommand, strace]) needs(this, what)
    namespace = makeNamespace()
    folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
    for (const words of setup) ip(namespace, words)
    missing = rare.filter((words) => !made(namespace, words))
  })
  after(() => {
    removeNamespaces()
    if (folder) rmSync(folder, { recursive: true })
  })

  for (const words of commands)
    it(`ip -j -d ${words}`, async () => {
      const trace = join(folder, 'trace')
      const command = ['ip', '-j', '-d', ...words.split(' ')]
      const how = ['-f', '-q', '-e', 'signal=none', '-e', 'write=all', '-e', 'read=all', '-o', trace]
      const said = execFileSync('ip', ['netns', 'exec', namespace, 'strace', ...how, ...command], { encoding: 'utf8' })
      const { status, stdout, stderr } = await nlwire(['decode', '--json', trace])
      expect(status, stderr).to.equal(0)
      const messages = stdout.trim().split('\n').map(recorded)
      const text = command.join(' ')
      const recording = { title: '', notes: [`cmd: ${text}`, `oracle: ${text}`], kernel: '', family: 'route' }
      const fixture = { name: '', text: '', recording: { ...recording, byteOrder: 'little' as const, exchanges: [] } }
      compareWithOracle({ ...fixture, oracle: JSON.parse(said) }, messages)
    })

  it('and in the kernel that has all kinds', async function () {
    needs(this, uml)
    // There this test stands still: it is the guest.
    if (process.env.NLWIRE_GUEST) return expect(missing).to.deep.equal([])
    const mocha = join(project, 'node_modules/mocha/bin/mocha.js')
    const test = join(project, 'dist/test/cli/strace-oracle.test.js')
    const guest = [process.execPath, mocha, '--no-config', '--timeout', '60000', test]
    const { status, stdout, stderr } = await runInUml(guest, { cwd: project, env: { CI: 'true', NLWIRE_GUEST: '1' } })
    expect(status, stdout + stderr).to.equal(0)
  }).timeout(180_000)
})

function made(namespace: string, words: string): boolean {
  try {
    execFileSync('ip', ['-n', namespace, ...words.split(' ')], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A line of decode --json as a message. */
function recorded(line: string): Recorded {
  const json = JSON.parse(line)
  const message = { ...json, body: revivedBody(route, json.type, json.body) }
  return { direction: json.direction === '>' ? 'sent' : 'received', socket: 0, message }
}
