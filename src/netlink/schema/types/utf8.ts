/**
 * UTF-8 with every byte kept: one that is not part of a valid sequence stands as the lone surrogate U+DC80-U+DCFF, as
 * in Python's surrogateescape. In time that is linear whatever the bytes are.
 */

/** Bytes to text. What TextDecoder refuses is a byte of its own here. */
export function decodeText(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  for (let i = at; i < end; ) {
    const byte = bytes[i]!
    if (byte < 0x80) {
      text += String.fromCharCode(byte)
      i++
      continue
    }
    const length = sequenceAt(bytes, i, end)
    text += length === 0 ? String.fromCharCode(0xdc00 + byte) : characterAt(bytes, i, length)
    i += length === 0 ? 1 : length
  }
  return text
}

/** The length of the valid sequence of two to four bytes that begins at `i`, 0 when there is none (Unicode, table 3-7). */
function sequenceAt(bytes: Uint8Array, i: number, end: number): number {
  const first = bytes[i]!
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length === 0 || i + length > end) return 0
  // Neither longer than needed, nor a surrogate, nor beyond U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  const second = bytes[i + 1]!
  if (second < low || second > high) return 0
  for (let k = 2; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return 0
  return length
}

function characterAt(bytes: Uint8Array, i: number, length: number): string {
  let code = bytes[i]! & (0xff >> (length + 1))
  for (let k = 1; k < length; k++) code = (code << 6) | (bytes[i + k]! & 0x3f)
  return String.fromCodePoint(code)
}
