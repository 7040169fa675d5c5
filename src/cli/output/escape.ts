/** Making text safe to print: what came from a kernel or a capture must not drive the terminal. */
import { visible } from '../../netlink/bytes/visible.js'

/** What needs no escape: the names and values of nearly all messages. */
const plain = /^[ !#-[\]-~]*$/

/** Text for a line of output: control characters, line ends included, are shown as \\uXXXX. */
export const safe = visible

/** A string as JSON, with every control character escaped, those that JSON itself would let through as well. */
export const safeJson = (text: string): string => (plain.test(text) ? `"${text}"` : visible(JSON.stringify(text)))
