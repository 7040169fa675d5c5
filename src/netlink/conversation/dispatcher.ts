/**
 * The lower half of a conversation: one transport with its buffers, and who waits for which message. Everything that
 * comes in is walked here once and given to its owner; users see `Conversation`.
 */
import { align4, copyOf, Reader, Writer } from '../bytes/bytes.js'
import { decodeError } from '../codec/message.js'
import { writeBody } from '../codec/writing.js'
import { DecodeError, NetlinkError, TransportError, type TransportErrorCode } from '../errors.js'
import {
  beginMessage,
  control,
  endMessage,
  HEADER,
  messageLength,
  portAt,
  seqAt,
  typeAt,
  unnamedType,
} from '../frame/nlmsghdr.js'
import type { NamedMessage, Protocol } from '../frame/protocol.js'
import type { Received, Slot, Transport } from '../transport/transport.js'
import type { DispatcherOptions } from './dispatcher-options.js'
import { eventLoopBudget } from './event-loop.js'
import type { MulticastHandler, OnUnexpected, ResponseHandler } from './handlers.js'
import { Listeners } from './listeners.js'
import { type Pending, type PendingOptions, PendingRequests } from './pending.js'
import { ReadinessWatch } from './readiness.js'
import { ResponseHandlers } from './response-handlers.js'
import { closedError, isTransient, lossError } from './socket-errors.js'

/** Holds any datagram of a dump (32 KiB) and any single answer that attributes of 64 KiB can make, all but always. */
const SLOT_SIZE = 128 * 1024

export class Dispatcher {
  readonly transport: Transport
  readonly family: Protocol
  readonly writer: Writer
  /** How many datagrams and messages came that no request explains. */
  unexpected = 0
  closed = false
  readonly #onUnexpected: OnUnexpected | undefined
  readonly #slot: Slot = { bytes: new Uint8Array(SLOT_SIZE), length: 0, port: 0, group: 0, nsid: -1 }
  #reader: Reader
  readonly #port: number
  readonly #targets = new ResponseHandlers()
  readonly #listeners = new Listeners((at, cause) => this.#errorOf(at, cause))
  readonly #pending = new PendingRequests(() => this.#watching.update())
  #sequence: number
  readonly #watching: ReadinessWatch
  /** Datagrams were lost: whatever waits once the queue is empty waits in vain. */
  #lost: TransportErrorCode | undefined

  constructor(transport: Transport, family: Protocol, { onUnexpected, firstSequence = 1 }: DispatcherOptions = {}) {
    this.transport = transport
    this.family = family
    this.#onUnexpected = onUnexpected
    this.#sequence = firstSequence - 1
    this.writer = new Writer(transport.byteOrder)
    this.writer.strict = true
    this.#reader = new Reader(this.#slot.bytes, transport.byteOrder)
    this.#port = transport.port >>> 0
    this.#watching = new ReadinessWatch(transport, this.#pending, this.#listeners, this.#readable)
  }

  /** Sends a message for its target; one that is `answered` in one datagram takes it. @throws EncodeError, TransportError */
  send(target: ResponseHandler, message: NamedMessage, flags: number, body: unknown, answered = false): void {
    if (this.closed) throw closedError()
    if (this.#lost !== undefined && !this.#targets.someUnsettled) this.#lost = undefined
    const sequence = (this.#sequence + 1) >>> 0 || 1
    const w = this.writer
    w.length = 0
    const at = beginMessage(w, message.number, flags, sequence, 0)
    writeBody(w, message, body)
    endMessage(w, at)
    this.#sequence = sequence
    this.#targets.add(sequence, target)
    const { transport } = this
    let received: Received = 'empty'
    try {
      if (answered && transport.exchange !== undefined && eventLoopBudget.some)
        received = transport.exchange(w.bytes, w.length, this.#slot)
      else transport.send(w.bytes, w.length)
    } catch (error) {
      this.#targets.delete(sequence)
      throw error
    }
    if (received !== 'empty') this.#received(received)
  }

  /** Receives until the target is settled or nothing is there. False when it must be waited for. */
  pump(target: ResponseHandler): boolean {
    while (!target.settled) if (!this.receive()) return target.settled
    return true
  }

  /** Receives one datagram for its owners. False when there is none, or the event loop is to have a turn first: wait. */
  receive(): boolean {
    if (!eventLoopBudget.some) return false
    let received: Received
    try {
      received = this.transport.receive(this.#slot)
    } catch (error) {
      if (!isTransient(error) || !this.#survive(error)) this.#failAll(error)
      return false
    }
    if (received === 'empty') {
      if (this.#lost !== undefined) this.#loseWaiting()
      return false
    }
    this.#received(received)
    return true
  }

  #received(received: Received): void {
    const slot = this.#slot
    eventLoopBudget.spend(slot.length)
    if (received === 'overrun') this.#losing('ERR_NETLINK_OVERRUN')
    // Whatever a stranger sends, and were it too long for the slot, is no loss of ours.
    else if (slot.port !== 0) this.#unexpect(`a datagram from port ${slot.port}, not from the kernel`)
    else if (received === 'datagram') this.#dispatch()
    else this.#truncated()
  }

  /** The next turn of the event loop, if that is what the one who could not receive lacks, and can be had without waiting. */
  turn(): Promise<void> | undefined {
    return this.#watching.keptAlive ? eventLoopBudget.turn() : undefined
  }

  #dispatch(): void {
    const { length: end, group, bytes } = this.#slot
    let r = this.#reader
    if (r.bytes !== bytes) r = this.#reader = new Reader(bytes, this.transport.byteOrder)
    let at = 0
    let target: ResponseHandler | undefined
    try {
      while (at < end) {
        target = undefined
        // Before the length is checked, so that a garbled answer can be told to whom it was for.
        if (end - at >= HEADER && portAt(r, at) === this.#port) target = this.#targets.of(seqAt(r, at))
        const length = messageLength(r, at, end)
        this.#deliver(target, r, at, at + length, group)
        at += align4(length)
      }
    } catch (error) {
      this.#garbled(target, at, error, group)
    }
  }

  #deliver(target: ResponseHandler | undefined, r: Reader, at: number, end: number, group: number): void {
    try {
      // Our own changes come to our own multicast groups with our sequence number: those are events, not answers.
      if (target !== undefined && (group === 0 || target.echo)) {
        if (target.take(r, at, end)) this.#targets.delete(seqAt(r, at))
        if (group !== 0) this.#listeners.take(r, at, end, this.#slot)
      } else if ((group === 0 && seqAt(r, at) !== 0) || !this.#listeners.take(r, at, end, this.#slot))
        this.#unclaimed(r, at, end, group)
    } catch (error) {
      const type = typeAt(r, at)
      const last = type === control.NLMSG_ERROR || type === control.NLMSG_DONE
      // Only the target throws: the listeners have not had it yet.
      this.#garbled(target, at, error, 0, !last)
      if (group !== 0) this.#listeners.take(r, at, end, this.#slot)
      if (!last) return
      // Its last message, garbled as it is.
      this.#targets.delete(seqAt(r, at))
      target?.forgotten?.()
    }
  }

  #unclaimed(r: Reader, at: number, end: number, group: number): void {
    const type = typeAt(r, at)
    if (type === control.NLMSG_NOOP) return
    if (type === control.NLMSG_OVERRUN) {
      this.#losing('ERR_NETLINK_OVERRUN')
      return
    }
    const name = this.family.at(r, at, end)?.name ?? unnamedType(type)
    const from = group === 0 ? `sequence number ${seqAt(r, at)}, port ${portAt(r, at)}` : `multicast group ${group}`
    this.#unexpect(`a message that nobody waits for: ${name}, ${from}`)
  }

  #errorOf(at: number, cause: unknown): unknown {
    // A copy: the error may be kept for long, the slot is used again at once.
    const bytes = copyOf(this.#slot.bytes, 0, this.#slot.length)
    return decodeError(this.family, bytes, this.transport.byteOrder, at, cause)
  }

  /** @param skipped whether those who can may go on without it */
  #garbled(target: ResponseHandler | undefined, at: number, cause: unknown, group: number, skipped = false): void {
    const error = this.#errorOf(at, cause)
    if (!(error instanceof NetlinkError)) throw error
    const decoding = error instanceof DecodeError
    const heard = group !== 0 && decoding && this.#listeners.garbled(error, this.#slot)
    const waiting = target !== undefined && (group === 0 || target.echo) && !target.settled
    if (waiting && !(skipped && decoding && target.skip?.(error))) target.fail(error)
    else if (!heard) this.#tell(error)
  }

  #unexpect(what: string): void {
    this.#tell(new TransportError('ERR_NETLINK_UNEXPECTED', `received ${what}`))
  }

  /** Later, never at once: what is told may send, while the slot is still being walked. */
  #tell(error: NetlinkError): void {
    this.unexpected++
    const told = this.#onUnexpected
    if (told) queueMicrotask(() => told(error))
  }

  #losing(code: TransportErrorCode): void {
    this.#lost = code
    this.#listeners.overrun()
  }

  #truncated(): void {
    const code = 'ERR_NETLINK_TRUNCATED'
    this.#losing(code)
    // Sent to no group: perhaps a part of the running dump, which would go on and end as if it were whole.
    if (this.#slot.group === 0) this.#targets.incomplete(lossError(code))
  }

  #loseWaiting(): void {
    const error = lossError(this.#lost!)
    this.#lost = undefined
    this.#targets.failAll(error)
  }

  #failAll(error: unknown): void {
    this.#targets.failAll(error)
    this.#pending.failAll(error)
    this.#listeners.end(error)
  }

  /**
   * An error that passes is the running dump's, which gets no further, or stands for an event that was lost; nobody can
   * tell which. False when there is nobody to tell.
   */
  #survive(error: unknown): boolean {
    const dumps = this.#targets.failDumps(error)
    this.#listeners.overrun()
    return dumps || this.#listeners.size > 0
  }

  /** PendingRequests for what is not there yet: it is told by `take`, or by `fail` on timeout and abort. */
  wait(waiting: Pending, what: string, options: PendingOptions): void {
    this.#pending.add(waiting, what, options)
  }

  /** It has what it waited for, or has failed. */
  done(waiting: Pending): void {
    this.#pending.delete(waiting)
  }

  listen(listener: MulticastHandler): void {
    if (this.closed) throw closedError()
    this.#listeners.add(listener)
    this.#watching.update()
  }

  unlisten(listener: MulticastHandler): void {
    this.#listeners.delete(listener)
    this.#watching.update()
  }

  /** A listener has room again. */
  wanting(): void {
    if (!this.#watching.active) this.#watching.update()
  }

  /** A listener keeps the process alive now, or does so no more. */
  referred(): void {
    this.#watching.update()
  }

  /** Whether what is waited for keeps the process alive, timeouts and all. */
  keepAlive(kept: boolean): void {
    this.#watching.keepAlive(kept)
  }

  readonly #readable = (): void => {
    eventLoopBudget.renew()
    // Bounded by the budget, so that a flood of events leaves the event loop its turns; the watch calls again at once.
    while (this.#watching.wanted()) if (!this.receive()) break
    this.#watching.update()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.#watching.close()
    this.#targets.failAll(closedError())
    this.#pending.failAll(closedError())
    try {
      this.#listeners.end(undefined)
    } finally {
      this.transport.close()
    }
  }
}
