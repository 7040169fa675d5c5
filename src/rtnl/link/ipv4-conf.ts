/** IFLA_INET_CONF: IPv4 settings of a link, an array from the kernel and a nest to it. */
import type { Reader, Writer } from '../../netlink/bytes/bytes.js'
import { putAttributeHeader, TYPE_MASK } from '../../netlink/bytes/nlattr.js'
import { leafField } from '../../netlink/schema/field.js'
import { type StructValue, struct } from '../../netlink/schema/struct.js'
import { type Expected, type Issue, issueOf, join, type Type, Unwritable } from '../../netlink/schema/type.js'
import { s32 } from '../../netlink/schema/types/integer.js'
import { ipv4Settings } from './devconf.js'

const array = struct('ipv4_devconf', ipv4Settings)

/** IPv4 settings by name; one that a request sets without a name stands under its number (IPV4_DEVCONF_*). */
export type Ipv4Conf = StructValue<typeof ipv4Settings> & { [N in `${number}`]?: number }

// IPV4_DEVCONF_* begin with 1.
const names = ['', ...array.memberNames]
const numbers = new Map(array.memberNames.map((name, i) => [name, i + 1]))
const nameOf = (number: number) => names[number] || String(number)
const numberOf = (name: string) => numbers.get(name) ?? (/^[1-9]\d{0,4}$/.test(name) ? Number(name) : -1)

/** No kernel ever sent fewer settings than this in its array, and no request sets as many in their order. */
const LEAST = 20
/** The bytes of an attribute in a nest: its header and the value. */
const ITEM = 8

/** A nest holds nothing but attributes of eight bytes; an array would have to look so all the way. */
function isNest(r: Reader, at: number, end: number): boolean {
  if ((end - at) % ITEM !== 0) return false
  for (let p = at; p < end; p += ITEM) if (r.view.getUint16(p, r.little) !== ITEM) return false
  return true
}

/** Whether a value is what the kernel's array gives: settings from the first one on, none left out. */
function isArray(value: Record<string, unknown>): boolean {
  if (value.tail !== undefined) return true
  const keys = keysOf(value)
  return keys.length >= LEAST && keys.every((key, i) => numbers.get(key) === i + 1)
}
const keysOf = (value: Record<string, unknown>) => Object.keys(value).filter((key) => value[key] !== undefined)
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function checkNest(value: Record<string, unknown>, path: string, issues: Issue[]): void {
  for (const key of keysOf(value)) {
    const at = join(path, key)
    const number = numberOf(key)
    const expected: Expected = { kind: 'key', what: 'setting', names: array.memberNames, orNumber: true }
    if (number < 0 || number > TYPE_MASK) issues.push(issueOf(at, value[key], expected))
    else s32.check(value[key], at, issues, undefined)
  }
}

/**
 * Settings of `net.ipv4.conf` (IFLA_INET_CONF, linux/if_link.h). The kernel sends all of them as an array; a request
 * sets those that it names, as a nest. Which one is written follows from the value: all settings, or some.
 * @example { afSpec: { inet: { conf: { forwarding: 1 } } } }
 */
export const ipv4Conf: Type<Ipv4Conf> = Object.freeze({
  kind: 'object',
  name: 'ipv4-conf',
  minimum: 0,
  read(r: Reader, at: number, end: number) {
    if (!isNest(r, at, end)) return array.read(r, at, end, undefined)
    const value: Record<string, number> = {}
    for (let p = at; p < end; p += ITEM)
      value[nameOf(r.view.getUint16(p + 2, r.little) & TYPE_MASK)] = r.view.getInt32(p + 4, r.little)
    return value
  },
  exact: (r: Reader, at: number, end: number) => !isNest(r, at, end) && array.exact(r, at, end),
  write(w: Writer, value: Record<string, unknown>) {
    if (!isObject(value)) throw new Unwritable()
    if (isArray(value)) return array.write(w, value, undefined)
    for (const key of keysOf(value)) {
      const number = numberOf(key)
      if (number < 0 || number > TYPE_MASK) throw new Unwritable()
      putAttributeHeader(w, w.take(4), ITEM, number)
      s32.write(w, value[key] as number, undefined)
    }
  },
  check(value, path, issues) {
    if (!isObject(value)) issues.push(issueOf(path, value, { kind: 'object', names: array.memberNames }))
    else if (isArray(value)) array.check(value, path, issues, undefined)
    else checkNest(value, path, issues)
  },
  dissect(r, at, end, field) {
    if (!isNest(r, at, end)) return array.dissect(r, at, end, field, undefined)
    field.children = []
    for (let p = at; p < end; p += ITEM) {
      const attributeType = r.view.getUint16(p + 2, r.little)
      const name = nameOf(attributeType & TYPE_MASK)
      const child = { ...leafField(name, join(field.path, name), p, ITEM), header: 4, attributeType }
      s32.dissect(r, p + 4, p + ITEM, child, undefined)
      field.children.push(child)
    }
  },
  describe: () => ({ ...array.describe(), type: 'ipv4-conf' }),
} satisfies Type<Ipv4Conf>)
