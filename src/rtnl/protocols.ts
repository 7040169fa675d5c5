/** The protocols that recordings and captures name. */

import { generic } from '../generic/nlctrl.js'
import type { Protocol } from '../netlink/frame/protocol.js'
import { route } from './protocol.js'

/** Families by their names in fixtures: `protocols.route`. One that is not here has only the control messages. */
export const protocols: Readonly<Record<string, Protocol>> = /* @__PURE__ */ Object.assign(
  // Without a prototype: names come from files and command lines, and `constructor` is no protocol.
  /* @__PURE__ */ Object.create(null),
  { route, generic },
)
