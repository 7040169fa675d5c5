/**
 * Strings, bytes and the flag. Names in netlink are bytes: what is valid UTF-8 is shown so; any other byte 0x80-0xff
 * stands as the lone surrogate U+DC80-U+DCFF (as in Python's surrogateescape), so that no name is lost or doubled.
 */

import { copyOf, hexPairs, toHex, type Writer } from '../../bytes/bytes.js'
import { visible } from '../../bytes/visible.js'
import { type Expected, type Leaf, leaf } from '../type.js'
import { checkSize } from '../validate.js'
import { decodeText } from './utf8.js'

const utf8 = new TextEncoder()

/** Text to bytes, the reverse of decodeText. */
export function encodeText(text: string): Uint8Array {
  // Without surrogate escapes this is plain UTF-8.
  if (!/[\udc80-\udcff]/.test(text)) return utf8.encode(text)
  const parts: number[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) parts.push(code - 0xdc00)
    else parts.push(...utf8.encode(character))
  }
  return new Uint8Array(parts)
}

/** Text as it is printed in dissections: quoted, with control characters and escaped bytes made visible. */
export const quote = (text: string): string =>
  visible(
    JSON.stringify(text)
      .replace(/\\?[\udc80-\udcff]/g, (c) => `\\x${(c.charCodeAt(c.length - 1) - 0xdc00).toString(16)}`)
      .replace(/\\udc([89a-f][0-9a-f])/g, '\\x$1'),
  )

/** Which texts an attribute takes. */
export interface StringOptions {
  /** The most bytes, without the closing NUL. */
  readonly max?: number
  /** A further rule: what would be accepted, when the text is not. */
  readonly rule?: (text: string) => Expected | undefined
  /** ASCII text without these characters keeps the rule for certain: it need not be asked. */
  readonly unless?: string
}

function text(name: string, closed: boolean, { max, rule, unless }: StringOptions): Leaf<string> {
  if (max !== undefined && !(Number.isInteger(max) && max >= 0))
    throw new Error(`${name}: max ${max}: expected an integer from 0`)
  const suspect = new Uint8Array(128)
  suspect[0] = 1
  for (const character of unless ?? '') suspect[character.charCodeAt(0)] = 2
  const sure = unless !== undefined || rule === undefined
  const accepted: Expected = { kind: 'string', ...(max === undefined ? {} : { max }) }
  const problem = (value: unknown): Expected | undefined => {
    if (typeof value !== 'string' || value.includes('\0')) return accepted
    if (max !== undefined) {
      const length = encodeText(value).length
      if (length > max) return { kind: 'string', max, length }
    }
    return rule?.(value)
  }
  const writeWide = (w: Writer, value: string) => {
    if (problem(value) !== undefined) return false
    w.put(encodeText(value))
    if (closed) w.take(1)
    return true
  }
  return leaf<string>({
    kind: 'string',
    name,
    problem,
    read(r, at, end) {
      // The first NUL ends the text, as it does for the kernel; what follows is kept by lossless decoding only.
      const { bytes } = r
      let stop = at
      while (stop < end && bytes[stop] !== 0) stop++
      return decodeText(bytes, at, stop)
    },
    tryWrite(w, value) {
      if (typeof value !== 'string') return false
      const { length } = value
      if (max !== undefined && length > max) return false
      let ask = !sure || (rule !== undefined && length === 0)
      const at = w.room(closed ? length + 1 : length)
      const { bytes } = w
      if (closed) bytes[at + length] = 0
      for (let i = 0; i < length; i++) {
        const code = value.charCodeAt(i)
        if (code >= 0x80) {
          w.length = at
          return writeWide(w, value)
        }
        if (suspect[code] !== 0) {
          if (code === 0) return false
          ask = true
        }
        bytes[at + i] = code
      }
      return !ask || rule?.(value) === undefined
    },
    show: quote,
    describe: max === undefined ? {} : { max },
  })
}

/** Text that is written with its closing NUL (NLA_NUL_STRING), as the kernel writes nearly every name. Read with or without. */
export const nulString = (options: StringOptions = {}): Leaf<string> => text('nul-string', true, options)
/** Text that is written without a closing NUL (NLA_STRING). Read with or without. */
export const string = (options: StringOptions = {}): Leaf<string> => text('string', false, options)

/** An attribute that says all by being there (NLA_FLAG): `true`. */
export const flag: Leaf<true> = leaf<true>({
  kind: 'flag',
  name: 'flag',
  problem: (value) => (value === true ? undefined : { kind: 'flag' }),
  read: () => true,
  write() {},
  show: () => 'true',
})

/** Bytes in a note: the dump beside it has them all, so a long run is cut. */
const showBytes = (value: Uint8Array): string =>
  value.length === 0
    ? 'empty'
    : value.length <= 24
      ? toHex(value)
      : `${toHex(value.subarray(0, 20))}... (${value.length} bytes)`

/** Bytes as they are (NLA_BINARY), as a Uint8Array of its own. */
/** What `bytes` is. */
export interface Bytes extends Leaf<Uint8Array> {}

export const bytes: Bytes = leaf<Uint8Array>({
  kind: 'bytes',
  name: 'bytes',
  problem: (value) => (value instanceof Uint8Array ? undefined : { kind: 'bytes' }),
  read: (r, at, end) => copyOf(r.bytes, at, end),
  exact: () => true,
  write: (w, value) => w.put(value),
  show: showBytes,
})

/**
 * A fixed number of bytes, in a struct.
 * @example fixedBytes(16)
 */
export const fixedBytes = (size: number): Bytes & { readonly size: number } => {
  checkSize('fixedBytes', size)
  const type = leaf<Uint8Array>({
    kind: 'bytes',
    name: `bytes(${size})`,
    size,
    problem: (value) => (value instanceof Uint8Array && value.length === size ? undefined : { kind: 'bytes', size }),
    read: (r, at) => copyOf(r.bytes, at, at + size),
    write: (w, value) => w.put(value),
    show: showBytes,
  })
  return Object.freeze({ ...type, size })
}

/** A hardware address of any length in colon-separated hex: six bytes for Ethernet, four or sixteen for tunnels. */
export const mac: Leaf<string> = leaf<string>({
  kind: 'mac',
  name: 'mac',
  problem: (value) =>
    typeof value === 'string' && (value === '' || /^[0-9a-f]{2}(:[0-9a-f]{2})*$/i.test(value))
      ? undefined
      : { kind: 'notation', what: 'a hardware address', examples: ['02:00:5e:10:00:01'] },
  read: (r, at, end) => macText(r.bytes, at, end),
  exact: () => true,
  tryWrite: (w, value) => value === '' || (typeof value === 'string' && writeMac(w, value)),
  show: (value) => value || 'empty',
})

/** A hardware address of six bytes, in a struct. */
export const mac6: Leaf<string> & { readonly size: number } = Object.freeze({
  ...leaf<string>({
    kind: 'mac',
    name: 'mac(6)',
    size: 6,
    problem: (value) =>
      typeof value === 'string' && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value)
        ? undefined
        : { kind: 'notation', what: 'a hardware address of six bytes', examples: ['02:00:5e:10:00:01'] },
    read: (r, at) => macText(r.bytes, at, at + 6),
    tryWrite: (w, value) => typeof value === 'string' && value.length === 17 && writeMac(w, value),
    show: String,
  }),
  size: 6,
})

function macText(bytes: Uint8Array, at: number, end: number): string {
  if (end === at) return ''
  let text = hexPairs[bytes[at]!]!
  for (let i = at + 1; i < end; i++) text += `:${hexPairs[bytes[i]!]!}`
  return text
}

/** Two hex digits for each byte, colons between them; false when the text is anything else. */
function writeMac(w: Writer, text: string): boolean {
  const count = (text.length + 1) / 3
  if (!Number.isInteger(count)) return false
  const at = w.take(count)
  for (let i = 0; i < count; i++) {
    const high = hexDigit(text.charCodeAt(3 * i))
    const low = hexDigit(text.charCodeAt(3 * i + 1))
    if (high < 0 || low < 0 || (i > 0 && text[3 * i - 1] !== ':')) return false
    w.bytes[at + i] = (high << 4) | low
  }
  return true
}

/** The value of a hex digit by its character code, -1 for others. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
