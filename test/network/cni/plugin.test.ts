/** The plugin as runtimes see it: what it prints, and its status. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runPlugin } from '../../../src/network/cni/plugin.js'
import { cniVersions } from '../../../src/network/cni/versions.js'
import { root } from '../../support/fixtures.js'

const bundle = join(root, 'dist/cni/nlwire-cni.cjs')

/** Runs the plugin as one file. */
function call(command: string | undefined, input = '', file = bundle, env = {}) {
  const variables = { PATH: process.env.PATH, ...(command === undefined ? {} : { CNI_COMMAND: command }), ...env }
  const { status, stdout, stderr } = spawnSync(file, { input, env: variables, encoding: 'utf8' })
  return { status, answer: stdout === '' ? undefined : JSON.parse(stdout), stderr }
}

describe('nlwire-cni', () => {
  it('answers VERSION, whatever the input', () => {
    const answer = { cniVersion: '1.1.0', supportedVersions: [...cniVersions] }
    expect(call('VERSION')).to.deep.equal({ status: 0, answer, stderr: '' })
    expect(call('VERSION', '{"cniVersion": "9.0.0"').answer).to.deep.equal(answer)
  })

  it('answers VERSION in a process of its own and within one alike', async () => {
    const { answer, failed } = await runPlugin({ env: { CNI_COMMAND: 'VERSION' }, input: '', program: 'x' })
    expect([answer, failed]).to.deep.equal([call('VERSION').answer, false])
  })

  it('says what it is to somebody who calls it by hand', () => {
    const { status, answer, stderr } = call(undefined)
    expect([status, answer]).to.deep.equal([0, undefined])
    expect(stderr).to.match(/^nlwire-cni: CNI plugins ipvlan and macvlan/)
  })

  it('tells errors on standard output, in the version of the configuration', () => {
    expect(call('NO', '{"cniVersion": "0.4.0"}')).to.deep.equal({
      status: 1,
      stderr: '',
      answer: {
        cniVersion: '0.4.0',
        code: 4,
        msg: 'CNI_COMMAND "NO" is not known',
        details: 'it is one of ADD, DEL, VERSION, CHECK, STATUS, GC',
      },
    })
    const env = { CNI_CONTAINERID: 'c1', CNI_IFNAME: 'eth0', CNI_NETNS: '/nowhere' }
    const conf = { cniVersion: '1.0.0', name: 'n', type: 'ipvlan', ipam: { type: 'static' } }
    const { status, answer } = call('ADD', JSON.stringify(conf), bundle, env)
    expect(status).to.equal(1)
    expect(answer.cniVersion).to.equal('1.0.0')
    expect(call('ADD', '', bundle, env).answer).to.deep.include({ cniVersion: '1.1.0', code: 6 })
    for (const input of ['{"cniVersion": 3}', '{"cniVersion": ""}'])
      expect(call('ADD', input, bundle, env).answer).to.deep.include({ cniVersion: '1.1.0', code: 1 })
  })

  it('works as a copy without an extension, and by links whose names say the kind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-cni-'))
    try {
      const file = join(folder, 'nlwire-cni')
      copyFileSync(bundle, file)
      for (const kind of ['ipvlan', 'macvlan']) {
        symlinkSync(file, join(folder, kind))
        const conf = { cniVersion: '1.0.0', name: 'n', mode: 'none' }
        const env = { CNI_CONTAINERID: 'c1', CNI_IFNAME: 'eth0', CNI_NETNS: '/nowhere' }
        const { answer } = call('ADD', JSON.stringify(conf), join(folder, kind), env)
        expect(answer.msg).to.match(
          kind === 'ipvlan' ? /^"mode": "none" is not l2, l3, l3s$/ : /is not bridge, private/,
        )
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
