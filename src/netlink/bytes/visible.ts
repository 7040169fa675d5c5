/** Text of others made safe to print: it can neither drive a terminal nor break the line that it stands in. */

// Control characters, the ones that change the direction of text, line separators, and lone surrogates.
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** A character as `\uXXXX`. */
export const escapedCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text for a line of output: control characters, line ends included, are shown as `\uXXXX`. */
export const visible = (text: string): string => text.replace(unsafe, escapedCharacter)
