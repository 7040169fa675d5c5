/** What is said to work without the native shim works where there is none: the test kit, and all of the command but its sockets. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from './support/fixtures.js'
import { withoutShim } from './support/without-shim.js'

const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
const files = ['testing/replay/replay', 'testing/fake/fake-kernel', 'cli/diff-explain', 'cli/roundtrip']

describe('without the native shim', () => {
  it('a replay, a fake kernel, decode, encode, diff and explain', () =>
    withoutShim(['src', 'test'], (folder) => {
      const tests = files.map((name) => `dist/test/${name}.test.js`)
      const { status, stdout } = spawnSync(
        process.execPath,
        [mocha, '--no-config', '--timeout', '120000', '--reporter', 'dot', ...tests],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      )
      expect(status, stdout).to.equal(0)
      expect(stdout)
        .to.match(/\d{2,} passing/)
        .and.not.match(/pending/)
    }))
})
