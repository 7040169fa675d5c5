/** A recording as a script: which request is expected, and what comes when. Its sockets (Replay) share it. */
import { Reader } from '../../netlink/bytes/bytes.js'
import { annotate } from '../../netlink/dissect/annotate.js'
import { dissect } from '../../netlink/dissect/message.js'
import { NetlinkError } from '../../netlink/errors.js'
import { flagsAt, NLM_F } from '../../netlink/frame/nlmsghdr.js'
import type { Protocol } from '../../netlink/frame/protocol.js'
import { type OptionTable, oneOf } from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { answerError } from '../fake/refusal.js'
import { checkWhole, headersOf, isEvent, portsOf, renumbered, socketOf } from '../recording/headers.js'
import type { Datagram, Exchange, Recording } from '../recording/nl.js'
import { checkRedact, type Redact } from '../recording/redact-options.js'
import { FIRST_PORT } from '../recording/stable.js'
import { type CompareOptions, compareOptions, type Difference, describeDifferences, differences } from './compare.js'
import { type Arrival, checkFaults, describeFault, type Fault, Faults, mayRepeat, spoil } from './faults.js'
import { type NamedRequest, Naming } from './naming.js'

/** What a program did was not what was recorded: a request that the recording does not have, or parts left over. */
export class ReplayError extends NetlinkError {
  override readonly name = 'ReplayError'
  readonly code = 'ERR_NETLINK_REPLAY'
  /** Where the request differs from the recorded one. */
  readonly differences: readonly Difference[]
  constructor(message: string, list: readonly Difference[] = []) {
    super(message)
    this.differences = list
  }
}

/** How to play. */
export interface ScriptOptions extends CompareOptions {
  /** `recorded` (default): requests come in the recorded order on each socket. `any`: whichever comes is looked for. */
  readonly order?: 'recorded' | 'any'
  /** What goes wrong, and where. */
  readonly faults?: readonly Fault[]
  /**
   * What was replaced when it was recorded, so that the test may go on using its own names: those that it sends are
   * taken for the recorded ones, and stand in the answers. Names that it never sends are known by `values` only.
   */
  readonly redact?: Redact
}

/** What they can be. */
export const scriptOptions: OptionTable<ScriptOptions> = {
  ...compareOptions,
  order: oneOf('recorded', 'any'),
  faults: checkFaults,
  redact: checkRedact,
}

interface Part {
  readonly index: number
  readonly request: Datagram
  readonly sequences: readonly number[]
  used: boolean
  /** It was spoilt by a fault: the same request may come again. */
  again: boolean
  fault: Fault | undefined
  attempts: number
}

interface Reply {
  readonly index: number
  readonly exchange: Exchange
  /** The request that it answers. */
  readonly part: Part | undefined
  /** For what answers none: the request before it. */
  readonly after: Part | undefined
  given: boolean
}

/** Something that can be received now. */
export interface ReplayItem {
  readonly index: number
  readonly socket: number
  readonly groups: number
  /** The namespace id, -1 for our own. */
  readonly nsid: number
  readonly what: Arrival
}

export class Script {
  readonly byteOrder: ByteOrder
  readonly family: Protocol
  /** What has arrived and was not received, in the recorded order. @internal */
  readonly items: ReplayItem[] = []
  /** What did not reach a socket, since that had not joined the group. @internal */
  readonly missed: ReplayItem[] = []
  /** A request was refused: what is left over then is no news. */
  failed = false
  readonly sockets: ReadonlySet<number>
  /** Called when something has arrived. */
  readonly listeners = new Set<() => void>()
  /** The test's names, where the recording is redacted. @internal */
  readonly naming: Naming | undefined
  readonly #options: ScriptOptions
  readonly #parts: Part[] = []
  readonly #replies: Reply[] = []
  readonly #faults: Faults
  readonly #ports: Map<number, number>
  /** The recorded sequence numbers of each socket's requests, and those that they have now. */
  readonly #sequences = new Map<string, number>()

  constructor(recording: Recording, family: Protocol, options: ScriptOptions) {
    const { exchanges } = recording
    this.byteOrder = recording.byteOrder
    this.family = family
    this.#options = options
    this.naming = options.redact && new Naming(family, recording.byteOrder, options.redact, recording.notes)
    this.#faults = new Faults(options.faults ?? [])
    checkWhole(exchanges, recording.byteOrder)
    this.#ports = portsOf(exchanges, recording.byteOrder)
    this.sockets = new Set(exchanges.map(socketOf))
    for (const [index, exchange] of exchanges.entries()) {
      if (exchange.direction === 'sent') this.#parts.push(this.#part(index, exchange))
      else this.#replies.push(this.#reply(index, exchange))
    }
    this.#arrive(undefined)
  }

  #part(index: number, request: Datagram): Part {
    const sequences = headersOf(request.bytes, this.byteOrder).map(({ seq }) => seq)
    return { index, request, sequences, used: false, again: false, fault: undefined, attempts: 0 }
  }

  #reply(index: number, exchange: Exchange): Reply {
    const socket = socketOf(exchange)
    // What no request of the socket itself made: it stands where it came, whichever socket asked before.
    const unasked = isEvent(exchange) || 'overrun' in exchange
    const before = this.#parts.filter((part) => unasked || socketOf(part.request) === socket)
    const numbers = 'bytes' in exchange ? headersOf(exchange.bytes, this.byteOrder).map(({ seq }) => seq) : []
    const part = isEvent(exchange)
      ? undefined
      : before.findLast(({ sequences }) => numbers.some((seq) => sequences.includes(seq)))
    return { index, exchange, part, after: part ? undefined : before.at(-1), given: false }
  }

  /**
   * Takes a request.
   * @param socket which socket it came over; undefined: the one that plays all of them
   * @throws ReplayError when it is not the expected one
   */
  request(sent: Uint8Array, socket: number | undefined): void {
    const part = this.#match(sent, socket)
    const repeated = part.used
    part.used = true
    part.again = false
    const recorded = socketOf(part.request)
    for (const [i, { seq }] of headersOf(sent, this.byteOrder).entries())
      this.#sequences.set(`${recorded} ${part.sequences[i]}`, seq)
    const fault = this.#faultAt(part, sent, repeated)
    if (fault && mayRepeat(fault)) {
      part.again = true
      this.#spoil(part, fault, sent, recorded)
    } else if (fault && 'delay' in fault) setTimeout(() => this.#arrive(part), fault.delay)
    else this.#arrive(part)
  }

  #faultAt(part: Part, sent: Uint8Array, repeated: boolean): Fault | undefined {
    const [field] = dissect(this.family, sent, { byteOrder: this.byteOrder })
    if (!repeated) part.fault = this.#faults.take(field?.name ?? '')
    const { fault } = part
    if (fault && 'interrupted' in fault && (this.#flags(sent) & NLM_F.DUMP) !== NLM_F.DUMP)
      throw new ReplayError(`${describeFault(fault)}: this request is no dump:\n${this.#show(sent)}`)
    return fault && part.attempts++ < (fault.times ?? 1) ? fault : undefined
  }

  #flags(bytes: Uint8Array): number {
    return flagsAt(new Reader(bytes, this.byteOrder), 0)
  }

  #match(sent: Uint8Array, socket: number | undefined): Part {
    const here = this.#parts.filter(({ request }) => socket === undefined || socketOf(request) === socket)
    const unused = here.filter(({ used }) => !used)
    const expected = this.#options.order === 'any' ? unused : unused.slice(0, 1)
    let nearest: { part: Part; list: Difference[] } | undefined
    for (const part of [...expected, ...here.filter(({ again }) => again)]) {
      const named: NamedRequest | undefined = this.naming?.sent(part.request.bytes, sent)
      const ours = named?.bytes ?? sent
      const list = differences(this.family, this.byteOrder, part.request.bytes, ours, this.#options)
      if (list.length === 0) {
        if (named) this.naming?.keep(named, part.request, sent)
        return part
      }
      if (!nearest || list.length < nearest.list.length) nearest = { part, list }
    }
    this.failed = true
    if (!nearest) throw new ReplayError(`the recording has no further request. Sent:\n${this.#show(sent)}`)
    const which = this.#options.order === 'any' ? 'a recorded request; the nearest differs' : 'the recorded request'
    const lines = describeDifferences(nearest.list).map((line) => `  ${line}`)
    throw new ReplayError(
      `not ${which}:\n${lines.join('\n')}\nSent:\n${this.#show(sent)}\nrecorded:\n${this.#show(nearest.part.request.bytes)}`,
      nearest.list,
    )
  }

  /** What comes once a part was used; at the very beginning, undefined, what came before any request. */
  #arrive(part: Part | undefined): void {
    for (const reply of this.#replies) {
      if (reply.given || (part ? reply.part !== part && reply.after !== part : reply.part || reply.after)) continue
      reply.given = true
      const { exchange, index } = reply
      const what = 'bytes' in exchange ? this.#renumber(exchange) : 'overrun'
      const { groups = 0, nsid = -1 } = 'bytes' in exchange ? exchange : {}
      this.#put({ index, socket: socketOf(exchange), groups, nsid, what })
    }
    this.#tell()
  }

  #spoil(part: Part, fault: Fault, sent: Uint8Array, socket: number): void {
    const answers = this.#replies.filter((reply) => reply.part === part && 'bytes' in reply.exchange)
    const bytes = answers.map(({ exchange }) => this.#renumber(exchange as Datagram))
    const port = FIRST_PORT + socket
    const list = spoil(fault, bytes, this.byteOrder, (refusal) => {
      const { errno, message, blame, missing, policy, cookie } = refusal
      const remark = { message, blame, missing, policy, cookie }
      const given = Object.fromEntries(Object.entries(remark).filter(([, value]) => value !== undefined))
      return answerError(this.family, this.byteOrder, sent, port, { errno, ...given })
    })
    for (const what of list) this.#put({ index: part.index, socket, groups: 0, nsid: -1, what })
    this.#tell()
  }

  #put(item: ReplayItem): void {
    let at = this.items.length
    while (at > 0 && this.items[at - 1]!.index > item.index) at--
    this.items.splice(at, 0, item)
  }

  #tell(): void {
    if (this.items.length > 0) for (const listener of this.listeners) listener()
  }

  /** Gives the answers to our own requests, and the events that they made, our own sequence numbers and ports. */
  #renumber(datagram: Datagram): Uint8Array {
    const socket = socketOf(datagram)
    return renumbered(datagram.bytes, this.byteOrder, ({ seq, port }) => {
      const from = isEvent(datagram) ? [...this.#ports].find(([, one]) => one === port)?.[0] : socket
      const now = from === undefined ? undefined : this.#sequences.get(`${from} ${seq}`)
      return now === undefined ? undefined : { seq: now, port: FIRST_PORT + from! }
    })
  }

  /** How many recorded datagrams were neither sent nor received. */
  get remaining(): number {
    const open = this.#parts.filter(({ used }) => !used).length
    const dropped = (part: Part | undefined) => part?.again === true
    const waiting = this.#replies.filter(({ given, part, after }) => !given && !dropped(part) && !dropped(after))
    return open + waiting.length + this.items.length
  }

  /** What is left over, in words. */
  unused(): string[] {
    const parts = this.#parts.filter(({ used }) => !used)
    const heading = (bytes: Uint8Array) =>
      dissect(this.family, bytes, { byteOrder: this.byteOrder })
        .map(({ name }) => name)
        .join(', ')
    const said = ({ what }: ReplayItem) => (typeof what === 'string' ? what : heading(what))
    return [
      ...parts.map(({ request }) => `never sent:\n${this.#show(request.bytes)}`),
      ...this.items.map((item) => `never received: ${said(item)}${item.socket > 0 ? ` on socket ${item.socket}` : ''}`),
      ...this.missed.map((item) => `not received, since nobody had joined its group: ${said(item)}`),
      ...this.#faults.left.map((fault) => `never reached: ${describeFault(fault)}`),
    ]
  }

  /**
   * @param more what is left over beside the messages
   * @throws ReplayError when anything is left over, unless a request failed before
   */
  assertDone(more: readonly string[] = []): void {
    if (this.failed) return
    const unused = [...this.unused(), ...more]
    if (unused.length === 0) return
    throw new ReplayError(`the recording was not used up (allowUnused allows it):\n${unused.join('\n')}`)
  }

  #show(bytes: Uint8Array): string {
    return annotate(bytes, dissect(this.family, bytes, { byteOrder: this.byteOrder })).join('\n')
  }
}
