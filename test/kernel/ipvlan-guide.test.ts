/** docs/ipvlan.md: all that it says is shown with commands, and they print what it shows, in user-mode Linux. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { expectGuide, guideScript, guideSteps } from '../support/guide.js'
import { needs } from '../support/layers.js'
import { programs } from '../support/programs.js'
import { runInUml, uml } from './uml.js'

const guide = 'docs/ipvlan.md'
const tools = programs('what the commands run', {
  ping: 'iputils-ping',
  sysctl: 'procps',
  tcpdump: 'tcpdump',
  'iptables-legacy': 'iptables',
  dnsmasq: 'dnsmasq-base',
  busybox: 'busybox-static',
})

describe(guide, () => {
  it('prints what it shows', async function () {
    needs(this, uml)
    needs(this, tools)
    const steps = guideSteps(guide, 'root')
    expect(steps).to.have.lengthOf.above(80)
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-guide-'))
    try {
      const script = join(folder, 'guide.sh')
      writeFileSync(script, guideScript(steps, folder))
      const { stdout, stderr } = await runInUml(['bash', script], { timeout: 400 })
      expect(stderr).to.equal('')
      expectGuide(steps, stdout)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
    .timeout(420_000)
    .slow(200_000)
})
