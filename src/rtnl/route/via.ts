/** A gateway of another address family than the route's. */
import type { Reader } from '../../netlink/bytes/bytes.js'
import { type Field, leafField } from '../../netlink/schema/field.js'
import { type Expected, join, type Leaf, leaf } from '../../netlink/schema/type.js'
import { address } from '../../netlink/schema/types/address.js'
import type { EnumValue } from '../../netlink/schema/types/enum.js'
import { mac } from '../../netlink/schema/types/text.js'
import { type addressFamilies, family16 } from '../names.js'

/** struct rtvia (linux/rtnetlink.h). */
export interface Via {
  rtviaFamily: EnumValue<typeof addressFamilies>
  /** For inet and inet6 in the usual notation, for any other family (a hardware address) as hex with colons. */
  rtviaAddr: string
}

const isIp = (family: unknown) => family === 'inet' || family === 'inet6'
const lengths = { inet: 4, inet6: 16 } as Record<string, number>

function problem(value: unknown): Expected | undefined {
  if (typeof value !== 'object' || value === null) return { kind: 'object', names: ['rtviaFamily', 'rtviaAddr'] }
  const { rtviaFamily, rtviaAddr } = value as Partial<Via>
  const wrong = family16.problem(rtviaFamily)
  if (wrong !== undefined) return { kind: 'member', name: 'rtviaFamily', expected: wrong }
  if (!isIp(rtviaFamily)) {
    const other = mac.problem(rtviaAddr)
    return other === undefined ? undefined : { kind: 'member', name: 'rtviaAddr', expected: other }
  }
  const text = rtviaAddr as string
  if (address.problem(text) === undefined && text.includes(':') === (rtviaFamily === 'inet6')) return undefined
  const examples = [rtviaFamily === 'inet' ? '192.0.2.1' : '2001:db8::1']
  const expected: Expected = { kind: 'notation', what: `an address of the family ${rtviaFamily}`, examples }
  return { kind: 'member', name: 'rtviaAddr', expected }
}

const plain = leaf<Via>({
  kind: 'object',
  name: 'struct rtvia',
  minimum: 2,
  problem,
  read(r, at, end) {
    const rtviaFamily = family16.read(r, at, at + 2, undefined)
    const asIp = isIp(rtviaFamily) && end - at - 2 === lengths[rtviaFamily as string]
    return { rtviaFamily, rtviaAddr: (asIp ? address : mac).read(r, at + 2, end, undefined) }
  },
  write(w, value) {
    family16.write(w, value.rtviaFamily, undefined)
    const type = isIp(value.rtviaFamily) ? address : mac
    type.write(w, value.rtviaAddr, undefined)
  },
  show: ({ rtviaFamily, rtviaAddr }) => `${rtviaFamily} ${rtviaAddr}`,
})

/** RTA_VIA (linux/rtnetlink.h): a gateway with its address family. */
export const via: Leaf<Via> = Object.freeze({
  ...plain,
  dissect(r: Reader, at: number, end: number, field: Field) {
    const family = leafField('rtviaFamily', join(field.path, 'rtviaFamily'), at, 2)
    family16.dissect(r, at, at + 2, family, undefined)
    const rest = leafField('rtviaAddr', join(field.path, 'rtviaAddr'), at + 2, end - at - 2)
    rest.kind = 'address'
    rest.text = plain.read(r, at, end, undefined).rtviaAddr
    field.children = [family, rest]
  },
})
