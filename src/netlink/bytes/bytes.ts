/** Bytes as people write them, and the two cursors that the codec works with. Uint8Array and DataView only. */
import type { ByteOrder } from './byte-order.js'

/** Each byte as two hex digits. */
export const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Bytes as lower-case hex, two digits each.
 * @example toHex(new Uint8Array([0x0a, 0xff])) // '0aff'
 */
export function toHex(bytes: Uint8Array, separator = ''): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : '') + hexPairs[bytes[i]!]
  return text
}

/**
 * Hex in any spacing, back to bytes.
 * @throws RangeError when there is anything but hex digits and white space, or half a byte.
 * @example fromHex('0a ff') // Uint8Array [10, 255]
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '')
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong) throw new RangeError(`not hex: "${wrong[0]}" in "${text.trim().slice(0, 40)}"`)
  if (digits.length % 2 !== 0) throw new RangeError(`not hex: an odd number of digits (${digits.length})`)
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** Whether there is nothing but zeros between two places, as in padding. */
export function areZeros(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] !== 0) return false
  return true
}

/**
 * Whether nothing but zeros follows a message: iproute2 sends such, and the kernel passes over it. Not at the very
 * beginning: bytes that hold no message at all are garbled.
 */
export function onlyZeros(bytes: Uint8Array, at: number): boolean {
  return at > 0 && bytes[at] === 0 && areZeros(bytes, at, bytes.length)
}

/**
 * The next multiple of four: attributes, headers and messages begin on one (NLMSG_ALIGN, NLA_ALIGN). Not `& ~3`, which
 * makes a negative number of 0xffffffe0, a length that hostile bytes can claim.
 */
export const align4 = (length: number): number => length + (-length & 3)

/**
 * A copy of bytes, or of a part of them, in memory of its own. Never `slice`: that of a Buffer is a view, and what the
 * caller reads next changes it.
 */
export function copyOf(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  // A third faster than slice().
  const copy = new Uint8Array(Math.max(0, end - start))
  copy.set(bytes.subarray(start, end))
  return copy
}

/** What was found in the bytes of one attribute set, by what was looked for. */
export interface Found {
  readonly start: number
  readonly end: number
  readonly values: Map<unknown, unknown>
}

/** What a decoder reads from: one for each buffer, however many messages are read from it. */
export class Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly little: boolean
  /** How deep in nested attributes we are: hostile bytes must not exhaust the stack. */
  depth = 0
  /** What was looked for in the large set that is being read at each depth: once for all that ask. @internal */
  found: Found[] | undefined = undefined
  constructor(bytes: Uint8Array, byteOrder: ByteOrder) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.little = byteOrder === 'little'
  }

  /** Called before each message: the buffer may have other bytes than at the last one. */
  begin(): void {
    this.depth = 0
    this.found = undefined
  }
}

/** What an encoder writes to: one buffer that grows and is used again. */
export class Writer {
  bytes: Uint8Array
  view: DataView
  length = 0
  depth = 0
  /** Whether numbers that the kernel would refuse are refused: for what is to be sent, not for bytes that are kept. */
  strict = false
  readonly little: boolean
  constructor(byteOrder: ByteOrder, size = 512) {
    this.bytes = new Uint8Array(size)
    this.view = new DataView(this.bytes.buffer)
    this.little = byteOrder === 'little'
  }

  /** Makes room for `size` zero bytes and returns where they begin. */
  take(size: number): number {
    const at = this.length
    const end = at + size
    if (end > this.bytes.length) this.#grow(end)
    const { bytes } = this
    // Mostly a few bytes, for which a call of fill() costs more than all else.
    if (size > 32) bytes.fill(0, at, end)
    else if ((size & 3) === 0) for (let i = at; i < end; i += 4) this.view.setInt32(i, 0)
    else for (let i = at; i < end; i++) bytes[i] = 0
    this.length = end
    return at
  }

  /** Makes room for `size` bytes that are not zeroed, for a caller that writes all of them, and returns where they begin. */
  room(size: number): number {
    const at = this.length
    const end = at + size
    if (end > this.bytes.length) this.#grow(end)
    this.length = end
    return at
  }

  put(bytes: Uint8Array): void {
    const at = this.room(bytes.length)
    this.bytes.set(bytes, at)
  }

  /** Zero bytes up to the next multiple of four: every attribute and message begins on one. */
  align(): void {
    const { length } = this
    if ((length & 3) === 0) return
    const at = this.room(-length & 3)
    const { bytes } = this
    for (let i = at; i < this.length; i++) bytes[i] = 0
  }

  /** The bytes written so far, copied. */
  copy(): Uint8Array {
    return copyOf(this.bytes, 0, this.length)
  }

  #grow(size: number): void {
    const larger = new Uint8Array(Math.max(size, 2 * this.bytes.length))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}
