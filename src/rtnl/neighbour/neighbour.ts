/**
 * Neighbour messages: RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH. The families inet and inet6 have neighbours (ARP, NDP); of the
 * family bridge the messages are about forwarding entries (FDB): of bridges, of vxlan, and of what devices filter by.
 */

import { attributes, type HeadedOf, headed, type PlainHeadedValue } from '../../netlink/schema/define.js'
import { ifindex, maskOf, netnsid, queryOnly, readOnly, unit } from '../../netlink/schema/marks.js'
import { padding } from '../../netlink/schema/padding.js'
import { struct } from '../../netlink/schema/struct.js'
import { address } from '../../netlink/schema/types/address.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { be16, s32, u8, u16, u32 } from '../../netlink/schema/types/integer.js'
import { flag, mac } from '../../netlink/schema/types/text.js'
import { addressBy, family, routeProtocols, routeTypes } from '../names.js'

/** What is known of a neighbour's hardware address (NUD_*, linux/neighbour.h); none of them is NUD_NONE. */
export const neighbourStates = {
  /** Asked for, and not answered yet. */
  incomplete: 0x01,
  /** Answered lately. */
  reachable: 0x02,
  /** Known, and to be checked when it is used. */
  stale: 0x04,
  /** Used while stale: checked soon. */
  delay: 0x08,
  /** Being checked. */
  probe: 0x10,
  /** Not answered. */
  failed: 0x20,
  /** Needs none, or is never asked for; of a forwarding entry: it does not age. */
  noarp: 0x40,
  /** Valid until it is deleted; of a forwarding entry: the bridge's own. */
  permanent: 0x80,
} as const

/** Flags of a neighbour (NTF_*, linux/neighbour.h) that fit in the eight bits of the header. */
export const neighbourFlags = {
  /** Ask for it now. */
  use: 0x01,
  /** The forwarding entry is the device's own. */
  self: 0x02,
  /** The forwarding entry is the bridge's that the device is a port of. */
  master: 0x04,
  /** Answer for this address (proxy ARP, proxy NDP). */
  proxy: 0x08,
  /** A program learned it: the kernel does not let it age. */
  extLearned: 0x10,
  /** The hardware has it. */
  offloaded: 0x20,
  /** The forwarding entry stays at its port. */
  sticky: 0x40,
  /** It is a router. */
  router: 0x80,
} as const

const state = flagsOf(u16, neighbourStates, 'NUD')
const flags = flagsOf(u8, neighbourFlags, { prefix: 'NTF', subset: true })

/** struct ndmsg (linux/neighbour.h): what every neighbour message begins with. */
export const ndmsg = struct('ndmsg', {
  /** bridge for forwarding entries. */
  ndmFamily: family,
  _pad: padding(3),
  /** The index of the link. */
  ndmIfindex: ifindex(s32),
  ndmState: state,
  ndmFlags: flags,
  /** What kind of address it is: unicast, multicast, ... */
  ndmType: enumOf(u8, routeTypes, 'RTN'),
})

/** struct nda_cacheinfo (linux/neighbour.h): how long ago, in hundredths of a second. */
const neighbourCacheInfo = struct('nda_cacheinfo', {
  ndmConfirmed: unit(u32, 'cs'),
  ndmUsed: unit(u32, 'cs'),
  ndmUpdated: unit(u32, 'cs'),
  /** How many use it. */
  ndmRefcnt: u32,
})

/** What only forwarding entries of bridges have. Kernel: NFEA_* (linux/neighbour.h). */
const fdbExtAttrs = attributes(
  'NFEA',
  {
    /** Whether events tell that it is used, and that it is not any more (FDB_NOTIFY_*). */
    activityNotify: [1, flagsOf(u8, { bit: 1, inactiveBit: 2 }, 'FDB_NOTIFY')],
    /** A change does not make it younger. */
    dontRefresh: [2, flag],
  },
  { nestedBit: true },
)

/** The attributes of a neighbour. Kernel: NDA_* (linux/neighbour.h). */
export const neighbourAttributes = attributes('NDA', {
  /** The neighbour's address; of a forwarding entry of vxlan the address of the other end. */
  dst: [1, addressBy('ndmFamily', { bridge: address })],
  /** Its hardware address. */
  lladdr: [2, mac],
  cacheinfo: [3, readOnly(neighbourCacheInfo)],
  /** How often it was asked for. */
  probes: [4, readOnly(u32)],
  /** The VLAN of a forwarding entry. */
  vlan: [5, u16],
  /** vxlan: the UDP port of the other end. */
  port: [6, be16],
  /** vxlan: the network id to send with. */
  vni: [7, u32],
  /** vxlan: the link to send through. In a list's request: only of this link. */
  ifindex: [8, ifindex(u32)],
  /** The bridge of a forwarding entry. In a list's request: only of its ports. */
  master: [9, queryOnly(ifindex(u32))],
  /** vxlan: the id of the namespace that `ifindex` is in. */
  linkNetnsid: [10, readOnly(netnsid(s32))],
  /** vxlan: the network id that it is for. */
  srcVni: [11, u32],
  /** Who made it. */
  protocol: [12, enumOf(u8, routeProtocols, 'RTPROT')],
  /** vxlan: the next hop object. */
  nhId: [13, u32],
  fdbExtAttrs: [14, fdbExtAttrs],
  /** Flags for which the header has no room (NTF_EXT_*). */
  flagsExt: [
    15,
    flagsOf(
      u32,
      {
        /** The kernel keeps it reachable. */
        managed: 0x1,
        /** The port is locked, and the entry does not open it. */
        locked: 0x2,
        /** A program has checked it. */
        extValidated: 0x4,
      },
      { prefix: 'NTF_EXT', subset: true },
    ),
  ],
  /** Of which states all are to be deleted (NLM_F_BULK), of those in `ndmState`. */
  ndmStateMask: [16, queryOnly(maskOf('ndmState', state))],
  /** The same of flags, of those in `ndmFlags`. */
  ndmFlagsMask: [17, queryOnly(maskOf('ndmFlags', flags))],
})

/** A neighbour, or a forwarding entry, as decoding gives it. */
export interface Neighbour extends PlainHeadedValue<typeof ndmsg.members, typeof neighbourAttributes.entries> {}

/** The type of neighbourMessage, under a name: written out it fills pages. */
export interface NeighbourMessage
  extends HeadedOf<typeof ndmsg.members, typeof neighbourAttributes.entries, Neighbour> {}

/** The body of neighbour messages: struct ndmsg and NDA_* attributes. */
export const neighbourMessage: NeighbourMessage = headed(ndmsg, neighbourAttributes)
