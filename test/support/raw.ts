/** Netlink messages put together by hand, so that the transport is tested without the codec. */
import type { KernelTransport } from '../../src/netlink/socket/kernel.js'
import type { Received, Slot } from '../../src/netlink/transport/transport.js'

/** linux/netlink.h, linux/rtnetlink.h. */
export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3
export const RTM_NEWLINK = 16
export const RTM_GETLINK = 18
export const RTM_NEWNSID = 88
export const RTNLGRP_LINK = 1
const NLM_F_REQUEST = 1
const NLM_F_ACK = 4
const NLM_F_DUMP = 0x300
const IFF_UP = 1
const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** A message: header, then the given 32-bit words. */
export function message(type: number, flags: number, words: readonly number[], sequence = 1): Uint8Array {
  const bytes = new Uint8Array(16 + 4 * words.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, little)
  view.setUint16(4, type, little)
  view.setUint16(6, flags | NLM_F_REQUEST, little)
  view.setUint32(8, sequence, little)
  for (const [at, word] of words.entries()) view.setUint32(16 + 4 * at, word, little)
  return bytes
}

/** Two 16-bit numbers as one word: an attribute's header. */
const pair = (first: number, second: number): number =>
  new DataView(new Uint16Array([first, second]).buffer).getUint32(0, little)

/** RTM_GETLINK of one interface. */
export const getLink = (index: number): Uint8Array => message(RTM_GETLINK, 0, [0, index, 0, 0])

/** RTM_GETLINK of all. */
export const dumpLinks = (): Uint8Array => message(RTM_GETLINK, NLM_F_DUMP, [0, 0, 0, 0])

/** RTM_NEWLINK that puts an interface up or down: a change makes one event. */
export const setUp = (index: number, up: boolean): Uint8Array =>
  message(RTM_NEWLINK, NLM_F_ACK, [0, index, up ? IFF_UP : 0, IFF_UP])

/** RTM_NEWNSID: the namespace of the descriptor gets this id (NETNSA_NSID 1, NETNSA_FD 3). */
export const nameNamespace = (fd: number, nsid: number): Uint8Array =>
  message(RTM_NEWNSID, NLM_F_ACK, [0, pair(8, 1), nsid, pair(8, 3), fd])

/** A message as it was received. */
export interface Seen {
  type: number
  sequence: number
  /** The first number after the header: of an NLMSG_ERROR its errno, 0 or negative. */
  first: number
  bytes: Uint8Array
}

/** The messages of a datagram. */
export function split(slot: Slot): Seen[] {
  const bytes = slot.bytes.slice(0, slot.length)
  const view = new DataView(bytes.buffer)
  const seen: Seen[] = []
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at, little)
    seen.push({
      type: view.getUint16(at + 4, little),
      sequence: view.getUint32(at + 8, little),
      first: at + 20 <= bytes.length ? view.getInt32(at + 16, little) : 0,
      bytes: bytes.subarray(at, at + length),
    })
    at += (length + 3) & ~3
  }
  return seen
}

/** An empty slot. */
export const newSlot = (size = 32768): Slot => ({
  bytes: new Uint8Array(size),
  length: 0,
  port: -1,
  group: -1,
  nsid: -1,
})

/** Receives until nothing waits: what each attempt gave, and all messages. */
export function drain(transport: KernelTransport, slot = newSlot()): { results: Received[]; messages: Seen[] } {
  const results: Received[] = []
  const messages: Seen[] = []
  for (;;) {
    const result = transport.receive(slot)
    if (result === 'empty') return { results, messages }
    results.push(result)
    if (result === 'datagram') messages.push(...split(slot))
  }
}

/** Sends a request whose answer is an ack, and checks that it was good. */
export function request(transport: KernelTransport, bytes: Uint8Array): void {
  transport.send(bytes, bytes.length)
  const [answer] = drain(transport).messages
  if (answer?.type !== NLMSG_ERROR || answer.first !== 0) throw new Error(`refused: ${answer?.type} ${answer?.first}`)
}

/** Makes events: puts the loopback interface of the transport's namespace up and down by turns. */
export function makeEvents(transport: KernelTransport, count: number): void {
  for (let made = 0; made < count; made++) request(transport, setUp(1, made % 2 === 0))
}
