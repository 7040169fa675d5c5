/** docs/testing.md: every file that it shows compiles, and its tests pass, here and on a kernel. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'

const guide = readFileSync(join(root, 'docs/testing.md'), 'utf8')
/**
 * Made by the guide's own test, with NLWIRE_TEST=record, in user-mode Linux, where `d0` is a dummy link with the address
 * 02:00:00:00:00:01.
 */
const recording = join(root, 'test/testing/add-ipvlan.nl')
const mocha = join(root, 'node_modules/mocha/bin/mocha.js')

describe('the guide to testing', function () {
  this.timeout(180_000)
  let folder: string
  const ours = () => join(folder, 'test/add-ipvlan.nl')
  before(() => {
    // Within the package, so that its own name leads to it.
    folder = mkdtempSync(join(root, 'dist/guide-'))
    const names: string[] = []
    for (const [, name, text] of guide.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)) {
      writeFileSync(join(folder, name!), text!)
      names.push(name!)
    }
    expect(names).to.include.members([
      'add-link.ts',
      'add-link.test.ts',
      'faults.test.ts',
      'fake.test.ts',
      'chai.test.ts',
      'record.test.ts',
    ])
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: object
    }
    const options = { ...compilerOptions, rootDir: '.', outDir: '.', declaration: false }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts'], exclude: [] }),
    )
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    expect(stdout).to.equal('')
    mkdirSync(join(folder, 'test'))
    cpSync(recording, ours())
  })
  after(() => rmSync(folder, { recursive: true }))

  it('its tests pass without a kernel', () => {
    const env = { ...process.env, NLWIRE_TEST: '' }
    const { stdout, status } = spawnSync(process.execPath, [mocha, '--no-config', '*.test.js'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    expect(status, stdout).to.equal(0)
    expect(stdout).to.match(/8 passing/)
  })

  it('its first test passes with node:test as well', () => {
    const program = readFileSync(join(folder, 'add-link.test.js'), 'utf8')
    writeFileSync(join(folder, 'add-link.node.js'), `import { it } from 'node:test'\n${program}`)
    const env = { ...process.env, NLWIRE_TEST: '' }
    const { stdout, status } = spawnSync(process.execPath, ['--test', 'add-link.node.js'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    expect(status, stdout).to.equal(0)
    expect(stdout).to.match(/pass 1/)
  })

  it('another mode is not the recorded request, and the error says where', () => {
    const program = readFileSync(join(folder, 'add-link.js'), 'utf8')
    writeFileSync(join(folder, 'add-link.js'), program.replace("'l3'", "'l2'"))
    const env = { ...process.env, NLWIRE_TEST: '' }
    const { stdout } = spawnSync(process.execPath, [mocha, '--no-config', 'add-link.test.js'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    writeFileSync(join(folder, 'add-link.js'), program)
    expect(stdout.replaceAll(/^ +/gm, '')).to.match(
      /ReplayError: not the recorded request:\nlinkinfo.data.mode: expected "l3", sent "l2"\n/,
    )
  })

  for (const mode of ['kernel', 'record']) {
    it(`its first test passes with NLWIRE_TEST=${mode}${mode === 'record' ? ', and gives the same file again' : ''}`, async function () {
      needs(this, uml)
      const script = `cd ${folder} && ip link add d0 address 02:00:00:00:00:01 type dummy && NLWIRE_TEST=${mode} ${process.execPath} ${mocha} --no-config add-link.test.js`
      const { stdout, stderr, status } = await runInUml(['sh', '-c', script])
      expect(status, stdout + stderr).to.equal(0)
      expect(stdout).to.match(/1 passing/)
      expect(readFileSync(ours(), 'utf8')).to.equal(readFileSync(recording, 'utf8'))
    })
  }
})
