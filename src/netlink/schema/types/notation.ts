/** Bytes that people read as text: hex, and UUIDs. */
import { fromHex, hexPairs, toHex } from '../../bytes/bytes.js'
import { type Leaf, leaf } from '../type.js'
import { checkSize } from '../validate.js'

function hexLeaf(name: string, size?: number): Leaf<string> {
  return leaf<string>({
    kind: 'notation',
    name,
    ...(size === undefined ? {} : { size }),
    problem: (value) =>
      typeof value === 'string' &&
      /^(?:[0-9a-f]{2})*$/i.test(value) &&
      (size === undefined || value.length === 2 * size)
        ? undefined
        : {
            kind: 'notation',
            what: size === undefined ? 'bytes in hex' : `${size} bytes in hex`,
            examples: [size === undefined ? '0a1b2c' : hexPairs.slice(1, size + 1).join('')],
          },
    read: (r, at, end) => toHex(r.bytes.subarray(at, size === undefined ? end : at + size)),
    exact: (_r, at, end) => size === undefined || end - at === size,
    write: (w, value) => w.put(fromHex(value)),
    show: (value) => value || 'empty',
  })
}

/**
 * Bytes of any number as hex text (YNL: display-hint hex), for what is compared and copied and never calculated with.
 * @example cookie: [1, hexBytes] // '0a1b2c'
 */
export const hexBytes: Leaf<string> = hexLeaf('hex')

/**
 * A fixed number of bytes as hex text, also in a struct.
 * @example fixedHex(8)
 */
export const fixedHex = (size: number): Leaf<string> & { readonly size: number } => {
  checkSize('fixedHex', size)
  return Object.freeze({ ...hexLeaf(`hex(${size})`, size), size })
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A UUID of sixteen bytes, in the usual notation of RFC 9562 (YNL: display-hint uuid). */
export const uuid: Leaf<string> & { readonly size: number } = Object.freeze({
  ...leaf<string>({
    kind: 'notation',
    name: 'uuid',
    size: 16,
    problem: (value) =>
      typeof value === 'string' && UUID.test(value)
        ? undefined
        : { kind: 'notation', what: 'a UUID', examples: ['f81d4fae-7dec-11d0-a765-00a0c91e6bf6'] },
    read(r, at) {
      const text = toHex(r.bytes.subarray(at, at + 16))
      return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
    },
    exact: (_r, at, end) => end - at === 16,
    write: (w, value) => w.put(fromHex(value.replaceAll('-', ''))),
    show: String,
  }),
  size: 16,
})
