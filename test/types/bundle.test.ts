/** A bundler takes no more than what a program uses: no module does anything when it is imported. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'chai'
import { build } from 'esbuild'
import { root } from '../support/fixtures.js'

const bundled = async (source: string) => {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: join(root, 'dist') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
    write: false,
  })
  return outputFiles[0]!.contents.length
}

describe('types/bundle', () => {
  it('fromHex alone takes less than 1 KB', async () => {
    const size = await bundled("import { fromHex } from 'nlwire/netlink'; console.log(fromHex('00'))")
    expect(size).to.be.lessThan(1024)
  })

  it('one link kind takes less than half of all of them', async () => {
    const all = await bundled("import * as r from 'nlwire/rtnl'; console.log(r)")
    expect(await bundled("import { ipvlan } from 'nlwire/rtnl'; console.log(ipvlan)")).to.be.lessThan(all / 2)
  })

  it('package.json says so, and nothing is imported for what it does', () => {
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).to.have.property('sideEffects', false)
    for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const file = join(entry.parentPath, entry.name)
      expect(readFileSync(file, 'utf8'), relative(root, file)).not.to.match(/^import '/m)
    }
  })
})
