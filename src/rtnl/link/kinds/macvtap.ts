/** The link kind macvtap. */
import { linkKind } from '../kind.js'
import { macvlan } from './macvlan.js'

/** macvtap: a macvlan with a character device for its packets. Kernel: IFLA_MACVLAN_* (linux/if_link.h). */
export const macvtap = linkKind('macvtap', macvlan.entries, { constants: 'IFLA_MACVLAN' })
