/** rtnetlink with link kinds that the user of this package describes. */
import type { MessageDefinition } from '../netlink/frame/definition.js'
import { defineProtocol, type Protocol } from '../netlink/frame/protocol.js'
import { isRecord } from '../netlink/options.js'
import type { LinkMessage } from './link/link.js'
import { isLinkMessage, type LinkMessageWith, linkMessageWith, type OwnKinds } from './link/own-kinds.js'
import { type RouteProtocol, route } from './protocol.js'

type RouteMessages = (typeof route)['messages']
/** The messages of rtnetlink, of which those about links know one's own kinds. */
export type RouteMessagesWith<K extends OwnKinds> = {
  readonly [N in keyof RouteMessages]: RouteMessages[N]['body'] extends LinkMessage
    ? Omit<RouteMessages[N], 'body'> & { readonly body: LinkMessageWith<K> }
    : RouteMessages[N]
}
/** rtnetlink with one's own link kinds. */
export interface RouteWith<K extends OwnKinds> extends Protocol<RouteMessagesWith<K>, (typeof route)['groups']> {}
/** The protocol of a client: rtnetlink as it is where there are no kinds of one's own, by its short name. */
export type RouteOf<K extends OwnKinds> = [keyof K] extends [never] ? RouteProtocol : RouteWith<K>

/**
 * rtnetlink with further link kinds, for the client (`openRtnl` takes them directly) and for decode, encode, dissect and
 * annotate. A description takes the place of a known one of the same kind.
 * @throws Error when two of them have the same kind; OptionError for what is no kind
 * @example
 * const vrf = linkKind('vrf', { table: [1, required(u32)] })
 * decode(routeWith({ kinds: { vrf } }), bytes)
 */
export function routeWith<const K extends OwnKinds>(options: { readonly kinds: K }): RouteWith<K> {
  isRecord('the options of routeWith', options)
  const { kinds } = options
  const body = linkMessageWith(kinds)
  const messages = Object.entries<MessageDefinition>(route.messages).map(([name, message]) => [
    name,
    isLinkMessage(message.body) ? { ...message, body } : message,
  ])
  const protocol: Protocol = defineProtocol(route.name, route.protocol, Object.fromEntries(messages), route.groups)
  return protocol as RouteWith<K>
}
