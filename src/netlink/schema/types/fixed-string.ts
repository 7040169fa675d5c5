/** Text in a fixed number of bytes: C's char[16] in a struct. */
import { type Expected, type Leaf, leaf } from '../type.js'
import { checkSize } from '../validate.js'
import { encodeText, quote } from './text.js'
import { decodeText } from './utf8.js'

/**
 * Text that takes a fixed number of bytes, the rest of them zero: `char name[IFNAMSIZ]` in a struct. The last byte is
 * its closing NUL; text that fills all of them is read, and `check` reports it.
 * @param size the number of bytes, with that of the closing NUL
 * @example struct('xfrm_algo', { algName: fixedString(64), algKeyLen: u32 })
 */
export function fixedString(size: number): Leaf<string> & { readonly size: number } {
  checkSize('fixedString', size)
  const lengthOf = (value: unknown): number | undefined =>
    typeof value === 'string' && !value.includes('\0') ? encodeText(value).length : undefined
  const max = size - 1
  const type = leaf<string>({
    kind: 'string',
    name: `char[${size}]`,
    size,
    problem(value): Expected | undefined {
      const length = lengthOf(value)
      if (length === undefined) return { kind: 'string', max }
      return length > max ? { kind: 'string', max, length } : undefined
    },
    read(r, at) {
      let stop = at
      while (stop < at + size && r.bytes[stop] !== 0) stop++
      return decodeText(r.bytes, at, stop)
    },
    tryWrite(w, value) {
      const length = lengthOf(value)
      if (length === undefined || length > (w.strict ? max : size)) return false
      const at = w.take(size)
      w.bytes.set(encodeText(value as string), at)
      return true
    },
    show: quote,
    describe: { max },
  })
  return Object.freeze({ ...type, size, alignment: 1 })
}
