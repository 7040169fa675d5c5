/** Marks and ranges: what they say, and that bytes stay what they are. */
import { expect } from 'chai'
import {
  attributes,
  createOnly,
  decode,
  defineProtocol,
  encode,
  headed,
  type Issue,
  ifindex,
  range,
  readOnly,
  repeated,
  struct,
  toHex,
  u8,
  u16,
  u32,
  u64,
  unit,
  units,
} from '../../../src/netlink/index.js'
import type { AnyType } from '../../../src/netlink/schema/type.js'
import { route } from '../../../src/rtnl/index.js'
import { typesWithin } from '../../support/types-within.js'

const inner = attributes('INNER', { a: [1, u8] })
const set = attributes('SET', {
  id: [1, range(u16, 0, 4094)],
  nest: [2, readOnly(inner)],
  many: [3, repeated(ifindex(u32))],
  delay: [4, unit(u32, 'cs')],
})
const family = defineProtocol(
  'marks',
  31,
  { M: { number: 16, operation: 'new', body: headed(struct('h', { hIndex: ifindex(u32) }), set) } },
  {},
)
const issuesOf = (type: AnyType, value: unknown): Issue[] => {
  const issues: Issue[] = []
  type.check(value, '', issues, undefined)
  return issues
}

describe('a range', () => {
  const id = range(u16, 0, 4094)

  it('is what check accepts', () => {
    expect(id).to.include({ kind: 'integer', min: 0, max: 4094, size: 2 })
    expect(issuesOf(id, 4094)).to.deep.equal([])
    const [issue] = issuesOf(id, 4095)
    expect(issue?.expected).to.deep.equal({ kind: 'integer', min: 0, max: 4094 })
    expect(issue?.message).to.equal('expected an integer from 0 to 4094')
  })

  it('is no limit of the bytes: what was sent is read, and written back the same', () => {
    const bytes = encode(family, [{ type: 'M', body: { id: 9999 } }])
    const messages = decode(family, bytes)
    expect(messages[0]!.body).to.deep.include({ id: 9999 })
    expect(toHex(encode(family, messages))).to.equal(toHex(bytes))
  })

  it('lies within its integer', () => {
    expect(() => range(u8, 0, 256)).to.throw(RangeError, 'range of u8: from 0 to 256')
    expect(() => range(u16, 5, 4)).to.throw(RangeError)
  })
})

describe('marks of meaning', () => {
  it('stay on what is in a list, and on a set', () => {
    expect(set.attribute('many')!.type).to.include({ kind: 'integer', meaning: 'ifindex', repeated: true })
    const nest = set.attribute('nest')!.type
    expect(nest).to.include({ kind: 'nest', access: 'read-only', name: 'INNER' })
    expect(inner).not.to.have.property('access')
    expect(set.describe().attributes).to.deep.include({
      type: 'u32',
      min: 0,
      max: 0xffffffff,
      unit: 'cs',
      name: 'delay',
      number: 4,
    })
  })

  it('change no bytes', () => {
    const body = { hIndex: 7, id: 5, nest: { a: 1 }, many: [1, 2], delay: 1500 }
    const bytes = encode(family, [{ type: 'M', body }])
    expect(decode(family, bytes)[0]!.body).to.deep.equal(body)
  })

  it('can be on one another', () => {
    expect(createOnly(unit(u64, 'ns'))).to.include({ access: 'create-only', unit: 'ns', kind: 'bigint' })
  })

  it('have units that are times, and others', () => {
    expect(units.cs.perSecond).to.equal(100)
    expect(units.bytes).not.to.have.property('perSecond')
  })

  it('are on every index of an interface that rtnetlink has', () => {
    const bodies = Object.fromEntries(Object.entries(route.messages).map(([name, { body }]) => [name, body as AnyType]))
    const found = typesWithin(bodies).filter(({ type }) => type.meaning === 'ifindex')
    const names = new Set(found.map(({ path }) => path.replace(/.*[.)\]]/, '')))
    expect([...names].sort()).to.deep.equal(
      'backupPort ifaIndex ifiIndex ifindex iif ipPort ipv6Port link master ndmIfindex newIfindex oif rtnhIfindex'.split(
        ' ',
      ),
    )
  })
})
