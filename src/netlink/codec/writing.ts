/** Writing a value, with every issue where it cannot be written. */
import type { Writer } from '../bytes/bytes.js'
import { type Issue, issueOf, Unwritable } from '../bytes/failure.js'
import { MAX_ATTRIBUTE } from '../bytes/nlattr.js'
import { EncodeError } from '../errors.js'
import type { AnyType } from '../schema/type.js'

/**
 * Writes a body, as `encode` does. After an error the writer is where it was.
 * @throws EncodeError
 */
export function writeBody(w: Writer, name: string, body: AnyType, value: unknown): void {
  const start = w.length
  w.depth = 0
  try {
    body.write(w, value, undefined)
  } catch (error) {
    w.length = start
    if (!(error instanceof Unwritable)) throw error
    refuseValue(name, body, value, '')
  }
}

/** Throws what is wrong with a value that could not be written. */
export function refuseValue(name: string, body: AnyType, value: unknown, path: string): never {
  const issues: Issue[] = []
  body.check(value, path, issues, undefined)
  if (issues.length === 0) issues.push(issueOf(path, value, { kind: 'length', max: MAX_ATTRIBUTE }))
  throw new EncodeError(name, issues)
}

/** Runs what writes a value; when it cannot be written, the writer is where it was and the error has every issue. */
export function writing(w: Writer, name: string, body: AnyType, value: unknown, write: () => void, path = ''): void {
  const start = w.length
  w.depth = 0
  try {
    write()
  } catch (error) {
    w.length = start
    if (!(error instanceof Unwritable)) throw error
    refuseValue(name, body, value, path)
  }
}
