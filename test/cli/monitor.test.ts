/** nlwire monitor: what it hears of a kernel and of recordings, and what it says after an overrun. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { netns, toHex } from '../../src/netlink/index.js'
import { load } from '../../src/testing/index.js'
import { root as checkout } from '../support/fixtures.js'
import { ip, ipCommand, ipJson } from '../support/ip.js'
import { needs, root } from '../support/layers.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'
import { jsonLines, Live, stopAll } from './live.js'
import { nlwire } from './run.js'

describe('nlwire monitor, of recordings', () => {
  const events = ['addresses', 'all-nsid', 'bridge-port', 'links', 'moved-away', 'neighbours', 'nsid']
  for (const name of events)
    it(`hears what ip monitor heard: ${name}`, async () => {
      const file = `fixtures/event/${name}.nl`
      const { status, stdout, stderr } = await nlwire(['monitor', '--json', '--replay', file, 'all'])
      expect([status, stderr.split('\n').length]).to.deep.equal([0, 2])
      // The same bytes, without what ip asked for at first.
      const told = load(join(checkout, file)).exchanges.filter((one) => 'bytes' in one && one.groups !== undefined)
      const hex = told.map((one) => ('bytes' in one ? toHex(one.bytes) : '')).join('\n')
      const decoded = jsonLines((await nlwire(['decode', '--json'], hex)).stdout)
      expect(jsonLines(stdout).map(({ group: _, nsid: __, ...rest }) => rest)).to.deep.equal(decoded)
      expect(decoded).not.to.be.empty
    })

  it('says the group, and the byte order of another machine', async () => {
    const { stdout } = await nlwire(['monitor', '--replay', 'fixtures/big-endian/event-links.nl', 'link'])
    expect(stdout).to.match(/^# listening to link\n\n< RTM_NEWLINK {2}\(link, big-endian\)\n0000 {2}/)
  })

  it('says where messages were lost: after those that had waited', async () => {
    const { status, stdout } = await nlwire(['monitor', '--tree', '--replay', 'fixtures/event/overrun.nl'])
    expect(status).to.equal(0)
    expect(stdout.trimEnd().split('\n').at(-1)).to.match(/^# messages were lost here/)
    const json = (await nlwire(['monitor', '-j', '--replay', 'fixtures/event/overrun.nl'])).stdout
    const lines = jsonLines(json)
    expect(lines.at(-1)).to.deep.equal({ overrun: true })
    // The other lines can be encoded again.
    const encoded = await nlwire(['encode'], json)
    expect([encoded.status, encoded.stdout.trim().split('\n').length]).to.deep.equal([0, lines.length - 1])
  })

  it('--count ends it, and leaves the rest of a recording', async () => {
    const { status, stdout } = await nlwire(['monitor', '-j', '--count', '2', '--replay', 'fixtures/event/links.nl'])
    expect([status, jsonLines(stdout).length]).to.deep.equal([0, 2])
  })

  it('says what is wrong with a group or a recording', async () => {
    expect((await nlwire(['monitor', 'nope'])).stderr).to.match(
      /no multicast group "nope": one of link, address, route, nsid, neigh, all, /,
    )
    expect((await nlwire(['monitor', '4294967296'])).stderr).to.match(/no multicast group "4294967296": /)
    expect((await nlwire(['monitor', '--receive-buffer', '1073741824'])).stderr).to.contain(
      'less than or equal to 1,073,741,823',
    )
    expect((await nlwire(['monitor', '--replay', 'nope.nl'])).stderr).to.contain('nope.nl: it cannot be read (ENOENT)')
    const quiet = await nlwire(['monitor', '--replay', 'fixtures/event/dump-interrupted.nl'])
    expect([quiet.status, quiet.stdout]).to.deep.equal([2, ''])
    expect(quiet.stderr).to.contain('nothing in it was sent to a multicast group')
  })
})

describe('nlwire monitor, of the kernel', () => {
  let folder: string
  before(function () {
    needs(this, root)
    needs(this, ipCommand)
    folder = mkdtempSync(join(tmpdir(), 'nlwire-monitor-'))
  })
  after(() => {
    stopAll()
    removeNamespaces()
    if (folder) rmSync(folder, { recursive: true })
  })

  it('prints each change at once, annotated, until it is interrupted', async () => {
    const net = makeNamespace()
    const live = new Live(['monitor', '-n', net, 'link', 'addr', 'ro'])
    await live.listening()
    expect(live.stdout).to.equal('# listening to link, ipv4Ifaddr, ipv6Ifaddr, ipv4Route, ipv6Route\n\n')
    ip(net, 'link set lo up')
    await live.until(() => live.stdout.includes('RTM_NEWLINK'))
    ip(net, 'address add 192.0.2.1/24 dev lo')
    ip(net, 'route add 198.51.100.0/24 dev lo')
    await live.until(() => live.stdout.includes('198.51.100.0'))
    const { status, signal, stdout, stderr } = await live.stop()
    expect([status, signal, stderr]).to.deep.equal([0, null, ''])
    expect(stdout).to.match(/^< RTM_NEWLINK {2}\(link\)\n(?:[0 ].*\n)*?.*ifiFlags up\|/m)
    expect(stdout).to.match(/^< RTM_NEWADDR {2}\(ipv4Ifaddr\)\n(?:[0 ].*\n)*.*; local = 192\.0\.2\.1\n/m)
    expect(stdout).to.match(/^< RTM_NEWROUTE {2}\(ipv4Route\)\n(?:[0 ].*\n)*.*; dst = 198\.51\.100\.0\n/m)
  })

  it('--record keeps what it heard; --json says the same as decode of it, and as --replay', async () => {
    const net = makeNamespace()
    const file = join(folder, 'heard.nl')
    const live = new Live(['monitor', '-n', net, '--json', '--record', file, 'link'])
    await live.listening()
    ip(net, 'link add v0 type veth peer name v1')
    ip(net, 'link delete v0')
    await live.until(() => live.stdout.includes('"RTM_DELLINK"'))
    const { status, stdout } = await live.stop('SIGTERM')
    expect(status).to.equal(0)
    const heard = jsonLines(stdout)
    expect(heard.map(({ group }) => group)).to.include('link')
    const body = ({ type, body }: { type: string; body: unknown }) => ({ type, body })
    const decoded = jsonLines((await nlwire(['decode', '--json', file])).stdout)
    const listed = decoded.findIndex(({ type }) => type === 'NLMSG_DONE')
    expect(heard.map(body)).to.deep.equal(decoded.slice(listed + 1).map(body))
    const again = await nlwire(['monitor', '--json', '--replay', file, 'link'])
    expect(again.status, again.stderr).to.equal(0)
    expect(jsonLines(again.stdout).map(body)).to.deep.equal(heard.map(body))
  })

  it('--all-namespaces says in which one it happened; -t when', async () => {
    const [net, other] = [makeNamespace(), makeNamespace()]
    ip(net, `netns set ${other} 7`)
    const live = new Live(['monitor', '-n', net, '--all-namespaces', '-t', '--json', 'link', 'nsid'])
    await live.listening()
    ip(net, 'link set lo up')
    ip(other, 'link set lo up')
    const third = makeNamespace()
    ip(net, `netns set ${third} 9`)
    await live.until(() => live.stdout.includes('"RTM_NEWNSID"'))
    ip(third, 'link set lo up')
    await live.until(() => live.stdout.includes('"nsid":9,"netns"'))
    const { stdout } = await live.stop()
    const heard = jsonLines(stdout).map(({ type, nsid, netns: name, time }) => {
      expect(new Date(time).toISOString()).to.equal(time)
      return { type, nsid, netns: name }
    })
    expect(heard).to.deep.include({ type: 'RTM_NEWLINK', nsid: undefined, netns: undefined })
    expect(heard).to.deep.include({ type: 'RTM_NEWLINK', nsid: 7, netns: other })
    expect(heard).to.deep.include({ type: 'RTM_NEWLINK', nsid: 9, netns: third })
  })

  it('after an overrun says how many were lost and what was missed: what there is then', async () => {
    const net = makeNamespace()
    ip(net, 'link set lo up')
    const before = [0, 1, 2].map((i) => `route add 203.0.113.${i * 8}/29 dev lo`)
    execFileSync('ip', ['-n', net, '-b', '-'], { input: before.join('\n') })
    // Within the namespace: the kernel's count of what is lost is that of the namespace of the process.
    const live = new Live(['monitor', '--json', '--receive-buffer', '20000'], ['ip', 'netns', 'exec', net])
    await live.listening()
    live.child.kill('SIGSTOP')
    const lines = [...Array(5000).keys()].map((i) => `route add 10.${i >> 8}.${i & 255}.0/24 dev lo`)
    lines.push('route delete 203.0.113.0/29', 'route replace 203.0.113.8/29 dev lo proto static')
    lines.push('link set lo mtu 5000', 'route append 203.0.113.16/29 dev lo proto static')
    execFileSync('ip', ['-n', net, '-b', '-'], { input: lines.join('\n') })
    live.child.kill('SIGCONT')
    await live.until(() => /"missed":"changed".*\n$/.test(live.stdout) || live.stdout.includes('203.0.113.0'))
    ip(net, 'link set lo mtu 6000')
    await live.until(() => live.stdout.includes('"mtu":6000'))
    const { status, stdout } = await live.stop()
    expect(status).to.equal(0)
    const heard = jsonLines(stdout)
    const at = heard.findIndex(({ overrun }) => overrun)
    // The kernel tells of each route once, and twice of the MTU: of the link, and of what IPv6 has to say.
    expect(heard[at].lost + at).to.be.within(lines.length, lines.length + 4)
    const missed = heard.filter((one) => one.missed)
    const told = (what: string) =>
      missed.filter((one) => one.missed === what).map((one) => one.body.dst ?? one.body.ifname)
    expect(told('gone')).to.deep.equal(['203.0.113.0'])
    expect(told('changed')).to.have.members(['203.0.113.8', 'lo'])
    expect(told('new')).to.include('203.0.113.16')
    expect(missed.find((one) => one.missed === 'gone').type).to.equal('RTM_DELROUTE')
    // What was heard before and what was missed make up what there is, as ip has it.
    const known = [...heard.slice(0, at), ...missed].filter(({ type }) => type === 'RTM_NEWROUTE')
    const routes = known.map(({ body }) => `${body.dst}/${body.rtmDstLen} ${body.rtmProtocol}`)
    const kept = '203.0.113.16/29 boot'
    const real = ipJson(net, '-4 route show').map(({ dst, protocol = 'boot' }) => `${dst} ${protocol}`)
    expect([...routes, kept].sort()).to.deep.equal(real.sort())
  })

  it('a second namespace: what was missed there is told as well', async () => {
    const [net, other] = [makeNamespace(), makeNamespace()]
    ip(net, `netns set ${other} 7`)
    const args = ['monitor', '-n', net, '--all-namespaces', '--json', '--receive-buffer', '4096', 'route']
    const live = new Live(args)
    ip(other, 'link set lo up')
    await live.listening()
    live.child.kill('SIGSTOP')
    const lines = [...Array(200).keys()].map((i) => `route add 10.0.${i}.0/24 dev lo`)
    execFileSync('ip', ['-n', other, '-b', '-'], { input: lines.join('\n') })
    live.child.kill('SIGCONT')
    await live.until(() => live.stdout.includes('10.0.199.0'))
    const heard = jsonLines((await live.stop()).stdout)
    expect(heard.find(({ overrun }) => overrun)).to.deep.equal({ overrun: true })
    const routes = heard.filter(({ body }) => body?.dst?.startsWith('10.0.'))
    expect(new Set(routes.map(({ body }) => body.dst)).size).to.equal(200)
    for (const one of routes) expect([one.nsid, one.netns]).to.deep.equal([7, other])
  })

  it('goes on in a namespace that has lost its name', async () => {
    const [net, other] = [makeNamespace(), makeNamespace()]
    ip(net, `netns set ${other} 7`)
    const live = new Live(['monitor', '-n', net, '--all-namespaces', '--json', 'link', 'nsid'])
    await live.listening()
    netns.delete(net)
    // It looks again which namespaces there are.
    netns.delete(other)
    await live.until(() => live.stdout.includes('"RTM_DELNSID"'))
    const { status, stderr } = await live.stop()
    expect([status, stderr]).to.deep.equal([0, 'nlwire: listening to link, nsid\n'])
  })

  it('--replay of what was recorded with an overrun in it tells the same', async () => {
    const net = makeNamespace()
    ip(net, 'link set lo up')
    const file = join(folder, 'overrun.nl')
    const live = new Live(['monitor', '-n', net, '--json', '--receive-buffer', '4096', '--record', file, 'route'])
    await live.listening()
    for (const verb of ['add', 'delete']) {
      live.child.kill('SIGSTOP')
      const lines = [...Array(50).keys()].map((i) => `route ${verb} 10.0.${i}.0/24 dev lo`)
      execFileSync('ip', ['-n', net, '-b', '-'], { input: lines.join('\n') })
      live.child.kill('SIGCONT')
      await live.until(() => live.stdout.includes(verb === 'add' ? '10.0.49.0' : '"missed":"gone"'))
    }
    const { stdout } = await live.stop()
    const told = (text: string) => jsonLines(text).map(({ seq: _, pid: __, ...rest }) => rest)
    const again = await nlwire(['monitor', '--json', '--replay', file, 'route'])
    expect(again.status, again.stderr).to.equal(0)
    expect(told(again.stdout)).to.deep.equal(told(stdout))
    expect(told(stdout).filter(({ overrun }) => overrun)).to.have.length(2)
  })

  it('ends quietly when nobody reads any more, and keeps the recording', async () => {
    const net = makeNamespace()
    const file = join(folder, 'left.nl')
    const live = new Live(['monitor', '-n', net, '--record', file, 'link'])
    await live.listening()
    live.child.stdout.destroy()
    ip(net, 'link set lo up')
    const { status, stderr } = await live.ended()
    expect([status, stderr]).to.deep.equal([0, ''])
    expect(load(file).exchanges.filter((one) => 'bytes' in one && one.groups)).not.to.be.empty
  })

  it('says at once that a recording cannot be written', async () => {
    const { status, stdout, stderr } = await nlwire(['monitor', '--record', join(folder, 'no', 'file.nl')])
    expect([status, stdout]).to.deep.equal([2, ''])
    expect(stderr).to.match(/^nlwire: .*file\.nl: it cannot be written \(ENOENT\)\n$/)
  })

  it('says what is wrong with a namespace', async () => {
    const { status, stderr } = await nlwire(['monitor', '-n', 'nlw-nosuch'])
    expect([status, stderr.split('\n').length]).to.deep.equal([2, 2])
    expect(stderr).to.match(/^nlwire: there is no network namespace "nlw-nosuch"/)
  })
})
