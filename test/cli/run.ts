/** The command, in this process: what it is given as its input and says to its outputs. `spawned.ts` runs it as people do. */
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { perform } from '../../src/cli/perform.js'
import { root } from '../support/fixtures.js'

/** A file of test/cli/input, made by the tool that its name says (README.md there). */
export const inputFile = (name: string): string => join(root, 'test/cli/input', name)

/** How the command ended. */
export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Keeps what is written to it. */
class Kept extends Writable {
  readonly chunks: Buffer[] = []
  /** As a terminal of so many columns has them. */
  isTTY?: boolean
  columns?: number
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk)
    done()
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }
}

/** Runs the command with arguments, and text or bytes as its standard input. */
export async function nlwire(
  args: readonly string[],
  input: string | Uint8Array = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Run> {
  const { status, stdout, stderr } = await run(args, input, env)
  return { status, stdout: stdout.bytes.toString(), stderr: stderr.bytes.toString() }
}

/** The same where the output is bytes. */
export const nlwireBytes = async (args: readonly string[], input: string | Uint8Array): Promise<Buffer> =>
  (await run(args, input, {})).stdout.bytes

/** Runs it with both outputs on one terminal: what comes to the screen. */
export async function onScreen(columns: number, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const terminal = Object.assign(new Kept(), { isTTY: true, columns })
  const { status } = await run(args, '', { TERM: 'xterm', ...env }, terminal, terminal)
  return { status, screen: terminal.bytes.toString() }
}

async function run(
  args: readonly string[],
  input: string | Uint8Array,
  env: NodeJS.ProcessEnv,
  stdout = new Kept(),
  stderr = new Kept(),
) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const bytes = Buffer.from(input)
  const stdin = Readable.from(bytes.length === 0 ? [] : [bytes])
  const { status } = await perform(args, { stdin, stdout, stderr, env: { ...inherited, ...env } })
  return { status, stdout, stderr }
}
