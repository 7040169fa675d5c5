/**
 * The lower half of a conversation: one transport with its buffers, and who waits for which message. Everything that
 * comes in is walked here once and given to its owner; users see `Conversation`.
 */
import { Reader, Writer } from './bytes.js'
import { NetlinkError, TransportError, type TransportErrorCode } from './errors.js'
import type { Family, NamedMessage } from './family.js'
import { decodeError, writeBody } from './message.js'
import { beginMessage, control, endMessage, HEADER, messageLength, portAt, seqAt, typeAt } from './nlmsghdr.js'
import type { Listener, OnUnexpected, Target } from './target.js'
import type { Slot, Transport } from './transport.js'
import { type Waiting, type WaitOptions, Waits } from './waits.js'

/** What a conversation lets its user choose of the exchange. */
export interface ExchangeOptions {
  /**
   * Told of every datagram and message that no request explains: from another port than the kernel's, with a sequence
   * number that nobody used, or garbled so that it cannot be said whose it is. They are counted in `unexpected` as well,
   * and never disturb a request.
   */
  readonly onUnexpected?: OnUnexpected | undefined
  /** The sequence number of the first request, 1 to 2^32 - 1. Default 1. */
  readonly firstSequence?: number | undefined
}

/** Holds any datagram of a dump (32 KiB) and any single answer that attributes of 64 KiB can make, all but always. */
const SLOT_SIZE = 128 * 1024
/** After so many answers without a turn of the event loop it gets one, so that timers and other sockets have theirs. */
const TURN = 512

export class Exchange {
  readonly transport: Transport
  readonly family: Family
  readonly writer: Writer
  /** How many datagrams and messages came that no request explains. */
  unexpected = 0
  closed = false
  readonly #onUnexpected: OnUnexpected | undefined
  readonly #slot: Slot = { bytes: new Uint8Array(SLOT_SIZE), length: 0, port: 0, group: 0, nsid: -1 }
  #reader: Reader
  readonly #port: number
  readonly #targets = new Map<number, Target>()
  /** Whose the last message was: in a dump the next one is nearly always, too. */
  #recent: Target | undefined
  #recentSequence = 0
  readonly #listeners = new Set<Listener>()
  readonly #waits = new Waits(() => this.#watch())
  #sequence: number
  #watching = false
  #unturned = 0
  /** Datagrams were lost: whatever waits once the queue is empty waits in vain. */
  #lost: TransportErrorCode | undefined

  constructor(transport: Transport, family: Family, { onUnexpected, firstSequence = 1 }: ExchangeOptions = {}) {
    this.transport = transport
    this.family = family
    this.#onUnexpected = onUnexpected
    this.#sequence = firstSequence - 1
    this.writer = new Writer(transport.byteOrder)
    this.#reader = new Reader(this.#slot.bytes, transport.byteOrder)
    this.#port = transport.port >>> 0
  }

  /** Sends one message and registers who its answers are for. @throws EncodeError, TransportError */
  send(target: Target, message: NamedMessage, flags: number, body: unknown): number {
    if (this.closed) throw closedError()
    if (this.#lost !== undefined && !this.#someUnsettled()) this.#lost = undefined
    const sequence = (this.#sequence + 1) >>> 0 || 1
    const w = this.writer
    w.length = 0
    const at = beginMessage(w, message.number, flags, sequence, 0)
    writeBody(w, message.name, message.body, body)
    endMessage(w, at)
    this.#sequence = sequence
    this.#targets.set(sequence, target)
    this.#recent = undefined
    try {
      this.transport.send(w.bytes, w.length)
    } catch (error) {
      this.#forget(sequence)
      throw error
    }
    return sequence
  }

  /** Receives until the target is settled or nothing is there. False when it must be waited for. */
  pump(target: Target): boolean {
    if (++this.#unturned > TURN) return false
    while (!target.settled) if (!this.receive()) return target.settled
    return true
  }

  /** Receives one datagram and gives its messages to their owners. False when nothing was there. */
  receive(): boolean {
    const slot = this.#slot
    let received: ReturnType<Transport['receive']>
    try {
      received = this.transport.receive(slot)
    } catch (error) {
      this.#failAll(error)
      return false
    }
    if (received === 'datagram') this.#dispatch()
    else if (received !== 'empty')
      this.#losing(received === 'overrun' ? 'ERR_NETLINK_OVERRUN' : 'ERR_NETLINK_TRUNCATED')
    else if (this.#lost !== undefined) this.#loseWaiting()
    return received !== 'empty'
  }

  #dispatch(): void {
    const { length: end, port, group, bytes } = this.#slot
    let r = this.#reader
    if (r.bytes !== bytes) r = this.#reader = new Reader(bytes, this.transport.byteOrder)
    if (port !== 0) {
      this.#unexpect(`a datagram of ${end} bytes from port ${port}, not from the kernel`)
      return
    }
    let at = 0
    let target: Target | undefined
    try {
      while (at < end) {
        target = undefined
        // Before the length is checked, so that a garbled answer can be told to whom it was for.
        if (end - at >= HEADER && portAt(r, at) === this.#port) target = this.#targetOf(seqAt(r, at))
        const length = messageLength(r, at, end)
        this.#deliver(target, r, at, at + length, group)
        at += (length + 3) & ~3
      }
    } catch (error) {
      this.#garbled(target, at, error)
    }
  }

  #deliver(target: Target | undefined, r: Reader, at: number, end: number, group: number): void {
    try {
      // Our own changes come to our own multicast groups with our sequence number: those are events, not answers.
      if (target !== undefined && (group === 0 || target.echo)) {
        if (target.take(r, at, end)) this.#forget(seqAt(r, at))
        if (group !== 0) this.#toListeners(r, at, end)
      } else if ((group === 0 && seqAt(r, at) !== 0) || !this.#toListeners(r, at, end)) this.#unclaimed(r, at, group)
    } catch (error) {
      const answered = target !== undefined && (group === 0 || target.echo) ? target : undefined
      this.#garbled(answered, at, error)
      const type = typeAt(r, at)
      if (!answered || (type !== control.NLMSG_ERROR && type !== control.NLMSG_DONE)) return
      // Its last message, garbled as it is.
      this.#forget(seqAt(r, at))
      answered.forgotten?.()
    }
  }

  #targetOf(sequence: number): Target | undefined {
    if (this.#recent !== undefined && sequence === this.#recentSequence) return this.#recent
    this.#recentSequence = sequence
    this.#recent = this.#targets.get(sequence)
    return this.#recent
  }

  #forget(sequence: number): void {
    this.#targets.delete(sequence)
    this.#recent = undefined
  }

  #unclaimed(r: Reader, at: number, group: number): void {
    const type = typeAt(r, at)
    if (type === control.NLMSG_NOOP) return
    if (type === control.NLMSG_OVERRUN) {
      this.#losing('ERR_NETLINK_OVERRUN')
      return
    }
    const name = this.family.find(type)?.name ?? `type ${type}`
    const from = group === 0 ? `sequence number ${seqAt(r, at)}, port ${portAt(r, at)}` : `multicast group ${group}`
    this.#unexpect(`a message that nobody waits for: ${name}, ${from}`)
  }

  #toListeners(r: Reader, at: number, end: number): boolean {
    let taken = false
    for (const listener of this.#listeners) if (listener.take(r, at, end, this.#slot)) taken = true
    return taken
  }

  #garbled(target: Target | undefined, at: number, cause: unknown): void {
    // A copy: the error may be kept for long, the slot is used again at once.
    const bytes = this.#slot.bytes.slice(0, this.#slot.length)
    const error = decodeError(this.family, bytes, this.transport.byteOrder, at, cause)
    if (!(error instanceof NetlinkError)) throw error
    if (target !== undefined && !target.settled) target.fail(error)
    else this.#tell(error)
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
    for (const listener of this.#listeners) listener.overrun()
  }

  #loseWaiting(): void {
    const what =
      this.#lost === 'ERR_NETLINK_OVERRUN'
        ? 'datagrams were lost (ENOBUFS)'
        : 'a datagram did not fit the buffer (MSG_TRUNC)'
    const text = `${what}, the answer to this request perhaps among them: it was sent, but its outcome is unknown`
    const error = new TransportError(this.#lost!, text)
    this.#lost = undefined
    this.#failTargets(error)
  }

  #failTargets(error: unknown): void {
    const targets = [...this.#targets.values()]
    this.#targets.clear()
    this.#recent = undefined
    for (const target of targets) if (!target.settled) target.fail(error)
    for (const target of targets) target.forgotten?.()
  }

  #failAll(error: unknown): void {
    this.#failTargets(error)
    this.#waits.failAll(error)
    for (const listener of [...this.#listeners]) listener.end(error)
  }

  #someUnsettled(): boolean {
    for (const target of this.#targets.values()) if (!target.settled) return true
    return false
  }

  /** Waits for what is not there yet: it is told by `take`, or by `fail` on timeout and abort. */
  wait(waiting: Waiting, what: string, options: WaitOptions): void {
    this.#waits.add(waiting, what, options)
  }

  /** It has what it waited for, or has failed. */
  waited(waiting: Waiting): void {
    this.#waits.delete(waiting)
  }

  listen(listener: Listener): void {
    if (this.closed) throw closedError()
    this.#listeners.add(listener)
    this.#watch()
  }

  unlisten(listener: Listener): void {
    this.#listeners.delete(listener)
    this.#watch()
  }

  /** A listener has room again. */
  wanting(): void {
    if (!this.#watching) this.#watch()
  }

  #wanted(): boolean {
    if (this.#waits.size > 0) return true
    for (const listener of this.#listeners) if (listener.wanting) return true
    return false
  }

  #watch(): void {
    const wanted = !this.closed && this.#wanted()
    if (wanted === this.#watching) return
    this.#watching = wanted
    this.transport.onReadable(wanted ? this.#readable : undefined)
  }

  readonly #readable = (): void => {
    this.#unturned = 0
    // Bounded, so that a flood of events leaves the event loop its turns; the watch calls again at once.
    for (let i = 0; i < TURN && this.#wanted(); i++) if (!this.receive()) break
    this.#watch()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.#failTargets(closedError())
    this.#waits.failAll(closedError())
    for (const listener of [...this.#listeners]) listener.end(undefined)
    if (this.#watching) this.transport.onReadable(undefined)
    this.#watching = false
    this.transport.close()
  }
}

export const closedError = (): TransportError => new TransportError('ERR_NETLINK_CLOSED', 'the conversation is closed')
