/** IPv4 or IPv6: what the words before an address, or -4 and -6, say of it. */
import { parsePrefix } from '../../../rtnl/client/prefix.js'
import type { Words } from './words.js'

/** undefined where nothing is said. */
export type AddressFamily = 'inet' | 'inet6' | undefined

/** @throws Failure for an address or prefix that is not of this family */
export function checkFamily(words: Words, text: string, family: AddressFamily): void {
  const own = parsePrefix(text)?.family
  if (own === undefined || family === undefined || own === family) return
  throw words.wrong(`"${text}": expected an address of ${family === 'inet' ? 'IPv4' : 'IPv6'}`)
}
