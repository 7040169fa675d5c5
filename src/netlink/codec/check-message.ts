/** What of a message is not its body: checked before it is written. */
import { type Issue, issueOf } from '../bytes/failure.js'
import { EncodeError } from '../errors.js'
import { isBytes, U32_MAX } from '../options.js'

const integer = { kind: 'integer', min: 0, max: U32_MAX } as const

/** A number of the header, 0 where there is none. @throws EncodeError */
export function headerNumber(type: unknown, path: 'seq' | 'pid', value: number | undefined): number {
  if (value === undefined) return 0
  if (typeof value === 'number' && value >>> 0 === value) return value
  throw new EncodeError(String(type), [issueOf(path, value, integer)])
}

/** That a message is an object. @throws EncodeError */
export function checkMessage(message: unknown): void {
  if (typeof message === 'object' && message !== null) return
  throw new EncodeError('message', [
    { path: 'message', value: message, message: 'expected an object with type and body' },
  ])
}

/** That `wire` has the form that lossless decoding gives it. @throws EncodeError */
export function checkWire(type: unknown, wire: unknown): void {
  const issues: Issue[] = []
  issuesOf(wire, 'wire', issues, 0)
  if (issues.length > 0) throw new EncodeError(String(type), issues)
}

const MAX_DEPTH = 64
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function issuesOf(wire: unknown, path: string, issues: Issue[], depth: number): void {
  const expect = (at: string, value: unknown, what: string) =>
    issues.push({ path: `${path}${at}`, value, message: `expected ${what}, as lossless decoding gives it` })
  if (!isObject(wire) || depth > MAX_DEPTH) {
    expect('', wire, 'an object')
    return
  }
  for (const name of ['raw', 'header', 'trailing', 'padding'])
    if (wire[name] !== undefined && !isBytes(wire[name])) expect(`.${name}`, wire[name], 'a Uint8Array')
  const { attributes } = wire
  if (attributes === undefined) return
  if (!Array.isArray(attributes)) {
    expect('.attributes', attributes, 'a list')
    return
  }
  for (const [i, one] of attributes.entries()) {
    const at = `.attributes[${i}]`
    if (typeof one === 'string') continue
    if (!isObject(one) || typeof one.name !== 'string') expect(at, one, 'a name or an object with a name')
    else {
      for (const name of ['raw', 'padding'])
        if (one[name] !== undefined && !isBytes(one[name])) expect(`${at}.${name}`, one[name], 'a Uint8Array')
      if (one.type !== undefined && !(Number.isInteger(one.type) && (one.type as number) >>> 16 === 0))
        expect(`${at}.type`, one.type, 'an integer from 0 to 65535')
      if (one.wire !== undefined) issuesOf(one.wire, `${path}${at}.wire`, issues, depth + 1)
    }
  }
}
