/** Which answer belongs to which request: by conversation and sequence number. */

import { Reader } from '../../netlink/bytes/bytes.js'
import { control, ECHOED, HEADER, lengthAt } from '../../netlink/frame/nlmsghdr.js'
import {
  DecodeError,
  type Errno,
  type ExtendedAck,
  errnoNumber,
  KernelError,
  type Message,
} from '../../netlink/index.js'
import { decodeItem, isEnd, type MessageItem, type Parsed } from './messages.js'

/** Old requests are forgotten: nobody answers them any more. */
const KEPT = 4096

interface Request {
  readonly parsed: Parsed
  readonly item: MessageItem
}

const keyOf = ({ datagram, protocol }: Parsed, seq: number): string =>
  `${datagram.conversation ?? ''}/${protocol}/${seq}`

/** The requests of an input as they pass by. */
export class Requests {
  readonly #bySeq = new Map<string, Request>()

  /** Notes the requests of a datagram that was sent. */
  note(parsed: Parsed): void {
    if (parsed.direction !== 'sent') return
    for (const item of parsed.items) {
      if (!item.header) continue
      const key = keyOf(parsed, item.header.seq)
      this.#bySeq.delete(key)
      this.#bySeq.set(key, { parsed, item })
      if (this.#bySeq.size > KEPT) for (const oldest of this.#bySeq.keys()) return void this.#bySeq.delete(oldest)
    }
  }

  /** The request that a received message answers. */
  answered(parsed: Parsed, item: MessageItem): Request | undefined {
    if (parsed.direction !== 'received' || !item.header) return undefined
    return this.#bySeq.get(keyOf(parsed, item.header.seq))
  }

  /** All that the kernel said no to in a datagram. */
  refusals(parsed: Parsed): KernelError[] {
    if (parsed.direction !== 'received') return []
    return parsed.items.flatMap((item) => {
      if (!item.header || !isEnd(item.header.type)) return []
      const message = decodeItem(parsed, item, false)
      const refusal = message instanceof DecodeError ? undefined : this.refusal(parsed, item, message)
      return refusal ? [refusal] : []
    })
  }

  /** What the kernel said no to; undefined when the message is no refusal. */
  refusal(parsed: Parsed, item: MessageItem, message: Message): KernelError | undefined {
    const type = item.header?.type
    if (type === undefined || !isEnd(type)) return undefined
    const { error, ...ack } = message.body as ExtendedAck & { error?: Errno | `${number}` | null }
    if (error === null || error === undefined) return undefined
    const request =
      this.answered(parsed, item)?.item.bytes ?? (type === control.NLMSG_ERROR ? echoed(parsed, item) : undefined)
    const { family, byteOrder } = parsed
    return new KernelError({
      family,
      byteOrder,
      request: request ?? new Uint8Array(),
      errno: errnoNumber(error) ?? 0,
      ack,
    })
  }
}

/** The request as an NLMSG_ERROR repeats it, where it does: more than the header only without NETLINK_CAP_ACK. */
function echoed({ byteOrder }: Parsed, { bytes }: MessageItem): Uint8Array | undefined {
  const length = lengthAt(new Reader(bytes, byteOrder), ECHOED)
  return length >= HEADER && length <= bytes.length - ECHOED ? bytes.subarray(ECHOED, ECHOED + length) : undefined
}
