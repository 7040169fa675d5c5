/** The runner of user-mode Linux: the command's output and exit status are its own, and each failure says what it is. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { needs } from '../support/layers.js'
import { runInUml, uml, umlAvailable } from './uml.js'

describe('uml-run', function () {
  this.timeout(90_000)
  this.slow(10_000)
  let folder = ''

  before(function () {
    needs(this, uml)
    folder = mkdtempSync(join(tmpdir(), 'nlwire-uml-test-'))
  })
  after(() => folder && rmSync(folder, { recursive: true }))

  it('passes arguments, environment, folder, both outputs and the exit status', async () => {
    const script = 'printf "<%s>" "$@" "$NLWIRE_TEST" "$PWD" "$(id -u)"; printf "not so\\n\\r" >&2; exit 42'
    const command = ['bash', '-c', script, '_', 'a b', "it's", '$HOME', '']
    const result = await runInUml(command, { env: { NLWIRE_TEST: 'x  y\nz' }, cwd: folder })
    expect(result).to.deep.equal({
      status: 42,
      stdout: `<a b><it's><$HOME><><x  y\nz><${folder}><0>`,
      stderr: 'not so\n\r',
    })
  })

  it('passes every byte of a long output', async () => {
    const lines = Array.from({ length: 200_000 }, (_, number) => `line ${number}\n`).join('')
    writeFileSync(join(folder, 'long'), lines)
    const { stdout, stderr } = await runInUml(['bash', '-c', 'cat long; cat long >&2'], { cwd: folder })
    expect(stdout === lines).to.equal(true)
    expect(stderr === lines).to.equal(true)
  })

  it('has ipvlan, ipvtap and the other kinds, and namespaces that are not those of this machine', async () => {
    const script = [
      'set -e; ip netns add ns1; ip link add d0 type dummy',
      'for kind in ipvlan ipvtap macvlan macvtap; do ip link add link d0 name x0 type $kind; ip link del x0; done',
      'ip link add link d0 name x0 type vlan id 5; ip link add br0 type bridge; ip link add type veth; ip netns list',
    ]
    const result = await runInUml(['bash', '-c', script.join('\n')])
    expect(result).to.deep.equal({ status: 0, stdout: 'ns1\n', stderr: '' })
  })

  it('ends a command that takes too long', async () => {
    const { status, stdout, stderr } = await runInUml(['bash', '-c', 'echo before; sleep 60'], { timeout: 8 })
    expect({ status, stdout }).to.deep.equal({ status: 124, stdout: 'before\n' })
    expect(stderr).to.match(/did not end within 8 s/)
  })

  it('shows the console when the guest dies', async () => {
    const { status, stderr } = await runInUml(['bash', '-c', 'echo c >/proc/sysrq-trigger; sleep 60'])
    expect(status).to.equal(125)
    expect(stderr)
      .to.match(/guest stopped/)
      .and.match(/Kernel panic/)
  })

  it('says so when the guest cannot start', async () => {
    const { status, stderr } = await runInUml(['true'], { env: { UML_MEM: '4M' } })
    expect(status).to.equal(126)
    expect(stderr).to.match(/physical memory/)
  })
})

describe('uml-run without user-mode Linux', () => {
  it('says in one line what to install', async function () {
    if (process.platform !== 'linux') return this.skip()
    const { status, stderr } = await runInUml(['true'], { env: { PATH: '/nonexistent' } })
    expect(status).to.equal(127)
    expect(stderr).to.match(/^uml-run: .*apt-get install .*user-mode-linux.*\n$/)
  })

  it('umlAvailable gives the reason with the same command', () => {
    const path = process.env.PATH
    process.env.PATH = '/nonexistent'
    try {
      const found = umlAvailable()
      expect(found.available).to.equal(false)
      expect(found)
        .to.have.property('reason')
        .that.matches(/apt-get install .*user-mode-linux|Linux only/)
    } finally {
      process.env.PATH = path
    }
  })
})
