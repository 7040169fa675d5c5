/** The members of a configuration: one table, from which they are read and checked, and which docs/cni.md shows. */
import { isObject } from '../../netlink/bytes/equal.js'
import { parseAddress } from '../../netlink/schema/types/address.js'
import { isCniName } from './environment.js'

/** What kind of link the plugin makes. */
export type CniKind = 'ipvlan' | 'macvlan'

/** A value that is accepted, or not. */
interface Form {
  /** What can stand there, for messages and documents. */
  readonly accepts: string
  is(value: unknown): boolean
}

/** A member of the configuration. */
export interface CniMember extends Form {
  readonly kinds: readonly CniKind[]
  /** Whether the reference plugins have it as well. */
  readonly reference: boolean
  /** What it does, and what counts without it. */
  readonly about: string
}

const both = ['ipvlan', 'macvlan'] as const

const oneOf = (...values: readonly string[]): Form => ({
  accepts: values.map((value) => `\`${value}\``).join(', '),
  is: (value) => values.includes(value as string),
})
const integer = (min: number, max: number, unit: string): Form => ({
  accepts: `an integer from ${min} to ${max}${unit}`,
  is: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
})
const text: Form = { accepts: 'a text', is: (value) => typeof value === 'string' }
const bool: Form = { accepts: '`true` or `false`', is: (value) => typeof value === 'boolean' }
const anything: Form = { accepts: 'anything', is: () => true }
const object: Form = { accepts: 'an object', is: isObject }
const hardwareAddress: Form = {
  accepts: 'six pairs of hexadecimal digits: `02:00:00:00:00:01`',
  is: (value) => typeof value === 'string' && /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(value),
}

const isAddress = (value: unknown): boolean => typeof value === 'string' && parseAddress(value) !== undefined

function isHostAccess(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  if (!isObject(value)) return false
  const { addresses, ifname, ...rest } = value
  return (
    Object.keys(rest).length === 0 &&
    (addresses === undefined || (Array.isArray(addresses) && addresses.every(isAddress))) &&
    (ifname === undefined || typeof ifname === 'string')
  )
}

const member = (kinds: readonly CniKind[], form: Form, about: string): CniMember => ({
  ...form,
  kinds,
  about,
  reference: true,
})
const ours = (kinds: readonly CniKind[], form: Form, about: string): CniMember => ({
  ...member(kinds, form, about),
  reference: false,
})

/** The largest number of an int in C. */
const maxInt = 2 ** 31 - 1

/**
 * All members but `mode`, which depends on the kind. Names are found as the reference plugins find them: whether letters
 * are large or small does not matter. `null` is the same as nothing. Members that are not here are ignored, as there.
 */
export const members = {
  cniVersion: member(both, text, 'the version of the specification'),
  name: member(
    both,
    {
      accepts: 'letters, digits, `_`, `.` and `-`, the first a letter or digit',
      is: (value) => typeof value === 'string' && isCniName(value),
    },
    "the network's name; required",
  ),
  type: member(both, text, "the name of the plugin's file; the name says the kind: it has ipvlan or macvlan in it"),
  master: member(
    both,
    text,
    'the link below; `eth0.30`, where it is missing, is created as VLAN 30 of eth0, and stays. Default: ipvlan in a chain the interface of `prevResult`; else the link of the default route',
  ),
  linkInContainer: member(both, bool, "the `master` is in the container's namespace. Default `false`"),
  mtu: member(both, integer(0, maxInt, ' bytes'), "the MTU. Default, and 0: the `master`'s, which is also the most"),
  mac: member(
    ['macvlan'],
    hardwareAddress,
    'the hardware address; `runtimeConfig.mac` and `MAC` of CNI_ARGS come before it',
  ),
  bcqueuelen: member(
    ['macvlan'],
    integer(0, 2 ** 32 - 1, ' packets'),
    "the queue of broadcast packets (IFLA_MACVLAN_BC_QUEUE_LEN). Default, and 0: the kernel's, 1000",
  ),
  ipam: member(
    both,
    object,
    'whose `type` names the plugin that gives addresses and routes. Without it: ipvlan in a chain takes those of `prevResult`; macvlan is set up without addresses',
  ),
  dns: member(both, object, 'passed on in the result'),
  prevResult: member(both, object, 'in a chain: the result of the plugin before; for CHECK: the result of ADD'),
  runtimeConfig: member(both, object, 'what runtimes fill in; `mac` is used, with `"capabilities": {"mac": true}`'),
  capabilities: member(both, anything, 'for the runtime'),
  args: member(both, anything, 'for the runtime'),
  'cni.dev/valid-attachments': member(
    both,
    { accepts: 'a list of `{"containerID", "ifname"}`', is: isAttachments },
    'GC: the attachments that are kept',
  ),
  flags: ours(
    ['ipvlan'],
    {
      accepts: 'a list of `private` or `vepa`',
      is: (value) =>
        Array.isArray(value) && value.length < 2 && value.every((one) => one === 'private' || one === 'vepa'),
    },
    '`private`: containers do not reach each other; `vepa`: they do by way of the switch outside. Default: they reach each other',
  ),
  hostAccess: ours(
    both,
    { accepts: '`true`, `false`, or `{"addresses": [...], "ifname"}`', is: isHostAccess },
    "the host reaches the containers, by a link of its own with these addresses. Default `false`; `true`: with the gateway's addresses",
  ),
  proxy: ours(
    ['ipvlan'],
    bool,
    'mode l3s: the `master` answers for the containers (proxy ARP and NDP). Needs `hostAccess`, and forwarding in the host. Default `false`',
  ),
  notify: ours(both, bool, 'neighbours are told of new containers (arp_notify, ndisc_notify). Default `true`'),
  dad: ours(
    both,
    oneOf('none', 'wait'),
    '`none`: IPv6 addresses can be used at once; `wait`: ADD waits until the kernel has found no duplicate. Default `none`',
  ),
} as const satisfies Readonly<Record<string, CniMember>>

function isAttachments(value: unknown): boolean {
  const one = (item: unknown) =>
    isObject(item) && typeof item.containerID === 'string' && typeof item.ifname === 'string'
  return Array.isArray(value) && value.every(one)
}

/** The modes of each kind, the default first. */
export const cniModes = {
  ipvlan: ['l2', 'l3', 'l3s'],
  macvlan: ['bridge', 'private', 'vepa', 'passthru'],
} as const

/** The member `mode` of a kind. */
export const modeMember = (kind: CniKind): CniMember =>
  member([kind], oneOf(...cniModes[kind]), `what is switched where. Default \`${cniModes[kind][0]}\``)
