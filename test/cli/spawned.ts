/** The command as a process of its own, for what only a process has: signals, pipes, terminals, memory. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../support/fixtures.js'
import { layer } from '../support/layers.js'
import type { Run } from './run.js'

/** The compiled program. */
export const program = join(root, 'dist/src/cli/main.js')

/** Runs the command and waits for its end. */
export function spawned(args: readonly string[], input: string | Uint8Array = '', env: NodeJS.ProcessEnv = {}): Run {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const options = { input, cwd: root, env: { ...inherited, ...env }, maxBuffer: 1 << 28 }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options)
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

/** `script` of util-linux, which gives a program a terminal of its own. */
export const pseudoTerminal = layer('a pseudo-terminal', () =>
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')
    ? undefined
    : 'there is no script command of util-linux',
)

/** Runs the command in a terminal: standard output and standard error as they come to the screen. */
export function onTerminal(columns: number, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const quoted = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const { status, stdout } = spawnSync(
    'script',
    ['--quiet', '--return', '--command', `stty cols ${columns} && exec ${quoted.join(' ')}`, '/dev/null'],
    {
      cwd: root,
      env: { ...inherited, SHELL: '/bin/sh', TERM: 'xterm', ...env },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  )
  return { status, screen: stdout.replaceAll('\r\n', '\n') }
}
