/** A package that uses this one: what npm would install of its declarations, in a folder of its own. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../support/fixtures.js'

/** The compilers, by what they are called in node_modules. */
export type Compiler = 'typescript' | 'typescript-5.6' | 'typescript-5.9'

const options = [
  ...['--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'nodenext'],
  ...['--lib', 'es2023,esnext.disposable', '--types', 'node'],
]

/** Makes the folder, with `source` as its only program, for as long as `use` runs. */
export function withConsumer<T>(source: string, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'nlwire-consumer-'))
  try {
    const installed = join(folder, 'node_modules/nlwire')
    mkdirSync(installed, { recursive: true })
    cpSync(join(root, 'package.json'), join(installed, 'package.json'))
    cpSync(join(root, 'dist/src'), join(installed, 'dist/src'), { recursive: true })
    for (const name of ['@types', 'chai', 'undici-types'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
    writeFileSync(join(folder, 'consumer.ts'), source)
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a compiler says of the consumer's program: nothing where all is well. */
export function compile(folder: string, compiler: Compiler, more: readonly string[] = []): string {
  const program = join(root, 'node_modules', compiler, 'bin/tsc')
  try {
    return execFileSync(process.execPath, [program, ...options, ...more, 'consumer.ts'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
