/** Standard output: colours only where they are wanted, no more work once nobody reads it. */
import { once } from 'node:events'
import colours from 'picocolors'
import { wrap } from '../netlink/wrap.js'
import { safe } from './escape.js'

const fromEnvironment = (): boolean => {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return process.stdout.isTTY === true && process.env.TERM !== 'dumb'
}

/** The colours of the output, each a function that leaves text as it is where no colours are wanted. */
export const colour = colours.createColors(fromEnvironment())

/** The columns of a line of output: those of the terminal, and 100 in a pipe or a file. */
export const columns = (stream: NodeJS.WriteStream = process.stdout): number =>
  stream.isTTY ? Math.max(60, stream.columns || 80) : 100

/** Text as lines of the output, escaped; further lines begin with `hang`. */
export const lines = (text: string, hang = '  '): string[] => wrap(safe(text), columns(), { hang })

/** The same as a comment, which the reader of .nl files passes over. */
export const comment = (text: string): string[] =>
  wrap(safe(text), columns() - 2, { hang: '  ' }).map((line) => `# ${line}`)

/** Once the reader of a pipe has gone there is nothing left to do: end quietly, as other tools do. */
export function endOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode)
      throw error
    })
}

const FLUSH_AT = 1 << 16
let pending: string[] = []
let size = 0

/** Prints lines; wait for the result where there may be many, so that a slow reader is not outrun. */
export async function print(...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    pending.push(line, '\n')
    size += line.length + 1
  }
  if (size >= FLUSH_AT || process.stdout.isTTY) await flush()
}

/** Writes what print has gathered. */
export async function flush(): Promise<void> {
  if (size === 0) return
  const text = pending.join('')
  pending = []
  size = 0
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Says something about the work itself, on standard error: elsewhere than on a terminal in one line. */
export function say(text: string): void {
  const width = process.stderr.isTTY ? columns(process.stderr) : Infinity
  const said = `nlwire: ${text}`.split('\n').flatMap((line) => wrap(line, width, { hang: '  ' }))
  process.stderr.write(`${said.join('\n')}\n`)
}

/** Writes bytes as they are. */
export async function write(bytes: Uint8Array): Promise<void> {
  await flush()
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
}
