/** docs/networks.md: its programs and its commands print what it shows, in user-mode Linux. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'
import { expectGuide, guideScript, guideSteps, type Step } from '../support/guide.js'
import { needs, shim } from '../support/layers.js'
import { runInUml, uml } from './uml.js'

const guide = 'docs/networks.md'

/** The blocks of the document in their order; a program prints the block that follows it. */
function steps(): Step[] {
  const text = readFileSync(join(root, guide), 'utf8')
  const commands = guideSteps(guide, 'root')
  const found: Step[] = []
  for (const [, language, block, printed = ''] of text.matchAll(/```(console|js)\n(.*?)```(?:\n\n```\n(.*?)```)?/gs)) {
    if (language === 'js') {
      const command = `cd '${root}' && '${process.execPath}' --input-type=module - <<'END'\n${block}END`
      found.push({ command, expected: printed.trimEnd().split('\n') })
    } else found.push(...commands.splice(0, block!.match(/^\$ /gm)!.length))
  }
  expect(commands).to.deep.equal([])
  return found
}

describe(guide, () => {
  it('prints what it shows', async function () {
    needs(this, shim)
    needs(this, uml)
    const all = steps()
    expect(all).to.have.lengthOf.above(24)
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-guide-'))
    try {
      const script = join(folder, 'guide.sh')
      writeFileSync(script, `mount -t tmpfs tmpfs /var/lib\n${guideScript(all, folder)}`)
      const { stdout, stderr } = await runInUml(['bash', script], { timeout: 250 })
      expect(stderr).to.equal('')
      expectGuide(all, stdout)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
    .timeout(270_000)
    .slow(120_000)
})
