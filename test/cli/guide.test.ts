/** docs/what-do-these-bytes-say.md: every command that it shows is run, and prints what it shows. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { root } from '../support/fixtures.js'
import { expectGuide, guideScript, guideSteps } from '../support/guide.js'
import { needs } from '../support/layers.js'

const guide = 'docs/what-do-these-bytes-say.md'

describe(guide, () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-guide-'))
    cpSync(join(root, 'test/cli/guide'), folder, { recursive: true })
  })
  after(() => rmSync(folder, { recursive: true }))

  it('what anybody can do', () => {
    const steps = guideSteps(guide, 'anybody')
    expect(steps).to.have.lengthOf.above(8)
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env
    const script = guideScript(steps, folder)
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env, maxBuffer: 1 << 26 })
    expectGuide(steps, stdout)
  })

  it('what root can do, in a kernel with ipvlan and nlmon', async function () {
    needs(this, uml)
    const steps = guideSteps(guide, 'root')
    expect(steps).to.have.lengthOf.above(4)
    const script = join(folder, 'as-root.sh')
    writeFileSync(script, guideScript(steps, folder))
    const { stdout, stderr } = await runInUml(['bash', script])
    expect(stderr).to.equal('')
    expectGuide(steps, stdout)
  }).timeout(180_000)
})
