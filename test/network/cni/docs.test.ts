/** docs/cni.md says what the plugin does. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readConfiguration } from '../../../src/network/cni/configuration.js'
import { cniCodes } from '../../../src/network/cni/errors.js'
import { type CniMember, members, modeMember } from '../../../src/network/cni/members.js'
import { cniCommands, cniVersions } from '../../../src/network/cni/versions.js'
import { root } from '../../support/fixtures.js'
import { expectGuide, guideScript, guideSteps } from '../../support/guide.js'
import { needs, shim } from '../../support/layers.js'

const text = readFileSync(join(root, 'docs/cni.md'), 'utf8')

/** The rows of the table that begins so. */
const rows = (head: string): string[] => {
  const begin = text.indexOf(head)
  expect(begin, head).to.be.greaterThan(0)
  return text.slice(begin).split('\n\n')[0]!.split('\n').slice(2)
}

const row = (name: string, { accepts, kinds, reference, about }: CniMember): string =>
  `| \`${name}\` | ${kinds.length > 1 ? 'both' : kinds[0]} | ${reference ? 'yes' : '**no**'} | ${accepts} | ${about} |`

describe('docs/cni.md', () => {
  it('has all members, as the code has them', () => {
    const all = Object.entries(members).map(([name, member]) => row(name, member))
    const modes = (['ipvlan', 'macvlan'] as const).map((kind) => row('mode', modeMember(kind)))
    expect(rows('| member | plugin |')).to.have.members([...all, ...modes])
  })

  it('has all codes, commands and versions', () => {
    const codes = Object.values(cniCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`)
    expect(rows('| code | when |')).to.deep.equal(codes)
    const commands = rows('| command | what it does |').map((line) => line.split(' ')[1])
    expect(commands).to.have.members(Object.keys(cniCommands))
    for (const version of cniVersions) expect(text).to.contain(version)
  })

  it('its configurations are understood', () => {
    const found = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json!))
    expect(found).to.have.length(3)
    for (const { plugins, ...conf } of found)
      for (const plugin of plugins ?? [{}]) {
        const one = JSON.stringify({ ...conf, ...plugin })
        const { kind, ipam } = readConfiguration(one, { command: 'ADD', args: {} }, 'nlwire-cni')
        expect(kind).to.equal('ipvlan')
        expect(ipam).to.be.oneOf(['host-local', 'static'])
      }
  })

  it('its installation gives plugins that answer, and find the shim', function () {
    needs(this, shim)
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-cni-'))
    try {
      const [install, version] = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, script]) =>
        script!.replaceAll('/opt/cni', `${folder}/opt/cni`),
      )
      mkdirSync(join(folder, 'node_modules/nlwire/dist'), { recursive: true })
      cpSync(join(root, 'dist/cni'), join(folder, 'node_modules/nlwire/dist/cni'), { recursive: true })
      const [npm, ...rest] = install!.split('\n')
      expect(npm).to.equal('npm install nlwire')
      const printed = execFileSync('sh', ['-e'], {
        cwd: folder,
        input: `${rest.join('\n')}${version}`,
        encoding: 'utf8',
      })
      expect(JSON.parse(printed).supportedVersions).to.deep.equal(cniVersions)
      for (const name of ['nlwire-ipvlan', 'nlwire-macvlan'])
        expect(lstatSync(join(folder, 'opt/cni/bin', name)).isSymbolicLink()).to.equal(true)
      const conf = { cniVersion: '1.1.0', name: 'n', type: 'nlwire-ipvlan', master: 'lo' }
      const { stdout } = spawnSync(join(folder, 'opt/cni/bin/nlwire-ipvlan'), {
        input: JSON.stringify(conf),
        env: { PATH: process.env.PATH, CNI_COMMAND: 'STATUS' },
        encoding: 'utf8',
      })
      expect(JSON.parse(stdout)).to.deep.include({
        code: 50,
        msg: '"master": lo is the loopback, which cannot be a parent',
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('its error is what is printed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-cni-'))
    try {
      symlinkSync(join(root, 'dist/cni/nlwire-cni.cjs'), join(folder, 'nlwire-cni'))
      const steps = guideSteps('docs/cni.md', 'anybody')
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
      const { stdout } = spawnSync('bash', { input: guideScript(steps, folder), env, encoding: 'utf8' })
      expectGuide(steps, stdout)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
