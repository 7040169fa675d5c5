/** Programs in one file, as bundlers make them, in folders of their own. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build, type Format } from 'esbuild'
import { root } from './fixtures.js'

/** Prints what the kernel says of the loopback, or the code and the message of the error. */
export const program = `
  import { openRtnl } from 'nlwire'
  async function main() {
    const rtnl = await openRtnl()
    try {
      const { ifname, ifiIndex } = await rtnl.links.get('lo')
      console.log(ifname, ifiIndex)
    } finally {
      rtnl.close()
    }
  }
  main().catch((error) => console.log(error.code, error.message))
`

/** What the program prints where it can open a socket. */
export const printed = 'lo 1\n'

/** The shim as it is built for this machine. */
export const builtShim = join(root, `prebuilds/linux-${process.arch}/nlwire.node`)

/** Bundles a program. What esbuild warns of is given back. */
export async function bundle(outfile: string, format: Format, minify: boolean, contents = program): Promise<string[]> {
  const { warnings } = await build({
    stdin: { contents, resolveDir: join(root, 'dist') },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    logLevel: 'silent',
    format,
    minify,
    outfile,
  })
  return warnings.map(({ id }) => id)
}

/** A folder that is removed when the test is done with it. */
export async function withFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nlwire-bundle-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Puts the shim where it is to be. */
export function putShim(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  copyFileSync(builtShim, path)
  return path
}
