/** Where the input comes from: a file, standard input or the command line, read as a stream. */
import { createReadStream } from 'node:fs'
import { Failure } from '../failure.js'

/** Enough to recognise a format by. */
const HEAD = 65536
/** More than this of hex, base64 or the like was never pasted: it is read whole, and must fit. */
const LARGEST_TEXT = 256 << 20

/** An input whose beginning is known. */
export interface Source {
  /** What to call it: the file's name, or `standard input`. */
  readonly name: string
  /** The first bytes: all of them when there are fewer than 64 KiB. */
  readonly head: Uint8Array
  /** All bytes, the head included. To be called once. */
  chunks(): AsyncIterable<Uint8Array>
}

/** Text or bytes that are there already. */
export function memorySource(name: string, bytes: Uint8Array): Source {
  const chunks = async function* () {
    if (bytes.length > 0) yield bytes
  }
  return { name, head: bytes.subarray(0, HEAD), chunks }
}

/** A file, or standard input for `-`. @throws Failure when it cannot be read */
export async function openSource(path: string): Promise<Source> {
  const name = path === '-' ? 'standard input' : path
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 })
  const iterator = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  const begun: Uint8Array[] = []
  let length = 0
  const next = async () => {
    try {
      return await iterator.next()
    } catch (error) {
      throw new Failure(`${name}: ${reasonOf(error)}`)
    }
  }
  while (length < HEAD) {
    const { done, value } = await next()
    if (done) break
    begun.push(value)
    length += value.length
  }
  async function* chunks() {
    yield* begun
    begun.length = 0
    for (let one = await next(); !one.done; one = await next()) yield one.value
  }
  return { name, head: Buffer.concat(begun).subarray(0, HEAD), chunks }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'it may not be read'
  if (code === 'EISDIR') return 'it is a directory'
  return message
}

/** The whole text of a source. @throws Failure when it is longer than anybody pastes */
export async function textOf(source: Source): Promise<string> {
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

/** The lines of a source, without their ends. */
export async function* linesOf(source: Source): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let rest = ''
  let number = 0
  for await (const chunk of source.chunks()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield [line.endsWith('\r') ? line.slice(0, -1) : line, ++number]
  }
  rest += decoder.decode()
  if (rest !== '') yield [rest, ++number]
}

/** Bytes taken from the front of a stream, as many at a time as asked for. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffer: Uint8Array = new Uint8Array()
  #at = 0
  /** How many bytes were taken so far. */
  taken = 0
  constructor(source: Source) {
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
