/** Messages as JSON: one object a message and line, 64-bit numbers as exact text, bytes as hex. */
import { DecodeError, hostByteOrder, type KernelError, type Message, toHex } from '../netlink/index.js'
import { safeJson } from './escape.js'
import type { Item, Parsed } from './messages.js'

/** A value as JSON. Members that are undefined are left out. */
export function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return safeJson(value)
    case 'number':
    case 'boolean':
      return String(value)
    case 'bigint':
      return `"${value}"`
    case 'object':
      break
    default:
      return 'null'
  }
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return `"${toHex(value)}"`
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  let text = ''
  for (const key in value) {
    const one = (value as Record<string, unknown>)[key]
    if (one !== undefined) text += `${text === '' ? '' : ','}${safeJson(key)}:${jsonText(one)}`
  }
  return `{${text}}`
}

/** What stands around a message: members that are there only where they are needed to encode it again. */
function frame({ direction, protocol, byteOrder, items }: Parsed, item: Item) {
  return {
    before: { direction: direction === 'sent' ? '>' : '<' },
    after: {
      protocol: protocol === 'route' ? undefined : protocol,
      byteOrder: byteOrder === hostByteOrder ? undefined : byteOrder,
      more: item === items.at(-1) ? undefined : true,
    },
  }
}

/**
 * A message, or the error with which it could not be decoded, as one line of JSON.
 * @param refusal for an error of the kernel, what it means for the request
 * @param around what else is known of the message: stands behind it
 */
export function messageJson(
  parsed: Parsed,
  item: Item,
  message: Message | DecodeError,
  refusal?: KernelError,
  around: object = {},
): string {
  const { before, after } = frame(parsed, item)
  if (message instanceof DecodeError) {
    const { type, path, offset } = message
    const error = { message: message.message, type, path, offset: item.at + offset }
    return jsonText({ ...before, error, bytes: item.bytes, ...after, ...around })
  }
  const { type, flags, seq, pid, body, wire } = message
  return jsonText({ ...before, type, flags, seq, pid, body: withPath(body, refusal), wire, ...after, ...around })
}

/** The body of an error with the path that the kernel blames beside the offset. */
function withPath(body: unknown, refusal: KernelError | undefined): unknown {
  const path = refusal?.path ?? refusal?.missing
  if (path === undefined) return body
  return { ...(body as object), path }
}

/** Input that is no message. */
export const garbageJson = (garbage: Uint8Array | string, where: string, reason: string): string =>
  jsonText({
    error: { message: reason, path: '', where },
    ...(typeof garbage === 'string' ? { text: garbage } : { bytes: garbage }),
  })
