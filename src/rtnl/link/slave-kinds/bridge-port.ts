/** A port of a bridge: the slave data of a link whose master is a bridge. */

import { attributes } from '../../../netlink/schema/define.js'
import { ifindex, readOnly, unit, writeOnly } from '../../../netlink/schema/marks.js'
import { bool } from '../../../netlink/schema/types/bool.js'
import { enumOf } from '../../../netlink/schema/types/enum.js'
import { u8, u16, u32, u64 } from '../../../netlink/schema/types/integer.js'
import { range } from '../../../netlink/schema/types/range.js'
import { flag } from '../../../netlink/schema/types/text.js'
import { pad } from '../../names.js'
import { linkKind } from '../kind.js'
import { bridgeId, multicastRouter } from '../kinds/bridge.js'

/** bridge, for its ports. Switches are 0 or 1, times hundredths of a second. Kernel: IFLA_BRPORT_* (linux/if_link.h). */
export const bridgePort = linkKind(
  'bridge',
  {
    /** The port's state in the spanning tree (BR_STATE_*, linux/if_bridge.h). */
    state: [1, enumOf(u8, { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 }, 'BR_STATE')],
    /** The port's priority in the spanning tree. */
    priority: [2, range(u16, 0, 63)],
    /** The cost of a path through the port. */
    cost: [3, range(u32, 1, 65535)],
    /** Hairpin: packets may leave through the port that they came from. */
    mode: [4, bool(u8)],
    /** Packets of the spanning tree shut the port. */
    guard: [5, bool(u8)],
    /** The port never leads to the root. */
    protect: [6, bool(u8)],
    /** Leave a multicast group at once. */
    fastLeave: [7, bool(u8)],
    /** Learn addresses. */
    learning: [8, bool(u8)],
    /** Packets for unknown addresses leave through this port. */
    unicastFlood: [9, bool(u8)],
    proxyarp: [10, bool(u8)],
    /** Take over addresses that the device learned. */
    learningSync: [11, bool(u8)],
    proxyarpWifi: [12, bool(u8)],
    rootId: [13, readOnly(bridgeId)],
    bridgeId: [14, readOnly(bridgeId)],
    designatedPort: [15, readOnly(u16)],
    designatedCost: [16, readOnly(u16)],
    /** The port's id in the spanning tree. */
    id: [17, readOnly(u16)],
    /** The port's number in the bridge. */
    no: [18, readOnly(u16)],
    topologyChangeAck: [19, readOnly(bool(u8))],
    configPending: [20, readOnly(bool(u8))],
    messageAgeTimer: [21, readOnly(unit(u64, 'cs'))],
    forwardDelayTimer: [22, readOnly(unit(u64, 'cs'))],
    holdTimer: [23, readOnly(unit(u64, 'cs'))],
    /** Forget all addresses that were learned on this port. */
    flush: [24, writeOnly(flag)],
    multicastRouter: [25, multicastRouter],
    pad: [26, pad],
    /** Multicast without known receivers leaves through this port. */
    mcastFlood: [27, bool(u8)],
    /** Multicast is sent to each receiver by its own address. */
    mcastToUcast: [28, bool(u8)],
    vlanTunnel: [29, bool(u8)],
    bcastFlood: [30, bool(u8)],
    /** Which link-local groups 01:80:c2:00:00:0x are forwarded: bit x. */
    groupFwdMask: [31, u16],
    /** Answer ARP and neighbour discovery here instead of flooding it. */
    neighSuppress: [32, bool(u8)],
    /** Isolated ports reach only those that are not. */
    isolated: [33, bool(u8)],
    /** The port to use when this one has no carrier. */
    backupPort: [34, ifindex(u32)],
    mrpRingOpen: [35, readOnly(bool(u8))],
    mrpInOpen: [36, readOnly(bool(u8))],
    mcastEhtHostsLimit: [37, range(u32, 1, 0xffffffff)],
    mcastEhtHostsCnt: [38, readOnly(u32)],
    /** Only senders with an entry in the table pass. */
    locked: [39, bool(u8)],
    /** On a locked port: note down who tried (MAC authentication bypass). */
    mab: [40, bool(u8)],
    mcastNGroups: [41, readOnly(u32)],
    mcastMaxGroups: [42, u32],
    neighVlanSuppress: [43, bool(u8)],
    /** The next hop object to use when this port has no carrier. */
    backupNhid: [44, u32],
    /** Forward gratuitous ARP although neighbours are suppressed. */
    neighForwardGrat: [45, bool(u8)],
  },
  { constants: 'IFLA_BRPORT' },
)

/** The same as IFLA_PROTINFO in messages of the family bridge: there the nested bit is needed. */
export const bridgeProtinfo = attributes('IFLA_BRPORT', bridgePort.entries, { nestedBit: true })
