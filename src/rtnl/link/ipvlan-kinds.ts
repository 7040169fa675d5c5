/** Which kinds of links are ipvlans, by their definitions. */
import { ipvlan } from './kinds/ipvlan.js'
import { ipvtap } from './kinds/ipvtap.js'

/** The kinds whose links share the mode and flags of their parent's port. */
export const ipvlanKinds = [ipvlan.kindName, ipvtap.kindName] as const

/** Whether a link of this kind is an ipvlan. @example isIpvlanKind('ipvtap') // true */
export const isIpvlanKind = (kind: unknown): boolean => ipvlanKinds.some((one) => one === kind)
