/** From JSON back to messages: what `decode --json` prints, or what somebody wrote by hand. */
import { isObject } from '../../netlink/bytes/equal.js'
import {
  type AnyMessageInput,
  type ByteOrder,
  check,
  EncodeError,
  encode,
  fromHex,
  hostByteOrder,
  type Protocol,
  type Wire,
} from '../../netlink/index.js'
import { protocolOf } from '../messages/protocol.js'
import { Failure } from '../process/failure.js'
import { isHex, revived } from './revive.js'

/** One message, encoded, with what stands around it. */
export interface Encoded {
  readonly bytes: Uint8Array
  readonly direction: 'sent' | 'received'
  readonly protocol: string
  readonly byteOrder: ByteOrder
  /** The next message is in the same datagram. */
  readonly more: boolean
}

type Json = Record<string, unknown>

/**
 * Encodes one object of `decode --json`.
 * @param where what to call it in errors: `line 3`
 * @throws Failure with every path that is wrong
 */
export function encodeJson(json: unknown, where: string, protocol?: string, order?: ByteOrder): Encoded {
  if (!isObject(json)) throw new Failure(`${where}: expected an object such as {"type":"RTM_GETLINK","body":{}}`)
  const byteOrder = order ?? (json.byteOrder === 'big' || json.byteOrder === 'little' ? json.byteOrder : hostByteOrder)
  const name = protocol ?? (typeof json.protocol === 'string' ? json.protocol : 'route')
  const frame = { protocol: name, byteOrder, more: json.more === true }
  const direction = json.direction === '<' ? 'received' : 'sent'
  if (json.error !== undefined && json.type === undefined) {
    if (typeof json.bytes !== 'string') throw new Failure(`${where}: an error without bytes cannot be encoded`)
    return { ...frame, direction, bytes: hexIn(json.bytes, `${where}: bytes`) }
  }
  const { type } = json
  if (typeof type !== 'string' && typeof type !== 'number') throw new Failure(`${where}: "type" is missing`)
  const family = protocolOf(name)
  const message = { ...json, type, body: withoutPath(json.body ?? {}, type) } as AnyMessageInput & { body: unknown }
  message.body = revivedBody(family, type, message.body)
  if (isObject(json.wire)) message.wire = revivedWire(json.wire, `${where}: wire`)
  try {
    return { ...frame, direction, bytes: encode(family, [message], { byteOrder }) }
  } catch (error) {
    if (error instanceof EncodeError) throw new Failure(`${where}: ${error.message}`)
    throw new Failure(`${where}: ${(error as Error).message}`)
  }
}

/** What the kernel blames, as a path, is told by the offset: it is in no message. */
function withoutPath(body: unknown, type: string | number): unknown {
  if (!isObject(body) || (type !== 'NLMSG_ERROR' && type !== 'NLMSG_DONE')) return body
  const { path: _, ...rest } = body
  return rest
}

function hexIn(text: string, where: string): Uint8Array {
  try {
    return fromHex(text)
  } catch (error) {
    throw new Failure(`${where}: ${(error as Error).message}`)
  }
}

/** A body of JSON with its bytes and 64-bit numbers, where the definitions want them. */
export function revivedBody(family: Protocol, type: string | number, body: unknown): unknown {
  if (family.find(type) === undefined && family.fallback.kind === 'bytes')
    return typeof body === 'string' && isHex(body) ? fromHex(body) : body
  return revived(body, (value) => check(family, String(type), value))
}

const inHex = new Set(['raw', 'header', 'trailing', 'padding'])

function revivedWire(json: Json, where: string): Wire {
  const revive = (value: unknown, key: string): unknown => {
    if (inHex.has(key) && typeof value === 'string') return hexIn(value, `${where}.${key}`)
    if (Array.isArray(value)) return value.map((one) => revive(one, ''))
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one, name)]))
      : value
  }
  return revive(json, '') as Wire
}
