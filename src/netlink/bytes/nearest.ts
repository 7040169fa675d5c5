/** Which of the known names a wrong one may be meant for. */

/** So many names are told: a list of all would hide them. */
const TOLD = 3
/** No name is longer: what hostile callers give costs no more than this. */
const LONGEST = 64

/**
 * The names that are nearest to a wrong one, nearest first, at most three; none where nothing is like it.
 * @param others names that stand for another one, looked up before all: `{ via: 'gateway' }`
 * @example nearest('ifnme', ['ifname', 'mtu']) // ['ifname']
 */
export function nearest(
  name: string,
  known: Iterable<string>,
  others: Readonly<Record<string, string>> = {},
): readonly string[] {
  if (Object.hasOwn(others, name)) return [others[name]!]
  const word = name.slice(0, LONGEST).toLowerCase()
  const limit = Math.max(1, Math.floor(word.length / 2.5))
  return [...new Set(known)]
    .map((one) => ({ one, distance: between(word, one.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, TOLD)
    .map(({ one }) => one)
}

/** `did you mean a, b or c?`, or nothing. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return ''
  const [last, ...before] = [...names].reverse()
  return `did you mean ${before.length === 0 ? last : `${before.reverse().join(', ')} or ${last}`}?`
}

/** How many letters are to be changed or exchanged; one where a name of some length is a part of the other. */
function between(word: string, known: string): number {
  if (word === known) return 0
  if (word.length > 3 && known.length > 3 && (known.includes(word) || word.includes(known))) return 1
  let before: number[] = []
  let row = Array.from({ length: known.length + 1 }, (_, i) => i)
  for (let i = 1; i <= word.length; i++) {
    const next = [i]
    for (let j = 1; j <= known.length; j++) {
      const same = word[i - 1] === known[j - 1] ? 0 : 1
      const exchanged = i > 1 && j > 1 && word[i - 1] === known[j - 2] && word[i - 2] === known[j - 1]
      const least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same)
      next.push(exchanged ? Math.min(least, before[j - 2]! + 1) : least)
    }
    before = row
    row = next
  }
  return row[known.length]!
}
