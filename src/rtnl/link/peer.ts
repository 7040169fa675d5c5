/** A link message within a link message: the other end of a pair. */
import { attributes, headed } from '../../netlink/schema/define.js'
import { linkEntries } from './entries.js'
import { ifinfomsg } from './ifinfomsg.js'

/** The other end of a new pair of links, as veth has it: a whole link message, of which the kernel reads no linkinfo. */
export const peerMessage = headed(ifinfomsg, attributes('IFLA', linkEntries))
