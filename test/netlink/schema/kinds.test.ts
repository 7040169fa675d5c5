/** Types as plain data: what a tool can learn of a type, and of what is wrong with a value, without reading English. */
import { expect } from 'chai'
import {
  type AnyMessageInput,
  attributes,
  check,
  decode,
  encode,
  enumOf,
  expectedText,
  flagsOf,
  type Issue,
  ipv4,
  listOf,
  mac,
  maskOf,
  nulString,
  ownFlags,
  struct,
  u16,
  u32,
  u64,
} from '../../../src/netlink/index.js'
import type { AnyType } from '../../../src/netlink/schema/type.js'
import { bool, flagOrByte } from '../../../src/netlink/schema/types/bool.js'
import { route } from '../../../src/rtnl/index.js'
import { typesWithin } from '../../support/types-within.js'

const issuesOf = (type: AnyType, value: unknown): Issue[] => {
  const issues: Issue[] = []
  type.check(value, 'it', issues, {})
  return issues
}

const bodies = Object.fromEntries(Object.entries(route.messages).map(([name, { body }]) => [name, body as AnyType]))

describe('the kind of a type', () => {
  it('says what a plain value is, with its data', () => {
    expect([u16, u64, ipv4, mac, nulString()].map(({ kind }) => kind)).to.deep.equal(
      ['integer', 'bigint', 'address', 'mac', 'string'], // prettier-ignore
    )
    expect([u16.min, u16.max, u64.max]).to.deep.equal([0, 65535, 2n ** 64n - 1n])
    const mode = enumOf(u16, { l2: 0, l3: 1 })
    expect([mode.kind, mode.values, mode.max]).to.deep.equal(['enum', { l2: 0, l3: 1 }, 65535])
    const list = listOf(mac, { number: 1 })
    expect([list.kind, list.items]).to.deep.equal(['list', mac])
    const pair = struct('pair', { from: u32, to: u32 })
    expect([pair.kind, Object.keys(pair.members)]).to.deep.equal(['struct', ['from', 'to']])
    expect(attributes('SET', { pair: [1, pair] }).kind).to.equal('nest')
  })

  it('is said by every type of rtnetlink, with the data that belongs to it', () => {
    const all = typesWithin(bodies)
    expect(all.length).to.be.greaterThan(150)
    for (const { path, type } of all) {
      const has: Record<string, unknown> = { integer: type.max, bigint: type.max, bool: type.max, enum: type.values }
      Object.assign(has, { flags: type.values, list: type.items, indexed: type.items, struct: type.members })
      expect(type.kind, path).to.be.a('string')
      if (type.kind in has) expect(has[type.kind], `${path}: ${type.kind}`).not.to.equal(undefined)
    }
  })

  it('says with every issue of a leaf what was expected, and makes the text of it', () => {
    for (const { path, type } of typesWithin(bodies))
      for (const { expected, message } of issuesOf(type, Symbol('wrong'))) {
        expect(expected, `${path}: ${message}`).to.be.an('object')
        expect(message, path).to.equal(expectedText(expected!))
      }
  })

  it('says what is expected as data', () => {
    const expected = (value: unknown) => check(route, 'RTM_NEWLINK', value).map((issue) => issue.expected)
    expect(expected({ mtu: -1 })).to.deep.equal([{ kind: 'integer', min: 0, max: 0xffffffff }])
    expect(expected({ physPortId: 1 })).to.deep.equal([{ kind: 'bytes' }])
    expect(expected({ stats64: { rxBytes: 1 } })).to.deep.equal([{ kind: 'bigint', min: 0n, max: 2n ** 64n - 1n }])
    expect(expected({ unknown: [1] })).to.deep.equal([{ kind: 'unknown', maxType: 0x3fff, maxLength: 65531 }])
    const [kind] = expected({ linkinfo: { kind: 'ipvlan', data: { mode: 'l4' } } })
    expect(kind).to.deep.equal({ kind: 'enum', counted: true, names: ['l2', 'l3', 'l3s'], min: 0, max: 65535 })
  })
})

describe('marks', () => {
  it('are data on a type that is otherwise the same', () => {
    const bits = flagsOf(u16, { a: 1 })
    expect(ownFlags(bits)).to.include({ kind: 'flags', meaning: 'own-flags', scalar: 2 })
    expect(maskOf('value', bits)).to.include({ kind: 'flags', maskOf: 'value' })
    expect(bits).not.to.have.any.keys('meaning', 'maskOf')
  })

  it('are in the schema as JSON', () => {
    expect(ownFlags(flagsOf(u16, { a: 1 })).describe()).to.include({ type: 'flags u16', meaning: 'own-flags' })
  })
})

describe('bool', () => {
  it('is yes or no, and keeps what else was sent', () => {
    const yes = bool(u16)
    expect(yes).to.include({ kind: 'bool', min: 0, max: 65535 })
    expect(issuesOf(yes, 'on').map(({ expected }) => expected)).to.deep.equal([{ kind: 'bool' }])
    for (const value of [0, 1, 7]) {
      const body = { linkinfo: { kind: 'bridge', data: { vlanFiltering: value } } }
      const bytes = encode(route, [{ type: 'RTM_NEWLINK', body } as AnyMessageInput])
      expect(decode(route, bytes)[0]!.body).to.deep.include(body)
    }
  })
})

describe('a flag that is reported as a byte', () => {
  it('is true where it has no content, and the byte otherwise: both are written back', () => {
    for (const ttlInherit of [true, 0, 1, 255] as const) {
      const body = { linkinfo: { kind: 'vxlan', data: { ttlInherit } } }
      const bytes = encode(route, [{ type: 'RTM_NEWLINK', body } as AnyMessageInput])
      expect(bytes.length).to.equal(ttlInherit === true ? 56 : 60)
      const messages = decode(route, bytes)
      expect(messages[0]!.body).to.deep.include(body)
      expect(encode(route, messages)).to.deep.equal(bytes)
    }
    expect(issuesOf(flagOrByte, false).map(({ expected }) => expected)).to.deep.equal([{ kind: 'flag' }])
  })
})
