/** What must not be seen, and what stands in its place: found within texts, and within bytes that no definition knows. */
import { copyOf } from '../../netlink/bytes/bytes.js'
import { parseAddress } from '../../netlink/schema/types/address.js'
import { encodeText } from '../../netlink/schema/types/text.js'

const isMac = (text: string): boolean => /^[0-9a-f]{2}(:[0-9a-f]{2}){3,}$/i.test(text)
const macBytes = (text: string): Uint8Array => Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16))

/** The half of an IPv6 address that is made from an Ethernet address (EUI-64). */
function eui64(mac: Uint8Array): Uint8Array | undefined {
  if (mac.length !== 6) return undefined
  const [a, b, c, d, e, f] = mac as unknown as [number, number, number, number, number, number]
  return Uint8Array.of(a ^ 2, b, c, 0xff, 0xfe, d, e, f)
}

/** The forms in which a value can stand in bytes: as text, as an address, and within another address. */
function forms(text: string): (Uint8Array | undefined)[] {
  const mac = isMac(text) ? macBytes(text) : undefined
  const address = mac ? undefined : parseAddress(text)
  return [encodeText(text), mac, mac && eui64(mac), address]
}

/** Fewer bytes than these are found everywhere by chance. */
const LEAST = 3

/** Names and addresses, each with its replacement. */
export class Needles {
  readonly #values: Map<string, string>
  #pattern: RegExp | undefined
  #bytes: (readonly [from: Uint8Array, to: Uint8Array])[] | undefined

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(values))
  }

  get(text: string): string | undefined {
    return this.#values.get(text)
  }

  set(text: string, replacement: string): void {
    if (text === '' || this.#values.get(text) === replacement) return
    this.#values.set(text, replacement)
    this.#pattern = undefined
    this.#bytes = undefined
  }

  /** A text, in which they may stand as words, between any signs: `secret0: busy`, `10.1.2.3/24`, `[secret0]`. */
  text(text: string): string {
    const whole = this.#values.get(text)
    if (whole !== undefined) return whole
    if (this.#values.size === 0) return text
    this.#pattern ??= patternOf([...this.#values.keys()])
    return text.replace(this.#pattern, (word) => this.#values.get(word) ?? word)
  }

  /** An address whose second half is made from a hardware address that is replaced. */
  derived(text: string): string {
    const bytes = isMac(text) ? undefined : parseAddress(text)
    if (bytes?.length !== 16) return text
    const changed = this.bytes(bytes)
    if (changed === bytes) return text
    const groups = Array.from({ length: 8 }, (_, i) => ((changed[2 * i]! << 8) | changed[2 * i + 1]!).toString(16))
    return groups.join(':')
  }

  /** Bytes of which nothing is known; their length stays. The same bytes where nothing is found. */
  bytes(bytes: Uint8Array): Uint8Array {
    this.#bytes ??= [...this.#values]
      .flatMap(([from, to]) => pairsOf(from, to))
      .sort((a, b) => b[0].length - a[0].length)
    let changed = bytes
    for (const [from, to] of this.#bytes)
      for (let at = find(changed, from, 0); at >= 0; at = find(changed, from, at + from.length)) {
        if (changed === bytes) changed = copyOf(bytes)
        changed.set(to, at)
      }
    return changed
  }
}

function patternOf(words: readonly string[]): RegExp {
  const sorted = words.filter(Boolean).sort((a, b) => b.length - a.length)
  const escaped = sorted.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_])`, 'gu')
}

/** What is replaced by what, in each form, in as many bytes. */
function pairsOf(from: string, to: string): (readonly [Uint8Array, Uint8Array])[] {
  if (from === to) return []
  const instead = forms(to)
  return forms(from).flatMap((bytes, i) => {
    if (!bytes || bytes.length < LEAST) return []
    const fitting = new Uint8Array(bytes.length)
    fitting.set((instead[i] ?? instead[0]!).subarray(0, bytes.length))
    return same(fitting, bytes) ? [] : [[bytes, fitting] as const]
  })
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

function find(bytes: Uint8Array, part: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(part[0]!, from); at >= 0; at = bytes.indexOf(part[0]!, at + 1)) {
    if (at + part.length > bytes.length) return -1
    if (part.every((byte, i) => bytes[at + i] === byte)) return at
  }
  return -1
}
