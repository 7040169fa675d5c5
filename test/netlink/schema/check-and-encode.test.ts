/** What check accepts, encode writes, and what encode refuses, check reports: for random definitions and wrong values. */
import { expect } from 'chai'
import fc from 'fast-check'
import { Writer } from '../../../src/netlink/bytes/bytes.js'
import { writeBody } from '../../../src/netlink/codec/writing.js'
import {
  type AnyMessageInput,
  type AnyType,
  type AttributeSet,
  attributes,
  check,
  defineProtocol,
  EncodeError,
  encode,
  followedBy,
  headed,
  indexed,
  lazy,
  listOf,
  ordered,
  type Protocol,
  packed,
  records,
  repeated,
  struct,
  u8,
  u16,
} from '../../../src/netlink/index.js'
import { made, recipes, valuesFor } from '../../support/random-definition.js'

const RUNS = Number(process.env.NLWIRE_PROPERTY_RUNS ?? 100)
const protocolOf = (body: AnyType): Protocol =>
  defineProtocol('random', 0, { X_NEWX: { number: 16, operation: 'new', body } }, {}) as unknown as Protocol

const wrong: readonly unknown[] = [
  ...[null, true, false, '', 'x', '5', 0.5, -1, 2 ** 40, Number.NaN, 5n, -5n, 2n ** 70n, Symbol('x')],
  ...[
    Object.create(null),
    {},
    [],
    [null],
    [undefined],
    [[]],
    [{}],
    [7],
    ['x'],
    () => 1,
    new Uint8Array(0),
    new Uint8Array(3),
  ],
  ...[{ nosuch: 1 }, { unknown: [] }, { unknown: 5 }, { unknown: [{ type: 1, data: new Uint8Array(1) }] }, { 0: 1 }],
  ...[{ tail: new Uint8Array(2) }, { tail: undefined }, { tail: 5 }, new Map([['a', 1]]), new Date(0), new Array(2)],
]

type Container = Record<string | number, unknown>
const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array)

/** The objects and lists in a value, itself first. */
function containers(value: unknown): Container[] {
  return isContainer(value) ? [value, ...Object.values(value).flatMap(containers)] : []
}

/** A copy, of which the parts can be changed. */
const copy = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(copy)
    : isContainer(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)]))
      : value

/** One part of the value is another one, or there is one more. */
function changed(given: unknown, at: number, key: number, by: unknown): unknown {
  const value = copy(given)
  const all = containers(value)
  const one = all[at % all.length]!
  const keys = [...Object.keys(one), Array.isArray(one) ? one.length : 'nosuch']
  one[keys[key % keys.length]!] = copy(by)
  return value
}

/** Whether it throws, which can only be an EncodeError. */
function refuses(what: () => unknown): boolean {
  try {
    what()
  } catch (error) {
    expect(error, String((error as Error).stack)).to.be.instanceOf(EncodeError)
    return true
  }
  return false
}

/** `encode` takes more than a client sends: numbers out of a range, say, so that captures can be changed and written. */
function agree(protocol: Protocol, body: unknown): void {
  const issues = check(protocol, 'X_NEWX', body as never).map(({ path, message }) => `${path}: ${message}`)
  const strict = new Writer('little')
  strict.strict = true
  const refused = refuses(() => writeBody(strict, protocol.find('X_NEWX')!, body))
  expect(issues, refused ? 'refused' : 'written').to.have.length[refused ? 'greaterThan' : 'below'](refused ? 0 : 1)
  if (refuses(() => encode(protocol, [{ type: 'X_NEWX', body } as AnyMessageInput])))
    expect(issues).to.have.length.greaterThan(0)
}

describe('check and encode agree', () => {
  it('on wrong values of random definitions', function () {
    this.timeout(120_000)
    const cases = recipes.chain((recipe) =>
      fc.record({
        recipe: fc.constant(recipe),
        value: valuesFor(recipe),
        changes: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...wrong)), { minLength: 1, maxLength: 12 }),
      }),
    )
    const property = fc.property(cases, ({ recipe, value, changes }) => {
      const protocol = protocolOf(made(recipe))
      agree(protocol, value)
      for (const [at, key, by] of changes) agree(protocol, changed(value, at, key, by))
    })
    fc.assert(property, { numRuns: 4 * RUNS, seed: 20261127, interruptAfterTimeLimit: 100_000 })
  })

  const h = struct('h', { a: u8, b: u16 })
  const set = attributes('S', { a: [1, u8] })
  const types: Record<string, AnyType> = {
    'a struct': h,
    'a struct with more after it': followedBy(h, 'rest', packed(u8), { count: 'a' }),
    'a set': set,
    'a set with a header': headed(h, attributes('T', { c: [1, u8] })),
    'what is looked up later': lazy('S', () => set as unknown as AttributeSet),
    'a list': listOf(set, { number: 1 }),
    'a list by index': indexed(set),
    'packed structs': packed(h),
    records: records(headed(struct('r', { _len: u16, b: u16 }), set)),
    'an order': ordered(set),
  }
  for (const [title, type] of Object.entries(types))
    it(`on wrong values of ${title}`, () => {
      for (const entries of [{ x: [1, type] }, { x: [1, repeated(type)] }] as const) {
        const protocol = protocolOf(attributes('X', entries as never))
        for (const value of wrong) for (const x of [value, [value], [[value]], { a: value }]) agree(protocol, { x })
      }
    })

  it('on bodies that are none', () => {
    for (const type of [set, headed(h, attributes('T', { c: [1, u8] })), h])
      for (const value of wrong) if (value !== undefined) agree(protocolOf(type), value)
  })
})
