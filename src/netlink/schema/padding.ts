/** The bytes between the members of a struct: written out, or where C puts them. */
import type { Reader, Writer } from '../bytes/bytes.js'
import { type AnyType, Malformed, type Type } from './type.js'
import { checkSize } from './validate.js'

/** Zero bytes between the members of a struct. */
export const padding = (size: number): Type<never> & { readonly size: number } => {
  checkSize('padding', size, 0)
  return Object.freeze({
    kind: 'padding',
    name: 'padding',
    minimum: size,
    size,
    read(_r: Reader, at: number): never {
      throw new Malformed(at, 'padding has no value')
    },
    write: (w: Writer) => void w.take(size),
    check() {},
    dissect() {},
    describe: () => ({ type: 'padding', size }),
  })
}

/** On a multiple of how many bytes C puts a member of this type: numbers on multiples of their size. */
export const alignmentOf = (type: AnyType): number => type.alignment ?? type.scalar ?? type.width ?? 1

type Sized = Readonly<Record<string, AnyType & { readonly size: number }>>

/** The same members with the paddings that C puts between them and after the last one (on machines with 64 bits). */
export function withPaddings(members: Sized): Sized {
  const all: Record<string, AnyType & { readonly size: number }> = {}
  let size = 0
  const align = (alignment: number) => {
    const gap = (alignment - (size % alignment)) % alignment
    if (gap > 0) all[`_pad${size}`] = padding(gap)
    size += gap
  }
  for (const [name, type] of Object.entries(members)) {
    align(alignmentOf(type))
    all[name] = type
    size += type.size
  }
  align(Math.max(1, ...Object.values(members).map(alignmentOf)))
  return all
}
