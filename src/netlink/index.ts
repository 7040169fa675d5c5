/** nlwire/netlink: the protocol without a family. Definitions, codec, dissector, conversation, transports. */
export { type AnnotateOptions, annotate } from './annotate.js'
export { indexed, listOf, packed, records, repeated } from './arrays.js'
export { type Attribute, AttributeSet } from './attributes.js'
export { fromHex, toHex } from './bytes.js'
export {
  type DoneBody,
  type ErrorBody,
  type ExtendedAck,
  extendedAck,
  type Policy,
  type RequestHeader,
} from './control.js'
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
} from './conversation.js'
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
} from './define.js'
export { type Field, fieldAt, firstProblem } from './dissect.js'
export { dissect } from './dissect-message.js'
export type { Interrupted } from './dump-options.js'
export { equal } from './equal.js'
export { type Errno, errnoName, errnoNumber } from './errno.js'
export { DecodeError, EncodeError, NetlinkError, TransportError, type TransportErrorCode } from './errors.js'
export type { Garbled, Overrun } from './events.js'
export {
  type BodyOf,
  defineFamily,
  type Family,
  type MessageDefinition,
  type Messages,
  unknownFamily,
} from './family.js'
export { type KernelOptions, type KernelTransport, openKernel } from './kernel.js'
export { KernelError } from './kernel-error.js'
export { MemoryTransport } from './memory.js'
export {
  type AnyMessageInput,
  check,
  type DecodeOptions,
  decode,
  encode,
  type Message,
  type MessageInput,
  type MessageOf,
} from './message.js'
export { type Namespace, netns, type OpenNamespace } from './netns.js'
export type { UnknownAttribute } from './nlattr.js'
export { type MessageFlag, NLM_F, type Verb } from './nlmsghdr.js'
export { select } from './select.js'
export { padding, type Struct, type StructValue, struct } from './struct.js'
export { type Passed, tap } from './tap.js'
export { type ByteOrder, hostByteOrder, type Received, type Slot, type Transport } from './transport.js'
export { type Description, type Infer, type Issue, type Leaf, leaf, type Type } from './type.js'
export { address, ipv4, ipv6, parseAddress } from './types/address.js'
export { byMember } from './types/by-member.js'
export { bitfield32, type EnumValue, enumOf, type FlagsValue, flagsOf } from './types/enum.js'
export { be16, be32, be64, type Integer, s8, s16, s32, s64, u8, u16, u32, u64 } from './types/integer.js'
export { mplsLabels } from './types/mpls.js'
export { type InferNew, required } from './types/required.js'
export { bytes, fixedBytes, flag, mac, mac6, nulString, string } from './types/text.js'
export { uint } from './types/uint.js'
export type { Wire, WireAttribute } from './wire.js'
