/** nlwire/generic: generic netlink, its controller and its families. */
export {
  Generic,
  type GenericOptions,
  openGeneric,
  resolvedFrom,
} from './client.js'
export {
  type GenericFamily,
  type GenericMessage,
  type GenericMessages,
  genericFamily,
  type MessagesAt,
  type ResolvedFamily,
  resolvedProtocol,
} from './family.js'
export { GENL_ID_CTRL, GENL_MAX_ID, genericBody, genlmsghdr, NETLINK_GENERIC } from './genlmsghdr.js'
export {
  type FamilyInfo,
  type FamilyMessage,
  familyAttributes,
  familyMessage,
  nlctrlGroups,
  nlctrlMessages,
} from './nlctrl.js'
export { type GenericProtocol, generic, genericWith } from './protocol.js'
