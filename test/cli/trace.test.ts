/** nlwire trace: commands with their netlink conversation beside their own input, output and end. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { src } from '../support/child.js'
import { ip, ipCommand } from '../support/ip.js'
import { needs, root } from '../support/layers.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'
import { jsonLines, Live, stopAll } from './live.js'
import { spawned as nlwire, program } from './spawned.js'

const strace = () => {
  try {
    // Not only there: allowed to trace.
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('nlwire trace', () => {
  let folder: string
  let net: string
  before(function () {
    needs(this, strace(), 'strace is not there, or may not trace')
    needs(this, root)
    needs(this, ipCommand)
    folder = mkdtempSync(join(tmpdir(), 'nlwire-trace-test-'))
    net = makeNamespace()
  })
  after(() => {
    stopAll()
    removeNamespaces()
    if (folder) rmSync(folder, { recursive: true })
  })
  const trace = (...args: string[]) => nlwire(['trace', ...args])

  it('prints the conversation on standard error, and leaves standard output to the command', () => {
    const { status, stdout, stderr } = trace('--', 'ip', '-n', net, 'link', 'show', 'lo')
    expect(status).to.equal(0)
    expect(stdout).to.equal(ip(net, 'link show lo'))
    expect(stderr).to.match(/^# ip -n \S+ link show lo\n\n> RTM_/)
    expect(stderr).to.match(/^< RTM_NEWLINK {2}\(socket 0, process \d+\)\n0000 {2}(?:.*\n){1,4}.*; ifname = "lo"$/m)
  })

  it('explains what the kernel refuses', () => {
    const args = ['ip', '-n', net, 'link', 'add', 'name', 'br0', 'type', 'bridge', 'ageing_time', '1']
    const { status, stderr } = trace('--c-names', '--', ...args)
    expect(stderr).to.contain('kind IFLA_INFO_KIND = "bridge"')
    expect(status, stderr).to.equal(0)
    const again = trace('--tree', '--', ...args)
    expect(again.status).to.equal(2)
    expect(again.stderr).to.match(/^# RTM_NEWLINK: EEXIST.*\n# There is a link named br0 already/m)
    expect(again.stderr).to.match(/^RTNETLINK answers: File exists$/m)
    const parent = trace('--', 'ip', '-n', net, 'link', 'add', 'link', 'lo', 'mv0', 'mtu', '9', 'type', 'macvlan')
    expect(parent.stderr).to.match(/^# RTM_NEWLINK: E\w+/m)
  })

  it('--json lines are those of decode, and encode takes them', () => {
    const file = join(folder, 'json')
    const { status, stderr } = trace('--json', '--output', file, '--', 'ip', '-n', net, 'route', 'get', '192.0.2.1')
    expect([status, stderr]).to.deep.equal([2, 'RTNETLINK answers: Network is unreachable\n'])
    const lines = jsonLines(readFileSync(file, 'utf8'))
    expect(lines.map(({ direction, type }) => `${direction} ${type}`)).to.deep.equal([
      '> RTM_GETROUTE',
      '< NLMSG_ERROR',
    ])
    expect(lines[1].body.error).to.equal('ENETUNREACH')
    const encoded = nlwire(['encode', file])
    expect(encoded.status).to.equal(0)
    expect(encoded.stdout.trim().split('\n')).to.have.length(2)
  })

  it('follows the threads of a program of nlwire into another namespace', () => {
    const app = join(folder, 'app.mjs')
    writeFileSync(
      app,
      `import { openRtnl } from '${src('index.js')}'
      const rtnl = await openRtnl({ netns: process.argv[2] })
      await rtnl.links.set('lo', { up: true })
      console.log((await rtnl.links.get('lo')).ifname)
      rtnl.close()`,
    )
    const { status, stdout, stderr } = trace('--', process.execPath, app, net)
    expect([status, stdout]).to.deep.equal([0, 'lo\n'])
    expect(stderr)
      .to.match(/^> RTM_SETLINK {2}\(socket 0, process \d+\)$/m)
      .and.match(/ifiFlags up/)
    expect(stderr).to.match(/^< RTM_NEWLINK {2}\(socket 0, process \d+\)$/m)
  })

  describe('a program that uses read and write on a copy of the descriptor', () => {
    const perl = `socket(my $s, 16, 3, 0); my $copy = fcntl($s, 0, 20); open(my $h, '+<&=', $copy);
      syswrite($h, pack('LSSLLx16', 32, 18, 0x301, 1, 0)); sysread($h, my $answer, 65536); sleep($ARGV[0])`
    before(function () {
      try {
        execFileSync('perl', ['-e', perl, '0'])
      } catch {
        needs(this, false, 'there is no perl')
      }
    })

    it('is understood', () => {
      const { stderr } = trace('--tree', '--', 'ip', 'netns', 'exec', net, 'perl', '-e', perl, '0')
      expect(stderr).to.contain('RTM_GETLINK, request|dump, seq 1\n').and.contain('ifname = "lo"')
    })

    it('is understood across an exec that leaves it open', () => {
      const reader = `open(my $h, '+<&=', $ARGV[0]); sysread($h, my $answer, 65536)`
      const asker = `socket(my $s, 16, 3, 0); fcntl($s, 2, 0); syswrite($s, pack('LSSLLx16', 32, 18, 0x301, 1, 0));
        exec('perl', '-e', $ARGV[0], fileno($s))`
      const { stderr } = trace('--tree', '--', 'ip', 'netns', 'exec', net, 'perl', '-e', asker, reader)
      expect(stderr).to.contain('RTM_GETLINK, request|dump, seq 1\n').and.contain('ifname = "lo"')
    })

    it('is printed at once, whatever it does then', async () => {
      const live = new Live(['trace', '--', 'ip', 'netns', 'exec', net, 'perl', '-e', perl, '600'])
      await live.until(() => live.stderr.includes('ifname = "lo"'))
      expect((await live.stop('SIGTERM')).status).to.equal(128 + 15)
    })
  })

  it('gives the exit status of the command, or of the signal that ended it', () => {
    expect(trace('--', 'sh', '-c', 'exit 7').status).to.equal(7)
    expect(trace('--', 'sh', '-c', 'kill -TERM $$').status).to.equal(128 + 15)
    // Eight from the first real-time signal, which has no name.
    expect(trace('--', 'sh', '-c', 'kill -40 $$').status).to.equal(128 + 40)
    const { status, stderr } = trace('--', 'true')
    expect([status, stderr]).to.deep.equal([0, '# true\n# no netlink in it\n'])
  })

  it('the command has its own standard input, and no descriptor of ours', () => {
    expect(nlwire(['trace', '--', 'cat'], 'to be read\n').stdout).to.equal('to be read\n')
    const [traced, alone] = [trace('--', 'sh', '-c', 'ls /proc/$$/fd'), execFileSync('sh', ['-c', 'ls /proc/$$/fd'])]
    expect(traced.stdout).to.equal(alone.toString())
  })

  it('passes signals on, and waits for what the command does then', async () => {
    const live = new Live(['trace', '--', 'sh', '-c', 'trap "echo got it; exit 5" INT; echo ready; read line'])
    await live.until(() => live.stdout.includes('ready'))
    const { status, stdout } = await live.stop('SIGINT')
    expect([status, stdout]).to.deep.equal([5, 'ready\ngot it\n'])
  })

  it('passes a signal on that came before there was a command', async () => {
    const slow = join(folder, 'strace')
    const real = execFileSync('sh', ['-c', 'command -v strace']).toString().trim()
    const wait = `[ "$1" = -V ] || { echo starting >&2; sleep 0.5; }`
    writeFileSync(slow, `#!/bin/sh\n${wait}\nexec ${real} "$@"\n`, { mode: 0o755 })
    const live = new Live(['trace', '--', 'sleep', '600'], [], { PATH: `${folder}:${process.env.PATH}` })
    await live.until(() => live.stderr.includes('starting'))
    expect((await live.stop('SIGTERM')).status).to.equal(128 + 15)
  })

  it('does not wait for what the command leaves running, and does it no harm', async () => {
    const [begin, done] = [join(folder, 'begin'), join(folder, 'done')]
    execFileSync('mkfifo', [begin, done])
    const left = `(read line < ${begin}; ip -n ${net} -br link show lo > ${done}) > /dev/null 2>&1 & exit 4`
    expect((await new Live(['trace', '--', 'sh', '-c', left]).ended()).status).to.equal(4)
    writeFileSync(begin, 'go\n')
    expect(readFileSync(done, 'utf8')).to.match(/^lo /)
  })

  it('prints events at once', async () => {
    const live = new Live(['trace', '--', 'ip', '-n', net, 'monitor', 'link'])
    await live.until(() => live.stderr.includes('NLMSG_DONE'))
    ip(net, 'link set lo mtu 5000')
    await live.until(() => live.stderr.includes('mtu = 5000'))
    expect((await live.stop('SIGTERM')).status).to.equal(128 + 15)
  })

  it('--pid attaches to a program, and lets it go again', async () => {
    const other = new Live(['monitor', '-n', net, '--json', 'link'])
    await other.listening()
    const live = new Live(['trace', '--pid', String(other.child.pid), '--tree'])
    const attached = () => /TracerPid:\t[1-9]/.test(readFileSync(`/proc/${other.child.pid}/status`, 'utf8'))
    while (!attached()) await new Promise((resolve) => setTimeout(resolve, 10))
    ip(net, 'link set lo mtu 6000')
    await live.until(() => live.stderr.includes('mtu = 6000'))
    expect((await live.stop('SIGINT')).status).to.equal(0)
    expect(attached()).to.equal(false)
    ip(net, 'link set lo mtu 7000')
    await other.until(() => other.stdout.includes('"mtu":7000'))
    expect((await other.stop()).status).to.equal(0)
  })

  it('shows how iproute2 makes an ipvlan, on a kernel that has it', async function () {
    needs(this, uml)
    const traced = `${process.execPath} ${program} trace -- ip link add ipv1 link eth0 type ipvlan mode l3`
    const { status, stderr } = await runInUml(['sh', '-c', `ip link add eth0 type dummy; ${traced}; ${traced}`])
    expect(status).to.equal(2)
    expect(stderr).to.match(
      /^0044 {2}14 00 02 00 +; {3}data\(ipvlan\) \{\n0048 {2}06 00 01 00 {2}01 00 00 00 +; +mode = l3$/m,
    )
    expect(stderr)
      .to.match(/; error: 0 \(ack\)$/m)
      .and.match(/^# There is a link named ipv1 already/m)
  })

  it('says what is wrong', () => {
    const nothing = nlwire(['trace', '--', 'true'], '', { PATH: dirname(folder) })
    expect([nothing.status, nothing.stdout]).to.deep.equal([2, ''])
    expect(nothing.stderr).to.match(/^nlwire: trace needs strace, .*apt-get install strace\n$/)
    const missing = trace('--', 'nlw-no-such-command')
    expect(missing.status).to.equal(2)
    expect(missing.stderr).to.contain("strace: Can't stat 'nlw-no-such-command'")
    const forbidden = trace('--', '/etc/passwd')
    expect(forbidden.status).to.equal(2)
    expect(forbidden.stderr.trim().split('\n')).to.have.members(['# /etc/passwd', 'strace: exec: Permission denied'])
    const nowhere = nlwire(['trace', '--', 'true'], '', { TMPDIR: join(folder, 'no') })
    expect(nowhere.stderr).to.match(/^nlwire: no folder can be made in .* \(ENOENT\)\n$/)
    expect(trace().stderr).to.match(/^nlwire: no command: nlwire trace -- COMMAND/)
    expect(trace('--pid', '1', '--', 'true').status).to.equal(2)
    const unwritable = trace('--output', join(folder, 'no', 'file'), '--', 'true')
    expect([unwritable.status, unwritable.stdout]).to.deep.equal([2, ''])
    expect(unwritable.stderr).to.match(/^nlwire: .*no\/file: it cannot be written \(ENOENT\)\n$/)
    const full = trace('--output', '/dev/full', '--', 'echo', 'said')
    expect([full.status, full.stdout]).to.deep.equal([2, 'said\n'])
    expect(full.stderr).to.equal('nlwire: the output cannot be written (ENOSPC)\n')
  })
})
