/** nlwire netns exec: programs in network namespaces that the test makes. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { netns } from '../../../src/netlink/socket/netns.js'
import { needs, root, shim } from '../../support/layers.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { nlwire } from '../run.js'
import { program, spawned } from '../spawned.js'

describe('nlwire netns exec', function () {
  this.timeout(60_000)
  let name: string
  const etc = () => `/etc/netns/${name}`
  before(function () {
    needs(this, shim)
    needs(this, root)
    name = makeNamespace()
  })
  after(removeNamespaces)
  const run = (...command: string[]) => spawned(['netns', 'exec', name, ...command])

  it('runs a command there, its options are its own', () => {
    const { status, stdout, stderr } = run('readlink', '-n', '/proc/self/ns/net')
    expect({ status, stdout, stderr }).to.deep.equal({ status: 0, stdout: `net:[${netns.inode(name)}]`, stderr: '' })
    expect(run('sh', '-c', 'echo "$@"', '--', '--json', '-4', '--', 'help', '-1').stdout).to.equal(
      '--json -4 -- help -1\n',
    )
    expect(spawned(['netns', 'exec', `/run/netns/${name}`, 'echo', 'help']).stdout).to.equal('help\n')
  })

  it("its input, output, environment, process and exit status are the command's", async () => {
    expect(spawned(['netns', 'exec', name, 'cat'], 'from here').stdout).to.equal('from here')
    expect(spawned(['netns', 'e', name, 'sh', '-c', 'echo $NLW >&2; exit 7'], '', { NLW: 'set' })).to.deep.equal({
      status: 7,
      stdout: '',
      stderr: 'set\n',
    })
    const child = spawn(process.execPath, [program, 'netns', 'exec', name, 'sh', '-c', 'echo $$; exec sleep 600'])
    const [pid] = await once(child.stdout, 'data')
    expect(Number(pid)).to.equal(child.pid)
    expect(readlinkSync(`/proc/${child.pid}/ns/net`)).to.equal(`net:[${netns.inode(name)}]`)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).to.deep.equal([null, 'SIGINT'])
  })

  it('undoes what Node changes: SIGPIPE ends it, its pipes wait', () => {
    expect(run('sh', '-c', 'kill -PIPE $$; echo survived').stdout).to.equal('')
    const flags = run('sh', '-c', 'grep flags /proc/self/fdinfo/1').stdout.split(/\s+/)[1]
    expect(Number.parseInt(flags!, 8) & 0o4000).to.equal(0)
  })

  it('/sys is of the namespace, and the mounts here stay as they are', () => {
    const before = readlinkSync('/proc/self/ns/mnt')
    expect(run('ls', '/sys/class/net').stdout.split(/\s+/).filter(Boolean)).to.deep.equal(['lo'])
    expect(run('readlink', '/proc/self/ns/mnt').stdout.trim()).to.not.equal(before)
    expect(existsSync('/sys/class/net/lo')).to.equal(true)
    const { stdout } = spawnSync('grep', ['-c', ' /sys sysfs ', '/proc/self/mounts'], { encoding: 'utf8' })
    expect(Number(stdout)).to.be.at.most(1)
  })

  it('the files of /etc/netns/NAME stand in for those of /etc; one that has no counterpart is an error', () => {
    const had = existsSync('/etc/netns')
    mkdirSync(etc(), { recursive: true })
    try {
      writeFileSync(`${etc()}/hostname`, 'inside\n')
      expect(run('cat', '/etc/hostname').stdout).to.equal('inside\n')
      writeFileSync(`${etc()}/nlw-nowhere`, '')
      const { status, stderr } = run('true')
      expect(status).to.equal(2)
      expect(stderr).to.match(/mount says ENOENT.*\/etc\/nlw-nowhere.*have to exist/)
    } finally {
      rmSync(had ? etc() : '/etc/netns', { recursive: true })
    }
  })

  it('says what cannot be run', async () => {
    expect(run('nlw-no-such-program')).to.deep.include({ status: 2, stdout: '' })
    expect(run('nlw-no-such-program').stderr).to.contain('"nlw-no-such-program"').and.contain('ENOENT')
    expect(spawned(['netns', 'exec', 'nlw-nowhere', 'true']).stderr).to.contain('there is no network namespace')
    for (const [args, text] of [
      [['netns', 'exec'], 'the name of the namespace is missing'],
      [['netns', 'exec', 'a'], 'the command is missing'],
      [['-n', 'b', 'netns', 'exec', 'a', 'true'], '-n means nothing here'],
      [['netns', '--record', 'x.nl', 'exec', 'a', 'true'], '--record means nothing here'],
    ] as const) {
      const { status, stderr } = await nlwire(args)
      expect([status, stderr], args.join(' ')).to.satisfy(([s, e]: [number, string]) => s === 2 && e.includes(text))
    }
  })

  it('--dry-run tells it and runs nothing', async () => {
    expect(await nlwire(['--dry-run', 'netns', 'exec', 'nowhere', 'ping', '-c', '1', 'x'])).to.deep.equal({
      status: 0,
      stdout: '# no message: the system calls setns, unshare, mount and execve run ping -c 1 x\n',
      stderr: '',
    })
  })
})
