/** The link kind ipvlan. */
import { ownFlags } from '../../../netlink/schema/marks.js'
import { enumOf, flagsOf } from '../../../netlink/schema/types/enum.js'
import { u16 } from '../../../netlink/schema/types/integer.js'
import { required } from '../../../netlink/schema/types/required.js'
import { linkKind } from '../kind.js'

/** ipvlan: interfaces that share their parent's MAC address. Kernel: IFLA_IPVLAN_*, IPVLAN_F_* (linux/if_link.h). */
export const ipvlan = linkKind('ipvlan', {
  /** Where packets are switched: l2, l3, or l3s (l3 with netfilter hooks). Belongs to the parent: siblings share it. */
  mode: [1, required(enumOf(u16, { l2: 0, l3: 1, l3s: 2 }, 'IPVLAN_MODE'))],
  /** private: siblings cannot talk. vepa: they talk through the outer switch. Belongs to the parent as well. */
  flags: [2, ownFlags(flagsOf(u16, { private: 1, vepa: 2 }, 'IPVLAN_F'))],
})
