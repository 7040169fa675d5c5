/** nlwire/netlink: the protocol without a family. Definitions, codec, dissector, conversation, transports. */

export { fromHex, type Reader, toHex, type Writer } from './bytes/bytes.js'
export { equal } from './bytes/equal.js'
export { type Expected, type ExpectedWords, expectedText } from './bytes/expected.js'
export type { UnknownAttribute } from './bytes/nlattr.js'
export type { Wire, WireAttribute } from './codec/lossless.js'
export {
  type AnyMessageInput,
  check,
  type DecodeOptions,
  decode,
  type EncodeOptions,
  encode,
  type Message,
  type MessageInput,
  type MessageOf,
} from './codec/message.js'
export {
  type Answer,
  Conversation,
  type ConversationOptions,
  type Dump,
  type DumpOptions,
  type Event,
  type EventOptions,
  type Events,
  type GetOptions,
  type ProtocolMessage,
  type RequestOptions,
} from './conversation/conversation.js'
export type { DispatcherOptions } from './conversation/dispatcher-options.js'
export type { Interrupted } from './conversation/dump-options.js'
export type { Garbled, Overrun, Told } from './conversation/events.js'
export type { MulticastHandler, OnUnexpected, ResponseHandler } from './conversation/handlers.js'
export { KernelError, type KernelErrorParts } from './conversation/kernel-error.js'
export type { Pending } from './conversation/pending.js'
export { type AnnotateOptions, annotate } from './dissect/annotate.js'
export { type DissectOptions, dissect } from './dissect/message.js'
export { type Errno, errnoName, errnoNumber } from './errno.js'
export {
  DecodeError,
  EncodeError,
  NetlinkError,
  OptionError,
  TransportError,
  type TransportErrorCode,
} from './errors.js'
export {
  type DoneBody,
  type ErrorBody,
  type ExtendedAck,
  extendedAck,
  type Policy,
  type RequestHeader,
} from './frame/control.js'
export type { Discriminator, MessageDefinition, MessageDirection, Messages, NamedMessage } from './frame/definition.js'
export type { AllNames, GroupName, MessageIn, MessageName, NameIn, NameInAny, Only } from './frame/narrowed.js'
export { type MessageFlag, NLM_F, type Operation } from './frame/nlmsghdr.js'
export {
  type AnswerTo,
  type BodyOf,
  defineProtocol,
  type Protocol,
  type ProtocolOptions,
  unknownProtocol,
} from './frame/protocol.js'
export {
  indexed,
  listOf,
  type NestedOptions,
  packed,
  repeated,
} from './schema/arrays.js'
export type { AttributeTable } from './schema/attribute.js'
export { type AnyAttributeSet, type Attribute, AttributeSet } from './schema/attributes.js'
export {
  type Attributes,
  type AttributesOf,
  type AttributesValue,
  attributes,
  type Entries,
  type EntryValues,
  type Headed,
  type HeadedOf,
  type HeadedValue,
  headed,
  lazy,
  type OtherCase,
  otherCase,
  type PlainHeadedValue,
  type SetOptions,
  type Unknowns,
} from './schema/define.js'
export type { Indexed, ListOf } from './schema/derived.js'
export { type Field, type FieldAttribute, type FieldSet, fieldAt, firstProblem } from './schema/field.js'
export { fixedArray } from './schema/fixed-array.js'
export { type Followed, type FollowedOptions, type FollowedValue, followedBy } from './schema/followed.js'
export {
  changeOnly,
  createOnly,
  fd,
  type HasAccess,
  ifindex,
  type KeysByAccess,
  maskOf,
  netnsFd,
  netnsid,
  netnsPid,
  ownFlags,
  queryOnly,
  type ReadOnly,
  readOnly,
  unit,
  writeOnly,
} from './schema/marks.js'
export {
  type Access,
  type Constants,
  type ConstantsOf,
  type Meaning,
  type Unit,
  units,
  type ValueMeaning,
} from './schema/meaning.js'
export { ordered } from './schema/ordered.js'
export { type Outer, outer } from './schema/outer.js'
export { padding } from './schema/padding.js'
export { records } from './schema/records.js'
export { type Cases, type Selector, select } from './schema/select.js'
export {
  type Members,
  type MemberValues,
  type Struct,
  type StructOptions,
  type StructValue,
  struct,
} from './schema/struct.js'
export {
  type AnyType,
  type Description,
  type Infer,
  type Issue,
  issueOf,
  type Leaf,
  type LeafParts,
  leaf,
  type Owner,
  type Type,
  type TypeKind,
} from './schema/type.js'
export { address, ipv4, ipv6, otherAddress, parseAddress } from './schema/types/address.js'
export { type BitFields, type BitFieldsValue, bitFields } from './schema/types/bit-fields.js'
export { bool, flagOrByte } from './schema/types/bool.js'
export { type ByMember, byMember, type Intersection } from './schema/types/by-member.js'
export {
  type Bitfield,
  type Bitfield32,
  bitfield32,
  type Enum,
  type EnumValue,
  enumOf,
  type Flags,
  type FlagsInstead,
  type FlagsValue,
  type FlagsWith,
  flagsOf,
  type Named,
  type Numbers,
} from './schema/types/enum.js'
export { fixedString } from './schema/types/fixed-string.js'
export {
  be16,
  be32,
  be64,
  bes16,
  bes32,
  bes64,
  type Integer,
  le16,
  le32,
  le64,
  s8,
  s16,
  s32,
  s64,
  u8,
  u16,
  u32,
  u64,
} from './schema/types/integer.js'
export { mplsLabels } from './schema/types/mpls.js'
export { fixedHex, hexBytes, uuid } from './schema/types/notation.js'
export { range } from './schema/types/range.js'
export { type HasRequired, type InferNew, type Required, required } from './schema/types/required.js'
export {
  type Bytes,
  bytes,
  fixedBytes,
  flag,
  mac,
  mac6,
  nulString,
  type StringOptions,
  string,
} from './schema/types/text.js'
export { sint, uint } from './schema/types/uint.js'
export type {
  SizeOf,
  WideEnum,
  WideEnumValue,
  WideFlags,
  WideFlagsValue,
  WideNumbers,
} from './schema/types/wide.js'
export { type KernelOptions, type KernelTransport, openKernel } from './socket/kernel.js'
export { type MachineNamespaces, type Namespace, type Namespaces, netns, type OpenNamespace } from './socket/netns.js'
export { setShim } from './socket/shim.js'
export { type Sysctls, sysctl } from './socket/sysctl.js'
export { type MemoryOptions, MemoryTransport, type QueueOptions } from './transport/memory.js'
export { type Passed, tap } from './transport/tap.js'
export { type ByteOrder, hostByteOrder, type Received, type Slot, type Transport } from './transport/transport.js'
