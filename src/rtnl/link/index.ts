/** Links: message definitions and their kinds. */
export { afSpec, inet6Spec, inetSpec, mctpSpec } from './af-spec.js'
export { bridgeSpec, bridgeVlanInfo } from './bridge-spec.js'
export { ifinfomsg } from './ifinfomsg.js'
export { type LinkKind, type LinkKindOptions, linkKind, linkKinds } from './kind.js'
export { bridge } from './kinds/bridge.js'
export { bridgePort } from './kinds/bridge-port.js'
export { dummy } from './kinds/dummy.js'
export { kinds, slaveKinds } from './kinds/index.js'
export { ipvlan } from './kinds/ipvlan.js'
export { ipvtap } from './kinds/ipvtap.js'
export { macvlan } from './kinds/macvlan.js'
export { macvtap } from './kinds/macvtap.js'
export { veth } from './kinds/veth.js'
export { vlan } from './kinds/vlan.js'
export {
  type Link,
  type LinkMessage,
  linkAttributes,
  linkinfo,
  linkMessage,
  type NewLink,
  type NewLinkinfo,
  requiredOfKind,
} from './link.js'
export { hardwareTypes, interfaceFlags, operationalStates } from './names.js'
export { peerMessage } from './peer.js'
export { linkStats, linkStats64 } from './stats.js'
