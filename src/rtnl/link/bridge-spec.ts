/** What a bridge keeps for a port or for itself: IFLA_AF_SPEC in messages of the family bridge. */

import { listOf, repeated } from '../../netlink/schema/arrays.js'
import { attributes } from '../../netlink/schema/define.js'
import { struct } from '../../netlink/schema/struct.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { u8, u16, u32 } from '../../netlink/schema/types/integer.js'
import { range } from '../../netlink/schema/types/range.js'
import { bytes } from '../../netlink/schema/types/text.js'

const vlanInfoFlags = flagsOf(
  u16,
  {
    /** Meant for the bridge itself, not for a port. */
    master: 1 << 0,
    /** Untagged packets that come in belong to this VLAN. */
    pvid: 1 << 1,
    /** Packets of this VLAN go out without a tag. */
    untagged: 1 << 2,
    /** The first VLAN of a range; the next entry is the last. */
    rangeBegin: 1 << 3,
    rangeEnd: 1 << 4,
    /** The bridge's own entry. */
    brentry: 1 << 5,
    /** Change the options of the VLAN, do not make it. */
    onlyOpts: 1 << 6,
  },
  'BRIDGE_VLAN_INFO',
)

/** struct bridge_vlan_info (linux/if_bridge.h): BRIDGE_VLAN_INFO_* flags and a VLAN. */
export const bridgeVlanInfo = struct('bridge_vlan_info', { flags: vlanInfoFlags, vid: u16 })

/** A VLAN that goes through a tunnel. Kernel: IFLA_BRIDGE_VLAN_TUNNEL_* (linux/if_bridge.h). */
export const bridgeVlanTunnel = attributes('IFLA_BRIDGE_VLAN_TUNNEL', {
  /** The tunnel's id. */
  id: [1, u32],
  vid: [2, range(u16, 0, 4094)],
  flags: [3, vlanInfoFlags],
})

/** The state of a port in one spanning tree. Kernel: IFLA_BRIDGE_MST_ENTRY_* (linux/if_bridge.h). */
export const bridgeMstEntry = attributes('IFLA_BRIDGE_MST_ENTRY', {
  msti: [1, range(u16, 1, 4095)],
  /** BR_STATE_*. */
  state: [2, enumOf(u8, { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 }, 'BR_STATE')],
})

/** A bridge or a port of one. Kernel: IFLA_BRIDGE_* (linux/if_bridge.h). */
export const bridgeSpec = attributes('IFLA_BRIDGE', {
  /** BRIDGE_FLAGS_*: whether a request means the bridge (master), the port's own device (self), or both. */
  flags: [0, flagsOf(u16, { master: 1, self: 2 }, 'BRIDGE_FLAGS')],
  /** How a device switches by itself (BRIDGE_MODE_*). */
  mode: [1, enumOf(u16, { veb: 0, vepa: 1, undef: 0xffff }, 'BRIDGE_MODE')],
  /** VLANs of the port. */
  vlanInfo: [2, repeated(bridgeVlanInfo)],
  /** VLANs that go through a tunnel. */
  vlanTunnelInfo: [3, repeated(bridgeVlanTunnel)],
  /** Media redundancy (MRP), kept as bytes. */
  mrp: [4, bytes],
  /** Connectivity fault management (CFM), kept as bytes. */
  cfm: [5, bytes],
  /** Multiple spanning trees (MSTP). */
  mst: [6, listOf(bridgeMstEntry, { number: 1, nestedBit: true })],
})
