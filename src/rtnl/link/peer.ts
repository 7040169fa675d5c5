/** A link message within a link message: the other end of a pair. */
import { attributes, type HeadedOf, headed, type PlainHeadedValue } from '../../netlink/schema/define.js'
import { linkEntries, type PlainLinkEntries } from './entries.js'
import { ifinfomsg } from './ifinfomsg.js'

/** The other end of a new pair of links, as it is written. */
export interface Peer extends PlainHeadedValue<typeof ifinfomsg.members, PlainLinkEntries> {}

/** The type of peerMessage, under a name. */
export interface PeerMessage extends HeadedOf<typeof ifinfomsg.members, PlainLinkEntries, Peer> {}

/** The other end of a new pair of links, as veth has it: a whole link message, of which the kernel reads no linkinfo. */
export const peerMessage: PeerMessage = headed(
  ifinfomsg,
  attributes('IFLA', linkEntries, { constants: { subset: true } }),
)
