/** Where the input comes from, as a stream of bytes or lines. */
import { Failure } from '../process/failure.js'

/** Enough to recognise a format by. */
export const HEAD = 65536
/** More than this of hex, base64 or the like was never pasted: it is read whole, and must fit. */
const LARGEST_TEXT = 256 << 20
/** No line of text is longer. */
const LARGEST_LINE = 64 << 20

/** An input whose beginning can be looked at before it is read. */
export interface InputSource {
  /** What to call it: the file's name, or `standard input`. */
  readonly name: string
  /** What has come of the first 64 KiB. */
  readonly head: Uint8Array
  /** Waits for more of the head; false when that is all of it. */
  more(): Promise<boolean>
  /** All bytes, the head included. To be called once. */
  chunks(): AsyncIterable<Uint8Array>
  /** Called each time when nothing has come for a while from what is no file: what waits should be shown then. */
  idle?: () => void
}

/** Text or bytes that are there already. */
export function memorySource(name: string, bytes: Uint8Array): InputSource {
  const chunks = async function* () {
    if (bytes.length > 0) yield bytes
  }
  return { name, head: bytes.subarray(0, HEAD), more: async () => false, chunks }
}

/** The whole text of a source. @throws Failure when it is longer than anybody pastes */
export async function textOf(source: InputSource): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of source.chunks()) {
    length += chunk.length
    if (length > LARGEST_TEXT) throw new Failure(`${source.name}: text of more than ${LARGEST_TEXT >> 20} MiB`)
    parts.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(parts)).replace(/^\ufeff/, '')
}

/** A line and its number, from 1. */
export type Line = readonly [text: string, number: number]

/** The lines of a source, without their ends. @throws Failure for a line that no text has */
export async function* linesOf(source: InputSource): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let number = 0
  // A long line comes in many pieces, which are put together once.
  let pieces: string[] = []
  let length = 0
  const finished = (last: string): Line => {
    const line = pieces.length === 0 ? last : pieces.join('') + last
    pieces = []
    length = 0
    return [line.endsWith('\r') ? line.slice(0, -1) : line, ++number]
  }
  const keep = (piece: string) => {
    length += piece.length
    if (length > LARGEST_LINE)
      throw new Failure(`${source.name}: line ${number + 1} is longer than ${LARGEST_LINE >> 20} MiB`)
    if (piece !== '') pieces.push(piece)
  }
  for await (const chunk of source.chunks()) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n')
    const rest = lines.pop()!
    for (const line of lines) yield finished(line)
    keep(rest)
  }
  keep(decoder.decode())
  if (length > 0) yield finished('')
}

/** Bytes taken from the front of a stream, as many at a time as asked for. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffer: Uint8Array = new Uint8Array()
  #at = 0
  /** How many bytes were taken so far. */
  taken = 0
  constructor(source: InputSource) {
    this.#chunks = source.chunks()[Symbol.asyncIterator]()
  }

  /** How many bytes are there without waiting. */
  get ready(): number {
    return this.#buffer.length - this.#at
  }

  /** Waits until `count` bytes are there, or the input ends; tells whether they are. */
  async need(count: number): Promise<boolean> {
    if (this.ready >= count) return true
    const parts = [this.#buffer.subarray(this.#at)]
    let length = this.ready
    while (length < count) {
      const { done, value } = await this.#chunks.next()
      if (done) break
      parts.push(value)
      length += value.length
    }
    this.#buffer = Buffer.concat(parts)
    this.#at = 0
    return length >= count
  }

  /** The next bytes without taking them: they must be there. */
  peek(count: number): Uint8Array {
    return this.#buffer.subarray(this.#at, this.#at + count)
  }

  /** Takes bytes: they must be there. */
  take(count: number): Uint8Array {
    const bytes = this.peek(count)
    this.#at += bytes.length
    this.taken += bytes.length
    return bytes
  }
}
