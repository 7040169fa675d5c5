/** docs/networks.md, and the README's networks: its programs and its commands print what it shows, in user-mode Linux. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'
import { expectGuide, guideScript, guideSteps, type Step } from '../support/guide.js'
import { needs, shim } from '../support/layers.js'
import { runInUml, uml } from './uml.js'

const guide = 'docs/networks.md'

const program = (text: string): string =>
  `cd '${root}' && '${process.execPath}' --input-type=module - <<'END'\n${text}END`

/** The README's two networks, in a machine that looks like that of the document, and is left empty. */
function readmeSteps(): Step[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, block] = /## Networks\n.*?```ts\n(.*?)```/s.exec(readme)!
  const [setup, namespaces] = guideSteps(guide, 'root')
  return [
    setup!,
    namespaces!,
    { command: program(block!), expected: [] },
    {
      command: "ip netns exec net1 ping -c 2 -i 0.2 -q 192.168.110.2 | grep -o '[0-9]* received'",
      expected: ['2 received'],
    },
    { command: 'ip -all netns delete; ip link del eth0', expected: [] },
  ]
}

/** The blocks of the document in their order; a program prints the block that follows it. */
function steps(): Step[] {
  const text = readFileSync(join(root, guide), 'utf8')
  const commands = guideSteps(guide, 'root')
  const found: Step[] = []
  for (const [, language, block, printed = ''] of text.matchAll(/```(console|js)\n(.*?)```(?:\n\n```\n(.*?)```)?/gs)) {
    if (language === 'js') {
      found.push({ command: program(block!), expected: printed.trimEnd().split('\n') })
    } else found.push(...commands.splice(0, block!.match(/^\$ /gm)!.length))
  }
  expect(commands).to.deep.equal([])
  return found
}

describe(guide, () => {
  it('prints what it shows, and so do the networks of the README', async function () {
    needs(this, shim)
    needs(this, uml)
    const all = [...readmeSteps(), ...steps()]
    expect(all).to.have.lengthOf.above(28)
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
