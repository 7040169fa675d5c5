/** Values that JSON cannot carry, put back where the definitions want them. */
import { isObject } from '../../netlink/bytes/equal.js'
import { type Expected, fromHex, type Issue } from '../../netlink/index.js'

type Json = Record<string, unknown>

/** Whether a text is whole bytes in hex. */
export const isHex = (text: string): boolean => text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text)

/**
 * Makes bytes of hex and bigints of integer text: the checks of the library say where.
 * @param issuesOf what is wrong with a value
 * @returns the value; what is still wrong with it is for the encoder to say
 */
export function revived(value: unknown, issuesOf: (value: unknown) => readonly Issue[]): unknown {
  const root = { value }
  // Each round can bring to light what a nest hid: never more rounds than nests.
  for (let round = 0; round < 40; round++) {
    let changed = false
    for (const issue of issuesOf(root.value)) changed = mend(root, issue) || changed
    if (!changed) break
  }
  return root.value
}

/** The bigint that JSON has as text or as a number; undefined for all else. */
function bigintOf(value: unknown): bigint | undefined {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value)
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

function mended(value: unknown, expected: Expected | undefined): unknown {
  // A wrapper (a bitfield) says in which member it is: there is nothing to mend in those.
  if (expected?.kind === 'bigint') return bigintOf(value)
  // Names over 64 bits: what has no name is a bigint.
  if (expected?.kind === 'enum' && typeof expected.max === 'bigint') return bigintOf(value)
  if (expected?.kind === 'flags' && typeof expected.max === 'bigint') {
    if (!Array.isArray(value)) return undefined
    const list = value.map((one) => (expected.names.includes(one) ? one : (bigintOf(one) ?? one)))
    return list.some((one, i) => one !== value[i]) ? list : undefined
  }
  if (expected?.kind === 'bytes') return typeof value === 'string' && isHex(value) ? fromHex(value) : undefined
  if (expected?.kind !== 'unknown') return undefined
  // A list of unknown attributes, or one of them: { type, data }.
  if (!isObject(value) || typeof value.data !== 'string' || !isHex(value.data)) return undefined
  return { ...value, data: fromHex(value.data) }
}

/** Puts a mended value in the place of the one that an issue is about; false when there is none. */
function mend(root: { value: unknown }, { path, expected }: Issue): boolean {
  const keys = [
    'value',
    ...path
      .replace(/\([^)]*\)/g, '')
      .split(/[.[\]]+/)
      .filter((key) => key !== ''),
  ]
  let owner: unknown = root
  for (const key of keys.slice(0, -1)) owner = (owner as Json | undefined)?.[key]
  if (typeof owner !== 'object' || owner === null) return false
  const last = keys.at(-1)!
  const value = mended((owner as Json)[last], expected)
  if (value === undefined) return false
  ;(owner as Json)[last] = value
  return true
}
