/** A datagram of the input taken apart: each message by itself, so that one that is garbled costs no other. */

import { Reader } from '../../netlink/bytes/bytes.js'
import { control, HEADER, NLM_F, putLength, putType } from '../../netlink/frame/nlmsghdr.js'
import { type MessagePart, splitMessages } from '../../netlink/frame/split.js'
import {
  type ByteOrder,
  DecodeError,
  decode,
  hostByteOrder,
  type Message,
  type NamedMessage,
  type Protocol,
} from '../../netlink/index.js'
import type { InputDatagram } from '../input/piece.js'
import { Failure } from '../process/failure.js'
import { protocolName, protocolOf } from './protocol.js'

/** One message of a datagram, with its padding, or what is left where none can be told. */
export interface MessageItem extends MessagePart {
  readonly bytes: Uint8Array
}

/** A datagram with all that is known of how to read it. */
export interface Parsed {
  readonly datagram: InputDatagram
  readonly family: Protocol
  /** The name of the protocol: `route`. */
  readonly protocol: string
  readonly byteOrder: ByteOrder
  readonly direction: 'sent' | 'received'
  readonly items: readonly MessageItem[]
  /** The header was not in the input: it is there for the decoder only. */
  readonly bare: boolean
}

/** How the command line says to read what the input does not tell. */
export interface ReadingOptions {
  readonly protocol?: string | undefined
  readonly byteOrder?: ByteOrder | undefined
  /** The type of messages that are there without a header. */
  readonly message?: string | undefined
}

/** Whether a message of this type ends an answer: an ack, an error, or the end of a dump. */
export const isEnd = (type: number): boolean => type === control.NLMSG_ERROR || type === control.NLMSG_DONE

/**
 * Takes the datagrams of a capture apart, one after the other: what one tells of the protocol's numbers (see
 * Protocol.learn) counts for those after it.
 * @throws as `parse` does, for each
 */
export function captureReader(reading: ReadingOptions): (input: InputDatagram) => Parsed {
  const learned = new Map<string, Protocol>()
  return (input) => {
    const parsed = parse(input, reading, learned)
    const { family, protocol, datagram, byteOrder } = parsed
    if (family.learn) learned.set(protocol, family.learn(datagram.bytes, byteOrder))
    return parsed
  }
}

/**
 * Takes a datagram apart.
 * @param learned protocols that the datagrams before it told more of, by their names
 * @throws Failure when --message names no message of the protocol
 */
export function parse(input: InputDatagram, reading: ReadingOptions, learned?: ReadonlyMap<string, Protocol>): Parsed {
  const protocol = reading.protocol ?? (input.protocol === undefined ? 'route' : protocolName(input.protocol))
  const family = learned?.get(protocol) ?? protocolOf(protocol)
  const byteOrder = reading.byteOrder ?? input.byteOrder ?? hostByteOrder
  const bare = reading.message !== undefined
  const datagram = bare ? withHeader(input, family, reading.message!, byteOrder) : input
  const items = itemsOf(datagram.bytes, byteOrder)
  const first = items[0]?.header
  const direction =
    datagram.direction ?? (first && first.flags & NLM_F.REQUEST && first.type >= HEADER ? 'sent' : 'received')
  return { datagram, family, protocol, byteOrder, direction, items, bare }
}

function withHeader(datagram: InputDatagram, family: Protocol, name: string, byteOrder: ByteOrder): InputDatagram {
  const found = family.find(/^\d+$/.test(name) ? Number(name) : name)
  const number = found?.number ?? (/^\d+$/.test(name) ? Number(name) : undefined)
  if (number === undefined || number > 0xffff)
    throw new Failure(`no message "${name}": one of ${Object.keys(family.messages).join(', ')}, or a number`)
  const bytes = new Uint8Array(HEADER + datagram.bytes.length)
  const r = new Reader(bytes, byteOrder)
  putLength(r, 0, bytes.length)
  putType(r, 0, number)
  bytes.set(datagram.bytes, HEADER)
  return { ...datagram, bytes }
}

const itemsOf = (bytes: Uint8Array, byteOrder: ByteOrder): MessageItem[] =>
  splitMessages(bytes, byteOrder).map((part) => ({ ...part, bytes: bytes.subarray(part.at, part.end) }))

/** The definition of a message; undefined where the protocol has none. */
export const definitionOf = ({ family, byteOrder }: Parsed, { header, bytes }: MessageItem): NamedMessage | undefined =>
  header && family.at(new Reader(bytes, byteOrder), 0, bytes.length)

/** Whether all messages of a datagram can be decoded. */
export const isDecodable = (parsed: Parsed): boolean =>
  parsed.items.every((item) => !(decodeItem(parsed, item, false) instanceof DecodeError))

/** Decodes one message. @returns the message, or why it cannot be decoded */
export function decodeItem(parsed: Parsed, item: MessageItem, lossless: boolean): Message | DecodeError {
  try {
    const [message] = decode(parsed.family, item.bytes, { byteOrder: parsed.byteOrder, lossless })
    return message as Message
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
}
