/** The command while it runs: for commands that go on until they are stopped. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Ended } from '../support/child.js'
import { root } from '../support/fixtures.js'
import { program } from './spawned.js'

const alive = new Set<ChildProcessWithoutNullStreams>()

/** A command that runs. */
export class Live {
  readonly child: ChildProcessWithoutNullStreams
  stdout = ''
  stderr = ''
  readonly #ended: Promise<Ended>
  #told: () => void = () => {}

  /** @param before what stands before the command: `['ip', 'netns', 'exec', 'net1']` */
  constructor(args: readonly string[], before: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
    const [command, ...rest] = [...before, process.execPath, program, ...args]
    this.child = spawn(command!, rest, { cwd: root, env: { ...inherited, ...env } })
    alive.add(this.child)
    this.child.stdout.on('data', (chunk) => {
      this.stdout += chunk
      this.#told()
    })
    this.child.stderr.on('data', (chunk) => {
      this.stderr += chunk
      this.#told()
    })
    this.#ended = new Promise((resolve) => {
      this.child.once('close', (status, signal) => {
        alive.delete(this.child)
        this.#told()
        resolve({ status, signal, stdout: this.stdout, stderr: this.stderr })
      })
    })
  }

  /** Waits until what it has said so far fulfils a condition, or it has ended. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition() && alive.has(this.child))
      await new Promise<void>((resolve) => {
        this.#told = resolve
      })
  }

  /** Waits until the monitor listens. */
  listening(): Promise<void> {
    return this.until(() => `${this.stdout}${this.stderr}`.includes('listening to '))
  }

  /** Waits for its end. */
  ended(): Promise<Ended> {
    return this.#ended
  }

  /** Ends it by a signal. */
  stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    this.child.kill(signal)
    return this.#ended
  }
}

/** Ends what a test that failed has left running: for an after hook. */
export function stopAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the command, which a test looks at member by member
type Json = any

/** Lines of JSON. */
export const jsonLines = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
