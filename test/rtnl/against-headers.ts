/** Holds the numbers of a set, an enum or flags against the kernel's headers, by their prefix alone. */
import type { AttributeSet, Constants } from '../../src/netlink/index.js'
import type { AnyType } from '../../src/netlink/schema/type.js'
import { type Block, upperSnake } from './headers.js'

/** Names with their numbers, and where those stand in the headers. */
export interface Table {
  readonly numbers: Readonly<Record<string, number>>
  readonly constants: Constants
  /** Flags are several in one number; what is counted from 1, as attributes are, has no zero. */
  readonly are?: 'flags' | 'counted'
}

/** The table of an attribute set: its name is the prefix. */
export const tableOfSet = (set: AttributeSet): Table => ({
  numbers: Object.fromEntries(set.list.map(({ name, number }) => [name, number])),
  constants: { prefix: set.name, ...set.constants },
  are: 'counted',
})

/** The table of an enum or flags. */
export const tableOfNames = ({ kind, values, constants }: AnyType): Table => ({
  numbers: Object.fromEntries(Object.entries(values!).map(([name, number]) => [name, Number(number) >>> 0])),
  constants: constants ?? {},
  ...(kind === 'enum' ? {} : { are: 'flags' as const }),
})

/** What is no value of its own: the ends of enums, and zeros that stand for nothing. */
const noValue = /^__|_(UNSPEC|MAX|LAST)$/

/** Whether a number is one bit. */
const isBit = (number: number): boolean => number !== 0 && (number & (number - 1)) === 0

/** What is wrong with a table: empty when nothing is. */
export function complaints({ numbers, constants, are }: Table, headers: readonly Block[]): string[] {
  if (constants.none !== undefined) return []
  const prefixes = [constants.bits ?? constants.prefix ?? []].flat()
  if (prefixes.length === 0) return ['it does not say how its C constants begin']
  const candidates = (name: string): readonly string[] =>
    constants.others?.[name] === undefined
      ? prefixes.map((prefix) => `${prefix}_${upperSnake(name)}`)
      : [constants.others[name]]
  const numberOf = (constant: number) => (constants.bits === undefined ? constant : 2 ** constant) >>> 0
  // The constants are in the blocks that have most of the names: another header may use the same prefix.
  const wanted = new Set(Object.keys(numbers).flatMap(candidates))
  const matching = headers
    .map((block) => ({ block, count: [...wanted].filter((one) => block.constants.has(one)).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || Number(b.block.isEnum) - Number(a.block.isEnum))
  const inEnum = matching[0]?.block.isEnum === true
  const known = new Map<string, number>()
  for (const { block } of matching.reverse()) for (const [name, number] of block.constants) known.set(name, number)
  const ofPrefix = [...matching]
    .filter(({ block }) => !inEnum || block.isEnum)
    .flatMap(({ block }) => [...block.constants])
    .filter(([name]) => prefixes.some((prefix) => name.startsWith(`${prefix}_`)) && !noValue.test(name))
    .map(([name, constant]) => [name, numberOf(constant)] as const)

  const found: string[] = []
  let matched = 0
  for (const [name, number] of Object.entries(numbers)) {
    const constant = candidates(name).find((one) => known.has(one))
    if (constant !== undefined) {
      matched++
      const right = numberOf(known.get(constant)!)
      if (right !== number >>> 0) found.push(`${name} is ${number}, but ${constant} is ${right}`)
      continue
    }
    // A number that the headers do not have is newer than they are.
    const other = ofPrefix.find(([, value]) => value === number >>> 0)
    if (other && !constants.subset) found.push(`${name} is ${number}, which is ${other[0]}`)
  }
  if (matched === 0 && Object.keys(numbers).length > 0 && !constants.newer)
    found.push(`no header has a constant of ${prefixes.join(' or ')}`)
  if (constants.subset) return found
  const all = new Set(Object.values(numbers).map((number) => number >>> 0))
  for (const [name, value] of ofPrefix)
    if (!all.has(value) && !(are === 'flags' && !isBit(value)) && !(are === 'counted' && value === 0))
      found.push(`${name} = ${value} is missing`)
  return [...new Set(found)]
}
