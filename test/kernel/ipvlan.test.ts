/** ipvlan on a kernel that has it: runs ipvlan.guest.js in user-mode Linux, and says what it said. */
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { needs, shim } from '../support/layers.js'
import { runInUml, uml } from './uml.js'

interface Report {
  passes: { fullTitle: string }[]
  failures: { fullTitle: string; err: { message?: string; stack?: string } }[]
  pending: { fullTitle: string }[]
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

describe('ipvlan, with a kernel that has it', function () {
  this.timeout(180_000)
  this.slow(60_000)

  it('passes every test of ipvlan.guest.js', async function () {
    needs(this, shim)
    needs(this, uml)
    const mocha = file('../../../node_modules/mocha/bin/mocha.js')
    const words = ['--no-config', '--reporter', 'json', '--timeout', '30000', file('./ipvlan.guest.js')]
    const { stdout, stderr } = await runInUml([process.execPath, mocha, ...words], { timeout: 170 })
    const begin = stdout.indexOf('{\n  "stats"')
    if (begin < 0) throw new Error(`the tests did not run:\n${stdout}\n${stderr}`)
    const report = JSON.parse(stdout.slice(begin)) as Report
    for (const { fullTitle } of report.passes) console.log(`      ✔ ${fullTitle}`)
    const failures = report.failures.map(({ fullTitle, err }) => `${fullTitle}\n${err.stack ?? err.message}`)
    expect(failures.join('\n\n')).to.equal('')
    expect(report.pending.map(({ fullTitle }) => fullTitle)).to.deep.equal([])
    expect(report.passes.length).to.be.greaterThan(20)
  })
})
