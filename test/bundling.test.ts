/** docs/bundling.md: its commands do what it says, and its messages are those of the code. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from './support/fixtures.js'
import { needs, shim } from './support/layers.js'

const text = readFileSync(join(root, 'docs/bundling.md'), 'utf8')
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map((match) => match[1]!)

describe('docs/bundling.md', () => {
  let folder: string
  const sh = (commands: string) =>
    execFileSync('sh', ['-ec', commands], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, NLWIRE_SHIM: '' },
    })
  before(function () {
    needs(this, shim)
  })
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'dist/bundling-'))
    const [program] = blocks('js')
    writeFileSync(join(folder, 'program.js'), program!)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/nlwire'))
    symlinkSync(join(root, 'node_modules/.bin'), join(folder, 'node_modules/.bin'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  for (const [i, commands] of blocks('sh').entries())
    it(`the commands, ${i + 1}: ${/--format=\w+/.exec(commands)![0]}`, () => {
      const said = sh(commands)
      const runs = commands.match(/(^| )node out\//gm)!.length
      expect(said).to.match(new RegExp(`^(lo has an MTU of \\d+\n){${runs}}$`))
    })

  it('setShim', () => {
    writeFileSync(join(folder, 'set.mjs'), blocks('js')[1]!)
    mkdirSync(join(folder, 'native'))
    expect(() => sh('node set.mjs 2>&1'))
      .to.throw()
      .with.property('stdout')
      .that.contains('which setShim names, does not')
    sh(`cp node_modules/nlwire/prebuilds/linux-${process.arch}/nlwire.node native/`)
    expect(sh('node set.mjs')).to.equal('')
  })

  it('what it says of messages is in the code', () => {
    const code = readFileSync(join(root, 'src/netlink/socket/find-shim.ts'), 'utf8')
    const parts = ['There is one for another machine: ', ' does not exist', 'is no file', 'it is no shared library']
    parts.push(' is of another version of nlwire: it has no ', 'there is no netlink on ', 'it is cut short')
    parts.push(', or is elsewhere: there is no nlwire.node in ', ' cannot be loaded: ', 'it is built for ')
    for (const part of parts) {
      expect(text).to.contain(part.trim())
      expect(code).to.contain(part.trim())
    }
  })
})
