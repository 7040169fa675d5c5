/** Recordings in files. Of the test kit only this file needs Node, and only when it is used. */
import type { Family } from '../netlink/family.js'
import { families } from '../rtnl/families.js'
import { formatNl, parseNl, type Recording } from './nl.js'

/** Not imported: so that what is exported beside this runs where there is no Node. */
const fs = () => process.getBuiltinModule('node:fs')

/** Where a recording is: a file by its path or URL, the text of an .nl file, or the recording itself. */
export type Source = string | URL | Recording

/**
 * A recording, wherever it is. A string with a line break is text, any other a path.
 * @throws FixtureError with the line; what node:fs throws when the file cannot be read
 * @example load(new URL('./add-ipvlan.nl', import.meta.url)).exchanges
 */
export function load(source: Source): Recording {
  if (typeof source === 'object' && 'exchanges' in source) return source
  return parseNl(typeof source === 'string' && source.includes('\n') ? source : fs().readFileSync(source, 'utf8'))
}

/**
 * Writes an .nl file, and the folder that it is in.
 * @example save('test/add-ipvlan.nl', recorder.recording())
 */
export function save(file: string | URL, recording: Recording, family?: Family): void {
  const folder = typeof file === 'string' ? process.getBuiltinModule('node:path').dirname(file) : new URL('.', file)
  fs().mkdirSync(folder, { recursive: true })
  fs().writeFileSync(file, formatNl(recording, family ?? families[recording.family]))
}

/** This machine's kernel as the head of a recording names it: `6.1.176 x86_64`. */
export function thisKernel(): string {
  const { machine, release } = process.getBuiltinModule('node:os')
  return `${release()} ${machine()}`
}
