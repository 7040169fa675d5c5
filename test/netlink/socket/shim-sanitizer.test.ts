/** The shim under the address and undefined-behaviour sanitizers: no bad access, no leak, in good and bad use. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { runNode } from '../../support/child.js'
import { layer, needs, shim } from '../../support/layers.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const exercise = fileURLToPath(new URL('../../support/exercise-shim.js', import.meta.url))
let library = ''

const sanitizer = layer('a C compiler with the address sanitizer', () => {
  const compiler = process.env.CC || 'cc'
  const found = spawnSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' })
  if (found.status !== 0) return `${compiler} does not run: ${found.error?.message ?? found.stderr.trim()}`
  library = found.stdout.trim()
  return isAbsolute(library) && existsSync(library) ? undefined : 'there is no libasan (Debian: apt-get install gcc)'
})

/**
 * The leaks that are ours: memory that a call in native/ allocated. Node itself leaves the 40 bytes of an external that
 * is alive at the end.
 */
function ownLeaks(report: string): string[] {
  const leaks = report.split('\n\n').filter((block) => /(Direct|Indirect) leak of/.test(block))
  return leaks.filter((block) => /native\/\w+\.c/.test(block) && !block.includes('napi_create_external'))
}

describe('native shim under the address sanitizer', () => {
  before(function () {
    needs(this, shim)
    needs(this, sanitizer)
  })

  it('accesses nothing that it must not, and leaks nothing', async () => {
    const built = await runNode([`${root}native/build.js`, '--sanitize'], { timeout: 60000 })
    expect(built.status, built.stderr).to.equal(0)
    const { stdout, stderr, signal } = await runNode(['--expose-gc', exercise, `${root}native/build/nlwire.node`], {
      // exitcode 0: Node's own leaks are no failure of ours. A bad access still aborts, with 99.
      env: { LD_PRELOAD: library, ASAN_OPTIONS: 'detect_leaks=1', LSAN_OPTIONS: 'exitcode=0' },
      timeout: 60000,
    })
    expect(signal, stderr).to.equal(null)
    expect(stderr).to.not.match(/AddressSanitizer: (?!\d+ byte)/)
    expect(stderr).to.not.match(/runtime error:/)
    // Node's own leaks are in each report. Where there is none, the leak sanitizer did not run (under ptrace it cannot).
    expect(stderr).to.match(/ERROR: LeakSanitizer: detected memory leaks[\s\S]*SUMMARY: AddressSanitizer: \d+ byte/)
    expect(stderr).to.not.match(/LeakSanitizer has encountered a fatal error/)
    expect(ownLeaks(stderr)).to.deep.equal([])
    expect(stdout, stderr).to.equal('done\n')
  })
})
