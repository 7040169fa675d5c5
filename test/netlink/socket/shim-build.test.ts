/** native/build.js: where it puts what it builds, what it gives to the compiler, and when it builds anew. */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Ended, runNode } from '../../support/child.js'
import { needs, shim } from '../../support/layers.js'

const native = fileURLToPath(new URL('../../../../native/', import.meta.url))
const own = `linux-${process.arch}`
const other = process.arch === 'arm64' ? 'x64' : 'arm64'

/** A compiler that writes down its arguments and "builds" a copy of the file that it is given. */
const compiler = `#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$@" >> "$CALLS"
while [ "$1" != -o ]; do shift; done
cp "$RESULT" "$2"
`

describe('native/build.js', () => {
  let root: string
  let result: string
  const output = (path: string) => join(root, 'prebuilds', path)
  const calls = () => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').split('\n') : [''])
  const build = (env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<Ended> => {
    const unset = { npm_config_arch: '', npm_config_platform: '', LIBC: '' }
    const made = {
      CC: join(root, 'cc'),
      CALLS: join(root, 'calls'),
      RESULT: result,
      npm_config_nodedir: join(root, 'node'),
    }
    return runNode([join(root, 'native/build.js'), ...args], { env: { ...unset, ...made, ...env } })
  }

  before(function () {
    needs(this, process.platform === 'linux', 'this is not Linux')
  })
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nlwire-build-'))
    cpSync(native, join(root, 'native'), { recursive: true, filter: (path) => !path.endsWith('.node') })
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(root, 'cc'), compiler)
    chmodSync(join(root, 'cc'), 0o755)
    mkdirSync(join(root, 'node/include/node'), { recursive: true })
    writeFileSync(join(root, 'node/include/node/node_api.h'), '')
    result = join(root, 'foreign')
    writeFileSync(result, 'of another machine')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('puts a build for another architecture where it is looked for there', async () => {
    for (const libc of ['glibc', 'musl']) {
      const { status, stderr } = await build({ npm_config_arch: other, LIBC: libc })
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    }
    expect(existsSync(output(`linux-${other}/nlwire.node`))).to.equal(true)
    expect(existsSync(output(`linux-${other}/nlwire.musl.node`))).to.equal(true)
    expect(existsSync(output(own))).to.equal(false)
  })

  it('refuses a build that this Node does not load, and leaves what was there', async () => {
    mkdirSync(output(own), { recursive: true })
    writeFileSync(output(`${own}/nlwire.node`), 'old')
    const { status, stderr } = await build()
    expect(status).to.equal(1)
    expect(stderr).to.match(
      /^nlwire: the native shim was not built: .*cc built what this Node \(\w+\) does not load: ./m,
    )
    expect(stderr).to.match(/npm_config_arch/)
    expect(readFileSync(output(`${own}/nlwire.node`), 'utf8')).to.equal('old')
    expect((await build({}, '--if-possible')).status).to.equal(0)
  })

  it('builds for Linux only, whatever system it runs on', async () => {
    const { status, stderr } = await build({ npm_config_platform: 'darwin' })
    expect({ status, calls: calls() }).to.deep.equal({ status: 1, calls: [''] })
    expect(stderr).to.match(/darwin/)
  })

  it('takes warnings for errors in the build of the tests only', async () => {
    await build({ npm_config_arch: other })
    await build({}, '--sanitize')
    expect(calls()[0]).not.to.match(/-Werror/)
    expect(calls()[1]).to.match(/-Wall -Wextra -Werror/)
  })

  it('builds anew what is older than the sources, or does not load', async function () {
    needs(this, shim)
    const built = join(native, '..', 'prebuilds', own, 'nlwire.node')
    needs(this, existsSync(built), `there is no ${built}`)
    const count = async (): Promise<number> => {
      const { status, stderr } = await build({ RESULT: built })
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
      return calls().length - 1
    }
    expect([await count(), await count()]).to.deep.equal([1, 1])
    writeFileSync(output(`${own}/nlwire.node`), 'garbage')
    expect([await count(), await count()]).to.deep.equal([2, 2])
    const source = join(root, 'native/values.c')
    writeFileSync(source, readFileSync(source))
    expect([await count(), await count()]).to.deep.equal([3, 3])
  })
})
