/** The link kind vlan. */

import { listOf } from '../../../netlink/schema/arrays.js'
import { createOnly, maskOf } from '../../../netlink/schema/marks.js'
import { struct } from '../../../netlink/schema/struct.js'
import { flagsOf } from '../../../netlink/schema/types/enum.js'
import { u16, u32 } from '../../../netlink/schema/types/integer.js'
import { range } from '../../../netlink/schema/types/range.js'
import { required } from '../../../netlink/schema/types/required.js'
import { vlanProtocol } from '../../names.js'
import { linkKind } from '../kind.js'

const vlanFlag = flagsOf(u32, { reorderHdr: 1, gvrp: 2, looseBinding: 4, mvrp: 8, bridgeBinding: 16 }, 'VLAN_FLAG')
/** struct ifla_vlan_qos_mapping (linux/if_link.h). */
const qosMapping = struct('ifla_vlan_qos_mapping', { from: u32, to: u32 })

/** vlan: one VLAN of its parent. Kernel: IFLA_VLAN_* (linux/if_link.h), VLAN_FLAG_* (linux/if_vlan.h). */
export const vlan = linkKind('vlan', {
  /** The VLAN's number, 0 to 4094. */
  id: [1, createOnly(required(range(u16, 0, 4094)))],
  /** struct ifla_vlan_flags: the bits in `mask` are meant, and each is set as in `flags`. */
  flags: [2, struct('ifla_vlan_flags', { flags: vlanFlag, mask: maskOf('flags', vlanFlag) })],
  /** From the priority of a packet to the priority in the tag. */
  egressQos: [3, listOf(qosMapping, { number: 1 })],
  /** From the priority in the tag to the priority of the packet. */
  ingressQos: [4, listOf(qosMapping, { number: 1 })],
  /** 8021q, or 8021ad for the outer tag of two. */
  protocol: [5, createOnly(vlanProtocol)],
})
