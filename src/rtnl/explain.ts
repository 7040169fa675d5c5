/** What an error of the kernel means for the request that it answers, and what to do. */

import { decode } from '../netlink/codec/message.js'
import { KernelError } from '../netlink/conversation/kernel-error.js'
import { isIpvlanKind } from './link/ipvlan-kinds.js'

interface Body {
  readonly [name: string]: unknown
  readonly linkinfo?: { readonly kind?: string; readonly data?: { readonly mode?: unknown } }
}

interface Rule {
  readonly errno: string
  /** The requests that it is about; left out: all. */
  readonly types?: readonly string[]
  readonly when?: (body: Body, error: KernelError) => boolean
  readonly text: string | ((body: Body, error: KernelError) => string)
}

const kindOf = (body: Body) => body.linkinfo?.kind
const isIpvlan = (body: Body) => isIpvlanKind(kindOf(body))
const isMacvlan = (body: Body): boolean => ['macvlan', 'macvtap'].includes(kindOf(body) ?? '')
const linkOf = (body: Body) =>
  String(body.ifname ?? body.altIfname ?? (body.ifiIndex ? `with index ${body.ifiIndex}` : 'of this name or index'))
/** With the space that follows it; nothing where the request does not tell it. */
const addressOf = ({ local, address = local }: Body) => (address === undefined ? '' : `${local ?? address} `)
const makes = ['RTM_NEWLINK']
const reads = ['RTM_GETLINK', 'RTM_SETLINK', 'RTM_DELLINK', 'RTM_NEWLINKPROP', 'RTM_DELLINKPROP']

/** The first that fits counts: the special before the general. */
const rules: readonly Rule[] = [
  {
    errno: 'EBUSY',
    types: makes,
    when: isIpvlan,
    text: (body) =>
      `The parent (index ${body.link}) is in use in another way: a macvlan is on it, or it is a port of a bridge or bond. ` +
      'Delete those links or take it out of its bridge, or put the ipvlan on another parent.',
  },
  {
    errno: 'EBUSY',
    types: ['RTM_NEWLINK', 'RTM_SETLINK'],
    when: (body) => body.ifname !== undefined && Boolean(body.ifiIndex),
    text: 'Before Linux 6.2 a link that is up cannot be renamed: set it down first.',
  },
  {
    errno: 'EBUSY',
    types: makes,
    when: (body) => isMacvlan(body),
    text: 'The parent is in use in another way: an ipvlan is on it, or it is a port of a bridge or bond.',
  },
  {
    errno: 'EOPNOTSUPP',
    types: makes,
    when: (body, { kernelMessage }) =>
      kindOf(body) !== undefined &&
      !body.ifiIndex &&
      // A master can refuse its new port with the same errno.
      (kernelMessage === undefined ? body.master === undefined : kernelMessage === 'Unknown device type'),
    text: (body, { kernelMessage }) => {
      const kind = kindOf(body)
      const missing = `This kernel has no links of kind ${kind}: the module is missing. Try \`modprobe ${kind}\`, or install the kernel's extra modules.`
      const data = Object.keys(body.linkinfo?.data ?? {})
      // A kernel that says nothing can also mean an option that it was built without.
      if (kernelMessage !== undefined || data.length === 0) return missing
      return `${missing} Where it has them, it was built without one of ${data.join(', ')}.`
    },
  },
  {
    errno: 'EOPNOTSUPP',
    types: ['RTM_NEWLINK', 'RTM_SETLINK', 'RTM_DELLINK'],
    text: 'This link does not support that change; one that belongs to hardware cannot be deleted, only set down.',
  },
  {
    errno: 'EEXIST',
    types: ['RTM_NEWLINK', 'RTM_SETLINK'],
    // A change that gives a name, here or in the namespace that the link goes to.
    when: (body) => Boolean(body.ifiIndex),
    text: (body) =>
      `There is a link ${body.ifname === undefined ? 'of this name' : `named ${body.ifname}`} already: choose another name.`,
  },
  {
    errno: 'EEXIST',
    types: makes,
    // With words of its own the kernel says that it is something else: a vlan with the same id, say.
    when: (body, { kernelMessage }) => body.ifname !== undefined && kernelMessage === undefined,
    text: (body) =>
      `There is a link named ${linkOf(body)} already: choose another name, change it with set, or use replace.`,
  },
  {
    errno: 'EEXIST',
    types: ['RTM_NEWLINKPROP'],
    text: 'A link has one of these names already, as its name or as a further one: choose another.',
  },
  {
    errno: 'EEXIST',
    types: ['RTM_NEWADDR'],
    text: (body) => `The link has the address ${addressOf(body)}already: use replace to change it.`,
  },
  {
    errno: 'EEXIST',
    types: ['RTM_NEWROUTE'],
    text: 'There is a route with the same destination, table and metric already: use replace, or give another priority.',
  },
  {
    errno: 'EEXIST',
    types: ['RTM_NEWNEIGH'],
    text: 'The link has such a neighbour or forwarding entry already: use replace to change it.',
  },
  {
    errno: 'EEXIST',
    types: ['RTM_NEWNSID'],
    text: 'The namespace has an id already, or the id is taken: an id is given once and cannot be changed.',
  },
  {
    errno: 'ENODEV',
    types: makes,
    when: (body) => body.link !== undefined,
    text: (body) =>
      `There is no link with index ${body.link} in this namespace to be the parent. An index counts in its own namespace only.`,
  },
  {
    errno: 'ENODEV',
    types: makes,
    when: (body) => !body.ifiIndex && body.ifname === undefined && body.linkinfo === undefined,
    text:
      'The request names no link, and changes nothing. iproute2 sends it first, to see whether the kernel knows ' +
      'RTM_NEWLINK: this answer is what it hopes for.',
  },
  {
    errno: 'ENODEV',
    types: [...reads, 'RTM_NEWLINK'],
    text: (body) => `There is no link ${linkOf(body)} in this namespace: it may be in another one, or gone.`,
  },
  {
    errno: 'ENODEV',
    text: 'The request names a link that is not in this namespace: an index counts in its own namespace only.',
  },
  {
    errno: 'EINVAL',
    types: ['RTM_NEWROUTE'],
    when: (_, { kernelMessage }) => /prefsrc|source address/i.test(kernelMessage ?? ''),
    text: ({ prefsrc }) => `The preferred source ${prefsrc} is no address of this namespace: give it to a link first.`,
  },
  {
    errno: 'EINVAL',
    types: makes,
    when: (body) => isIpvlan(body) && body.link === undefined && !body.ifiIndex,
    text: 'An ipvlan needs a parent: give link, the name or index of an Ethernet interface.',
  },
  {
    errno: 'EINVAL',
    types: makes,
    when: (body) => isIpvlan(body),
    text:
      'An ipvlan takes mode l2, l3 or l3s and at most one of the flags private and vepa, and its parent must be an ' +
      'Ethernet interface, not the loopback.',
  },
  {
    errno: 'EINVAL',
    types: makes,
    when: (body) => isMacvlan(body),
    text:
      'A macvlan in mode passthru is the only one on its parent: another cannot be beside it. And the parent must be an ' +
      'Ethernet interface, not the loopback or an ipvlan.',
  },
  {
    errno: 'EPERM',
    text: 'This needs the capability CAP_NET_ADMIN in the namespace of the socket: run it as root, or give the program that capability.',
  },
  {
    errno: 'EACCES',
    text: 'This is not allowed here: run it as root, in the namespace that the object belongs to.',
  },
  {
    errno: 'EADDRINUSE',
    types: ['RTM_NEWADDR'],
    text: (body) =>
      `The address ${addressOf(body)}is on another ipvlan of the same parent already, in this namespace or another: ` +
      'siblings must have different addresses.',
  },
  {
    errno: 'EADDRNOTAVAIL',
    types: ['RTM_DELADDR'],
    text: 'The link does not have this address with this prefix length: list its addresses.',
  },
  {
    errno: 'EADDRNOTAVAIL',
    types: ['RTM_NEWLINK', 'RTM_SETLINK'],
    text: 'The hardware address is not valid for a link, or is in use: the lowest bit of the first byte must be 0.',
  },
  {
    errno: 'ENETUNREACH',
    types: ['RTM_NEWROUTE'],
    text:
      'The gateway is in no network that a link is in: give the link an address in that network and set it up first, ' +
      'or give dev and onlink.',
  },
  {
    errno: 'ENETUNREACH',
    types: ['RTM_GETROUTE'],
    text: 'No route leads there: there is no default route, or the link that it uses is down.',
  },
  {
    errno: 'ENETDOWN',
    text: 'The link is down: set it up first (links.set(dev, { up: true })).',
  },
  {
    errno: 'ESRCH',
    types: ['RTM_DELROUTE'],
    text: 'There is no such route: what is given must fit it, the table (default: main) and the metric as well.',
  },
  {
    errno: 'ENOENT',
    types: ['RTM_GETROUTE'],
    text: 'There is no such routing table: a table exists as long as it has a route.',
  },
  {
    errno: 'ENOENT',
    types: ['RTM_NEWROUTE', 'RTM_NEWADDR', 'RTM_NEWNEIGH'],
    text: 'There is nothing to change yet: use add, or replace.',
  },
  {
    errno: 'ENOENT',
    types: ['RTM_DELNEIGH'],
    text: 'The link has no such neighbour or forwarding entry: see neighbours.list (what is answered for: with proxy).',
  },
  {
    errno: 'EINVAL',
    types: ['RTM_NEWROUTE'],
    when: (_, { kernelMessage }) => /prefix/i.test(kernelMessage ?? ''),
    text: 'The destination has bits beyond its prefix length: 10.0.1.0/24, not 10.0.1.10/24.',
  },
  {
    errno: 'ERANGE',
    types: ['RTM_NEWLINK', 'RTM_SETLINK'],
    text: 'A value is outside of what this link takes (mtu: see its minMtu and maxMtu).',
  },
  {
    errno: 'EINVAL',
    types: ['RTM_NEWLINK', 'RTM_SETLINK'],
    when: (body) => body.mtu !== undefined,
    text: "The mtu is outside of what this link takes (see its minMtu and maxMtu; an ipvlan takes at most its parent's).",
  },
  { errno: 'EMSGSIZE', text: 'The answer does not fit a message: ask for less, or by a dump.' },
  { errno: 'ENOMEM', text: 'The kernel is out of memory.' },
]

/**
 * What the errno of a KernelError means for its request, in one sentence with what to do.
 * It never throws.
 * @returns undefined for another error, and where nothing better is known than what the error says itself
 * @example
 * try { await rtnl.links.add(link) } catch (error) { console.error(explain(error) ?? error) }
 */
export function explain(error: unknown): string | undefined {
  if (!(error instanceof KernelError)) return undefined
  const body = bodyOf(error)
  const fits = ({ errno, types, when }: Rule) =>
    errno === error.errnoName && (types?.includes(error.type) ?? true) && (when?.(body, error) ?? true)
  const rule = rules.find(fits)
  return typeof rule?.text === 'function' ? rule.text(body, error) : rule?.text
}

/** The body of the request; nothing of it where the request itself is malformed: who sends such is answered as well. */
function bodyOf({ family, request, byteOrder }: KernelError): Body {
  try {
    const [message] = decode(family, request, { byteOrder })
    return (message?.body ?? {}) as Body
  } catch {
    return {}
  }
}
