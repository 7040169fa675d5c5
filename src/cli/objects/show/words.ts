/** Attributes as the words of a command line: what is shown is what `add` takes. */
import { type AttributeSet, toHex } from '../../../netlink/index.js'
import { pad } from '../../../rtnl/names.js'
import { safe } from '../../output/escape.js'
import { jsonText } from '../../output/json-text.js'
import { snake } from '../grammar/words.js'
import type { ShowOptions } from './names.js'

/**
 * The values of a set of attributes as words, each ready to be pasted into a shell: NAME VALUE, flags as
 * NAME VALUE,VALUE, those of an attribute that is itself called flags without its name (`private`), and what has members
 * or items as JSON in quotes. Where no flag is set it is NAME none, and nothing for an attribute called flags.
 * @param skip names that are left out
 * @param nameOf the name of a link, to show in place of its index
 * @example words({ mode: 'l3', flags: ['private'] }, ipvlan) // ['mode', 'l3', 'private']
 */
export function words(
  value: object,
  set: AttributeSet,
  skip: ReadonlySet<string> = new Set(),
  nameOf: ShowOptions['nameOf'] = () => undefined,
): string[] {
  return Object.entries(value).flatMap(([name, one]) => {
    const type = set.attribute(name)?.type
    if (one === undefined || skip.has(name) || type === pad) return []
    if (type?.meaning === 'ifindex' && typeof one === 'number') return [snake(name), word(nameOf(one) ?? one)]
    if (type?.kind === 'bool' && (one === 0 || one === 1)) return [snake(name), one === 1 ? 'on' : 'off']
    if (!Array.isArray(one) || type?.kind !== 'flags') return [snake(name), word(one)]
    if (type.meaning === 'own-flags' && one.every((flag) => typeof flag === 'string')) return one
    return [snake(name), one.length === 0 ? 'none' : flagWords(one).join()]
  })
}

/** One value as one word of a shell: bytes as hex, what has members or items as JSON in quotes. */
export function word(value: unknown): string {
  const text = value instanceof Uint8Array ? toHex(value) : typeof value === 'object' ? jsonText(value) : String(value)
  const shown = safe(text)
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`
}

/** Flags one by one; the bits that have no name as a number. */
export const flagWords = (flags: readonly (string | number)[]): string[] =>
  flags.map((flag) => (typeof flag === 'number' ? `0x${flag.toString(16)}` : flag))

/** A name and its value, or nothing where there is no value. */
export const pair = (name: string, value: unknown): string[] => (value === undefined ? [] : [name, word(value)])
