/** Attributes whose type hangs on a member of the fixed header, such as the address family. */
import type { Reader, Writer } from '../../bytes/bytes.js'
import { payloadTooShort } from '../../bytes/nlattr.js'
import { isOuter, memberBy, outerNames } from '../outer.js'
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
 * keeps the fast path for large messages (see fast/template.ts).
 * @param by the member that decides, mostly of the fixed header
 * @param usual the type where the member is missing
 * @param others the type where no case fits, if that is another one
 * @example dst: [1, byMember('rtmFamily', { mpls: mplsLabels }, address)]
 */
export function byMember<const C extends Readonly<Record<string, AnyType>>, D extends AnyType>(
  by: string,
  cases: C,
  usual: D,
  others: AnyType = usual,
): ByMember<C, D> {
  checkCases(`by ${by}`, cases)
  checkType(`by ${by}`, '', usual)
  checkType(`by ${by}`, '', others)
  const all = [...new Set([...Object.values(cases), usual, others])]
  // Keys of an object are text, and the member may be a number.
  const table = new Map<unknown, AnyType>(Object.entries(cases).map(([key, type]) => [numberIf(key), type]))
  const further = isOuter(by)
  // The messages of a dump mostly have one value: a comparison then costs less than the table.
  let last: unknown
  let lastType: AnyType = usual
  const choose = (owner: Owner): AnyType => {
    const value = (further ? memberBy(owner, by) : owner?.[by]) ?? undefined
    if (value === last) return lastType
    last = value
    lastType = value === undefined ? usual : (table.get(typeof value === 'bigint' ? Number(value) : value) ?? others)
    return lastType
  }
  const names = outerNames(all, [by])
  const sizes = new Set(all.map((type) => type.size))
  const [size] = sizes.size === 1 ? sizes : []
  return Object.freeze({
    kind: 'by-member',
    choices: all,
    name: `${usual.name} by ${by}`,
    by,
    ...(names ? { outer: names } : {}),
    // As a member of a struct.
    ...(size === undefined ? {} : { size }),
    minimum: Math.min(...all.map((type) => type.minimum)),
    resolve: choose,
    read(r, at, end, owner) {
      const type = choose(owner)
      if (end - at < type.minimum) throw payloadTooShort(at, type, end - at)
      return type.read(r, at, end, owner)
    },
    write: (w, value, owner) => choose(owner).write(w, value, owner),
    check: (value, path, issues, owner) => choose(owner).check(value, path, issues, owner),
    dissect: (r, at, end, field, owner) => choose(owner).dissect(r, at, end, field, owner),
    describe: () => ({
      type: 'by member',
      by,
      cases: Object.fromEntries(Object.entries(cases).map(([name, type]) => [name, type.describe()])),
      usual: usual.describe(),
      ...(others === usual ? {} : { others: others.describe() }),
    }),
  } satisfies Type<Intersection<Infer<C[keyof C]> | Infer<D>>>)
}
