/** The input of a command: files, standard input or bytes on the command line, as pieces. */
import { existsSync } from 'node:fs'
import type { ByteOrder } from '../../netlink/index.js'
import { Failure } from '../process/failure.js'
import type { Format } from './format.js'
import { formatOf } from './index.js'
import { openSource } from './open.js'
import type { Piece } from './piece.js'
import { type InputSource, memorySource } from './source.js'

/** What the command line says about the input. */
export interface InputOptions {
  readonly from?: string | undefined
  readonly byteOrder?: ByteOrder | undefined
  readonly message?: string | undefined
}

/** An input, recognised. */
export interface Input {
  readonly source: InputSource
  readonly format: Format
  readonly pieces: AsyncIterable<Piece>
}

/**
 * The inputs that arguments name: files where there are such, else the bytes themselves; standard input for none.
 * @throws Failure when something cannot be read or is in no known format
 */
export async function* inputs(args: readonly string[], options: InputOptions): AsyncGenerator<Input> {
  for await (const source of sources(args)) {
    const format = await formatOf(source, options.from)
    const hints = { byteOrder: options.byteOrder, payload: options.message !== undefined }
    yield { source, format, pieces: format.read(source, hints) }
  }
}

async function* sources(args: readonly string[]): AsyncGenerator<InputSource> {
  if (args.length === 0) {
    yield await openSource('-')
    return
  }
  const isFile = (arg: string) => arg === '-' || existsSync(arg)
  if (args.every(isFile)) for (const arg of args) yield await openSource(arg)
  else {
    const missing = args.find((arg) => /[./]/.test(arg) && !isFile(arg) && !/\\x|,/.test(arg))
    if (missing !== undefined) throw new Failure(`${missing}: there is no such file`)
    yield memorySource('the command line', Buffer.from(args.join(' ')))
  }
}
