/** What a recording says of links, addresses, routes and namespace ids, ready to be compared with ip's JSON. */
import { decode, type MessageOf } from '../../src/netlink/index.js'
import { type Address, type Link, type Neighbour, type Nsid, type Route, route } from '../../src/rtnl/index.js'
import type { Recording } from '../../src/testing/index.js'

type RouteMessage = MessageOf<typeof route>

/** A message of a recording. */
export interface Recorded {
  readonly direction: 'sent' | 'received'
  /** Which of the program's sockets; ip asks for names of links on others than the first. */
  readonly socket: number
  readonly message: RouteMessage
}

/** All messages of a recording, in their order. */
export function messagesOf({ exchanges, byteOrder }: Recording): Recorded[] {
  return exchanges.flatMap((exchange) => {
    if (!('bytes' in exchange)) return []
    const { direction, socket = 0, bytes } = exchange
    return decode(route, bytes, { byteOrder }).map((message) => ({ direction, socket, message }))
  })
}

/** What the kernel told. */
export interface ProtocolMessage {
  readonly links: Link[]
  readonly addresses: Address[]
  readonly routes: Route[]
  readonly neighbours: Neighbour[]
  readonly nsids: Nsid[]
}

/** The objects that the kernel told: on every socket, or on the program's first one only. */
export function told(messages: readonly Recorded[], socket?: number): ProtocolMessage {
  const objects: ProtocolMessage = { links: [], addresses: [], routes: [], neighbours: [], nsids: [] }
  for (const { direction, socket: from, message } of messages) {
    if (direction === 'sent' || (socket !== undefined && socket !== from)) continue
    if (message.type === 'RTM_NEWLINK') objects.links.push(message.body)
    else if (message.type === 'RTM_NEWADDR') objects.addresses.push(message.body)
    else if (message.type === 'RTM_NEWROUTE') objects.routes.push(message.body)
    else if (message.type === 'RTM_NEWNEIGH') objects.neighbours.push(message.body)
    else if (message.type === 'RTM_NEWNSID') objects.nsids.push(message.body)
  }
  return objects
}

/** The requests that change something and that the kernel carried out. */
export function changes(messages: readonly Recorded[]): RouteMessage[] {
  const key = ({ socket, message }: Recorded) => `${socket} ${message.seq}`
  const refused = new Set(
    messages
      .filter(({ direction, message }) => direction === 'received' && message.type === 'NLMSG_ERROR')
      .filter(({ message }) => (message as { body: { error: unknown } }).body.error !== null)
      .map(key),
  )
  return messages
    .filter((one) => one.direction === 'sent' && !refused.has(key(one)))
    .map(({ message }) => message)
    .filter(({ type }) => /^RTM_(NEW|SET|DEL)/.test(String(type)))
}
