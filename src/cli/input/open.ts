/** Files and standard input as sources: read as they come, unzipped where they are compressed. */
import { createReadStream, fstatSync, type Stats, statSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { Progress } from '../output/progress.js'
import { Failure } from '../process/failure.js'
import { type InputStream, streams } from '../process/streams.js'
import { HEAD, type InputSource } from './source.js'

/** So long (in milliseconds) nothing comes before what waits is shown. */
const PAUSE = 100

/** A file, or standard input for `-`. @throws Failure when it cannot be read */
export async function openSource(path: string): Promise<InputSource> {
  const name = path === '-' ? 'standard input' : path
  const stat = statOf(path)
  if (stat?.isDirectory()) throw new Failure(`${name}: it is a directory`)
  const size = stat?.isFile() ? stat.size : undefined
  const stream = path === '-' ? streams.stdin : createReadStream(path, { highWaterMark: 1 << 18 })
  const bytes = await unzipped(counted(stream as InputStream, name, new Progress(size)), name)
  return streamSource(name, bytes, size === undefined)
}

function statOf(path: string): Stats | undefined {
  try {
    if (path !== '-') return statSync(path)
    // What a caller gives as standard input has no descriptor.
    return streams.stdin === process.stdin ? fstatSync(0) : undefined
  } catch {
    // Reading it will say what is wrong.
    return undefined
  }
}

/**
 * A source of chunks.
 * @param live whether they come from somebody who may pause
 */
export function streamSource(name: string, all: AsyncIterable<Uint8Array>, live = false): InputSource {
  const iterator = all[Symbol.asyncIterator]()
  const begun: Uint8Array[] = []
  const head = new Uint8Array(HEAD)
  let length = 0
  async function next(): Promise<Uint8Array | undefined> {
    const timer = live ? setTimeout(() => source.idle?.(), PAUSE) : undefined
    try {
      const { done, value } = await iterator.next()
      return done ? undefined : value
    } finally {
      clearTimeout(timer)
    }
  }
  const source: InputSource = {
    name,
    get head() {
      return head.subarray(0, length)
    },
    async more() {
      const chunk = length < HEAD ? await next() : undefined
      if (!chunk) return false
      begun.push(chunk)
      const part = chunk.subarray(0, HEAD - length)
      head.set(part, length)
      length += part.length
      return true
    },
    async *chunks() {
      yield* begun.splice(0)
      for (let chunk = await next(); chunk; chunk = await next()) yield chunk
    },
  }
  return source
}

/** The bytes of a file, counted for the progress line. @throws Failure */
async function* counted(stream: AsyncIterable<Uint8Array>, name: string, progress: Progress) {
  try {
    for await (const chunk of stream) {
      progress.add(chunk.length)
      yield chunk
    }
  } catch (error) {
    throw new Failure(`${name}: ${reasonOf(error)}`)
  } finally {
    progress.end()
  }
}

/** What is in a gzip file: captures are often kept so. Other bytes are left as they are. */
async function unzipped(chunks: AsyncGenerator<Uint8Array>, name: string): Promise<AsyncIterable<Uint8Array>> {
  const begun: Uint8Array[] = []
  let length = 0
  while (length < 2) {
    const { done, value } = await chunks.next()
    if (done) break
    begun.push(value)
    length += value.length
  }
  async function* all() {
    yield* begun.splice(0)
    yield* chunks
  }
  const [first, second] = Buffer.concat(begun)
  if (first !== 0x1f || second !== 0x8b) return all()
  const { createGunzip } = await import('node:zlib')
  return readable(
    pipeline(Readable.from(all()), createGunzip(), () => {}),
    name,
  )
}

/** @throws Failure where the compressed data is damaged: what came before it is given */
async function* readable(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    throw error instanceof Failure
      ? error
      : new Failure(`${name}: its gzip data is damaged or ends too early: ${(error as Error).message}`)
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'it may not be read'
  return message
}
