/** All input formats, and how the right one is found. */
import { Failure } from '../process/failure.js'
import { array } from './array.js'
import { base64 } from './base64.js'
import { binary, rtmon } from './binary.js'
import { pcap, pcapng } from './capture.js'
import { dumps } from './dump.js'
import { escaped } from './escaped.js'
import type { Format, Head } from './format.js'
import { hex } from './hex.js'
import { nl } from './nl.js'
import type { InputSource } from './source.js'
import { strace } from './strace-format.js'

/** The formats; the first that fits counts: the special before the general. */
export const formats: readonly Format[] = [
  ...[pcap, pcapng, rtmon, nl, strace],
  ...dumps,
  ...[escaped, array, hex, base64, binary],
]

/** Whether bytes are text that people could have pasted. */
function headOf(bytes: Uint8Array): Head {
  let text: string | undefined = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not have
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) text = undefined
  return { bytes, text }
}

/** All that the formats of bytes look at: the header of a message of rtmon. */
const START = 24

/** Looks at the beginning of an input as it grows: what comes in which pieces makes no difference. */
class Recogniser {
  #asked = false
  #at = 0
  #line = ''

  /** The format, as soon as there is no doubt. */
  look(head: Uint8Array): Format | undefined {
    if (!this.#asked && head.length >= START) {
      this.#asked = true
      const start = headOf(head.subarray(0, START))
      const found = start.text === undefined ? formats.find((format) => format.looks(start)) : undefined
      if (found) return found
    }
    for (let end = head.indexOf(10, this.#at); end >= 0; end = head.indexOf(10, this.#at)) {
      const line = Buffer.from(head.subarray(this.#at, end)).toString('utf8').replace(/\r$/, '')
      const found = formats.find((format) => format.sure?.(line, this.#line))
      if (found) return found
      this.#line = line
      this.#at = end + 1
    }
    return undefined
  }
}

/**
 * Finds the format of an input, and waits for no more of it than that takes.
 * @param from the name of a format to take without looking
 * @throws Failure when it is in none
 */
export async function formatOf(source: InputSource, from?: string): Promise<Format> {
  const forced = from === undefined ? undefined : formats.find(({ name }) => name === from)
  if (forced) return forced
  const recogniser = new Recogniser()
  do {
    const found = recogniser.look(source.head)
    if (found) return found
  } while (await source.more())
  if (source.head.length === 0) throw new Failure(`${source.name} is empty`)
  const head = headOf(source.head)
  const other = otherwise(head)
  const found = other === undefined ? formats.find((format) => format.looks(head)) : undefined
  if (found) return found
  const what = head.text === undefined ? 'these bytes are' : 'this text is'
  const names = formats.map(({ name }) => name).join(', ')
  throw new Failure(`${source.name}: ${other ?? `${what} in none of the formats ${names}; --from names one`}`)
}

/** What an input is that people give by mistake, and what is to be done with it. */
function otherwise({ bytes, text }: Head): string | undefined {
  if (text !== undefined && /^\s*(?:\[\s*)?\{\s*"/.test(text)) return 'this is JSON: nlwire encode makes bytes of it'
  const mark = bytes[0]! * 256 + bytes[1]!
  if (mark === 0xfffe || mark === 0xfeff) return 'this is text in UTF-16: convert it first, iconv -f UTF-16 -t UTF-8'
  return undefined
}
