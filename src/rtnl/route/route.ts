/** Route messages: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE. */

import { attributes, type HeadedOf, headed, type PlainHeadedValue } from '../../netlink/schema/define.js'
import { ifindex, queryOnly, readOnly, unit } from '../../netlink/schema/marks.js'
import { struct } from '../../netlink/schema/struct.js'
import { ipv4, ipv6 } from '../../netlink/schema/types/address.js'
import { bool } from '../../netlink/schema/types/bool.js'
import { enumOf } from '../../netlink/schema/types/enum.js'
import { be16, be32, s32, u8, u32, u64 } from '../../netlink/schema/types/integer.js'
import { mplsLabels } from '../../netlink/schema/types/mpls.js'
import { bytes } from '../../netlink/schema/types/text.js'
import { uint } from '../../netlink/schema/types/uint.js'
import { addressBy, pad } from '../names.js'
import { routeMetrics } from './metrics.js'
import { encapType, multipath } from './nexthop.js'
import { routeTables, rtmsg } from './rtmsg.js'
import { via } from './via.js'

/** struct rta_cacheinfo (linux/rtnetlink.h). */
const routeCacheInfo = struct('rta_cacheinfo', {
  rtaClntref: u32,
  rtaLastuse: unit(u32, 'cs'),
  /** When it ends, in hundredths of a second. */
  rtaExpires: unit(s32, 'cs'),
  /** The errno that its use gives. */
  rtaError: u32,
  rtaUsed: u32,
  rtaId: u32,
  rtaTs: u32,
  rtaTsage: u32,
})

/** struct rta_mfc_stats (linux/rtnetlink.h): counters of a multicast route. */
const multicastStats = struct('rta_mfc_stats', { mfcsPackets: u64, mfcsBytes: u64, mfcsWrongIf: u64 })

/** Multicast routes (RTNL_FAMILY_IPMR, RTNL_FAMILY_IP6MR) have the addresses of their protocol. */
const multicast = { ipmr: ipv4, ip6mr: ipv6 }
const rtaAddress = addressBy('rtmFamily', multicast)

/** The attributes of a route. Kernel: RTA_* (linux/rtnetlink.h). */
export const routeAttributes = attributes('RTA', {
  /** The destination, of rtmDstLen bits; missing for the default route. For MPLS the label. */
  dst: [1, addressBy('rtmFamily', { mpls: mplsLabels, ...multicast })],
  /** The source, of rtmSrcLen bits. */
  src: [2, rtaAddress],
  /** The index of the link that packets come from. */
  iif: [3, queryOnly(ifindex(u32))],
  /** The index of the link that packets leave through. */
  oif: [4, ifindex(u32)],
  gateway: [5, rtaAddress],
  /** The metric: the route with the least is used. */
  priority: [6, u32],
  /** The source address to prefer. */
  prefsrc: [7, rtaAddress],
  metrics: [8, routeMetrics],
  /** Next hops, where there is more than one. */
  multipath: [9, multipath],
  /** Not in use. */
  protoinfo: [10, readOnly(bytes)],
  /** The realms, for classification. */
  flow: [11, u32],
  cacheinfo: [12, readOnly(routeCacheInfo)],
  /** Not in use. */
  session: [13, readOnly(bytes)],
  /** Not in use. */
  mpAlgo: [14, readOnly(bytes)],
  /** The table, also where its number is larger than 255. */
  table: [15, enumOf(u32, routeTables, 'RT_TABLE')],
  mark: [16, queryOnly(u32)],
  mfcStats: [17, readOnly(multicastStats)],
  /** A gateway of another family. */
  via: [18, via],
  /** The labels to put on (MPLS). */
  newdst: [19, mplsLabels],
  /** How good the router says it is (ICMPV6_ROUTER_PREF_*, linux/icmpv6.h). */
  pref: [20, enumOf(u8, { medium: 0, high: 1, invalid: 2, low: 3 }, 'ICMPV6_ROUTER_PREF')],
  encapType: [21, encapType],
  /** What `encapType` needs, as bytes. */
  encap: [22, bytes],
  /** When it ends: in seconds; for multicast routes in hundredths, and of eight bytes. */
  expires: [23, uint],
  pad: [24, pad],
  /** Whose packets are looked up. */
  uid: [25, queryOnly(u32)],
  /** MPLS: 1 carries the time to live over from the labels. */
  ttlPropagate: [26, bool(u8)],
  /** The protocol of the packets that are looked up (IPPROTO_*). */
  ipProto: [27, queryOnly(u8)],
  sport: [28, queryOnly(be16)],
  dport: [29, queryOnly(be16)],
  /** The next hop object. */
  nhId: [30, u32],
  flowlabel: [31, queryOnly(be32)],
})

/** A route, as decoding gives it. */
export interface Route extends PlainHeadedValue<typeof rtmsg.members, typeof routeAttributes.entries> {}

/** The type of routeMessage, under a name: written out it fills pages. */
export interface RouteMessage extends HeadedOf<typeof rtmsg.members, typeof routeAttributes.entries, Route> {}

/** The body of route messages: struct rtmsg and RTA_* attributes. */
export const routeMessage: RouteMessage = headed(rtmsg, routeAttributes)
