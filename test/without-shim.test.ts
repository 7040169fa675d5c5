/** What is said to work without the native shim is tested once more where there is none. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from './support/fixtures.js'
import { withoutShim } from './support/without-shim.js'

const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
/** The guide's tests compile it, and run it on a kernel as well. */
const kit = readdirSync(join(root, 'dist/test/testing')).filter(
  (name) => name.endsWith('.test.js') && name !== 'guide.test.js',
)
const files = [
  ...kit.map((name) => `testing/${name}`),
  ...['decode', 'diff-explain', 'roundtrip'].map((name) => `cli/${name}.test.js`),
]

describe('without the native shim', () => {
  it('the test kit, and decode, encode, diff and explain', () =>
    withoutShim(['src', 'test'], (folder) => {
      // What these tests do on a kernel is left out, and says so.
      const { CI: _, ...env } = process.env
      const tests = files.map((name) => `dist/test/${name}`)
      const { status, stdout } = spawnSync(
        process.execPath,
        [mocha, '--no-config', '--timeout', '60000', '--reporter', 'dot', ...tests],
        { cwd: folder, env, encoding: 'utf8' },
      )
      expect(status, stdout).to.equal(0)
      expect(stdout).to.match(/\d{3} passing/)
      expect(Number(/(\d+) pending/.exec(stdout)?.[1] ?? 0), stdout).to.be.below(10)
    })).timeout(300_000)
})
