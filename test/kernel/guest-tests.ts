/** Runs a file of tests in user-mode Linux, and says what it said. */
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { runInUml } from './uml.js'

interface Report {
  passes: { fullTitle: string }[]
  failures: { fullTitle: string; err: { message?: string; stack?: string } }[]
  pending: { fullTitle: string }[]
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/**
 * Runs a file of this folder there. A test that fails or is skipped there is a failure here.
 * @param options.timeout seconds for all of them
 * @param options.memory the guest's
 * @returns how many tests passed
 * @example await runGuestTests('./ipvlan.guest.js')
 */
export async function runGuestTests(file: string, { timeout = 170, memory = '1024M' } = {}): Promise<number> {
  const mocha = path('../../../node_modules/mocha/bin/mocha.js')
  const words = ['--no-config', '--reporter', 'json', '--timeout', '30000', path(file)]
  const { stdout, stderr } = await runInUml([process.execPath, mocha, ...words], { timeout, env: { UML_MEM: memory } })
  const begin = stdout.indexOf('{\n  "stats"')
  if (begin < 0) throw new Error(`the tests did not run:\n${stdout}\n${stderr}`)
  const report = JSON.parse(stdout.slice(begin)) as Report
  for (const { fullTitle } of report.passes) console.log(`      ✔ ${fullTitle}`)
  const failures = report.failures.map(({ fullTitle, err }) => `${fullTitle}\n${err.stack ?? err.message}`)
  expect(failures.join('\n\n')).to.equal('')
  expect(report.pending.map(({ fullTitle }) => fullTitle)).to.deep.equal([])
  return report.passes.length
}
