/** What callers hand in, of whatever type: every function that is exported answers with an error of nlwire, or takes it. */
import { expect } from 'chai'
import * as netlink from '../src/netlink/index.js'
import { hasMethods } from '../src/netlink/options.js'
import * as testing from '../src/testing/index.js'
import { type Call, doors, makeFolder, removeFolder } from './support/doors.js'

const values: readonly unknown[] = [
  ...[undefined, null, 5, 'x', '', Number.NaN, {}, [], -1, Number.POSITIVE_INFINITY, 1.5, 2 ** 40, true, 1n],
  ...[() => {}, Symbol('x'), [null], [5], { x: null }, 'constructor', '__proto__', new Uint8Array(3), new Date(0)],
]
const show = (value: unknown) =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : typeof value === 'string'
      ? `"${value}"`
      : String(value)

/** Runs it to its end: promises, and one step of what is iterated. */
async function run(call: Call, given: readonly unknown[]): Promise<unknown> {
  try {
    const result: unknown = await call(...(given as never[]))
    if (hasMethods(result, 'toArray')) await (result as { toArray(): Promise<unknown> }).toArray()
    else if (hasMethods(result, 'next', 'return')) await (result as AsyncIterator<unknown>).return!()
    return undefined
  } catch (error) {
    return error
  }
}

/** Errors of the files and captures that a wrong value is taken for, and of node:fs. */
const isOwn = (error: unknown): boolean =>
  error === undefined ||
  error instanceof netlink.NetlinkError ||
  error instanceof testing.FixtureError ||
  error instanceof testing.PcapError ||
  (error instanceof Error && 'syscall' in error)

describe('what callers hand in', () => {
  before(makeFolder)
  after(removeFolder)

  for (const [name, { call, right, options = {} }] of Object.entries(doors)) {
    it(name, async () => {
      const bad: string[] = []
      const attempt = async (given: readonly unknown[], what: string) => {
        const error = await run(call, given)
        if (!isOwn(error)) bad.push(`${what}: ${error}`)
        return error
      }
      for (const i of right.keys())
        for (const value of values)
          await attempt([...right.slice(0, i), value, ...right.slice(i + 1)], `argument ${i} = ${show(value)}`)
      for (const [i, names] of Object.entries(options)) {
        const at = Number(i)
        const object = right[at] as object
        for (const option of names)
          for (const value of values)
            await attempt(
              [...right.slice(0, at), { ...object, [option]: value }, ...right.slice(at + 1)],
              `${option} = ${show(value)}`,
            )
        const error = await attempt([...right.slice(0, at), null, ...right.slice(at + 1)], `null for argument ${i}`)
        if (!(error instanceof netlink.OptionError)) bad.push(`null for argument ${i}: ${error}, not an OptionError`)
      }
      expect(bad.join('\n')).to.equal('')
    })
  }
})
