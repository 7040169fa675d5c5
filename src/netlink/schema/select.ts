/** Selectors: one attribute decides how another is read, as IFLA_INFO_KIND does for IFLA_INFO_DATA. */

import { align4, type Reader } from '../bytes/bytes.js'
import { payloadTooShort, TYPE_MASK } from '../bytes/nlattr.js'
import type { AttributeTable, Cases, Selector } from './attribute.js'
import { memberBy } from './outer.js'
import { type AnyType, issueOf } from './type.js'
import { bytes } from './types/text.js'
import { checkCases } from './validate.js'

export type { Cases, Selector }

export const isSelector = (type: AnyType | Selector): type is Selector => 'selector' in type

/** Whether a value can be the name of a case: text or a number. */
const canBeCase = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'

/**
 * A selector.
 * @param by the member that decides
 * @param cases the type for each of its values
 * @param fallback the member that keeps the bytes of any other
 * @example data: [2, select('kind', { ipvlan, dummy }, 'otherData')]
 */
export function select<const By extends string, const C extends Cases, const Other extends string>(
  by: By,
  cases: C,
  fallback: Other,
): Selector<By, C, Other> {
  checkCases(`select by ${by}`, cases)
  const table = new Map<string, AnyType>(Object.entries(cases))
  const caseOf = (owner: Record<string, unknown>) => {
    const value = memberBy(owner, by)
    return canBeCase(value) ? table.get(String(value)) : undefined
  }
  const selector: Selector<By, C, Other> = {
    selector: true,
    by,
    cases,
    fallback,
    typeOf: (key, owner) => (key === fallback ? bytes : caseOf(owner)),
    choose(r, set, value, start, end) {
      const known = discriminator(r, set, value, by, start, end)
      const selected = canBeCase(known) ? String(known) : undefined
      return { selected, type: selected === undefined ? undefined : table.get(selected) }
    },
    readInto(r, set, { name, told }, from, to, value, start, end) {
      // Of an attribute that did not fit its type there is no value: then its bytes are looked at.
      const known = told ? value[by] : undefined
      const type = canBeCase(known) ? table.get(String(known)) : selector.choose(r, set, value, start, end).type
      const chosen = type ?? bytes
      if (to - from < chosen.minimum) throw payloadTooShort(from - 4, chosen, to - from)
      const key = type ? name : fallback
      value[key] = chosen.read(r, from, to, value)
      return key
    },
    check(key, value, path, issues, owner) {
      const type = selector.typeOf(key, owner)
      if (type) type.check(value, path, issues, owner)
      else {
        const known = memberBy(owner, by)
        const given = canBeCase(known) ? String(known) : undefined
        issues.push(issueOf(path, value, { kind: 'case', by, given, names: [...table.keys()], fallback }))
      }
    },
    describe: () => ({
      type: 'select',
      by,
      fallback,
      cases: Object.fromEntries([...table].map(([name, type]) => [name, type.describe()])),
    }),
  }
  return Object.freeze(selector)
}

/**
 * The discriminator: a member of the header, or else an attribute, which may come after what it decides
 * (RTA_ENCAP_TYPE after RTA_ENCAP) and of which the last one counts, as in the kernel.
 */
function discriminator(
  r: Reader,
  set: AttributeTable,
  value: Record<string, unknown>,
  by: string,
  start: number,
  end: number,
): unknown {
  const attribute = set.attribute(by)
  if (!attribute) return memberBy(value, by)
  const known = r.found?.[r.depth]
  if (known?.start === start && known.end === end && known.values.has(attribute)) return known.values.get(attribute)
  let found: unknown
  let count = 0
  for (let p = start; end - p >= 4; count++) {
    const length = r.view.getUint16(p, r.little)
    if (length < 4 || length > end - p) break
    const number = r.view.getUint16(p + 2, r.little) & TYPE_MASK
    if (number === attribute.number && length - 4 >= attribute.type.minimum)
      found = attribute.type.read(r, p + 4, p + length, undefined)
    p += align4(length)
  }
  if (count > FEW) remember(r, attribute, start, end, found)
  return found
}

/** A set with no more attributes is walked each time, which costs less than to remember it. */
const FEW = 16

/** So that thousands of attributes that ask do not walk the set as often. */
function remember(r: Reader, attribute: object, start: number, end: number, value: unknown): void {
  r.found ??= []
  let known = r.found[r.depth]
  if (known?.start !== start || known.end !== end) {
    known = { start, end, values: new Map() }
    r.found[r.depth] = known
  }
  known.values.set(attribute, value)
}
