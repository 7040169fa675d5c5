/** Address messages: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR. */

import { attributes, type HeadedOf, headed, type PlainHeadedValue } from '../../netlink/schema/define.js'
import { ifindex, netnsid, ownFlags, queryOnly, readOnly, unit } from '../../netlink/schema/marks.js'
import { struct } from '../../netlink/schema/struct.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { s32, u8, u32 } from '../../netlink/schema/types/integer.js'
import { range } from '../../netlink/schema/types/range.js'
import { nulString } from '../../netlink/schema/types/text.js'
import { addressBy, family, scope } from '../names.js'

/** IFA_F_* (linux/if_addr.h) that fit in the eight bits of the header. */
const lowFlags = {
  /** Not the first address of its prefix; for IPv6 a temporary one (IFA_F_TEMPORARY is the same bit). */
  secondary: 0x01,
  /** No duplicate address detection. */
  nodad: 0x02,
  /** In use while duplicate address detection goes on. */
  optimistic: 0x04,
  /** Somebody else has it. */
  dadfailed: 0x08,
  homeaddress: 0x10,
  /** Not for new connections. */
  deprecated: 0x20,
  /** Duplicate address detection goes on. */
  tentative: 0x40,
  /** Without an end. */
  permanent: 0x80,
} as const

const allFlags = {
  ...lowFlags,
  /** The kernel makes temporary addresses from it. */
  managetempaddr: 0x100,
  /** No route to its prefix is made. */
  noprefixroute: 0x200,
  /** Join the multicast group of this address. */
  mcautojoin: 0x400,
  stablePrivacy: 0x800,
} as const

/** struct ifaddrmsg (linux/if_addr.h): what every address message begins with. */
export const ifaddrmsg = struct('ifaddrmsg', {
  ifaFamily: family,
  ifaPrefixlen: range(u8, 0, 128),
  /** The lower eight bits of `flags`. */
  ifaFlags: flagsOf(u8, lowFlags, { prefix: 'IFA_F', subset: true }),
  ifaScope: scope,
  /** The index of the link. */
  ifaIndex: ifindex(u32),
})

/** A time of life without an end. Kernel: INFINITY_LIFE_TIME (net/addrconf.h). */
export const INFINITY_LIFE_TIME = 0xffffffff

/** struct ifa_cacheinfo (linux/if_addr.h): times of life in seconds, INFINITY_LIFE_TIME for ever. */
const addressCacheInfo = struct('ifa_cacheinfo', {
  ifaPrefered: unit(u32, 's'),
  ifaValid: unit(u32, 's'),
  /** When it was made and when it last changed, in hundredths of a second since the start. */
  cstamp: unit(u32, 'cs'),
  tstamp: unit(u32, 'cs'),
})

const ifaAddress = addressBy('ifaFamily')

/** The attributes of an address. Kernel: IFA_* (linux/if_addr.h). */
export const addressAttributes = attributes('IFA', {
  /** The prefix address; on a point-to-point link that of the other end. */
  address: [1, ifaAddress],
  /** Our own address. The same as `address` but on point-to-point links. */
  local: [2, ifaAddress],
  /** The name of the link, with a colon and more if wanted (IPv4). */
  label: [3, nulString({ max: 15 })],
  broadcast: [4, ifaAddress],
  anycast: [5, readOnly(ifaAddress)],
  cacheinfo: [6, addressCacheInfo],
  multicast: [7, readOnly(ifaAddress)],
  /** All flags; where it is missing, ifaFlags counts. */
  flags: [8, ownFlags(flagsOf(u32, allFlags, 'IFA_F'))],
  /** The metric of the route to its prefix. */
  rtPriority: [9, u32],
  /** The id of the namespace that a request means, or that an answer comes from. */
  targetNetnsid: [10, queryOnly(netnsid(s32))],
  /** Who made it (IFAPROT_*). */
  proto: [11, enumOf(u8, { unspec: 0, kernelLo: 1, kernelRa: 2, kernelLl: 3 }, 'IFAPROT')],
})

/** An address of a link, as decoding gives it. */
export interface Address extends PlainHeadedValue<typeof ifaddrmsg.members, typeof addressAttributes.entries> {}

/** The type of addressMessage, under a name: written out it fills pages. */
export interface AddressMessage extends HeadedOf<typeof ifaddrmsg.members, typeof addressAttributes.entries, Address> {}

/** The body of address messages: struct ifaddrmsg and IFA_* attributes. */
export const addressMessage: AddressMessage = headed(ifaddrmsg, addressAttributes)
