/** nlwire/generic: generic netlink, its controller and its families. */
export {
  type FamilyInfo,
  Generic,
  type GenericOptions,
  openGeneric,
  type PolicyPart,
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
export { genericBody, genlmsghdr } from './genlmsghdr.js'
export {
  familyAttributes,
  familyMessage,
  GENL_ID_CTRL,
  type GenericProtocol,
  generic,
  NETLINK_GENERIC,
} from './nlctrl.js'
