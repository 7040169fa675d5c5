/** Scripts in a Node of their own: what a test cannot do to the process that it runs in. */
import { spawn } from 'node:child_process'

/** The URL of a compiled source file, as in `src('netlink/socket/kernel.js')`. */
export const src = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href

/** How a child ended. */
export interface Ended {
  /** The exit status; null when a signal ended it. */
  status: number | null
  /** The signal; `SIGKILL` after the time was up. */
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Runs an ES module given as text and waits for its end, at most `timeout` milliseconds (long: the machine may be busy). */
export function runScript(
  script: string,
  { args = [], env = {}, timeout = 100_000 }: { args?: string[]; env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<Ended> {
  return runNode([...args, '--input-type=module', '-e', script], { env, timeout })
}

/** Runs Node with these arguments and waits for its end. */
export function runNode(
  args: string[],
  { env = {}, timeout = 100_000 }: { env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status, signal, stdout, stderr })
    })
  })
}
