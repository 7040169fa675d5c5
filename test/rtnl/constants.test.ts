/** Every number of rtnetlink's definitions against the kernel's own headers: no table says which are looked at. */
import { expect } from 'chai'
import { AttributeSet, attributes, enumOf, extendedAck, flagsOf, u16, u32 } from '../../src/netlink/index.js'
import type { AnyType } from '../../src/netlink/schema/type.js'
import { ipv4Settings, ipv6Devconf } from '../../src/rtnl/link/devconf.js'
import { route } from '../../src/rtnl/protocol.js'
import { typesWithin } from '../support/types-within.js'
import { complaints, tableOfNames, tableOfSet } from './against-headers.js'
import { type Block, headerBlocks, headersInstalled } from './headers.js'

const bodies = Object.fromEntries(Object.entries(route.messages).map(([name, { body }]) => [name, body as AnyType]))
const all = typesWithin({ ...bodies, extendedAck })
const hasNames = ({ kind }: AnyType) => kind === 'enum' || kind === 'flags' || kind === 'bitfield'

describe('the numbers of rtnetlink', () => {
  it('say of every enum and flags how their C constants begin, or why there are none', () => {
    const silent = all.filter(({ type }) => hasNames(type) && type.constants === undefined)
    expect(silent.map(({ path }) => path)).to.deep.equal([])
  })

  describe("against the kernel's headers", () => {
    let headers: readonly Block[]
    before(function () {
      if (!headersInstalled) {
        console.log("      skipped: the kernel's headers are not installed (linux-libc-dev)")
        this.skip()
      }
      headers = headerBlocks()
    })

    it('every attribute of every set is right, and none is missing', () => {
      const sets = all.filter(({ type }) => type instanceof AttributeSet)
      expect(sets.length).to.be.greaterThan(25)
      const found = sets.flatMap(({ path, type }) =>
        complaints(tableOfSet(type as AttributeSet), headers).map((one) => `${path} (${type.name}): ${one}`),
      )
      expect(found).to.deep.equal([])
    })

    it('every value of every enum and flags is right, and none is missing', () => {
      const found = all
        .filter(({ type }) => hasNames(type))
        .flatMap(({ path, type }) => complaints(tableOfNames(type), headers).map((one) => `${path}: ${one}`))
      expect(found).to.deep.equal([])
    })

    it('every message type and group is right', () => {
      const numbers = Object.fromEntries(Object.entries(route.messages).map(([name, { number }]) => [name, number]))
      const known = new Map(headers.flatMap(({ constants }) => [...constants]))
      for (const [name, number] of Object.entries(numbers)) expect(known.get(name), name).to.equal(number)
      // The header spells the second word without an underscore.
      const others = { decnetIfaddr: 'IFADDR', decnetRoute: 'ROUTE', decnetRule: 'RULE' }
      const constants = { prefix: 'RTNLGRP', others: decnet(others) }
      const groups = { numbers: route.groups, constants, are: 'counted' as const }
      expect(complaints(groups, headers)).to.deep.equal([])
    })

    it('the settings of IPv4 and IPv6 are in their order', () => {
      const inOrder = (members: object, first: number) =>
        Object.fromEntries(Object.keys(members).map((name, i) => [name, first + i]))
      const ipv4 = { numbers: inOrder(ipv4Settings, 1), constants: { prefix: 'IPV4_DEVCONF' } }
      const ipv6 = { numbers: inOrder(ipv6Devconf.members, 0), constants: { prefix: 'DEVCONF' } }
      expect([...complaints(ipv4, headers), ...complaints(ipv6, headers)]).to.deep.equal([])
    })

    it('what is wrong is found: a value, a name, what is left out, a prefix', () => {
      const names = (values: Record<string, number>, prefix = 'IPVLAN_MODE') =>
        complaints(tableOfNames(enumOf(u16, values, prefix)), headers)
      expect(names({ l2: 0, l3: 1, l3s: 2 })).to.deep.equal([])
      expect(names({ l2: 0, l3: 1, l3s: 3 })).to.deep.equal([
        'l3s is 3, but IPVLAN_MODE_L3S is 2',
        'IPVLAN_MODE_L3S = 2 is missing',
      ])
      expect(names({ l2: 0, l3: 1, l4: 2 })).to.deep.equal(['l4 is 2, which is IPVLAN_MODE_L3S'])
      expect(names({ l2: 0, l3: 1 })).to.deep.equal(['IPVLAN_MODE_L3S = 2 is missing'])
      expect(names({ l2: 0 }, 'IPVLAN_MOED')).to.deep.equal(['no header has a constant of IPVLAN_MOED'])
      // Newer than the headers.
      expect(names({ l2: 0, l3: 1, l3s: 2, l7: 99 })).to.deep.equal([])
      const flags = flagsOf(u16, { private: 1, vepa: 4 }, 'IPVLAN_F')
      expect(complaints(tableOfNames(flags), headers)).to.include('vepa is 4, but IPVLAN_F_VEPA is 2')
      const bits = flagsOf(u32, { noLlLearn: 2 }, { bits: 'BR_BOOLOPT' })
      expect(complaints(tableOfNames(bits), headers)[0]).to.equal('noLlLearn is 2, but BR_BOOLOPT_NO_LL_LEARN is 1')
      const set = attributes('IFLA_IPVLAN', { mode: [2, u16] })
      expect(complaints(tableOfSet(set), headers)).to.include('mode is 2, but IFLA_IPVLAN_MODE is 1')
    })
  })
})

const decnet = (words: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(words).map(([name, word]) => [name, `RTNLGRP_DECnet_${word}`]))
