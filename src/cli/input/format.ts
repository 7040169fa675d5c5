/** What a recogniser of an input format is. */
import type { Hints, Piece } from './piece.js'
import type { InputSource } from './source.js'

/** The beginning of an input. */
export interface Head {
  readonly bytes: Uint8Array
  /** The same as text; undefined when it is not text. */
  readonly text: string | undefined
}

/** One input format. */
export interface Format {
  /** For --from: `xxd`. */
  readonly name: string
  /** For people: `output of xxd`. */
  readonly title: string
  /** Whether an input that begins so is in this format. */
  looks(head: Head): boolean
  /** Whether a line, with the one before it, leaves no doubt, whatever follows. */
  sure?(line: string, before: string): boolean
  read(source: InputSource, hints: Hints): AsyncIterable<Piece>
}

/** Whether a text has a line about which there is no doubt. */
export const anyLine = (text: string, sure: (line: string, before: string) => boolean): boolean =>
  text.split('\n').some((line, i, all) => sure(line, all[i - 1] ?? ''))
