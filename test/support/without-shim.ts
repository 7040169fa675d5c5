/** The package as it is where the native shim is not built. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './fixtures.js'

/**
 * Makes a copy without the shim, and removes it again.
 * @param parts what of dist is wanted
 */
export async function withoutShim<T>(parts: readonly string[], use: (folder: string) => T): Promise<Awaited<T>> {
  const folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
  try {
    for (const part of parts) cpSync(join(root, 'dist', part), join(folder, 'dist', part), { recursive: true })
    for (const name of ['package.json', 'tsconfig.json', 'docs', 'fixtures', 'node_modules', 'src', 'test'])
      symlinkSync(join(root, name), join(folder, name))
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
