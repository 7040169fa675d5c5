/** nlwire trace: what does a command say to the kernel, and what does it hear? */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Piece } from '../input/piece.js'
import { strace } from '../input/strace-format.js'
import type { Showing } from '../messages/annotated.js'
import { safe } from '../output/escape.js'
import { colour, endWhenBroken, flush, outputTo, print } from '../output/output.js'
import { Failure, status } from '../process/failure.js'
import { streams } from '../process/streams.js'
import { printPieces } from './decode.js'
import { startTrace } from './strace-run.js'

export interface TraceCommand extends Showing {
  readonly json: boolean
  readonly output?: string | undefined
  readonly pid?: number | undefined
  readonly program: readonly string[]
}

/** Runs a command and prints its netlink conversation. @returns the command's own exit status; 2 when it cannot be run */
export async function traceCommand({ program, pid, output, ...showing }: TraceCommand): Promise<number> {
  if (pid === undefined && program.length === 0) throw new Failure('no command: nlwire trace -- COMMAND [ARGUMENT ...]')
  if (pid !== undefined && program.length > 0) throw new Failure('give a command or --pid, not both')
  const file = await opened(output)
  const { source, ended } = startTrace({ program, pid })
  if (!showing.json) await print(colour.dim(safe(`# ${pid === undefined ? program.join(' ') : `process ${pid}`}`)))
  const { datagrams } = await printPieces(live(strace.read(source, {})), showing, source)
  const own = await ended()
  if (datagrams === 0 && own !== undefined && !showing.json) await print(colour.dim('# no netlink in it'))
  await flush()
  if (file) await finished(file.end())
  return own ?? status.wrong
}

/** Standard error, as for strace: standard output is the command's. */
async function opened(output: string | undefined) {
  if (output === '-') return undefined
  if (output === undefined) {
    outputTo(streams.stderr)
    return undefined
  }
  const file = createWriteStream(output)
  try {
    await once(file, 'open')
  } catch (error) {
    throw new Failure(`${output}: it cannot be written (${(error as NodeJS.ErrnoException).code})`)
  }
  endWhenBroken(file)
  outputTo(file)
  return file
}

/** The same pieces, each printed before the next is waited for. Nobody sees the lines of the trace: no numbers of them. */
async function* live(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    yield { ...piece, where: piece.where.replace(/^line \d+(?:, )?/, '') }
    await flush()
  }
}
