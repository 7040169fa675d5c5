/** A transport that answers from a recording, so that a test needs no kernel, no root and no Linux. */
import { copyOf } from '../../netlink/bytes/bytes.js'
import { TransportError } from '../../netlink/errors.js'
import { type Protocol, unknownProtocol } from '../../netlink/frame/protocol.js'
import { checkOptions, integerFrom, isBoolean, isProtocol, type OptionTable } from '../../netlink/options.js'
import type { ByteOrder, Received, Slot, Transport } from '../../netlink/transport/transport.js'
import { findProtocol } from '../../rtnl/protocols.js'
import { load, type Source } from '../recording/file.js'
import type { Recording } from '../recording/nl.js'
import { FIRST_PORT } from '../recording/stable.js'
import { Script, type ScriptOptions, scriptOptions } from './script.js'

/** How to replay. */
export interface ReplayOptions extends ScriptOptions {
  /** Whose messages they are. Default: the family that the recording names. */
  readonly family?: Protocol
  /** Which of the recorded sockets to be, where the recording has several (see Datagram.socket). Default: all in one. */
  readonly socket?: number
  /** Whether parts of the recording may be left over when it is closed. Default: that is an error. */
  readonly allowUnused?: boolean
}

/** What they can be, beside those of the script. */
export const socketOptions = { family: isProtocol, allowUnused: isBoolean } as const
export const replayOptions: OptionTable<ReplayOptions> = { ...scriptOptions, ...socketOptions, socket: integerFrom(0) }

/**
 * A transport that plays the other side of a recorded conversation. Requests must mean the same as the recorded ones:
 * type, flags and body, whatever the order of attributes; sequence numbers and ports are rewritten. What is closed
 * before all of the recording was used throws, so that a request that was forgotten fails the test.
 * @param source a file's path or URL, the text of an .nl file, or a recording
 * @throws FixtureError when the text is no .nl file. `send` throws ReplayError for a request that is not a recorded one,
 * with each difference; `close`, `assertDone` and leaving `using` when parts are left over.
 * @example await using rtnl = await openRtnl({ transport: replay('test/add-ipvlan.nl') })
 */
export function replay(source: Source, options: ReplayOptions = {}): Replay {
  checkOptions('replay', options, replayOptions)
  const recording = load(source)
  const chosen = only(recording, options.socket)
  const script = new Script(chosen, protocolOfRecording(recording, options.family), options)
  return new Replay(script, options.socket, options.allowUnused !== true)
}

/** The family of a recording: the one given, or the one that its head names. */
export const protocolOfRecording = ({ family }: Recording, given: Protocol | undefined): Protocol =>
  given ?? findProtocol(family) ?? unknownProtocol

const only = (recording: Recording, socket: number | undefined): Recording =>
  socket === undefined
    ? recording
    : { ...recording, exchanges: recording.exchanges.filter((exchange) => (exchange.socket ?? 0) === socket) }

/** One socket of a recording that answers. */
export class Replay implements Transport {
  readonly protocol: number
  readonly port: number
  readonly byteOrder: ByteOrder
  readonly #script: Script
  readonly #socket: number | undefined
  readonly #checks: boolean
  readonly #joined = new Set<number>()
  #callback: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  /** @param checks whether to close it before all is used is an error */
  constructor(script: Script, socket: number | undefined, checks: boolean) {
    this.protocol = Math.max(0, script.family.protocol)
    this.port = FIRST_PORT + (socket ?? 0)
    this.byteOrder = script.byteOrder
    this.#script = script
    this.#socket = socket
    this.#checks = checks
    script.listeners.add(this.#schedule)
  }

  /** How many recorded datagrams were neither sent nor received. */
  get remaining(): number {
    return this.#script.remaining
  }

  /** @throws ReplayError with all that is left over */
  assertDone(): void {
    this.#script.assertDone()
  }

  send(bytes: Uint8Array, length: number): void {
    if (this.#closed) throw closed()
    this.#script.request(copyOf(bytes, 0, length), this.#socket)
  }

  receive(slot: Slot): Received {
    if (this.#closed) throw closed()
    const { items, missed } = this.#script
    for (let at = this.#next(); at >= 0; at = this.#next()) {
      const item = items.splice(at, 1)[0]!
      const group = this.#group(item.groups)
      if (group === undefined) {
        missed.push(item)
        continue
      }
      if (typeof item.what === 'string') return item.what
      const what = this.#script.naming?.received(item.what, item.socket) ?? item.what
      if (what.length > slot.bytes.length) slot.bytes = new Uint8Array(what.length)
      slot.bytes.set(what)
      Object.assign(slot, { length: what.length, port: 0, group, nsid: item.nsid })
      return 'datagram'
    }
    return 'empty'
  }

  #next(): number {
    return this.#script.items.findIndex(({ socket }) => this.#socket === undefined || socket === this.#socket)
  }

  /** The joined group of a mask of groups: 0 for what was sent to none, undefined where none is joined. */
  #group(mask: number): number | undefined {
    if (mask === 0) return 0
    return [...this.#joined].find((group) => Math.floor(mask / 2 ** (group - 1)) % 2 === 1)
  }

  onReadable(callback: (() => void) | undefined): void {
    this.#callback = callback
    this.#schedule()
  }

  /** As an event loop does: later, and again as long as something waits. */
  readonly #schedule = (): void => {
    if (this.#timer !== undefined || !this.#callback || this.#next() < 0) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#callback?.()
      this.#schedule()
    }, 0)
  }

  join(group: number): void {
    if (this.#closed) throw closed()
    this.#joined.add(group)
  }
  leave(group: number): void {
    this.#joined.delete(group)
  }
  ref(): void {}
  unref(): void {}

  /** @throws ReplayError with all that is left over */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#callback = undefined
    clearTimeout(this.#timer)
    this.#script.listeners.delete(this.#schedule)
    if (this.#checks) this.#script.assertDone()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

const closed = () => new TransportError('ERR_NETLINK_CLOSED', 'the replay is closed')
