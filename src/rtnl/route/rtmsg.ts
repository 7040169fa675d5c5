/** The fixed header of route messages, and the numbers with names in it. */

import { struct } from '../../netlink/schema/struct.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { u8, u32 } from '../../netlink/schema/types/integer.js'
import { range } from '../../netlink/schema/types/range.js'
import { family, routeProtocols, routeTypes, scope } from '../names.js'

/** Routing tables with names of their own (RT_TABLE_*, linux/rtnetlink.h). */
export const routeTables = { unspec: 0, compat: 252, default: 253, main: 254, local: 255 } as const

/** Flags of a next hop (RTNH_F_*, linux/rtnetlink.h). */
export const nexthopFlags = {
  /** The link is down. */
  dead: 1 << 0,
  /** Look the gateway up again. */
  pervasive: 1 << 1,
  /** The gateway is on the link, whatever its address. */
  onlink: 1 << 2,
  /** The hardware has it. */
  offload: 1 << 3,
  /** The link has no carrier. */
  linkdown: 1 << 4,
  unresolved: 1 << 5,
  /** The hardware gives its packets to the kernel. */
  trap: 1 << 6,
} as const

/** Flags of a route: those of its next hop, and RTM_F_* (linux/rtnetlink.h); rtOffload and rtTrap are RTM_F_ ones. */
export const routeFlags = {
  ...nexthopFlags,
  notify: 0x100,
  /** Not from a table, but made for one destination. */
  cloned: 0x200,
  equalize: 0x400,
  prefix: 0x800,
  /** In a request: answer with the table that matched. */
  lookupTable: 0x1000,
  /** In a request: answer with the whole route that matched. */
  fibMatch: 0x2000,
  rtOffload: 0x4000,
  rtTrap: 0x8000,
  offloadFailed: 0x20000000,
} as const

/**
 * Flags of a route that is not from a table (`cloned`), in place of those with the same bits (RTCF_*, linux/in_route.h).
 * The kernel sets broadcast, multicast, local, redirected, doredirect and notify; the others are of old kernels.
 */
export const cachedRouteFlags = {
  /** RTCF_NOTIFY; `notify` is RTM_F_NOTIFY. */
  rtcfNotify: 0x10000,
  directdst: 0x20000,
  /** An ICMP redirect gave the gateway. */
  redirected: 0x40000,
  tproxy: 0x80000,
  fast: 0x200000,
  masq: 0x400000,
  snat: 0x800000,
  /** The sender is to be told of a better gateway, by an ICMP redirect. */
  doredirect: 0x1000000,
  directsrc: 0x4000000,
  dnat: 0x8000000,
  /** The destination is a broadcast address. */
  broadcast: 0x10000000,
  /** The destination is a multicast address. */
  multicast: 0x20000000,
  reject: 0x40000000,
  /** The packets come to this host. */
  local: 0x80000000,
} as const

/** struct rtmsg (linux/rtnetlink.h): what every route message begins with. */
export const rtmsg = struct('rtmsg', {
  rtmFamily: family,
  /** The length of `dst`; 0 for the default route. */
  rtmDstLen: range(u8, 0, 128),
  /** The length of `src`. */
  rtmSrcLen: range(u8, 0, 128),
  rtmTos: u8,
  /** The table; compat where its number does not fit, and `table` counts. */
  rtmTable: enumOf(u8, routeTables, 'RT_TABLE'),
  rtmProtocol: enumOf(u8, routeProtocols, 'RTPROT'),
  rtmScope: scope,
  rtmType: enumOf(u8, routeTypes, 'RTN'),
  rtmFlags: flagsOf(
    u32,
    routeFlags,
    {
      prefix: ['RTNH_F', 'RTM_F', 'RTCF'],
      others: { rtOffload: 'RTM_F_OFFLOAD', rtTrap: 'RTM_F_TRAP', rtcfNotify: 'RTCF_NOTIFY' },
    },
    { when: 'cloned', values: cachedRouteFlags },
  ),
})
