/** Yes or no in a number. */
import { type Expected, type Leaf, leaf } from '../type.js'
import { checkInteger } from '../validate.js'
import { type Integer, u8 } from './integer.js'

const accepted: Expected = { kind: 'bool' }

/**
 * Yes or no in a number: 1 or 0 (NLA_U8 where the kernel asks only whether it is zero). Plain values stay numbers: any
 * other number that was sent means yes as well, and has to survive. Commands take and show `on` and `off`.
 * @example vlanFiltering: [7, bool(u8)]
 */
export function bool<T extends Integer>(type: T): T {
  checkInteger(`bool ${(type as Integer | undefined)?.name}`, type)
  const { name, size, width, min, max } = type
  const own = leaf<number>({
    kind: 'bool',
    name: `bool ${name}`,
    size,
    scalar: size,
    ...(width === undefined ? {} : { width }),
    problem: (value) => (type.problem(value) === undefined ? undefined : accepted),
    read: (r, at, end) => type.read(r, at, end, undefined),
    put: type.put!,
    show: type.show,
    describe: { base: name, min, max },
  })
  // Read as the number is, without a step between.
  return Object.freeze({ ...type, ...own, read: type.read })
}

/**
 * A flag in requests (NLA_FLAG, no content) that the kernel reports as a byte: `true` is the flag, a number the byte.
 * @example ttlInherit: [28, flagOrByte]
 */
export const flagOrByte: Leaf<true | number> = leaf<true | number>({
  kind: 'flag',
  name: 'flag or u8',
  problem: (value) => (value === true || u8.problem(value) === undefined ? undefined : { kind: 'flag' }),
  read: (r, at, end) => (at === end ? true : r.bytes[at]!),
  exact: (_r, at, end) => end - at < 2,
  write(w, value) {
    if (value !== true) w.put(Uint8Array.of(value))
  },
  show: String,
})
