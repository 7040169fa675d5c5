/** Numbers with names that several kinds of object share. */

import { repeated } from '../netlink/schema/arrays.js'
import type { Type } from '../netlink/schema/type.js'
import { address, ipv4, ipv6, otherAddress } from '../netlink/schema/types/address.js'
import { byMember } from '../netlink/schema/types/by-member.js'
import { enumOf } from '../netlink/schema/types/enum.js'
import { be16, u8, u16 } from '../netlink/schema/types/integer.js'
import { bytes } from '../netlink/schema/types/text.js'

/** Address families (AF_*, linux/socket.h; RTNL_FAMILY_*, linux/rtnetlink.h). */
export const addressFamilies = {
  unspec: 0,
  unix: 1,
  inet: 2,
  ax25: 3,
  ipx: 4,
  appletalk: 5,
  netrom: 6,
  bridge: 7,
  atmpvc: 8,
  x25: 9,
  inet6: 10,
  rose: 11,
  decnet: 12,
  netbeui: 13,
  security: 14,
  key: 15,
  netlink: 16,
  packet: 17,
  ash: 18,
  econet: 19,
  atmsvc: 20,
  rds: 21,
  sna: 22,
  irda: 23,
  pppox: 24,
  wanpipe: 25,
  llc: 26,
  ib: 27,
  mpls: 28,
  can: 29,
  tipc: 30,
  bluetooth: 31,
  iucv: 32,
  rxrpc: 33,
  isdn: 34,
  phonet: 35,
  ieee802154: 36,
  caif: 37,
  alg: 38,
  nfc: 39,
  vsock: 40,
  kcm: 41,
  qipcrtr: 42,
  smc: 43,
  xdp: 44,
  mctp: 45,
  ipmr: 128,
  ip6mr: 129,
} as const

/** IPMR and IP6MR are families of rtnetlink only. */
const familyConstants = {
  prefix: ['AF', 'RTNL_FAMILY'],
  others: { decnet: 'AF_DECnet' },
} as const

/** An address family in the fixed header of a message. */
export const family = enumOf(u8, addressFamilies, familyConstants)
/** An address family of 16 bits (sa_family_t). */
export const family16 = enumOf(u16, addressFamilies, familyConstants)

/** How far an address or a route reaches (RT_SCOPE_*, linux/rtnetlink.h). */
export const scope = enumOf(u8, { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 }, 'RT_SCOPE')

/** Kinds of routes, and of addresses of neighbours (RTN_*, linux/rtnetlink.h). */
export const routeTypes = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
  xresolve: 11,
} as const

/** Who made a route or a neighbour (RTPROT_*, linux/rtnetlink.h). */
export const routeProtocols = {
  unspec: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  mrouted: 17,
  keepalived: 18,
  babel: 42,
  ovn: 84,
  openr: 99,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
} as const

/** The two VLAN protocols (ETH_P_8021Q, ETH_P_8021AD, linux/if_ether.h). */
export const vlanProtocol = enumOf(be16, { '8021q': 0x8100, '8021ad': 0x88a8 }, { prefix: 'ETH_P', subset: true })

/** Attributes without content that some kernels put before 64-bit ones, to align them (IFLA_PAD and others). */
export const pad = repeated(bytes)

/**
 * An address of the family that a member of the header says. A request may leave the family to the kernel: then the
 * length tells which it is.
 * @param others what other families have in place of an IP address
 */
export const addressBy = (by: string, others: Readonly<Record<string, Type<string>>> = {}): Type<string> =>
  byMember(by, { inet: ipv4, inet6: ipv6, unspec: address, ...others }, address, otherAddress)
