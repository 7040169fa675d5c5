/** The link kind ipvtap. */
import { linkKind } from '../kind.js'
import { ipvlan } from './ipvlan.js'

/** ipvtap: an ipvlan with a character device for its packets. Kernel: IFLA_IPVLAN_* (linux/if_link.h). */
export const ipvtap = linkKind('ipvtap', ipvlan.entries, { constants: 'IFLA_IPVLAN' })
