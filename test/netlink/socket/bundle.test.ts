/** Bundles open a socket: ECMAScript modules and CommonJS, minified or not, with the shim beside them or by its path. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { bundle, printed, program, putShim, withFolder } from '../../support/bundles.js'
import { runNode } from '../../support/child.js'
import { needs, shim } from '../../support/layers.js'

describe('bundles', () => {
  before(function () {
    needs(this, shim)
  })
  const run = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const { stdout, stderr } = await runNode(args, { env: { NLWIRE_SHIM: '', ...env } })
    return stdout + stderr
  }

  for (const format of ['esm', 'cjs'] as const)
    for (const minify of [false, true]) {
      const name = format === 'esm' ? 'program.mjs' : 'program.cjs'
      it(`${format}${minify ? ', minified' : ''}: the shim beside it, in prebuilds, by NLWIRE_SHIM`, () =>
        withFolder(async (folder) => {
          const file = join(folder, 'a', name)
          const warnings = await bundle(file, format, minify)
          expect(warnings).to.deep.equal(format === 'cjs' ? ['empty-import-meta'] : [])
          const none = await run([file])
          expect(none).to.match(/^ERR_NETLINK_NO_SHIM the native shim is not built for linux-/)
          expect(none).to.contain(`${folder}/a/prebuilds/linux-${process.arch}`)
          const elsewhere = putShim(join(folder, 'b/native code'))
          expect(await run([file], { NLWIRE_SHIM: elsewhere })).to.equal(printed)
          putShim(join(folder, `a/prebuilds/linux-${process.arch}/nlwire.node`))
          expect(await run([file])).to.equal(printed)
          // By a symbolic link, from another folder.
          mkdirSync(join(folder, 'bin'))
          symlinkSync(file, join(folder, 'bin', name))
          expect(await run([join(folder, 'bin', name)])).to.equal(printed)
        }))
    }

  it('the file itself beside the bundle, and setShim from within', () =>
    withFolder(async (folder) => {
      await bundle(join(folder, 'a/program.mjs'), 'esm', false)
      putShim(join(folder, 'a/nlwire.node'))
      expect(await run([join(folder, 'a/program.mjs')])).to.equal(printed)
      const path = putShim(join(folder, 'b/own.so'))
      const set = `import { setShim } from 'nlwire/netlink'; setShim(${JSON.stringify(path)});${program}`
      await bundle(join(folder, 'c/program.cjs'), 'cjs', true, set)
      expect(await run([join(folder, 'c/program.cjs')])).to.equal(printed)
      expect(await run([join(folder, 'c/program.cjs')], { NLWIRE_SHIM: '/nowhere' })).to.equal(printed)
    }))

  it('beside the program that imports the bundle, and that one only', () =>
    withFolder(async (folder) => {
      await bundle(join(folder, 'lib/deep/library.mjs'), 'esm', false)
      writeFileSync(join(folder, 'main.mjs'), "import './lib/deep/library.mjs'")
      putShim(join(folder, `prebuilds/linux-${process.arch}/nlwire.node`))
      expect(await run([join(folder, 'main.mjs')])).to.equal(printed)
      // What a text is told is no program.
      const library = JSON.stringify(join(folder, 'lib/deep/library.mjs'))
      const text = ['--input-type=module', '-e', `import(${library})`, join(folder, 'main.mjs')]
      expect(await run(text)).to.match(/^ERR_NETLINK_NO_SHIM/)
    }))
})
