/** nlwire/network: ipvlan and macvlan networks, as container runtimes make them. */
export type { AnnouncedRoute, Announcement } from './announce.js'
export type { Attachment, ListedAttachment, Plan } from './attached.js'
export { type DhcpIdentity, dhcpIdentity } from './dhcp-identity.js'
export type { Drift, DriftCode } from './drift-of.js'
export { NetworkError, type NetworkErrorCode } from './errors.js'
export type { Removed } from './gc.js'
export { ipvlanNetwork, macvlanNetwork, Network } from './network.js'
export type {
  AttachOptions,
  HostAccess,
  IpvlanMode,
  IpvlanNetworkOptions,
  MacvlanMode,
  MacvlanNetworkOptions,
  NetworkOptions,
  NetworkRoute,
} from './options.js'
export type { PlannedStep, StepSide } from './steps.js'
export type { DriftEvent, DriftWatchOptions } from './watch.js'
