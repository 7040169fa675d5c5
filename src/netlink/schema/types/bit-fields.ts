/** C's bit fields: several small numbers in one integer. */
import { type Expected, type Leaf, leaf } from '../type.js'
import { checkInteger, checkMemberName, checkObject } from '../validate.js'
import type { Integer } from './integer.js'

/** The value of bit fields: a number for each of them. */
export type BitFieldsValue<W> = { -readonly [K in keyof W]?: number }
/** What `bitFields` makes. */
export interface BitFields<W> extends Leaf<BitFieldsValue<W>> {
  readonly size: number
}

/**
 * An integer that C divides into bit fields, each with its number of bits, in the order of the C definition: the first
 * has the lowest bits where the integer is little-endian and the highest where it is big-endian, as compilers do it.
 * Fields that the value leaves out are zero; one whose name begins with an underscore has no value.
 * @throws Error when they are not all bits of the integer, or it has a sign or 64 bits
 * @example bitFields(u8, { align: 4, flags: 4 }) // __u8 align:4, flags:4
 */
export function bitFields<const W extends Readonly<Record<string, number>>>(base: Integer, widths: W): BitFields<W> {
  const owner = `bit fields ${(base as Integer | undefined)?.name}`
  checkInteger(owner, base, { unsigned: true })
  checkObject(owner, widths)
  const { order } = base
  const isLittle = (cursor: { readonly little: boolean }) => (order === undefined ? cursor.little : order === 'little')
  const bits = 8 * base.size
  let low = 0
  const fields = Object.entries(widths).map(([name, width]) => {
    checkMemberName(owner, name)
    if (!Number.isInteger(width) || width < 1) throw new RangeError(`${name} has no ${width} bits`)
    const one = { name, max: 2 ** width - 1, little: low, big: bits - low - width }
    low += width
    return one
  })
  if (low !== bits) throw new RangeError(`${base.name} has ${bits} bits, the fields in it have ${low}`)
  const shown = fields.filter(({ name }) => !name.startsWith('_'))
  const byName = new Map(shown.map((field) => [field.name, field]))
  const names: Expected = { kind: 'object', names: [...byName.keys()] }
  const problem = (value: unknown): Expected | undefined => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return names
    for (const [name, one] of Object.entries(value)) {
      const field = byName.get(name)
      if (!field) return names
      const { max } = field
      if (one !== undefined && !(Number.isInteger(one) && one >= 0 && one <= max))
        return { kind: 'member', name, expected: { kind: 'integer', min: 0, max } }
    }
    return undefined
  }
  const type = leaf<BitFieldsValue<W>>({
    kind: 'object',
    name: `bit fields ${base.name}`,
    size: base.size,
    ...(base.width === undefined ? {} : { width: base.width }),
    problem,
    read(r, at, end) {
      const number = base.read(r, at, end, undefined)
      const value: Record<string, number> = {}
      for (const { name, max, little, big } of shown)
        value[name] = ((number >>> (isLittle(r) ? little : big)) & max) >>> 0
      return value as BitFieldsValue<W>
    },
    put(w, at, value) {
      if (problem(value) !== undefined) return false
      let number = 0
      for (const { name, little, big } of shown)
        number |= ((value as Record<string, number | undefined>)[name] ?? 0) << (isLittle(w) ? little : big)
      return base.put!(w, at, number >>> 0)
    },
    show: (value) =>
      Object.entries(value)
        .map(([name, one]) => `${name} ${one}`)
        .join(' '),
    describe: { base: base.name, fields: widths },
  })
  return Object.freeze({ ...type, size: base.size, alignment: base.size })
}
