/** The families that recordings and captures name. */
import type { Family } from '../netlink/frame/protocol.js'
import { route } from './family.js'

/** Families by their names in fixtures: `families.route`. One that is not here has only the control messages. */
export const families: Readonly<Record<string, Family>> = { route }
