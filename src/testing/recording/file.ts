/** Recordings in files. Of the test kit only this file needs Node, and only when it is used. */

import { OptionError } from '../../netlink/errors.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import { findProtocol } from '../../rtnl/protocols.js'
import { checkRecording, FixtureError, formatNl, parseNl, type Recording } from './nl.js'

/** Not imported: so that what is exported beside this runs where there is no Node. */
const fs = () => process.getBuiltinModule('node:fs')
const path = () => process.getBuiltinModule('node:path')

/** Where a recording is: a file by its path or URL, the text of an .nl file, or the recording itself. */
export type Source = string | URL | Recording

/** That a file is named. @throws OptionError */
export function checkFile(name: string, value: unknown): void {
  if (typeof value !== 'string' && !(value instanceof URL))
    throw new OptionError(name, value, `the path or URL of a file${name === 'source' ? ', or a recording' : ''}`)
}

/** That a test was recorded. @throws FixtureError that says how to do it */
export function checkRecorded(file: string | URL): void {
  if (typeof file === 'string' && file.includes('\n')) return
  if (fs().existsSync(file)) return
  const how = 'NLWIRE_TEST=record makes it, on a kernel (Linux, mostly root)'
  throw new FixtureError(undefined, `there is no recording ${JSON.stringify(String(file))} yet: ${how}`)
}

/**
 * A recording, wherever it is. A string with a line break is text, any other a path.
 * @throws FixtureError with the line; OptionError for what is none of these; what node:fs throws when the file cannot be read
 * @example load(new URL('./add-ipvlan.nl', import.meta.url)).exchanges
 */
export function load(source: Source): Recording {
  if (typeof source === 'object' && source !== null && 'exchanges' in source) {
    checkRecording('source', source)
    return source
  }
  checkFile('source', source)
  return parseNl(typeof source === 'string' && source.includes('\n') ? source : fs().readFileSync(source, 'utf8'))
}

/**
 * Writes an .nl file, and the folder that it is in.
 * @example save('test/add-ipvlan.nl', recorder.recording())
 */
export function save(file: string | URL, recording: Recording, family?: Protocol): void {
  checkFile('file', file)
  makeFolder(path().dirname(typeof file === 'string' ? file : process.getBuiltinModule('node:url').fileURLToPath(file)))
  fs().writeFileSync(file, formatNl(recording, family ?? findProtocol(recording.family)))
}

/** A folder and those that it is in. Node's own way to make them never ends below /proc, where nothing can be made. */
function makeFolder(folder: string): void {
  if (fs().existsSync(folder)) return
  makeFolder(path().dirname(folder))
  try {
    fs().mkdirSync(folder)
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!fs().existsSync(folder)) throw error
  }
}

/** This machine's kernel as the head of a recording names it: `6.1.176 x86_64`. */
export function thisKernel(): string {
  const { machine, release } = process.getBuiltinModule('node:os')
  return `${release()} ${machine()}`
}
