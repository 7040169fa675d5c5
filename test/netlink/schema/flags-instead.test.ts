/** Flags whose bits have other names where one of them is set. */
import { expect } from 'chai'
import {
  attributes,
  check,
  decode,
  defineProtocol,
  dissect,
  EncodeError,
  encode,
  flagsOf,
  fromHex,
  toHex,
  u16,
  u32,
  u64,
} from '../../../src/netlink/index.js'

const usual = { up: 1, cloned: 2, failed: 0x20000000 } as const
const instead = { multicast: 0x20000000, local: 0x80000000 } as const
const flags = flagsOf(u32, usual, undefined, { when: 'cloned', values: instead })
const body = attributes('X', { flags: [1, flags] })
const protocol = defineProtocol('p', 0, { X_NEW: { number: 16, operation: 'new', body } }, {})

describe('flags with other names where one of them is set', () => {
  const cases: [(keyof typeof usual | keyof typeof instead | number)[], number][] = [
    [[], 0],
    [['up', 'failed'], 0x20000001],
    [['up', 0x80000000], 0x80000001],
    [['cloned', 'multicast'], 0x20000002],
    [['up', 'cloned', 'multicast', 'local'], 0xa0000003],
    [['cloned', 'local', 0x40000000], 0xc0000002],
  ]
  for (const byteOrder of ['little', 'big'] as const)
    for (const [names, number] of cases)
      it(`${JSON.stringify(names)}, ${byteOrder}-endian`, () => {
        const bytes = encode(protocol, [{ type: 'X_NEW', body: { flags: names } }], { byteOrder })
        expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(20, byteOrder === 'little')).to.equal(number)
        // The first message of a kind, and those that are like the last one.
        for (let i = 0; i < 3; i++) {
          const [message] = decode(protocol, bytes, { byteOrder, lossless: true })
          expect(message!.body).to.deep.equal({ flags: names })
          expect(toHex(encode(protocol, [message!], { byteOrder }))).to.equal(toHex(bytes))
        }
        const shown = names.map((one) => (typeof one === 'number' ? `0x${one.toString(16)}` : one)).join('|') || 'none'
        expect(dissect(protocol, bytes, { byteOrder })[0]!.children!.at(-1)!.text).to.equal(shown)
        expect(check(protocol, 'X_NEW', { flags: names })).to.deep.equal([])
      })

  it('are taken in any order, and where the flag that decides is a number', () => {
    for (const names of [['local', 'cloned'] as const, ['local', 2] as const, ['local', 0x2000_0002] as const])
      expect(() => encode(protocol, [{ type: 'X_NEW', body: { flags: names } }])).not.to.throw()
  })

  it('are refused where they mean nothing', () => {
    for (const names of [['local'], ['up', 'multicast'], ['cloned', 'failed'], ['failed', 2]]) {
      const value = { flags: names } as never
      const issues = check(protocol, 'X_NEW', value)
      expect(issues.map(({ message }) => message)).to.deep.equal([
        'expected a list of up, cloned, failed (with cloned: up, cloned, multicast, local), or numbers up to 4294967295',
      ])
      expect(() => encode(protocol, [{ type: 'X_NEW', body: value }])).to.throw(EncodeError, /flags/)
    }
  })

  it('are in the description and in the data of the type', () => {
    expect(flags.describe()).to.deep.equal({
      type: 'flags u32',
      base: 'u32',
      values: usual,
      instead: { when: 'cloned', values: instead },
    })
    expect(flags.values).to.deep.equal({ ...usual, ...instead })
    expect(flags.values.multicast).to.equal(0x20000000)
  })

  it('need a flag that decides, names of their own, and bits of their own', () => {
    const make = (when: string, values: object, base: unknown = u16) =>
      flagsOf(base as typeof u16, { a: 1, b: 4, none: 0 }, undefined, { when, values } as never)
    expect(() => make('nosuch', { c: 2 })).to.throw(Error, /^flags u16: .*"nosuch"/)
    expect(() => make('none', { c: 2 })).to.throw(Error, /^flags u16: .*"none"/)
    expect(() => make('a', { b: 2 })).to.throw(Error, /^flags u16: two flags have the name "b"/)
    expect(() => make('a', { c: 3 })).to.throw(Error, /^flags u16: c is 3, .*a/)
    expect(() => make('a', { c: 0x10000 })).to.throw(Error, /^flags u16: c is 65536/)
    expect(() => make('a', { c: 2 }, u64)).to.throw(Error, /^flags u64: .*64 bits/)
  })

  it('of a route that was made for one destination: RTCF_* (linux/in_route.h)', async () => {
    const { route } = await import('../../../src/rtnl/protocol.js')
    const message = (flags: string) => fromHex(`1c0000001800000000000000000000000220000000000000${flags}`)
    const flagsIn = (hex: string) => (decode(route, message(hex))[0]!.body as { rtmFlags: unknown }).rtmFlags
    expect(flagsIn('000200b0')).to.deep.equal(['cloned', 'broadcast', 'multicast', 'local'])
    expect(flagsIn('00000020')).to.deep.equal(['offloadFailed'])
  })
})
