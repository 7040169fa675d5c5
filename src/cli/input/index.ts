/** All input formats, and how the right one is found. */
import { Failure } from '../failure.js'
import { array } from './array.js'
import { base64 } from './base64.js'
import { binary, rtmon } from './binary.js'
import { dumps } from './dump.js'
import { escaped } from './escaped.js'
import type { Format, Head } from './format.js'
import { hex } from './hex.js'
import { nl } from './nl.js'
import { pcap } from './pcap.js'
import { pcapng } from './pcapng.js'
import type { Source } from './source.js'
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not have
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) text = undefined
  return { bytes, text }
}

/**
 * Finds the format of an input.
 * @param from the name of a format to take without looking
 * @throws Failure when it is in none
 */
export function formatOf(source: Source, from?: string): Format {
  const forced = from === undefined ? undefined : formats.find(({ name }) => name === from)
  if (forced) return forced
  if (source.head.length === 0) throw new Failure(`${source.name} is empty`)
  const head = headOf(source.head)
  const found = formats.find((format) => format.looks(head))
  if (found) return found
  const what = head.text === undefined ? 'these bytes are' : 'this text is'
  throw new Failure(
    `${source.name}: ${what} in none of the formats ${formats.map(({ name }) => name).join(', ')}; --from names one`,
  )
}
