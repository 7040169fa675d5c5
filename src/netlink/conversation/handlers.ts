/** Who the messages that come in are for. */
import type { Reader } from '../bytes/bytes.js'
import type { DecodeError, NetlinkError } from '../errors.js'
import type { Slot } from '../transport/transport.js'
import type { Pending } from './pending.js'

/** Who a sequence number belongs to. */
export interface ResponseHandler extends Pending {
  /**
   * Whether it has its answer, or has failed. It stays known until its last message, so that late ones surprise nobody.
   */
  readonly settled: boolean
  /** Whether copies of its own notifications are asked for (NLM_F_ECHO): the kernel sends those with a group as well. */
  readonly echo: boolean
  /** Takes a message. True when it was the last. @throws Malformed */
  take(r: Reader, at: number, end: number): boolean
  /**
   * A message for it, sound as a whole, could not be decoded. True when it goes on without that one; without this member
   * it fails.
   */
  skip?(error: DecodeError): boolean
  /** A part of what it takes may be lost. For those who take many: a list without that part is no list. */
  incomplete?(error: NetlinkError): void
}

/** Who listens to multicast groups. */
export interface MulticastHandler {
  /** Whether there is room for more. */
  readonly wanting: boolean
  /** Takes a message. True when it was for this one. @throws Malformed */
  take(r: Reader, at: number, end: number, slot: Slot): boolean
  /** Whether it keeps the process alive. */
  readonly referenced: boolean
  /** A message could not be decoded. True when it was for this one. */
  garbled(error: DecodeError, slot: Slot): boolean
  /** Datagrams were lost. */
  overrun(): void
  /** The end: with an error, or undefined when the conversation was closed. */
  end(error: unknown): void
}

/** Called with everything that no request explains. */
export type OnUnexpected = (error: NetlinkError) => void
