/** The link kind macvlan. */
import { listOf } from '../../../netlink/schema/arrays.js'
import { ownFlags, readOnly, unit, writeOnly } from '../../../netlink/schema/marks.js'
import { enumOf, flagsOf } from '../../../netlink/schema/types/enum.js'
import { s32, u16, u32 } from '../../../netlink/schema/types/integer.js'
import { mac } from '../../../netlink/schema/types/text.js'
import { linkKind } from '../kind.js'

/** macvlan: interfaces with MAC addresses of their own on one parent. Kernel: IFLA_MACVLAN_* (linux/if_link.h). */
export const macvlan = linkKind('macvlan', {
  /** MACVLAN_MODE_*: which siblings can talk and how; passthru takes the parent over, source sorts by sender. */
  mode: [1, enumOf(u32, { private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 }, 'MACVLAN_MODE')],
  /** MACVLAN_FLAG_*. nopromisc: the parent stays out of promiscuous mode (passthru). nodst: source matches alone. */
  flags: [2, ownFlags(flagsOf(u16, { nopromisc: 1, nodst: 2 }, 'MACVLAN_FLAG'))],
  /** What to do with the list of senders (mode source): MACVLAN_MACADDR_*. */
  macaddrMode: [3, writeOnly(enumOf(u32, { add: 0, del: 1, flush: 2, set: 3 }, 'MACVLAN_MACADDR'))],
  /** The one sender to add or delete. */
  macaddr: [4, writeOnly(mac)],
  /** The senders: all of them from the kernel, those to set to it. */
  macaddrData: [5, listOf(mac, { number: 4 })],
  /** How many senders there are. */
  macaddrCount: [6, readOnly(u32)],
  /** How many broadcasts may wait. */
  bcQueueLen: [7, unit(u32, 'packets')],
  /** The length in use: the largest of all siblings. */
  bcQueueLenUsed: [8, readOnly(unit(u32, 'packets'))],
  /** From how many receivers on multicast waits in the queue; -1 for always at once. */
  bcCutoff: [9, s32],
})
