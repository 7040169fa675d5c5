/** IPv6 counters of a link. Their order is the kernel's own, and it changed: the first member tells how many follow. */
import type { Reader, Writer } from '../../netlink/bytes/bytes.js'
import { type StructValue, struct } from '../../netlink/schema/struct.js'
import type { Type } from '../../netlink/schema/type.js'
import { u64 } from '../../netlink/schema/types/integer.js'

/** IPSTATS_MIB_* (linux/snmp.h) that stand in the same order in every kernel. */
const shared = {
  inhdrerrors: u64,
  intoobigerrors: u64,
  innoroutes: u64,
  inaddrerrors: u64,
  inunknownprotos: u64,
  intruncatedpkts: u64,
  indiscards: u64,
  outdiscards: u64,
  outnoroutes: u64,
  reasmtimeout: u64,
  reasmreqds: u64,
  reasmoks: u64,
  reasmfails: u64,
  fragoks: u64,
  fragfails: u64,
  fragcreates: u64,
  inmcastpkts: u64,
  outmcastpkts: u64,
  inbcastpkts: u64,
  outbcastpkts: u64,
  inmcastoctets: u64,
  outmcastoctets: u64,
  inbcastoctets: u64,
  outbcastoctets: u64,
  csumerrors: u64,
} as const

/** IPSTATS_MIB_* since Linux 6.8, where `num` is 38. */
const current = struct('ipstats_mib', {
  num: u64,
  inpkts: u64,
  inoctets: u64,
  indelivers: u64,
  noectpkts: u64,
  ect1pkts: u64,
  ect0pkts: u64,
  cepkts: u64,
  outrequests: u64,
  outpkts: u64,
  outoctets: u64,
  outforwdatagrams: u64,
  ...shared,
  reasmOverlaps: u64,
})

/** IPSTATS_MIB_* before that, where `num` is 37 or less. */
const older = struct('ipstats_mib', {
  num: u64,
  inpkts: u64,
  inoctets: u64,
  indelivers: u64,
  outforwdatagrams: u64,
  outpkts: u64,
  outoctets: u64,
  ...shared,
  noectpkts: u64,
  ect1pkts: u64,
  ect0pkts: u64,
  cepkts: u64,
  reasmOverlaps: u64,
})

/** The counters, whichever kernel sent them. */
export type Inet6Stats = StructValue<typeof current.members> & StructValue<typeof older.members>

const chosen = (num: bigint | undefined) => (num === undefined || num > 37n ? current : older) as Type<Inet6Stats>
const numAt = (r: Reader, at: number, end: number) => (end - at < 8 ? undefined : r.view.getBigUint64(at, r.little))

/** IFLA_INET6_STATS (linux/if_link.h): IPSTATS_MIB_* counters, in the order of the kernel that sent them. */
export const inet6Stats: Type<Inet6Stats> = Object.freeze({
  kind: 'object',
  name: current.name,
  minimum: 0,
  read: (r: Reader, at: number, end: number) => chosen(numAt(r, at, end)).read(r, at, end, undefined),
  exact: (r: Reader, at: number, end: number) => chosen(numAt(r, at, end)).exact?.(r, at, end, undefined) === true,
  write: (w: Writer, value: Inet6Stats) => chosen(value?.num).write(w, value, undefined),
  check: (value, path, issues) => chosen((value as Inet6Stats | null)?.num).check(value, path, issues, undefined),
  dissect: (r, at, end, field) => chosen(numAt(r, at, end)).dissect(r, at, end, field, undefined),
  describe: () => ({ ...current.describe(), type: 'inet6-stats' }),
} satisfies Type<Inet6Stats>)

/** IFLA_INET6_ICMP6STATS (linux/if_link.h): ICMP6_MIB_* counters (linux/snmp.h). */
export const icmp6Stats = struct('icmpv6_mib', {
  num: u64,
  inmsgs: u64,
  inerrors: u64,
  outmsgs: u64,
  outerrors: u64,
  csumerrors: u64,
  ratelimithost: u64,
})
