/** Messages as JSON: one object a message and line, 64-bit numbers as exact text, bytes as hex. */
import { DecodeError, hostByteOrder, type KernelError, type Message } from '../../netlink/index.js'
import { JsonMemory, jsonText } from '../output/json-text.js'
import type { MessageItem, Parsed } from './messages.js'

/** The last message of each type: the next one of the type repeats most of it. */
const memories = new Map<string, JsonMemory>()

function memoryOf(type: string | number): JsonMemory | undefined {
  // A hostile input has all numbers for types, but no more names than are defined.
  if (typeof type === 'number') return undefined
  const memory = memories.get(type) ?? new JsonMemory()
  memories.set(type, memory)
  return memory
}

/**
 * A message, or the error with which it could not be decoded, as one line of JSON.
 * @param refusal for an error of the kernel, what it means for the request
 * @param around what else is known of the message: stands behind it
 */
export function messageJson(
  parsed: Parsed,
  item: MessageItem,
  message: Message | DecodeError,
  refusal?: KernelError,
  around: object = {},
): string {
  const direction = parsed.direction === 'sent' ? '>' : '<'
  // These are there only where they are needed to encode it again.
  const protocol = parsed.protocol === 'route' ? undefined : parsed.protocol
  const byteOrder = parsed.byteOrder === hostByteOrder ? undefined : parsed.byteOrder
  const more = item === parsed.items.at(-1) ? undefined : true
  if (message instanceof DecodeError) {
    const { type, path, offset } = message
    const error = { message: message.message, type, path, offset: item.at + offset }
    return jsonText({ direction, error, bytes: item.bytes, protocol, byteOrder, more, ...around })
  }
  const { type, flags, seq, pid, wire } = message
  const body = withPath(message.body, refusal)
  return jsonText(
    { direction, type, flags, seq, pid, body, wire, protocol, byteOrder, more, ...around },
    memoryOf(type),
  )
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
