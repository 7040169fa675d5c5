/** What address families keep for a link (IFLA_AF_SPEC, and IFLA_PROTINFO in messages of the family inet6). */
import { attributes } from '../../netlink/schema/define.js'
import { readOnly, unit } from '../../netlink/schema/marks.js'
import { struct } from '../../netlink/schema/struct.js'
import { ipv6 } from '../../netlink/schema/types/address.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { u8, u32 } from '../../netlink/schema/types/integer.js'
import { bytes } from '../../netlink/schema/types/text.js'
import { ipv6Devconf } from './devconf.js'
import { icmp6Stats, inet6Stats } from './inet6-stats.js'
import { ipv4Conf } from './ipv4-conf.js'

/** IPv4. Kernel: IFLA_INET_* (linux/if_link.h). */
export const inetSpec = attributes('IFLA_INET', {
  /** Settings of `net.ipv4.conf`: all of them from the kernel, those to set to it. */
  conf: [1, ipv4Conf],
})

/** struct ifla_cacheinfo (linux/if_link.h). */
const inet6CacheInfo = struct('ifla_cacheinfo', {
  maxReasmLen: u32,
  /** When the entry last changed, in hundredths of a second since the start. */
  tstamp: unit(u32, 'cs'),
  /** Milliseconds. */
  reachableTime: unit(u32, 'ms'),
  /** Milliseconds. */
  retransTime: unit(u32, 'ms'),
})

/** IPv6. Kernel: IFLA_INET6_* (linux/if_link.h). */
export const inet6Spec = attributes('IFLA_INET6', {
  /** IF_* (net/if_inet6.h in the kernel): what router discovery did, and whether the link is ready. */
  flags: [
    1,
    readOnly(
      flagsOf(
        u32,
        { rsSent: 0x10, raRcvd: 0x20, raManaged: 0x40, raOtherconf: 0x80, ready: 0x80000000 },
        { none: 'net/if_inet6.h is of the kernel alone' },
      ),
    ),
  ],
  /** Settings of `net.ipv6.conf`. */
  conf: [2, readOnly(ipv6Devconf)],
  /** Counters of packets. */
  stats: [3, readOnly(inet6Stats)],
  /** Not in use. */
  mcast: [4, readOnly(bytes)],
  cacheinfo: [5, readOnly(inet6CacheInfo)],
  /** Counters of ICMPv6. */
  icmp6stats: [6, readOnly(icmp6Stats)],
  /** The lower half for addresses from router advertisements; :: for none. */
  token: [7, ipv6],
  /** How link-local and other automatic addresses are made (IN6_ADDR_GEN_MODE_*). */
  addrGenMode: [8, enumOf(u8, { eui64: 0, none: 1, stablePrivacy: 2, random: 3 }, 'IN6_ADDR_GEN_MODE')],
  /** The MTU that router advertisements told. */
  raMtu: [9, readOnly(unit(u32, 'bytes'))],
})

/** MCTP. Kernel: IFLA_MCTP_* (linux/if_link.h). */
export const mctpSpec = attributes('IFLA_MCTP', {
  net: [1, u32],
  physBinding: [2, readOnly(u8)],
})

/** A link by address family. Kernel: IFLA_AF_SPEC, where attribute numbers are AF_* (linux/if_link.h). */
export const afSpec = attributes(
  'AF',
  {
    inet: [2, inetSpec],
    inet6: [10, inet6Spec],
    mctp: [45, mctpSpec],
  },
  { constants: { subset: true } },
)
