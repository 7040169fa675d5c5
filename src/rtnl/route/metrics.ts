/** Metrics of a route. */

import { attributes } from '../../netlink/schema/define.js'
import { unit } from '../../netlink/schema/marks.js'
import { bool } from '../../netlink/schema/types/bool.js'
import { flagsOf } from '../../netlink/schema/types/enum.js'
import { u32 } from '../../netlink/schema/types/integer.js'
import { nulString } from '../../netlink/schema/types/text.js'

/** The metrics that the kernel must not change by itself: bit n for the attribute n. */
const lock = flagsOf(
  u32,
  {
    mtu: 1 << 2,
    window: 1 << 3,
    rtt: 1 << 4,
    rttvar: 1 << 5,
    ssthresh: 1 << 6,
    cwnd: 1 << 7,
    advmss: 1 << 8,
    reordering: 1 << 9,
    hoplimit: 1 << 10,
    initcwnd: 1 << 11,
    rtoMin: 1 << 13,
    initrwnd: 1 << 14,
    quickack: 1 << 15,
    ccAlgo: 1 << 16,
  },
  { bits: 'RTAX', subset: true },
)

/** Metrics of a route. Kernel: RTAX_* (linux/rtnetlink.h). */
export const routeMetrics = attributes('RTAX', {
  /** Which of the others the kernel must not change. */
  lock: [1, lock],
  mtu: [2, unit(u32, 'bytes')],
  /** The largest TCP window to advertise, in bytes. */
  window: [3, unit(u32, 'bytes')],
  /** The round trip time, in eighths of a millisecond. */
  rtt: [4, unit(u32, 'ms/8')],
  /** Its variance, in quarters of a millisecond. */
  rttvar: [5, unit(u32, 'ms/4')],
  /** The slow start threshold. */
  ssthresh: [6, unit(u32, 'packets')],
  /** The largest congestion window. */
  cwnd: [7, unit(u32, 'packets')],
  /** The largest TCP segment to advertise. */
  advmss: [8, unit(u32, 'bytes')],
  reordering: [9, unit(u32, 'packets')],
  hoplimit: [10, u32],
  /** The first congestion window. */
  initcwnd: [11, unit(u32, 'packets')],
  /** RTAX_FEATURE_*. */
  features: [12, flagsOf(u32, { ecn: 1, sack: 2, timestamp: 4, allfrag: 8, tcpUsecTs: 16 }, 'RTAX_FEATURE')],
  /** The shortest retransmission timeout, in milliseconds. */
  rtoMin: [13, unit(u32, 'ms')],
  /** The first receive window. */
  initrwnd: [14, unit(u32, 'packets')],
  quickack: [15, bool(u32)],
  /** The congestion control by its name: cubic, bbr, ... */
  ccAlgo: [16, nulString({ max: 15 })],
  fastopenNoCookie: [17, bool(u32)],
})
