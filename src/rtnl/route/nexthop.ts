/** The next hops of a route that has more than one. */

import { attributes, headed } from '../../netlink/schema/define.js'
import { ifindex } from '../../netlink/schema/marks.js'
import { records } from '../../netlink/schema/records.js'
import { struct } from '../../netlink/schema/struct.js'
import { address } from '../../netlink/schema/types/address.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { s32, u8, u16, u32 } from '../../netlink/schema/types/integer.js'
import { mplsLabels } from '../../netlink/schema/types/mpls.js'
import { bytes } from '../../netlink/schema/types/text.js'
import { nexthopFlags } from './rtmsg.js'
import { via } from './via.js'

/** How packets are wrapped on their way (LWTUNNEL_ENCAP_*, linux/lwtunnel.h). */
export const encapType = enumOf(
  u16,
  {
    none: 0,
    mpls: 1,
    ip: 2,
    ila: 3,
    ip6: 4,
    seg6: 5,
    bpf: 6,
    seg6Local: 7,
    rpl: 8,
    ioam6: 9,
    xfrm: 10,
  },
  'LWTUNNEL_ENCAP',
)

/** struct rtnexthop (linux/rtnetlink.h). Its length, rtnh_len, is worked out. */
export const rtnexthop = struct('rtnexthop', {
  _rtnhLen: u16,
  rtnhFlags: flagsOf(u8, nexthopFlags, 'RTNH_F'),
  /** The weight, less one. */
  rtnhHops: u8,
  /** The index of the link. */
  rtnhIfindex: ifindex(s32),
})

/** The attributes of a next hop, out of RTA_* (linux/rtnetlink.h). */
export const nexthopAttributes = attributes(
  'RTA',
  {
    gateway: [5, address],
    /** The realms, for classification. */
    flow: [11, u32],
    /** A gateway of another family. */
    via: [18, via],
    /** The labels to put on (MPLS). */
    newdst: [19, mplsLabels],
    encapType: [21, encapType],
    /** What `encapType` needs, as bytes. */
    encap: [22, bytes],
  },
  { constants: { subset: true } },
)

/** RTA_MULTIPATH (linux/rtnetlink.h): next hops that share the packets by weight. */
export const multipath = records(headed(rtnexthop, nexthopAttributes))
