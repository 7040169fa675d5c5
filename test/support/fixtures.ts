/** The recorded fixtures: every .nl file below fixtures/, found by itself. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseNl, type Recording } from '../../src/testing/index.js'

/** The project's folder: compiled tests are in dist/test/support. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const folder = join(root, 'fixtures')

export interface Fixture {
  /** The file below fixtures/, without its ending: `ipvlan/ipvlan-l3-bridge-add`. */
  readonly name: string
  readonly text: string
  readonly recording: Recording
  /** What `ip -j -d` said of the same thing, where it could say it. */
  readonly oracle: unknown
}

/** All recordings, sorted by name. */
export function recordings(): Fixture[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.nl'))
    .map((file) => join(file.parentPath, file.name))
    .sort()
    .map((file) => {
      const text = readFileSync(file, 'utf8')
      const beside = file.replace(/\.nl$/, '.json')
      const oracle: unknown = existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : undefined
      return { name: relative(folder, file).replace(/\.nl$/, ''), text, recording: parseNl(text), oracle }
    })
}
