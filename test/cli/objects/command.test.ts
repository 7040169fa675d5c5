/** The objects without a kernel: --dry-run, --replay, and how they end. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openRtnl } from '../../../src/index.js'
import { encode } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import { ack, fakeKernel, formatNl, load, type Recording, recordingHost } from '../../../src/testing/index.js'
import { root } from '../../support/fixtures.js'
import { withoutShim } from '../../support/without-shim.js'
import { nlwire } from '../run.js'

const recorded = join(root, 'test/cli/objects/ipvlan.nl')
const add = 'link add ipv1 link eth0 type ipvlan mode l3 private'

const words = (line: string) => line.split(' ')
describe('--dry-run', () => {
  it('takes a negative number for a number, and a dash for a word', async () => {
    const { stdout } = await nlwire(words('link set lo type macvlan bc_cutoff -1 --dry-run'))
    expect(stdout).to.contain('bcCutoff = -1')
    expect((await nlwire(words('addr add 10.0.0.1/24 brd - dev lo --dry-run'))).stdout).to.contain(
      'broadcast = 10.0.0.0',
    )
  })

  it('of a new link shows the messages for what the first cannot set', async () => {
    const more = 'alias hello altname second,third af_spec.inet6.addr_gen_mode none'
    const { stdout, status } = await nlwire(words(`link add d0 ${more} type dummy --dry-run`))
    expect(status).to.equal(0)
    const types = [...stdout.matchAll(/^> (\w+)/gm)].map(([, type]) => type)
    expect(types).to.deep.equal(['RTM_NEWLINK', 'RTM_SETLINK', 'RTM_NEWLINKPROP', 'RTM_GETLINK'])
    expect(stdout).to.match(/RTM_SETLINK[\s\S]*ifalias = "hello"[\s\S]*addrGenMode = none[\s\S]*altIfname = "third"/)
    const there = await nlwire(words('link add d0 netns net1 alias hello type dummy --dry-run'))
    expect(there.stdout).to.match(/RTM_SETLINK {2}\(socket 1\)[\s\S]*ifalias = "hello"/)
  })

  it('prints what would be sent, annotated, and needs no shim', async () => {
    await withoutShim(['src'], (folder) => {
      const run = (...args: string[]) =>
        spawnSync(process.execPath, [join(folder, 'dist/src/cli/main.js'), ...args], { encoding: 'utf8' })
      const without = run('link', 'show')
      expect([without.status, without.stderr]).to.satisfy(
        ([status, text]: [number, string]) => status === 2 && /shim is not built/.test(text),
      )
      for (const line of [
        add,
        'link set a netns net1',
        'address add 10.0.0.1/24 dev a',
        'route add default dev a',
        'netns set net1 7',
        'netns add a',
        'link show',
        'address show',
        'route show',
        'netns list',
      ])
        expect(run(...words(line), '--dry-run'), line).to.include({ status: 0, stderr: '' })
      expect(run(...words(add), '--dry-run').stdout).to.match(/> RTM_NEWLINK[\s\S]*mode = l3\n.*flags = private/)
      expect(run(...words(add), '--replay', recorded)).to.include({ status: 0, stderr: '' })
    })
  })

  it('refuses what can be no name of a namespace, as without it', async () => {
    for (const name of ['a/b', '', '..'])
      expect(await nlwire(['netns', 'add', name, '--dry-run']), name).to.include({ status: 2, stdout: '' })
  })

  it('what it prints can be decoded', async () => {
    const { stdout } = await nlwire(['decode', '--json'], (await nlwire(words('link set lo up --dry-run'))).stdout)
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!).body).to.deep.include({ ifiFlags: ['up'], ifiChange: ['up'] })
  })
})

describe('--replay and --record', () => {
  it('a recording of a real kernel answers', async () => {
    expect(await nlwire([...words(add), '--replay', recorded])).to.deep.equal({ status: 0, stdout: '', stderr: '' })
    expect(await nlwire([...words(add), '-j', '--replay', recorded])).to.deep.equal({
      status: 0,
      stdout: '',
      stderr: '',
    })
    const { stdout } = await nlwire([...words(add), '--replay', recorded, '--hex'])
    expect(stdout).to.match(/> RTM_NEWLINK[\s\S]*< NLMSG_ERROR/)
  })

  it('a request that is another one is refused, path by path', async () => {
    const { status, stderr } = await nlwire([...words(add.replace('private', 'vepa')), '--replay', recorded])
    expect(status).to.equal(2)
    expect(stderr).to.match(/flags: expected \["private"\], sent \["vepa"\]/)
    expect(await nlwire([...words(add), '--replay', '/nonexistent.nl'])).to.include({ status: 2 })
  })

  it('a change that was made and could not be read back stands: the exit status is 0', async () => {
    const recording = load(recorded)
    const kept = recording.exchanges.slice(0, -1)
    const asked = kept.at(-1)!
    const seq = 'bytes' in asked ? new DataView(asked.bytes.buffer, asked.bytes.byteOffset).getUint32(8, true) : 0
    const body = { error: 'ENODEV', request: {} } as never
    const gone = encode(route, [{ type: 'NLMSG_ERROR', seq, body }], { byteOrder: 'little' })
    const file = join(mkdtempSync(join(tmpdir(), 'nlwire-')), 'gone.nl')
    writeFileSync(
      file,
      formatNl({ ...recording, exchanges: [...kept, { direction: 'received', bytes: gone }] } as Recording, route),
    )
    const { status, stderr } = await nlwire([...words(add), '--replay', file])
    rmSync(join(file, '..'), { recursive: true })
    expect(stderr).to.match(/the link ipv1 was made, but could not be read back.*The change stands/)
    expect(status).to.equal(0)
  })

  it('says what the kernel remarks about what it has done', async () => {
    const remark = 'not offloaded \u001b[31m'
    const kernel = fakeKernel({
      RTM_GETLINK: (asked) => ({ ...asked, ifiIndex: 7 }),
      RTM_SETLINK: () => ack({ message: remark }),
    })
    const { host, recording } = recordingHost(kernel.host)
    await using rtnl = await openRtnl({ host })
    await rtnl.links.set('a', { up: true })
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
    const file = join(folder, 'remark.nl')
    writeFileSync(file, formatNl(recording(), route))
    const result = await nlwire(['link', 'set', 'a', 'up', '--replay', file])
    rmSync(folder, { recursive: true })
    expect(result).to.deep.equal({
      status: 0,
      stdout: '',
      stderr: 'nlwire: the kernel remarks: not offloaded \\u001b[31m\n',
    })
  })

  it('says of a message that cannot be decoded that it is left out', async () => {
    const links = [1, 2, 3].map((ifiIndex) => ({ ifiIndex, ifname: `if${ifiIndex}` }))
    const { host, recording } = recordingHost(fakeKernel({ RTM_GETLINK: () => links }).host)
    await using rtnl = await openRtnl({ host })
    await rtnl.links.list().toArray()
    const made = recording()
    const answer = made.exchanges.find((one) => one.direction === 'received') as { bytes: Uint8Array }
    answer.bytes[32] = 99 // the length of the first attribute of the first link
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
    const file = join(folder, 'garbled.nl')
    writeFileSync(file, formatNl(made, route))
    const { status, stdout, stderr } = await nlwire(['link', 'show', '-j', '--replay', file])
    rmSync(folder, { recursive: true })
    expect(JSON.parse(stdout)).to.have.length(2)
    expect(stderr).to.match(/^nlwire: a message could not be decoded and is left out: RTM_NEWLINK: .*0x20/)
    expect(status).to.equal(0)
  })

  it('names of the kernel are escaped in whatever is printed', async () => {
    const hostile = { ifiIndex: 7, ifname: 'a\u001b[31m', ifalias: '\u202eevil\u0007' }
    const { host, recording } = recordingHost(
      fakeKernel({ RTM_GETLINK: (_, { flags }) => (flags.includes('dump') ? [hostile] : hostile) }).host,
    )
    await using rtnl = await openRtnl({ host })
    await rtnl.links.list().toArray()
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
    const file = join(folder, 'hostile.nl')
    writeFileSync(file, formatNl(recording(), route))
    try {
      for (const option of ['--json', '--hex']) {
        const { stdout, status } = await nlwire(['link', 'show', '--replay', file, option])
        expect(status).to.equal(0)
        expect(stdout).to.contain('evil')
        const unsafe = [...stdout].filter((one) => (one < ' ' && one !== '\n') || one === '\u202e')
        expect(unsafe).to.deep.equal([])
      }
      const [link] = JSON.parse((await nlwire(['link', 'show', '--replay', file, '-j'])).stdout)
      expect(link).to.include(hostile)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('options of objects', () => {
  it('a recording that cannot be written is said', async () => {
    for (const file of ['/dev/null/x.nl', '/proc/x/y.nl']) {
      const { status, stderr } = await nlwire([...words(add), '--replay', recorded, '--record', file])
      expect(stderr).to.match(/^nlwire: \S+\.nl: it cannot be written \((ENOTDIR|EEXIST|ENOENT)\)\n$/)
      expect(status).to.equal(2)
    }
  })

  it('stand before the object or after it', async () => {
    const after = await nlwire(words('link set lo up -n net1 --dry-run'))
    expect(await nlwire(words('--dry-run -n net1 link set lo up'))).to.deep.equal(after)
    expect(await nlwire(words('l set lo up --netns=net1 --dry-run'))).to.deep.equal(after)
    expect(after.status).to.equal(0)
  })

  it('one output at a time, one source at a time', async () => {
    for (const [line, reason] of [
      ['link show --hex -j', /one output at a time/],
      ['link show --dry-run -j', /--dry-run and --json/],
      ['link show -4 -6', /exclude each other/],
      ['link show --dry-run --replay x.nl', /--dry-run sends nothing/],
    ] as const) {
      const { status, stdout, stderr } = await nlwire(words(line))
      expect([status, stdout], line).to.deep.equal([2, ''])
      expect(stderr, line).to.match(reason)
    }
  })
})
