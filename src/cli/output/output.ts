/** The output, standard output mostly: colours only where they are wanted, no more work once nobody reads it. */
import { once } from 'node:events'
import colours from 'picocolors'
import { status } from '../process/failure.js'
import { safe } from './escape.js'
import { wrap } from './wrap.js'

/** Where the output goes. */
type Stream = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly writableLength?: number
}
let stream: Stream = process.stdout

const wanted = (): boolean => {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stream.isTTY === true && process.env.TERM !== 'dumb'
}

/** The colours of the output, each a function that leaves text as it is where no colours are wanted. */
export let colour = colours.createColors(wanted())

/** Has the output go somewhere else than to standard output: to standard error or into a file. */
export function outputTo(other: Stream): void {
  stream = other
  colour = colours.createColors(wanted())
}

/** The columns of a line of output: those of the terminal, and 100 in a pipe or a file. */
export const columns = (of: Stream = stream): number => (of.isTTY ? Math.max(60, of.columns || 80) : 100)

/** Text as lines of the output, escaped; further lines begin with `hang`. */
export const lines = (text: string, hang = '  '): string[] => wrap(safe(text), columns(), { hang })

/** The same as a comment, which the reader of .nl files passes over. */
export const comment = (text: string): string[] =>
  wrap(safe(text), columns() - 2, { hang: '  ' }).map((line) => `# ${line}`)

/** Ends the process once a stream cannot be written to: quietly when the reader of a pipe has gone, as other tools do. */
export function endWhenBroken(...streams: readonly Stream[]): void {
  for (const one of streams)
    one.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') process.exit(process.exitCode)
      say(`the output cannot be written (${code ?? message})`)
      process.exit(status.wrong)
    })
}

const FLUSH_AT = 1 << 16
let pending: string[] = []
let size = 0
/** Room for the bytes of what is flushed. */
let room = Buffer.allocUnsafeSlow(4 * FLUSH_AT)

/** Prints lines; wait for the result where there may be many, so that a slow reader is not outrun. */
export const print = (...lines: readonly string[]): Promise<void> => printAll(lines)

/** The same for any number of lines. */
export async function printAll(lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    pending.push(line, '\n')
    size += line.length + 1
  }
  if (size >= FLUSH_AT || stream.isTTY) await flush()
}

/** Writes what print has gathered. */
export async function flush(): Promise<void> {
  if (size === 0) return
  const text = pending.join('')
  pending = []
  size = 0
  // Most outputs have taken everything when write returns, and then the same bytes can be used again.
  const fits = 3 * text.length <= room.length
  const more = stream.write(fits ? room.subarray(0, room.write(text)) : text)
  if (stream.writableLength !== 0) room = Buffer.allocUnsafeSlow(room.length)
  if (!more) await once(stream, 'drain')
}

/** Says something about the work itself, on standard error: elsewhere than on a terminal in one line. */
export function say(text: string): void {
  showProgress('')
  const width = process.stderr.isTTY ? columns(process.stderr) : Infinity
  const said = `nlwire: ${text}`.split('\n').flatMap((line) => wrap(line, width, { hang: '  ' }))
  process.stderr.write(`${said.join('\n')}\n`)
}

let progress = false

/** Rewrites the last line of standard error; nothing clears it. Only where it is a terminal, and no output goes there. */
export function showProgress(text: string): void {
  if (!process.stderr.isTTY || process.stdout.isTTY || (text === '' && !progress)) return
  process.stderr.write(`\r\x1b[K${text}`)
  progress = text !== ''
}

/** Writes bytes as they are. */
export async function write(bytes: Uint8Array): Promise<void> {
  await flush()
  if (!stream.write(bytes)) await once(stream, 'drain')
}
