/** Attributes whose type hangs on a member of the fixed header, such as the address family. */
import type { Reader, Writer } from '../../bytes/bytes.js'
import type { AnyType, Infer, Owner, Type } from '../type.js'
import { checkCases, checkType } from '../validate.js'

const numberIf = (key: string): string | number => (/^\d+$/.test(key) ? Number(key) : key)

/** All members of a union at once. */
export type Intersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never

/** What `byMember` makes: what all its types give is known of its value. */
export interface ByMember<C extends Readonly<Record<string, AnyType>>, D extends AnyType> extends AnyType {
  read(r: Reader, at: number, end: number, owner: Owner): Intersection<Infer<C[keyof C]> | Infer<D>>
  write(w: Writer, value: Intersection<Infer<C[keyof C]> | Infer<D>>, owner: Owner): void
}

/**
 * A type for each value of a member that comes before it, and one for all other values. Unlike `select`, the value
 * stands under one name whatever was chosen, so the object's keys are known from the order of its attributes. That
 * keeps the fast path for large messages (see shapes.ts).
 * @param by the member that decides, mostly of the fixed header
 * @param usual the type where no case fits, or where the member is missing
 * @example dst: [1, byMember('rtmFamily', { mpls: mplsLabels }, address)]
 */
export function byMember<const C extends Readonly<Record<string, AnyType>>, D extends AnyType>(
  by: string,
  cases: C,
  usual: D,
): ByMember<C, D> {
  checkCases(`by ${by}`, cases)
  checkType(`by ${by}`, '', usual)
  const all = [...Object.values(cases), usual]
  // Keys of an object are text, and the member may be a number.
  const table = new Map<unknown, AnyType>(Object.entries(cases).map(([key, type]) => [numberIf(key), type]))
  // One case is the rule, and a comparison then costs less than the table.
  const [[first, firstType] = [undefined, usual]] = table
  const choose = (owner: Owner): AnyType => {
    const value = owner?.[by]
    if (value === undefined) return usual
    return value === first ? firstType : table.size < 2 ? usual : (table.get(value) ?? usual)
  }
  return Object.freeze({
    kind: 'by-member',
    choices: all,
    name: `${usual.name} by ${by}`,
    by,
    minimum: Math.min(...all.map((type) => type.minimum)),
    resolve: choose,
    read: (r, at, end, owner) => choose(owner).read(r, at, end, owner),
    write: (w, value, owner) => choose(owner).write(w, value, owner),
    check: (value, path, issues, owner) => choose(owner).check(value, path, issues, owner),
    dissect: (r, at, end, field, owner) => choose(owner).dissect(r, at, end, field, owner),
    describe: () => ({
      type: 'by member',
      by,
      cases: Object.fromEntries(Object.entries(cases).map(([name, type]) => [name, type.describe()])),
      usual: usual.describe(),
    }),
  } satisfies Type<Intersection<Infer<C[keyof C]> | Infer<D>>>)
}
