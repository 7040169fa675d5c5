/** The link kind vxlan. */
import { ifindex, unit } from '../../../netlink/schema/marks.js'
import { struct } from '../../../netlink/schema/struct.js'
import { ipv4, ipv6 } from '../../../netlink/schema/types/address.js'
import { bool, flagOrByte } from '../../../netlink/schema/types/bool.js'
import { enumOf } from '../../../netlink/schema/types/enum.js'
import { be16, be32, u8, u32 } from '../../../netlink/schema/types/integer.js'
import { range } from '../../../netlink/schema/types/range.js'
import { flag } from '../../../netlink/schema/types/text.js'
import { linkKind } from '../kind.js'

/** vxlan: Ethernet in UDP, over IPv4 or IPv6 (RFC 7348). Kernel: IFLA_VXLAN_* (linux/if_link.h). */
export const vxlan = linkKind('vxlan', {
  /** The number of the network (VNI), of 24 bits. */
  id: [1, range(u32, 0, 0xffffff)],
  /** Where packets for unknown addresses go: a multicast group, or another end. */
  group: [2, ipv4],
  /** The link that packets leave through. */
  link: [3, ifindex(u32)],
  /** The address that packets are sent from. */
  local: [4, ipv4],
  /** The time to live of the outer packets; 0 for the system's default. */
  ttl: [5, u8],
  /** The type of service of the outer packets; 1 takes over that of the inner one. */
  tos: [6, u8],
  /** Learn where addresses are from packets that come in. */
  learning: [7, bool(u8)],
  /** After which a learned address is forgotten; 0 for never. */
  ageing: [8, unit(u32, 's')],
  /** How many addresses there can be; 0 for no limit. */
  limit: [9, u32],
  /** struct ifla_vxlan_port_range: the ports that packets are sent from. */
  portRange: [10, struct('ifla_vxlan_port_range', { low: be16, high: be16 })],
  /** Answer ARP and neighbour discovery for the other ends. */
  proxy: [11, bool(u8)],
  /** Route between the networks where the destination is known (route short circuit). */
  rsc: [12, bool(u8)],
  /** Tell programs of hardware addresses that are not known. */
  l2miss: [13, bool(u8)],
  /** Tell programs of IP addresses that are not known. */
  l3miss: [14, bool(u8)],
  /** The UDP port of the other ends; the standard's is 4789, the kernel's default 8472. */
  port: [15, be16],
  /** As `group`, over IPv6. */
  group6: [16, ipv6],
  /** As `local`, over IPv6. */
  local6: [17, ipv6],
  /** Checksums in the outer packets over IPv4. */
  udpCsum: [18, bool(u8)],
  /** Over IPv6 send without checksums. */
  udpZeroCsum6Tx: [19, bool(u8)],
  /** Over IPv6 take packets without checksums. */
  udpZeroCsum6Rx: [20, bool(u8)],
  remcsumTx: [21, bool(u8)],
  remcsumRx: [22, bool(u8)],
  /** The extension for group policies. */
  gbp: [23, flag],
  remcsumNopartial: [24, flag],
  /** Each packet says where it goes, by a route or a filter of tc: `external` of ip. */
  collectMetadata: [25, bool(u8)],
  /** The flow label of the outer packets over IPv6, of 20 bits. */
  label: [26, range(be32, 0, 0xfffff)],
  /** The extension for other protocols than Ethernet. */
  gpe: [27, flag],
  /** Take over the time to live of the inner packet: `true` in a request; reported as 0 or 1. */
  ttlInherit: [28, flagOrByte],
  /** Whether outer packets may be fragmented: set forbids it, inherit takes over from the inner packet. */
  df: [29, enumOf(u8, { unset: 0, set: 1, inherit: 2 }, 'VXLAN_DF')],
  /** Take packets of listed networks only; with `collectMetadata`. */
  vnifilter: [30, bool(u8)],
  /** Packets to an end on this machine need not leave it. */
  localbypass: [31, bool(u8)],
  /** Where the flow label comes from. */
  labelPolicy: [32, enumOf(u32, { fixed: 0, inherit: 1 }, { prefix: 'VXLAN_LABEL', newer: true })],
  /** struct vxlanhdr (drivers/net/vxlan in the kernel): the bits of the header that have to be zero. */
  reservedBits: [33, struct('vxlanhdr', { vxFlags: be32, vxVni: be32 })],
  /** Outer packets to a multicast group are routed as multicast. */
  mcRoute: [34, bool(u8)],
})
