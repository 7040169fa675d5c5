/** The protocols that recordings and captures name. */

import { generic } from '../generic/nlctrl.js'
import type { Protocol } from '../netlink/frame/protocol.js'
import { route } from './protocol.js'

/** Families by their names in fixtures: `protocols.route`. One that is not here has only the control messages. */
export const protocols: Readonly<Record<string, Protocol>> = { route, generic }
