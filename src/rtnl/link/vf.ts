/** Virtual functions of a network card (SR-IOV), and the switch ports of those. */

import { listOf } from '../../netlink/schema/arrays.js'
import { attributes } from '../../netlink/schema/define.js'
import { readOnly, unit } from '../../netlink/schema/marks.js'
import { padding } from '../../netlink/schema/padding.js'
import { struct } from '../../netlink/schema/struct.js'
import { bool } from '../../netlink/schema/types/bool.js'
import { enumOf } from '../../netlink/schema/types/enum.js'
import { s32, u8, u16, u32, u64 } from '../../netlink/schema/types/integer.js'
import { bytes, fixedBytes, nulString } from '../../netlink/schema/types/text.js'
import { pad, vlanProtocol } from '../names.js'

/** struct ifla_vf_vlan_info (linux/if_link.h): a VLAN that a virtual function is tied to. */
const vfVlanInfo = struct('ifla_vf_vlan_info', {
  vf: u32,
  vlan: u32,
  qos: u32,
  vlanProto: vlanProtocol,
  _pad: padding(2),
})

/** struct ifla_vf_guid (linux/if_link.h): an InfiniBand GUID. */
const vfGuid = struct('ifla_vf_guid', { vf: u32, _pad: padding(4), guid: u64 })
/** A switch of a virtual function: 1 for on, 0 for off. */
const vfSetting = (name: string) => struct(name, { vf: u32, setting: bool(u32) })

/** Counters of a virtual function. Kernel: IFLA_VF_STATS_* (linux/if_link.h). */
export const vfStats = attributes('IFLA_VF_STATS', {
  rxPackets: [0, u64],
  txPackets: [1, u64],
  rxBytes: [2, u64],
  txBytes: [3, u64],
  broadcast: [4, u64],
  multicast: [5, u64],
  pad: [6, pad],
  rxDropped: [7, u64],
  txDropped: [8, u64],
})

/** A virtual function; each part names its number again as `vf`. Kernel: IFLA_VF_* (linux/if_link.h). */
export const vfInfo = attributes('IFLA_VF', {
  /** The hardware address, in the first bytes of 32. */
  mac: [1, struct('ifla_vf_mac', { vf: u32, mac: fixedBytes(32) })],
  /** The VLAN that it is tied to; 0 for none. */
  vlan: [2, struct('ifla_vf_vlan', { vf: u32, vlan: u32, qos: u32 })],
  /** The most it may send, in Mbit/s; 0 for no limit. */
  txRate: [3, struct('ifla_vf_tx_rate', { vf: u32, rate: unit(u32, 'Mbit/s') })],
  /** Whether foreign source addresses are dropped. */
  spoofchk: [4, vfSetting('ifla_vf_spoofchk')],
  linkState: [
    5,
    struct('ifla_vf_link_state', {
      vf: u32,
      linkState: enumOf(u32, { auto: 0, enable: 1, disable: 2 }, 'IFLA_VF_LINK_STATE'),
    }),
  ],
  /** The least and the most it may send, in Mbit/s; 0 for no limit. */
  rate: [6, struct('ifla_vf_rate', { vf: u32, minTxRate: unit(u32, 'Mbit/s'), maxTxRate: unit(u32, 'Mbit/s') })],
  /** Whether it may ask for the table of receive-side scaling. */
  rssQueryEn: [7, vfSetting('ifla_vf_rss_query_en')],
  stats: [8, readOnly(vfStats)],
  /** Whether it may do what only trusted ones may, such as change its hardware address. */
  trust: [9, vfSetting('ifla_vf_trust')],
  ibNodeGuid: [10, vfGuid],
  ibPortGuid: [11, vfGuid],
  vlanList: [12, listOf(vfVlanInfo, { number: 1 })],
  /** The broadcast address, in the first bytes of 32. */
  broadcast: [13, struct('ifla_vf_broadcast', { broadcast: fixedBytes(32) })],
})

/** IFLA_VFINFO_LIST (linux/if_link.h): all virtual functions. */
export const vfInfoList = listOf(vfInfo, { number: 1 })

const portResponses = {
  success: 0,
  invalidFormat: 1,
  insufficientResources: 2,
  unusedVtid: 3,
  vtidViolation: 4,
  vtidVersionVioaltion: 5,
  outOfSync: 6,
  profileSuccess: 0x100,
  profileInprogress: 0x101,
  profileInvalid: 0x102,
  profileBadstate: 0x103,
  profileInsufficientResources: 0x104,
  profileError: 0x105,
} as const

/** The switch port of a virtual function, or of the card itself. Kernel: IFLA_PORT_* (linux/if_link.h). */
export const vfPort = attributes('IFLA_PORT', {
  /** Which virtual function; -1 for the card itself. */
  vf: [1, s32],
  /** The name of a profile that the switch knows. */
  profile: [2, nulString({ max: 40 })],
  /** struct ifla_port_vsi, which kernels no longer take. */
  vsiType: [3, bytes],
  instanceUuid: [4, fixedBytes(16)],
  hostUuid: [5, fixedBytes(16)],
  /** PORT_REQUEST_*. */
  request: [6, enumOf(u8, { preassociate: 0, preassociateRr: 1, associate: 2, disassociate: 3 }, 'PORT_REQUEST')],
  /** PORT_VDP_RESPONSE_*, and PORT_PROFILE_RESPONSE_* as profile... */
  response: [
    7,
    enumOf(u16, portResponses, {
      prefix: ['PORT_VDP_RESPONSE', 'PORT_PROFILE_RESPONSE'],
      others: {
        profileSuccess: 'PORT_PROFILE_RESPONSE_SUCCESS',
        profileInprogress: 'PORT_PROFILE_RESPONSE_INPROGRESS',
        profileInvalid: 'PORT_PROFILE_RESPONSE_INVALID',
        profileBadstate: 'PORT_PROFILE_RESPONSE_BADSTATE',
        profileInsufficientResources: 'PORT_PROFILE_RESPONSE_INSUFFICIENT_RESOURCES',
        profileError: 'PORT_PROFILE_RESPONSE_ERROR',
      },
    }),
  ],
})

/** IFLA_VF_PORTS (linux/if_link.h): the ports of all virtual functions. */
export const vfPorts = listOf(vfPort, { number: 1 })
