/** Integers of which the kernel takes only some. */
import { type Expected, leaf } from '../type.js'
import { checkInteger } from '../validate.js'
import type { Integer } from './integer.js'

/**
 * An integer of which requests may have only a range. Bytes with any other number are still read, and `encode` writes
 * them back; `check` reports the number, and nothing with it is sent.
 * @param min the least that the kernel takes
 * @param max the greatest
 * @example id: [1, range(u16, 0, 4094)]
 */
export function range<T extends Integer>(type: T, min: number, max: number): T {
  const owner = `range of ${(type as Integer | undefined)?.name}`
  checkInteger(owner, type)
  if (!(Number.isInteger(min) && Number.isInteger(max) && type.min <= min && min <= max && max <= type.max))
    throw new RangeError(`${owner}: from ${min} to ${max}: expected integers from ${type.min} to ${type.max}`)
  const { name, size, width } = type
  const accepted: Expected = { kind: 'integer', min, max }
  const fits = (value: unknown) => (value as number) >= min && (value as number) <= max
  const own = leaf<number>({
    kind: 'integer',
    name,
    size,
    scalar: size,
    ...(width === undefined ? {} : { width }),
    problem: (value) => (type.problem(value) === undefined && fits(value) ? undefined : accepted),
    read: (r, at, end) => type.read(r, at, end, undefined),
    put: (w, at, value) => type.put!(w, at, value) && (!w.strict || fits(value)),
    show: type.show,
    describe: { min, max },
  })
  // Read as the number is, without a step between.
  return Object.freeze({ ...type, ...own, read: type.read, min, max })
}
