/** Random values for the leaf types of rtnetlink whose rules a description does not tell. */
import fc from 'fast-check'
import { inet6Stats } from '../../src/rtnl/link/inet6-stats.js'
import type { Special } from '../support/arbitrary.js'

const dotted = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'))
const hex = fc.array(fc.nat(255), { minLength: 0, maxLength: 8 }).map((list) => list.map(hexByte).join(':'))
const hexByte = (value: number) => value.toString(16).padStart(2, '0')
const label = fc.nat(0xfffff)
const s32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const u64 = fc.bigInt(0n, 2n ** 64n - 1n)
const counters = Object.fromEntries(
  (inet6Stats.describe().members as { name: string }[]).map(({ name }) => [name, u64]),
)

/** Values by the type that a description names. */
export const special: Special = {
  ifname: fc.stringMatching(/^[a-z][a-z0-9.@_-]{0,14}$/),
  altname: fc.stringMatching(/^[a-z][a-z0-9 .@_/:-]{0,126}$/),
  uint: fc.oneof(fc.bigInt(0n, 2n ** 32n - 1n), u64),
  'mpls-labels': fc.array(label, { minLength: 1, maxLength: 4 }).map((list) => list.join('/')),
  'struct rtvia': fc.oneof(
    dotted.map((rtviaAddr) => ({ rtviaFamily: 'inet', rtviaAddr })),
    fc.nat(0xfffe).map((group) => ({ rtviaFamily: 'inet6', rtviaAddr: `fd00::${(group + 1).toString(16)}` })),
    hex.map((rtviaAddr) => ({ rtviaFamily: 'packet', rtviaAddr })),
  ),
  // Some settings go out as a nest.
  'ipv4-conf': fc.record({ forwarding: s32, rpFilter: s32, proxyArp: s32, arpIgnore: s32 }, { requiredKeys: [] }),
  // The number of counters tells their order.
  'inet6-stats': fc.record({ ...counters, num: fc.constant(38n) }),
}
