/** The sixteen bytes before each datagram in captures of an nlmon device (LINKTYPE_NETLINK); big-endian on any machine. */
import { Reader } from '../../netlink/bytes/bytes.js'
import { flagsAt, HEADER, lengthAt, NLM_F, typeAt } from '../../netlink/frame/nlmsghdr.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'

/** Packet type, device type, ten bytes unused, protocol. */
export const COOKED = 16
const ARPHRD_NETLINK = 824
/** Packet types of nlmon (linux/if_packet.h). libpcap gives 4, outgoing, for both directions. */
const PACKET_USER = 6
const PACKET_KERNEL = 7

/** The netlink protocol of a packet. */
export const protocolAt = (view: DataView, at: number): number => view.getUint16(at + 14)

/**
 * Whether a packet was sent to the kernel. Where its header does not tell, a message that is a request was.
 * @param end where the packet ends
 */
export function directionAt(r: Reader, at: number, end: number): 'sent' | 'received' {
  const type = r.view.getUint16(at)
  if (type === PACKET_USER) return 'received'
  const message = at + COOKED
  const request = end - message >= HEADER && flagsAt(r, message) & NLM_F.REQUEST && typeAt(r, message) >= HEADER
  return type === PACKET_KERNEL || request ? 'sent' : 'received'
}

export function putCooked(view: DataView, at: number, direction: 'sent' | 'received', protocol: number): void {
  view.setUint16(at, direction === 'sent' ? PACKET_KERNEL : PACKET_USER)
  view.setUint16(at + 2, ARPHRD_NETLINK)
  view.setUint16(at + 14, protocol)
}

/** The byte order in which the first message's length can be right; the file's where both or neither can. */
export function messageOrder(datagram: Uint8Array, little: boolean): ByteOrder {
  const fits = (order: ByteOrder) => {
    if (datagram.length < HEADER) return false
    const length = lengthAt(new Reader(datagram, order), 0)
    return length >= HEADER && length <= datagram.length
  }
  const [usual, other]: ByteOrder[] = little ? ['little', 'big'] : ['big', 'little']
  return !fits(usual!) && fits(other!) ? other! : usual!
}
