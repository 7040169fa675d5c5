/** The link kind bridge. */

import { attributes } from '../../../netlink/schema/define.js'
import { ifindex, maskOf, readOnly, unit, writeOnly } from '../../../netlink/schema/marks.js'
import { struct } from '../../../netlink/schema/struct.js'
import { ipv4, ipv6 } from '../../../netlink/schema/types/address.js'
import { bool } from '../../../netlink/schema/types/bool.js'
import { enumOf, flagsOf } from '../../../netlink/schema/types/enum.js'
import { be16, u8, u16, u32, u64 } from '../../../netlink/schema/types/integer.js'
import { range } from '../../../netlink/schema/types/range.js'
import { flag, mac, mac6 } from '../../../netlink/schema/types/text.js'
import { pad, vlanProtocol } from '../../names.js'
import { linkKind } from '../kind.js'

/** struct ifla_bridge_id (linux/if_link.h): a spanning tree identifier. */
export const bridgeId = struct('ifla_bridge_id', { prio: be16, addr: mac6 })

/** What routers a bridge takes into account for multicast (MDB_RTR_TYPE_*, linux/if_bridge.h). */
export const multicastRouter = enumOf(u8, { disabled: 0, tempQuery: 1, perm: 2, temp: 3 }, 'MDB_RTR_TYPE')

/** BR_BOOLOPT_* (linux/if_bridge.h), each a bit. */
const boolopt = flagsOf(
  u32,
  {
    noLlLearn: 1 << 0,
    mcastVlanSnooping: 1 << 1,
    mstEnable: 1 << 2,
    mdbOffloadFailNotification: 1 << 3,
    fdbLocalVlan0: 1 << 4,
  },
  { bits: 'BR_BOOLOPT', others: { fdbLocalVlan0: 'BR_BOOLOPT_FDB_LOCAL_VLAN_0' } },
)

/** The other querier on the net. Kernel: BRIDGE_QUERIER_* (linux/if_bridge.h). */
const querierState = attributes(
  'BRIDGE_QUERIER',
  {
    ipAddress: [1, ipv4],
    ipPort: [2, ifindex(u32)],
    ipOtherTimer: [3, unit(u64, 'cs')],
    pad: [4, pad],
    ipv6Address: [5, ipv6],
    ipv6Port: [6, ifindex(u32)],
    ipv6OtherTimer: [7, unit(u64, 'cs')],
  },
  { nestedBit: true },
)

/** bridge: a switch in software. Times are in hundredths of a second. Kernel: IFLA_BR_* (linux/if_link.h). */
export const bridge = linkKind(
  'bridge',
  {
    /** How long a port listens and learns before it forwards. */
    forwardDelay: [1, unit(u32, 'cs')],
    /** Between two hellos of the spanning tree. */
    helloTime: [2, unit(range(u32, 100, 1000), 'cs')],
    /** After which silence of the root the tree is built again. */
    maxAge: [3, unit(range(u32, 600, 4000), 'cs')],
    /** After which a learned address is forgotten; 0 for never. */
    ageingTime: [4, unit(u32, 'cs')],
    /** The spanning tree: 0 off, 1 in the kernel, 2 in a program. */
    stpState: [5, u32],
    /** The bridge's priority in the spanning tree. */
    priority: [6, u16],
    vlanFiltering: [7, bool(u8)],
    vlanProtocol: [8, vlanProtocol],
    /** Which link-local groups 01:80:c2:00:00:0x are forwarded: bit x. */
    groupFwdMask: [9, u16],
    rootId: [10, readOnly(bridgeId)],
    bridgeId: [11, readOnly(bridgeId)],
    rootPort: [12, readOnly(u16)],
    rootPathCost: [13, readOnly(u32)],
    topologyChange: [14, readOnly(bool(u8))],
    topologyChangeDetected: [15, readOnly(bool(u8))],
    helloTimer: [16, readOnly(unit(u64, 'cs'))],
    tcnTimer: [17, readOnly(unit(u64, 'cs'))],
    topologyChangeTimer: [18, readOnly(unit(u64, 'cs'))],
    gcTimer: [19, readOnly(unit(u64, 'cs'))],
    /** Where the spanning tree's packets are sent to. */
    groupAddr: [20, mac],
    /** Forget all learned addresses. */
    fdbFlush: [21, writeOnly(flag)],
    mcastRouter: [22, multicastRouter],
    mcastSnooping: [23, bool(u8)],
    /** Queries come from the bridge's own address, not from 0.0.0.0. */
    mcastQueryUseIfaddr: [24, bool(u8)],
    /** The bridge sends queries itself. */
    mcastQuerier: [25, bool(u8)],
    /** Not in use any more: always 16. */
    mcastHashElasticity: [26, readOnly(u32)],
    mcastHashMax: [27, u32],
    mcastLastMemberCnt: [28, u32],
    mcastStartupQueryCnt: [29, u32],
    mcastLastMemberIntvl: [30, unit(u64, 'cs')],
    mcastMembershipIntvl: [31, unit(u64, 'cs')],
    mcastQuerierIntvl: [32, unit(u64, 'cs')],
    mcastQueryIntvl: [33, unit(u64, 'cs')],
    mcastQueryResponseIntvl: [34, unit(u64, 'cs')],
    mcastStartupQueryIntvl: [35, unit(u64, 'cs')],
    /** Bridged IPv4 packets pass iptables. */
    nfCallIptables: [36, bool(u8)],
    nfCallIp6tables: [37, bool(u8)],
    nfCallArptables: [38, bool(u8)],
    /** The VLAN of untagged packets on new ports; 0 for none. */
    vlanDefaultPvid: [39, range(u16, 0, 4094)],
    pad: [40, pad],
    vlanStatsEnabled: [41, bool(u8)],
    mcastStatsEnabled: [42, bool(u8)],
    mcastIgmpVersion: [43, range(u8, 2, 3)],
    mcastMldVersion: [44, range(u8, 1, 2)],
    vlanStatsPerPort: [45, bool(u8)],
    /** struct br_boolopt_multi: the bits in `optmask` are meant, and each is set as in `optval`. */
    multiBoolopt: [46, struct('br_boolopt_multi', { optval: boolopt, optmask: maskOf('optval', boolopt) })],
    mcastQuerierState: [47, readOnly(querierState)],
    /** How many addresses are learned. */
    fdbNLearned: [48, readOnly(u32)],
    /** How many may be; 0 for no limit. */
    fdbMaxLearned: [49, u32],
    /** Who runs the spanning tree (BR_STP_MODE_*). */
    stpMode: [50, enumOf(u32, { auto: 0, user: 1, kernel: 2 }, { prefix: 'BR_STP_MODE', newer: true })],
  },
  { constants: 'IFLA_BR' },
)
