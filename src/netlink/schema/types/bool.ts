/** Yes or no in a number. */
import { type Expected, leaf } from '../type.js'
import type { Integer } from './integer.js'

const accepted: Expected = { kind: 'bool' }

/**
 * Yes or no in a number: 1 or 0 (NLA_U8 where the kernel asks only whether it is zero). Plain values stay numbers: any
 * other number that was sent means yes as well, and has to survive. Commands take and show `on` and `off`.
 * @example vlanFiltering: [7, bool(u8)]
 */
export function bool<T extends Integer>(type: T): T {
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
  return Object.freeze({ ...type, ...own })
}
