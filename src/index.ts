/** nlwire: Linux network interfaces, addresses, routes and namespaces through rtnetlink. */
export type { ByteOrder } from './netlink/bytes/byte-order.js'
export type { Issue } from './netlink/bytes/failure.js'
export type {
  Answer,
  Conversation,
  Dump,
  Event,
  EventOptions,
  Events,
  ProtocolMessage,
} from './netlink/conversation/conversation.js'
export type { DumpOptions, Interrupted } from './netlink/conversation/dump-options.js'
export type { Garbled, Overrun, Told } from './netlink/conversation/events.js'
export { KernelError, type KernelErrorParts } from './netlink/conversation/kernel-error.js'
export type { Errno } from './netlink/errno.js'
export {
  DecodeError,
  EncodeError,
  NetlinkError,
  OptionError,
  TransportError,
  type TransportErrorCode,
} from './netlink/errors.js'
export type { AllNames, NameIn, NameInAny, Only } from './netlink/frame/narrowed.js'
export type { Protocol } from './netlink/frame/protocol.js'
export { type OtherCase, otherCase } from './netlink/schema/define.js'
export { type KernelOptions, KernelTransport, openKernel } from './netlink/socket/kernel.js'
export {
  type MachineNamespaces,
  type Namespace,
  type Namespaces,
  netns,
  type OpenNamespace,
} from './netlink/socket/netns.js'
export { setShim } from './netlink/socket/shim.js'
export { type Sysctls, sysctl } from './netlink/socket/sysctl.js'
export type { Slot, Transport } from './netlink/transport/transport.js'
export type { Address } from './rtnl/address/index.js'
export type { Addresses, AddressFilter, AddressMembers, AddressToAdd } from './rtnl/client/addresses.js'
export type { ChangeOptions, Hooks, LinkRef } from './rtnl/client/context.js'
export { type Host, kernelHost } from './rtnl/client/host.js'
export type { LinkChanges, LinkChangesWith, LinkMembers, LinkToAdd, LinkToAddWith } from './rtnl/client/link-body.js'
export type {
  LinkChangeOptions,
  LinkFilter,
  LinkGetOptions,
  LinkListOptions,
  LinkReading,
  Links,
} from './rtnl/client/links.js'
export type { List } from './rtnl/client/list.js'
export type { NamespaceIds } from './rtnl/client/namespaces.js'
export type { NeighbourMembers, NeighbourToAdd } from './rtnl/client/neighbour-body.js'
export type { NeighbourFilter, Neighbours } from './rtnl/client/neighbours.js'
export { type Prefix, parsePrefix } from './rtnl/client/prefix.js'
export type { Nexthop, RouteMembers, RouteToAdd } from './rtnl/client/route-body.js'
export type { RouteFilter, RouteGetOptions, Routes } from './rtnl/client/routes.js'
export {
  type KernelGroup,
  type MonitorGroup,
  type MonitorOptions,
  openRtnl,
  Rtnl,
  type RtnlOptions,
} from './rtnl/client/rtnl.js'
export { CreatedButUnreadError, type Sibling, SiblingError } from './rtnl/errors.js'
export { explain } from './rtnl/explain.js'
export type {
  KindName,
  Kinds,
  Link,
  LinkData,
  LinkWith,
  NewLink,
  NewLinkinfo,
  NewLinkWith,
  NewOfKind,
  NoKinds,
  OwnKinds,
} from './rtnl/link/index.js'
export type { Nsid } from './rtnl/namespace/index.js'
export type { Neighbour } from './rtnl/neighbour/index.js'
export type { RouteProtocol } from './rtnl/protocol.js'
export type { Route } from './rtnl/route/index.js'
export type { RouteMessagesWith, RouteOf, RouteWith } from './rtnl/route-with.js'
