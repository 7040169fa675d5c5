/** The output, standard output mostly: colours only where they are wanted, no more work once nobody reads it. */
import { once } from 'node:events'
import colours from 'picocolors'
import { type OutputStream, type Streams, streams, useStreams } from '../process/streams.js'
import { safe } from './escape.js'
import { wrap } from './wrap.js'

let stream: OutputStream = streams.stdout

const wanted = (): boolean => {
  const { NO_COLOR, FORCE_COLOR, TERM } = streams.env
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stream.isTTY === true && TERM !== 'dumb'
}

/** The colours of the output, each a function that leaves text as it is where no colours are wanted. */
export let colour = colours.createColors(wanted())

/** Has the output go somewhere else than to standard output: to standard error or into a file. */
export function outputTo(other: OutputStream): void {
  stream = other
  colour = colours.createColors(wanted())
}

/**
 * Begins the output of a command: nothing is left of that of the command before.
 * @param broken called once, when an output cannot be written to
 */
export function beginOutput(given: Streams, broken: (error: NodeJS.ErrnoException) => void): void {
  useStreams(given)
  pending = []
  size = 0
  progress = false
  whenBroken = broken
  outputTo(given.stdout)
}

let whenBroken: (error: NodeJS.ErrnoException) => void = () => {}

/** Notices that a stream cannot be written to, as when the reader of a pipe has gone. @returns what ends the watch */
export function endWhenBroken(...watched: readonly OutputStream[]): () => void {
  const broken = (error: NodeJS.ErrnoException) => whenBroken(error)
  for (const one of watched) one.on('error', broken)
  return () => {
    for (const one of watched) one.off('error', broken)
  }
}

/** The columns of a line of output: those of the terminal, and 100 in a pipe or a file. */
export const columns = (of: OutputStream = stream): number => (of.isTTY ? Math.max(60, of.columns || 80) : 100)

/** Text as lines of the output, escaped; further lines begin with `hang`. */
export const lines = (text: string, hang = '  '): string[] => wrap(safe(text), columns(), { hang })

/** The same as a comment, which the reader of .nl files passes over. */
export const comment = (text: string): string[] =>
  wrap(safe(text), columns() - 2, { hang: '  ' }).map((line) => `# ${line}`)

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
  // The process's own output has mostly taken everything when write returns: the same bytes can be used again then.
  const fits = stream === process.stdout && 3 * text.length <= room.length
  const more = stream.write(fits ? room.subarray(0, room.write(text)) : text)
  if (stream.writableLength !== 0) room = Buffer.allocUnsafeSlow(room.length)
  if (!more) await once(stream, 'drain')
}

/** Says something about the work itself, on standard error: elsewhere than on a terminal in one line. */
export function say(text: string): void {
  showProgress('')
  const width = streams.stderr.isTTY ? columns(streams.stderr) : Infinity
  const said = `nlwire: ${text}`.split('\n').flatMap((line) => wrap(line, width, { hang: '  ' }))
  streams.stderr.write(`${said.join('\n')}\n`)
}

/** Waits until the outputs have taken all that was written: what they cannot take is told as broken. */
export async function settled(...outputs: readonly OutputStream[]): Promise<void> {
  for (const one of outputs)
    await new Promise<void>((resolve) => {
      one.write('', (error) => (error ? whenBroken(error) : resolve()))
    })
}

let progress = false

/** Rewrites the last line of standard error; nothing clears it. Only where it is a terminal, and no output goes there. */
export function showProgress(text: string): void {
  if (!streams.stderr.isTTY || streams.stdout.isTTY || (text === '' && !progress)) return
  streams.stderr.write(`\r\x1b[K${text}`)
  progress = text !== ''
}

/** Writes bytes as they are. */
export async function write(bytes: Uint8Array): Promise<void> {
  await flush()
  if (!stream.write(bytes)) await once(stream, 'drain')
}
