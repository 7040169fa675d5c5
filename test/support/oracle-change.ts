/** Requests that change something, compared with what `ip -j -d` said afterwards: as far as a request says anything. */
import { expect } from 'chai'
import type { MessageOf } from '../../src/netlink/index.js'
import type { Link, route } from '../../src/rtnl/index.js'
import type { Context, Json } from './ip-json.js'
import { addressJson } from './ip-json-address.js'
import { flagsJson, linkJson } from './ip-json-link.js'
import { neighbourJson } from './ip-json-neighbour.js'
import { routeJson } from './ip-json-route.js'

/** Keys in which a request differs from what becomes of it, by object, each with the reason. */
const apart: Readonly<Record<'link' | 'address' | 'route' | 'unchecked', Readonly<Record<string, string>>>> = {
  link: {
    flags: 'a request holds only what changes: compared by ifiChange',
    link_type: 'the kernel knows the type, a request leaves it 0',
    altnames: 'a request holds those to add or to delete: compared by themselves',
  },
  address: { dynamic: 'the kernel makes an address permanent that has no end' },
  route: {},
  unchecked: {
    state: 'of what is answered for, and of a forwarding entry that a program learned, the kernel keeps no state',
  },
}
/** Where a route has an encapsulation, which nlwire keeps as bytes, ip prints its members among those of the route. */
const encapsulation = ['dst', 'id', 'src', 'ttl', 'tos']

const without = (object: Json, keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))

/** Of what ip said as much as the request says as well. */
function asMuchAs(said: unknown, request: unknown): unknown {
  if (Array.isArray(said) && Array.isArray(request)) return said.map((item, i) => asMuchAs(item, request[i]))
  if (typeof said !== 'object' || said === null || typeof request !== 'object' || request === null) return said
  const keys = Object.keys(request).filter((key) => key in said)
  return Object.fromEntries(keys.map((key) => [key, asMuchAs((said as Json)[key], (request as Json)[key])]))
}

/** One of the list says all that the request says. */
function expectOne(list: readonly Json[], request: Json): void {
  expect(list.map((one) => asMuchAs(one, request))).to.deep.include(request)
}
function expectNone(list: readonly Json[], request: Json): void {
  expect(list.map((one) => asMuchAs(one, request))).not.to.deep.include(request)
}

/** The link among those that ip printed which a request is about. */
function linkOf(said: readonly Json[], { ifname, ifiIndex, linkinfo }: Link): Json | undefined {
  const made = linkinfo?.kind !== undefined && said.length === 1 ? said[0] : undefined
  return (
    said.find((one) => one.ifname === ifname) ??
    said.find((one) => one.ifindex !== undefined && one.ifindex === ifiIndex) ??
    made
  )
}

/** Compares a request with its link, but for the given keys. Returns how many members were compared. */
function compareLink(type: string, request: Link, link: Json, context: Context, but: readonly string[]): number {
  const { ifiIndex, ifiChange = [], ifiFlags = [], propList } = request
  let compared = 0
  const expectFlag = (flag: string, on: boolean) => {
    expect((link.flags as string[]).includes(flag), flag).to.equal(on)
    compared++
  }
  for (const flag of ifiChange)
    for (const name of flagsJson([flag])) expectFlag(name, (ifiFlags as readonly unknown[]).includes(flag))
  if (request.carrier !== undefined) expectFlag('LOWER_UP', request.carrier === 1)
  for (const name of propList?.altIfname ?? []) {
    expect(((link.altnames as string[] | undefined) ?? []).includes(name), name).to.equal(type === 'RTM_NEWLINKPROP')
    compared++
  }
  const gone = Object.entries({
    master: request.master === 0,
    proto_down: request.protoDown === 0,
    ifalias: request.ifalias === '',
    xdp: request.xdp?.fd === -1,
  })
  for (const [key] of gone.filter(([, is]) => is)) {
    expect(link).not.to.have.property(key)
    compared++
  }
  const keys = [...but, ...Object.keys(apart.link), ...gone.filter(([, is]) => is).map(([key]) => key)]
  if (ifiIndex === 0) keys.push('ifindex')
  const json = without(linkJson(request, context), keys)
  // Of a parent in another namespace ip tells the index.
  if ('link' in json && 'link_index' in link) {
    delete json.link
    json.link_index = request.link
  }
  expect(asMuchAs(link, json)).to.deep.equal(json)
  return compared + Object.keys(json).length
}

/**
 * Compares requests with what ip said after them.
 * @param but keys of links in which the outcome differs from the request
 * @returns how many members, or objects, were compared
 */
export function compareChanges(
  messages: readonly MessageOf<typeof route>[],
  said: readonly Json[],
  context: Context,
  but: readonly string[],
): number {
  // A name that a later request changes again is gone.
  const nameOf = (message: MessageOf<typeof route>) =>
    /^RTM_(NEW|SET)LINK$/.test(String(message.type)) ? (message.body as Link).ifname : undefined
  const lastName = messages.map(nameOf).findLast((name) => name !== undefined)
  let compared = 0
  for (const message of messages) {
    const isRenamed = nameOf(message) !== lastName && said.length === 1
    compared += compareChange(message, said, context, isRenamed ? [...but, 'ifname'] : but)
  }
  return compared
}

function compareChange(
  message: MessageOf<typeof route>,
  said: readonly Json[],
  context: Context,
  but: readonly string[],
): number {
  switch (message.type) {
    case 'RTM_NEWLINK':
    case 'RTM_SETLINK':
    case 'RTM_NEWLINKPROP':
    case 'RTM_DELLINKPROP': {
      const link = linkOf(said, message.body)
      return link === undefined ? 0 : compareLink(message.type, message.body, link, context, but)
    }
    case 'RTM_NEWADDR':
    case 'RTM_DELADDR': {
      const json = without(addressJson(message.body, context), Object.keys(apart.address))
      const list = said.flatMap((link) => (link.addr_info as Json[] | undefined) ?? [])
      if (message.type === 'RTM_NEWADDR') expectOne(list, json)
      else expectNone(list, json)
      return 1
    }
    case 'RTM_NEWROUTE':
    case 'RTM_DELROUTE': {
      const list = said.filter((one) => 'dst' in one)
      if (list.length === 0) return 0
      const { encapType, rtmDstLen } = message.body
      const json = without(routeJson(message.body, context), encapType === undefined ? [] : encapsulation)
      // A request may write the default route with an address of which no bit counts.
      if (rtmDstLen === 0) json.dst = 'default'
      if (message.type === 'RTM_NEWROUTE') expectOne(list, json)
      else expectNone(list, json)
      return 1
    }
    case 'RTM_NEWNEIGH': {
      // What is the bridge's is told by its name, not by the flag.
      const ndmFlags = message.body.ndmFlags?.filter((flag) => flag !== 'master') ?? []
      const isForwarding = message.body.ndmFamily === 'bridge'
      const isUnchecked = ndmFlags.includes('proxy') || (isForwarding && ndmFlags.includes('extLearned'))
      const json = neighbourJson({ ...message.body, ndmFlags }, context)
      expectOne(said, isUnchecked ? without(json, Object.keys(apart.unchecked)) : json)
      return 1
    }
    case 'RTM_DELNEIGH': {
      const { dst, mac, vlan } = neighbourJson(message.body, context)
      if (dst === undefined && mac === undefined) return 0
      expectNone(said, JSON.parse(JSON.stringify({ dst, mac, vlan })))
      return 1
    }
    case 'RTM_NEWNSID': {
      const { nsid = -1 } = message.body
      if (nsid < 0) return 0
      expectOne(said, { nsid })
      return 1
    }
    default:
      return 0
  }
}
