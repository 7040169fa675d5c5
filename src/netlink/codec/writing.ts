/** Writing a value, with every issue where it cannot be written. */
import type { Writer } from '../bytes/bytes.js'
import { type Issue, issueOf, Unwritable } from '../bytes/failure.js'
import { MAX_ATTRIBUTE } from '../bytes/nlattr.js'
import { EncodeError } from '../errors.js'
import type { NamedMessage } from '../frame/definition.js'
import type { AnyType } from '../schema/type.js'

/** What is needed of a message to write one. */
export type MessageParts = Pick<NamedMessage, 'name' | 'number' | 'operation' | 'body' | 'discriminator'>

/**
 * Writes a body, as `encode` does. After an error the writer is where it was.
 * @throws EncodeError
 */
export function writeBody(w: Writer, message: MessageParts, value: unknown): void {
  const start = w.length
  w.depth = 0
  try {
    message.body.write(w, value, undefined)
    if (message.discriminator) fillIn(w, start, message, value)
  } catch (error) {
    w.length = start
    if (!(error instanceof Unwritable)) throw error
    refuseBody(message, value)
  }
}

/** Writes what tells the message from others of its number. @throws Unwritable when the value says something else */
export function fillIn(w: Writer, start: number, { discriminator }: MessageParts, value: unknown): void {
  const { member, value: needed, offset } = discriminator!
  const given = (value as Record<string, unknown>)[member]
  if (given !== undefined && w.bytes[start + offset] !== needed) throw new Unwritable()
  w.bytes[start + offset] = needed
}

/** Finds everything that is wrong with the body of a message. */
export function checkBody({ body, discriminator }: MessageParts, value: unknown, issues: Issue[]): void {
  body.check(value, '', issues, undefined)
  if (issues.length > 0 || !discriminator) return
  const { member, value: needed } = discriminator
  const given = (value as Record<string, unknown>)[member]
  const number = typeof given === 'string' ? body.members?.[member]?.values?.[given] : given
  if (given !== undefined && number !== needed)
    issues.push(issueOf(member, given, { kind: 'integer', min: needed, max: needed }))
}

/** Throws what is wrong with a body that could not be written. */
export function refuseBody(message: MessageParts, value: unknown): never {
  const issues: Issue[] = []
  checkBody(message, value, issues)
  return refuse(message.name, issues, value, '')
}

/** Throws what is wrong with a value that could not be written. */
export function refuseValue(name: string, body: AnyType, value: unknown, path: string): never {
  const issues: Issue[] = []
  body.check(value, path, issues, undefined)
  return refuse(name, issues, value, path)
}

function refuse(name: string, issues: Issue[], value: unknown, path: string): never {
  if (issues.length === 0) issues.push(issueOf(path, value, { kind: 'length', max: MAX_ATTRIBUTE }))
  throw new EncodeError(name, issues)
}

/** Runs what writes a value; when it cannot be written, the writer is where it was and the error has every issue. */
export function writing(w: Writer, message: MessageParts, value: unknown, write: () => void): void {
  const start = w.length
  w.depth = 0
  try {
    write()
  } catch (error) {
    w.length = start
    if (!(error instanceof Unwritable)) throw error
    refuseBody(message, value)
  }
}
