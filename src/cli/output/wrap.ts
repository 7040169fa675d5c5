/** Text in lines of a width, as a terminal counts it. */

/** Characters that take two columns. What takes none is counted as one: a line may be shorter than it could be. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const plain = /^[\x20-\x7e]*$/

/** The columns that a text takes in a terminal. */
export function columnsOf(text: string): number {
  if (plain.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += wide.test(character) ? 2 : 1
  return columns
}

/** Without the spaces at its end. Other white space stays: it may belong to a name. */
function trimmed(text: string): string {
  let end = text.length
  while (text[end - 1] === ' ') end--
  return text.slice(0, end)
}

/** How to break text into lines. */
export interface WrapOptions {
  /** What further lines begin with, after the indentation of the first. */
  readonly hang?: string
  /** It is a list: an item, which ends at a comma, stays in one line where it fits in one. */
  readonly list?: boolean
  /** A word that is longer than a line stays whole: it is to be copied. */
  readonly whole?: boolean
}

/**
 * Breaks text at spaces into lines of at most `width` columns. A word that is longer than a line is cut, unless it is to stay whole.
 * @example wrap('  flags up|running, mtu 1500', 26, { hang: '  ' }) // ['  flags up|running, mtu', '    1500']
 */
export function wrap(
  text: string,
  width: number,
  { hang = '', list = false, whole = false }: WrapOptions = {},
): string[] {
  if (columnsOf(text) <= width) return [text]
  const lead = /^ */.exec(text)![0]
  // However deep something is, half of the line is left for what it says.
  const indent = lead.slice(0, width >> 1)
  const further = (indent + hang).slice(0, width >> 1)
  const fits = (start: string, piece: string) => columnsOf(start + trimmed(piece)) <= width
  const words = (piece: string) => piece.match(/[^ ]+ */g) ?? []
  const said = text.slice(lead.length)
  const pieces = list
    ? said.split(/(?<=, )/).flatMap((item) => (fits(further, item) ? [item] : words(item)))
    : words(said)
  const lines: string[] = []
  let line = indent
  const end = () => {
    lines.push(trimmed(line))
    line = further
  }
  for (const piece of pieces) {
    if (fits(line, piece)) line += piece
    else if (whole || fits(further, piece)) {
      end()
      line += piece
    } else
      for (const character of piece) {
        if (!fits(line, character)) end()
        line += character
      }
  }
  lines.push(trimmed(line))
  return lines
}

/** How a note of an annotated dump is broken into lines. */
export const foldNote = (note: string, width: number): string[] => wrap(note, width, { hang: '  ', list: true })
