/** From JSON back to messages: what `decode --json` prints, or what somebody wrote by hand. */
import {
  type AnyMessageInput,
  type ByteOrder,
  check,
  EncodeError,
  encode,
  type Family,
  fromHex,
  hostByteOrder,
  type Issue,
  type Wire,
} from '../netlink/index.js'
import { Failure } from './failure.js'
import { familyOf } from './protocol.js'

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
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

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
  const family = familyOf(name)
  const message = { ...json, type, body: withoutPath(json.body ?? {}, type) } as AnyMessageInput & { body: unknown }
  message.body = revived(family, type, message.body)
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

/**
 * Makes bytes of hex and bigints of integer text, where the definitions want them: the checks of the library say
 * where. What they still refuse is left to encode, which says what is wrong.
 */
export function revived(family: Family, type: string | number, body: unknown): unknown {
  if (family.find(type) === undefined) return typeof body === 'string' && isHex(body) ? fromHex(body) : body
  const root = { body }
  // Each round can bring to light what a nest hid: never more rounds than nests.
  for (let round = 0; round < 40; round++) {
    let changed = false
    for (const issue of check(family, String(type), root.body)) changed = mend(root, issue) || changed
    if (!changed) break
  }
  return root.body
}

const isHex = (text: string): boolean => text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text)

function mended(value: unknown, message: string): unknown {
  if (/bigint/.test(message)) {
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value)
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
  }
  if (!/Uint8Array/.test(message)) return undefined
  if (typeof value === 'string') return isHex(value) ? fromHex(value) : undefined
  // A list of unknown attributes, or one of them: { type, data }.
  if (!isObject(value) || typeof value.data !== 'string' || !isHex(value.data)) return undefined
  return { ...value, data: fromHex(value.data) }
}

/** Puts a mended value in the place of the one that an issue is about; false when there is none. */
function mend(root: { body: unknown }, { path, message }: Issue): boolean {
  const keys = [
    'body',
    ...path
      .replace(/\([^)]*\)/g, '')
      .split(/[.[\]]+/)
      .filter((key) => key !== ''),
  ]
  let owner: unknown = root
  for (const key of keys.slice(0, -1)) owner = (owner as Json | undefined)?.[key]
  if (typeof owner !== 'object' || owner === null) return false
  const last = keys.at(-1)!
  const value = mended((owner as Json)[last], message)
  if (value === undefined) return false
  ;(owner as Json)[last] = value
  return true
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
