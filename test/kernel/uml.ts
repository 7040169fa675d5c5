/** Commands in a kernel that has ipvlan, whatever this machine's kernel has: Debian's user-mode-linux, by uml-run. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { layer } from '../support/layers.js'
import { isInstalled } from '../support/programs.js'

// Compiled, this file is in dist/test/kernel; the script stays where it was written.
const script = fileURLToPath(new URL('../../../test/kernel/uml-run', import.meta.url))
const modules = '/usr/lib/uml/modules'
const install = 'apt-get install -y --no-install-recommends user-mode-linux kmod iproute2'

/** Whether user-mode Linux can run here; if not, why, and the command that installs it. */
export function umlAvailable(): { available: true } | { available: false; reason: string } {
  const unavailable = (reason: string) => ({ available: false, reason: `${reason}; as root: ${install}` }) as const
  if (process.platform !== 'linux') return { available: false, reason: 'user-mode Linux runs on Linux only' }
  for (const program of ['linux.uml', 'modprobe', 'ip']) {
    if (!isInstalled(program)) return unavailable(`there is no ${program}`)
  }
  try {
    if (readdirSync(modules).length > 0) return { available: true }
  } catch {
    // No such folder, said below.
  }
  return unavailable(`there are no kernel modules in ${modules}`)
}

/** User-mode Linux as a layer of tests: `before(function () { needs(this, uml) })`. */
export const uml = layer('user-mode Linux', () => {
  const found = umlAvailable()
  return found.available ? undefined : found.reason
})

export interface UmlOptions {
  /** Variables besides our own environment; undefined takes one away. */
  env?: Record<string, string | undefined>
  /** Where the command starts, in the guest as well as here. Default: our own. */
  cwd?: string
  /** Seconds for all, the start of the kernel (about 2) as well. Default 120. */
  timeout?: number
}

export interface UmlResult {
  /** The command's exit status; 124 time-out, 125 the guest died (see stderr), 126 it did not start. */
  status: number
  stdout: string
  stderr: string
}

/**
 * Runs a command as root in a fresh guest, which ends with it.
 * @throws {Error} when uml-run itself cannot be run or is killed
 * @example
 * const { stdout } = await runInUml(['ip', '-br', 'link'])
 */
export function runInUml(command: readonly string[], options: UmlOptions = {}): Promise<UmlResult> {
  const env = { ...process.env, UML_TIMEOUT: String(options.timeout ?? 120), ...options.env }
  return new Promise((resolve, reject) => {
    const child = spawn(script, command, { env, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (status, signal) => {
      if (status === null) reject(new Error(`uml-run was ended by ${signal}\n${stderr}`))
      else resolve({ status, stdout, stderr })
    })
  })
}
