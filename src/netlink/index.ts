/** nlwire/netlink: the protocol without a family. Definitions, codec, dissector, conversation, transports. */

export { fromHex, toHex } from './bytes/bytes.js'
export { equal } from './bytes/equal.js'
export { type Expected, type ExpectedWords, expectedText } from './bytes/expected.js'
export type { UnknownAttribute } from './bytes/nlattr.js'
export type { Wire, WireAttribute } from './codec/lossless.js'
export {
  type AnyMessageInput,
  check,
  type DecodeOptions,
  decode,
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
  type RequestOptions,
} from './conversation/conversation.js'
export type { Interrupted } from './conversation/dump-options.js'
export type { Garbled, Overrun } from './conversation/events.js'
export { KernelError } from './conversation/kernel-error.js'
export { type AnnotateOptions, annotate } from './dissect/annotate.js'
export { dissect } from './dissect/message.js'
export { type Errno, errnoName, errnoNumber } from './errno.js'
export { DecodeError, EncodeError, NetlinkError, TransportError, type TransportErrorCode } from './errors.js'
export {
  type DoneBody,
  type ErrorBody,
  type ExtendedAck,
  extendedAck,
  type Policy,
  type RequestHeader,
} from './frame/control.js'
export { type MessageFlag, NLM_F, type Operation } from './frame/nlmsghdr.js'
export {
  type BodyOf,
  defineProtocol,
  type MessageDefinition,
  type Messages,
  type Protocol,
  unknownProtocol,
} from './frame/protocol.js'
export { indexed, listOf, packed, records, repeated } from './schema/arrays.js'
export { type Attribute, AttributeSet } from './schema/attributes.js'
export {
  type Attributes,
  type AttributesValue,
  attributes,
  type Entries,
  type Headed,
  type HeadedValue,
  headed,
  lazy,
  type OtherCase,
  otherCase,
} from './schema/define.js'
export { type Field, fieldAt, firstProblem } from './schema/field.js'
export {
  changeOnly,
  createOnly,
  fd,
  type HasAccess,
  ifindex,
  maskOf,
  netnsFd,
  netnsid,
  netnsPid,
  ownFlags,
  queryOnly,
  readOnly,
  unit,
  writeOnly,
} from './schema/marks.js'
export { type Access, type Meaning, type Unit, units, type ValueMeaning } from './schema/meaning.js'
export { select } from './schema/select.js'
export { padding, type Struct, type StructValue, struct } from './schema/struct.js'
export {
  type Description,
  type Infer,
  type Issue,
  issueOf,
  type Leaf,
  leaf,
  type Type,
  type TypeKind,
} from './schema/type.js'
export { address, ipv4, ipv6, parseAddress } from './schema/types/address.js'
export { bool } from './schema/types/bool.js'
export { byMember } from './schema/types/by-member.js'
export { bitfield32, type EnumValue, enumOf, type FlagsValue, flagsOf } from './schema/types/enum.js'
export { be16, be32, be64, type Integer, s8, s16, s32, s64, u8, u16, u32, u64 } from './schema/types/integer.js'
export { mplsLabels } from './schema/types/mpls.js'
export { range } from './schema/types/range.js'
export { type InferNew, required } from './schema/types/required.js'
export { bytes, fixedBytes, flag, mac, mac6, nulString, string } from './schema/types/text.js'
export { uint } from './schema/types/uint.js'
export { type KernelOptions, type KernelTransport, openKernel } from './socket/kernel.js'
export { type Namespace, netns, type OpenNamespace } from './socket/netns.js'
export { MemoryTransport } from './transport/memory.js'
export { type Passed, tap } from './transport/tap.js'
export { type ByteOrder, hostByteOrder, type Received, type Slot, type Transport } from './transport/transport.js'
