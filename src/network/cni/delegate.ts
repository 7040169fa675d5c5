/** IPAM plugins: programs of their own, called as the runtime calls us. */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../../netlink/bytes/equal.js'
import type { Variables } from './environment.js'
import { CniError, written } from './errors.js'
import type { CniCommand } from './versions.js'

/** What is passed on to an IPAM plugin. */
export interface Delegation {
  /** CNI_PATH */
  readonly path: readonly string[]
  /** Our own variables. */
  readonly env: Variables
  /** Our own standard input. */
  readonly input: string
}

/** The first file of this name in the path. @throws CniError */
export function findPlugin(name: string, path: readonly string[]): string {
  if (path.length === 0)
    throw new CniError('environment', `CNI_PATH missing: the ipam plugin ${name} is looked for there`)
  const file = path.map((folder) => join(folder, name)).find(isFile)
  if (file !== undefined) return file
  throw new CniError('configuration', `there is no ipam plugin ${name} in ${path.join(':')} (CNI_PATH)`)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/**
 * Calls an IPAM plugin. Its standard error is ours.
 * @returns what it printed, as JSON; undefined when it printed nothing
 * @throws CniError with its code, message and details
 */
export function delegate(name: string, command: CniCommand, { path, env, input }: Delegation): unknown {
  const file = findPlugin(name, path)
  const { status, signal, stdout, error } = spawnSync(file, {
    input,
    env: { ...env, CNI_COMMAND: command },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  })
  // A plugin that ends without reading its input (EPIPE) has said what it has to say.
  if (error && status === null && signal === null)
    throw new CniError('io', `cannot run the ipam plugin ${file}: ${error.message}`, undefined, error)
  let answer: unknown
  try {
    answer = stdout.trim() === '' ? undefined : JSON.parse(stdout)
  } catch (cause) {
    const how =
      status === 0 ? 'what it printed is no JSON' : `${ending(status, signal)}, and what it printed is no JSON`
    throw new CniError(
      status === 0 ? 'decoding' : 'internal',
      `ipam plugin ${name}: ${how}`,
      written(stdout.trim()),
      cause,
    )
  }
  if (status === 0) return answer
  const { code, msg, details } = isObject(answer) ? answer : {}
  if (!Number.isSafeInteger(code) || typeof msg !== 'string')
    throw new CniError('internal', `ipam plugin ${name}: ${ending(status, signal)} without saying why`)
  throw new CniError(code as number, `ipam plugin ${name}: ${msg}`, typeof details === 'string' ? details : undefined)
}

const ending = (status: number | null, signal: string | null): string =>
  signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`
