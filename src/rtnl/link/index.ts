/** Links: message definitions and their kinds. */
export { afSpec, inet6Spec, inetSpec, mctpSpec } from './af-spec.js'
export { bridgeSpec, bridgeVlanInfo } from './bridge-spec.js'
export type { PlainLinkEntries } from './entries.js'
export { ifinfomsg } from './ifinfomsg.js'
export type { Inet6Stats } from './inet6-stats.js'
export type { Ipv4Conf } from './ipv4-conf.js'
export {
  type AnyLinkKind,
  type ByKind,
  type LinkKind,
  type LinkKindOf,
  type LinkKindOptions,
  linkKind,
  linkKinds,
} from './kind.js'
export * from './kinds/index.js'
export {
  type KindName,
  type Kinds,
  kinds,
  type Link,
  type LinkData,
  type LinkEntries,
  type LinkMessage,
  linkAttributes,
  linkinfo,
  linkMessage,
  type NewLink,
  type NewLinkinfo,
  type NewOfKind,
  requiredOfKind,
  type Settable,
  type SlaveData,
  type SlaveKindName,
  type SlaveKinds,
  slaveKinds,
} from './link.js'
export { hardwareTypes, interfaceFlags, operationalStates } from './names.js'
export {
  type KindsWith,
  type LinkinfoWith,
  type LinkMessageWith,
  type LinkWith,
  linkMessageWith,
  type NewLinkWith,
  type NewOfOwnKind,
  type NoKinds,
  type OwnKinds,
} from './own-kinds.js'
export { type Peer, type PeerMessage, peerMessage } from './peer.js'
export * from './slave-kinds/index.js'
export { linkStats, linkStats64 } from './stats.js'
