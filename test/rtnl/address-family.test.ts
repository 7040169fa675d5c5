/** The address family of a message tells how its addresses read: never their length alone. */
import { expect } from 'chai'
import { check, decode, dissect, encode, firstProblem, fromHex, type Message, toHex } from '../../src/netlink/index.js'
import { route } from '../../src/rtnl/index.js'

type Any = Record<string, unknown>

/** The family, the attribute's number and payload: as an address and as a route. */
const address = (family: number, hex: string) => message(0x14, `${byte(family)}${'00'.repeat(7)}`, 2, hex)
const destination = (family: number, hex: string) => message(0x18, `${byte(family)}${'00'.repeat(11)}`, 1, hex)
const byte = (value: number) => value.toString(16).padStart(2, '0')
const message = (type: number, header: string, number: number, hex: string): Uint8Array => {
  const attribute = `${byte(hex.length / 2 + 4)}00${byte(number)}00${hex}`.padEnd(
    8 + Math.ceil(hex.length / 8) * 8,
    '0',
  )
  return fromHex(
    `${byte(16 + (header.length + attribute.length) / 2)}000000${byte(type)}00${'00'.repeat(10)}${header}${attribute}`,
  )
}
const bodyOf = (bytes: Uint8Array): Any => {
  const [one] = decode(route, bytes, { byteOrder: 'little', lossless: true }) as Message[]
  expect(toHex(encode(route, [one!], { byteOrder: 'little' }))).to.equal(toHex(bytes))
  return one!.body as Any
}
const problemOf = (bytes: Uint8Array) => firstProblem(dissect(route, bytes, { byteOrder: 'little' }))?.problem

describe('addresses by the family of their message', () => {
  const ten = '0a020101'
  const six = '20010db8000000000000000000000001'
  for (const [title, make, key] of [
    ['an address', address, 'local'],
    ['a destination', destination, 'dst'],
  ] as const) {
    it(`${title}: of inet, inet6, and of none, where the length tells`, () => {
      expect(bodyOf(make(2, ten))[key]).to.equal('10.2.1.1')
      expect(bodyOf(make(10, six))[key]).to.equal('2001:db8::1')
      expect(bodyOf(make(0, ten))[key]).to.equal('10.2.1.1')
      expect(bodyOf(make(0, six))[key]).to.equal('2001:db8::1')
    })

    it(`${title}: bytes that are none of its family are raw and marked`, () => {
      for (const [family, hex, text] of [
        [2, ten.padEnd(32, '0'), /ipv4 takes 4 bytes, not 16/],
        [2, `${ten}00000000`, /ipv4 takes 4 bytes, not 8/],
        [10, ten, /ipv6 needs 16 bytes/],
        [35, '64', /needs|family/],
        [45, '08', /needs|family/],
        [35, ten, /addresses of this family/],
        [12, '0104', /needs|family/],
      ] as const) {
        const body = bodyOf(make(family, hex))
        expect(body[key], hex).to.equal(undefined)
        expect((body.unknown as { data: Uint8Array }[]).map((one) => toHex(one.data))).to.deep.equal([hex])
        expect(problemOf(make(family, hex))).to.match(text)
      }
    })
  }

  it('routes of multicast routing have the addresses of their protocol', () => {
    expect(bodyOf(destination(128, ten)).dst).to.equal('10.2.1.1')
    expect(bodyOf(destination(129, six)).dst).to.equal('2001:db8::1')
  })

  it('recorded from a kernel: an AF_PHONET address and a route', () => {
    const one = bodyOf(fromHex('200000001400000020000000c8020000230080fd02000000050002006c000000'))
    expect(one).to.deep.include({ ifaFamily: 'phonet', ifaIndex: 2, unknown: [{ type: 2, data: fromHex('6c') }] })
    const other = bodyOf(
      fromHex('2c0000001800000002000000c802000023060000fe0400010000000005000100400000000800040002000000'),
    )
    expect(other).to.deep.include({ rtmFamily: 'phonet', oif: 2, unknown: [{ type: 1, data: fromHex('40') }] })
  })

  it('an address of the other family is refused before it is sent', () => {
    expect(check(route, 'RTM_NEWADDR', { ifaFamily: 'inet', local: '2001:db8::1' })).to.have.lengthOf(1)
    expect(check(route, 'RTM_NEWADDR', { ifaFamily: 'inet6', local: '192.0.2.1' })).to.have.lengthOf(1)
    expect(check(route, 'RTM_NEWADDR', { ifaFamily: 'phonet', local: '192.0.2.1' })).to.have.lengthOf(1)
    expect(check(route, 'RTM_NEWADDR', { local: '192.0.2.1' })).to.deep.equal([])
  })
})
