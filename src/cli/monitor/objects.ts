/** Which object a message is about, and whether two messages say the same of it. */

import { HEADER } from '../../netlink/frame/nlmsghdr.js'
import { type ByteOrder, DecodeError, decode, equal, type NamedMessage, type NameInAny } from '../../netlink/index.js'
import { route } from '../../rtnl/protocol.js'

/** A message about an object. */
export interface ObjectMessage {
  /** What tells the object from others, in a short text. Several routes can have one key: see ObjectCache. */
  readonly key: string
  readonly operation: 'new' | 'del'
  /** Where something new goes: in the place of what has this key, or of routes before or after those. */
  readonly place: 'same' | 'first' | 'last'
}

type Body = Readonly<Record<string, unknown>>

interface Identity {
  readonly members: readonly NameInAny<typeof route>[]
  /** Whether the message is about the object as such. */
  about(body: Body): boolean
}

const always = () => true
const link: Identity = {
  members: ['ifiFamily', 'ifiIndex'],
  // Those of the families bridge and inet6 are about what these know of a link.
  about: ({ ifiFamily }) => ifiFamily === 'unspec',
}
const address: Identity = { members: ['ifaFamily', 'ifaIndex', 'ifaPrefixlen', 'local', 'address'], about: always }
const routes: Identity = {
  members: ['rtmFamily', 'rtmDstLen', 'dst', 'rtmSrcLen', 'src', 'rtmTos', 'table', 'priority', 'rtmFlags'],
  about: ({ rtmFlags }) => !(rtmFlags as readonly unknown[]).includes('cloned'),
}
const neighbour: Identity = {
  members: ['ndmFamily', 'ndmIfindex', 'dst'],
  // Those of the family bridge are its forwarding entries, which the list of neighbours does not have.
  about: ({ ndmFamily }) => ndmFamily !== 'bridge',
}
const nsid: Identity = { members: ['nsid'], about: always }

const identities: Readonly<Record<string, Identity>> = {
  ...{ RTM_NEWLINK: link, RTM_DELLINK: link, RTM_NEWADDR: address, RTM_DELADDR: address },
  ...{ RTM_NEWROUTE: routes, RTM_DELROUTE: routes, RTM_NEWNSID: nsid, RTM_DELNSID: nsid },
  ...{ RTM_NEWNEIGH: neighbour, RTM_DELNEIGH: neighbour },
}

/** What a message is about; undefined when that is no object, or when it cannot be decoded. */
export function objectOf(message: NamedMessage, bytes: Uint8Array, byteOrder: ByteOrder): ObjectMessage | undefined {
  const { name, operation } = message
  const identity = identities[name]
  if (!identity || (operation !== 'new' && operation !== 'del')) return undefined
  try {
    const [found] = decode(route, bytes, { byteOrder, only: identity.members })
    const body = found!.body as Body
    if (!identity.about(body)) return undefined
    const key = identity.members.map((member) => (member === 'rtmFlags' ? '' : (body[member] ?? ''))).join(' ')
    return { key, operation, place: identity === routes ? placeOf(body, found!.flags) : 'same' }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** IPv6 appends a next hop to the route that is there, and tells that as a whole. */
function placeOf({ rtmFamily }: Body, flags: readonly unknown[]): ObjectMessage['place'] {
  if (flags.includes('replace')) return 'same'
  if (flags.includes('append')) return rtmFamily === 'inet6' ? 'same' : 'last'
  return 'first'
}

/** What changes by itself or differs between an event and a list: counters, clocks, and what the event is about. */
const passing = new Set([
  'stats',
  'stats64',
  'icmp6stats',
  'xstats',
  'cacheinfo',
  'probes',
  'expires',
  'ifiChange',
  'event',
  'pad',
])

function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const members = Object.entries(value).filter(([name]) => !passing.has(name) && !name.endsWith('Timer'))
  return Object.fromEntries(members.map(([name, one]) => [name, lasting(one)]))
}

/** Whether two messages say the same of their object, but for what does not last. */
export function saySame(a: Uint8Array, b: Uint8Array, byteOrder: ByteOrder): boolean {
  // Not the headers: those have the flags and the number of the conversation.
  if (equal(a.subarray(HEADER), b.subarray(HEADER))) return true
  try {
    const [one, other] = [decode(route, a, { byteOrder }), decode(route, b, { byteOrder })]
    return equal(lasting(one[0]!.body), lasting(other[0]!.body))
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}
