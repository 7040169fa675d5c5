/** From one word to a value: whatever reading of it the type accepts. */
import { type ExpectedWords, expectedText, fromHex, type Issue, units } from '../../../netlink/index.js'
import type { AnyType } from '../../../netlink/schema/type.js'
import { altname, ifname } from '../../../rtnl/ifname.js'
import { isHex, revived } from '../../json/revive.js'
import { valueSynonyms } from './synonyms.js'
import { plain } from './words.js'

/** A word as a value of a type, or what would have been accepted. */
export type Reading = { readonly value: unknown } | { readonly problem: string }

/**
 * Reads a word as a value of a type: as it is, by its name in another spelling, as a number, on or off, a list with
 * commas, hex, or JSON. What the type's own check accepts first, counts.
 * @param owner the object that the value is for: types that hang on another member look there
 * @example readingOf(enumOf(u16, { l2: 0, l3: 1 }), 'l3', {}) // { value: 'l3' }
 */
export function readingOf(type: AnyType, word: string, owner: Record<string, unknown>): Reading {
  const issuesOf = (value: unknown): Issue[] => {
    const issues: Issue[] = []
    type.check(value, '', issues, owner)
    return issues
  }
  // A name is for the command to find.
  if (type.meaning === 'ifindex' && !/^-?\d/.test(word) && fitsAsName(word)) return { value: word }
  // Text may look like JSON.
  if (issuesOf(word).length === 0) return { value: word }
  const json = jsonOf(word)
  if (json !== undefined) {
    const value = revived(json, issuesOf)
    return reading(value, issuesOf(value))
  }
  let first: Issue[] | undefined
  for (const value of candidates(type, word, (one) => issuesOf([one]).length === 0)) {
    const issues = issuesOf(value)
    if (issues.length === 0) return { value }
    first ??= issues
    // What is wrong with an item of a list says more than that a list is expected.
    if (Array.isArray(value) && first[0]!.path === '' && issues[0]!.path !== '') first = issues
  }
  return reading(word, first ?? [])
}

const reading = (value: unknown, issues: readonly Issue[]): Reading =>
  issues.length === 0
    ? { value }
    : { problem: issues.map((issue) => (issue.path === '' ? '' : `${issue.path}: `) + inWords(issue)).join('; ') }

const commandWords: ExpectedWords = {
  ...{ bytes: 'hex', bigint: 'an integer', flag: 'on, or the word alone', bool: 'on or off' },
  numbers: false,
}

/** The library speaks of its own types; on the command line all are words. */
const inWords = ({ expected, message }: Issue): string =>
  expected === undefined ? message : expectedText(expected, commandWords)

function jsonOf(word: string): unknown {
  if (!/^\s*[[{]/.test(word)) return undefined
  try {
    return JSON.parse(word)
  } catch {
    return undefined
  }
}

/** All readings of a word. A list is made of those readings of its items that `fits` accepts. */
function* candidates(type: AnyType, word: string, fits: (item: unknown) => boolean): Generator<unknown> {
  yield* scalars(word, type)
  const items = word === 'none' || word === '' ? [] : word.split(',')
  const members = type.items ? membersOf(type.items) : []
  yield items.map((item) => [...scalars(item, type), ...record(item, members)].find(fits) ?? item)
  if (isHex(word)) yield fromHex(word)
}

function* scalars(word: string, type: AnyType): Generator<unknown> {
  yield word
  const name = namesOf(type).find((one) => spelled(one) === spelled(word))
  if (name !== undefined) yield name
  const synonym = Object.hasOwn(valueSynonyms, word) ? valueSynonyms[word] : undefined
  if (synonym !== undefined) yield synonym
  // 010 would be ten here and eight for ip: neither is guessed.
  if (/^(-?(0|[1-9]\d*)|0x[0-9a-f]+)$/i.test(word)) {
    yield Number(word)
    yield BigInt(word)
  }
  yield* times(word, type)
  const on = switchOf(word)
  if (on && isFlag(type)) yield true
  if (on !== undefined && type.kind === 'bool') yield on ? 1 : 0
}

const fitsAsName = (word: string): boolean => ifname.problem(word) === undefined || altname.problem(word) === undefined

/** A time with its unit (`200ms`) in the unit in which the kernel counts. */
function* times(word: string, type: AnyType): Generator<unknown> {
  const [, count, name] = /^(\d+(?:\.\d+)?)(s|ms|us|ns)$/.exec(word) ?? []
  const own = type.unit === undefined ? undefined : units[type.unit]
  if (name === undefined || own === undefined || !('perSecond' in own)) return
  const exact = (Number(count) * own.perSecond) / units[name as 's' | 'ms' | 'us' | 'ns'].perSecond
  const value = Math.round(exact)
  // What it cannot count is not rounded.
  if (Math.abs(exact - value) > 1e-6) return
  yield type.kind === 'bigint' ? BigInt(value) : value
}

/** `1:2` as an object of two members. */
function* record(word: string, members: readonly string[]): Generator<unknown> {
  const numbers = word.split(':')
  if (members.length === numbers.length && numbers.every((one) => /^\d+$/.test(one)))
    yield Object.fromEntries(members.map((name, i) => [name, Number(numbers[i])]))
}

/** Values are called 802.1ad as well as 8021ad. */
const spelled = (name: string): string => plain(name).replaceAll('.', '')

/** on and off, in the words that people use. */
export function switchOf(word: string | undefined): boolean | undefined {
  if (word === undefined) return undefined
  if (['on', 'yes', 'true', '1'].includes(word)) return true
  return ['off', 'no', 'false', '0'].includes(word) ? false : undefined
}

/** The type that counts for words: of one that stands for others, the usual one. */
export const typeOf = (type: AnyType): AnyType => type.resolve?.({}) ?? type

/** The names of an enum or of flags. */
export const namesOf = (type: AnyType): readonly string[] => Object.keys(typeOf(type).values ?? {})

/** The names of the members of a struct. */
export const membersOf = (type: AnyType): readonly string[] =>
  type.kind === 'struct' ? Object.keys(type.members ?? {}).filter((name) => !name.startsWith('_')) : []

/** Whether it is a list of items, and whether it says all by being there. */
export const isList = (type: AnyType): boolean => type.kind === 'list'
export const isFlag = (type: AnyType): boolean => type.kind === 'flag'
