/** Making text safe to print: what came from a kernel or a capture must not drive the terminal. */

// Control characters, the ones that change the direction of text, line separators, and lone surrogates.
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** What needs no escape: the names and values of nearly all messages. */
const plain = /^[ !#-[\]-~]*$/

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text for a line of output: control characters, line ends included, are shown as \\uXXXX. */
export const safe = (text: string): string => text.replace(unsafe, escaped)

/** A string as JSON, with every control character escaped, those that JSON itself would let through as well. */
export const safeJson = (text: string): string =>
  plain.test(text) ? `"${text}"` : JSON.stringify(text).replace(unsafe, escaped)
