/** The counters of a link. Older kernels send fewer of them: the missing ones are left out. */
import { struct } from '../../netlink/schema/struct.js'
import { u32, u64 } from '../../netlink/schema/types/integer.js'

/** struct rtnl_link_stats (linux/if_link.h): counters that wrap at 32 bits. */
export const linkStats = struct(
  'rtnl_link_stats',
  {
    rxPackets: u32,
    txPackets: u32,
    rxBytes: u32,
    txBytes: u32,
    rxErrors: u32,
    txErrors: u32,
    /** Dropped before a protocol saw them, for want of memory and so on. */
    rxDropped: u32,
    txDropped: u32,
    /** Multicast packets received. */
    multicast: u32,
    collisions: u32,
    /** Which errors rxErrors counts: down to rxMissedErrors. */
    rxLengthErrors: u32,
    /** Overruns of the receive ring. */
    rxOverErrors: u32,
    rxCrcErrors: u32,
    rxFrameErrors: u32,
    rxFifoErrors: u32,
    /** Missed for want of room in the host. */
    rxMissedErrors: u32,
    /** Which errors txErrors counts: down to txWindowErrors. */
    txAbortedErrors: u32,
    txCarrierErrors: u32,
    txFifoErrors: u32,
    txHeartbeatErrors: u32,
    txWindowErrors: u32,
    rxCompressed: u32,
    txCompressed: u32,
    /** Dropped because nobody listened to this interface. */
    rxNohandler: u32,
  },
  { grows: true },
)

/** struct rtnl_link_stats64 (linux/if_link.h): the same counters in 64 bits. */
export const linkStats64 = struct(
  'rtnl_link_stats64',
  {
    rxPackets: u64,
    txPackets: u64,
    rxBytes: u64,
    txBytes: u64,
    rxErrors: u64,
    txErrors: u64,
    /** Dropped before a protocol saw them, for want of memory and so on. */
    rxDropped: u64,
    txDropped: u64,
    /** Multicast packets received. */
    multicast: u64,
    collisions: u64,
    /** Which errors rxErrors counts: down to rxMissedErrors. */
    rxLengthErrors: u64,
    /** Overruns of the receive ring. */
    rxOverErrors: u64,
    rxCrcErrors: u64,
    rxFrameErrors: u64,
    rxFifoErrors: u64,
    /** Missed for want of room in the host. */
    rxMissedErrors: u64,
    /** Which errors txErrors counts: down to txWindowErrors. */
    txAbortedErrors: u64,
    txCarrierErrors: u64,
    txFifoErrors: u64,
    txHeartbeatErrors: u64,
    txWindowErrors: u64,
    rxCompressed: u64,
    txCompressed: u64,
    /** Dropped because nobody listened to this interface. */
    rxNohandler: u64,
    /** Dropped because the hardware address was not ours. */
    rxOtherhostDropped: u64,
  },
  { grows: true },
)
