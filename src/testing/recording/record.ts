/** Recording: what a program says to the kernel, and what it hears, as an .nl file that stays the same. */
import type { Protocol } from '../../netlink/frame/protocol.js'
import {
  checkOptions,
  isFunction,
  isProtocol,
  isText,
  isTransport,
  namesOption,
  type OptionTable,
} from '../../netlink/options.js'
import { type Passed, tap } from '../../netlink/transport/tap.js'
import type { ByteOrder, Transport } from '../../netlink/transport/transport.js'
import { findProtocol } from '../../rtnl/protocols.js'
import { checkFile, save, thisKernel } from './file.js'
import type { Exchange, Recording } from './nl.js'
import { redactedRecording } from './redact.js'
import { checkRedact, type Redact } from './redact-options.js'
import { stable } from './stable.js'

/** What a recording's head says, and what is replaced in it. */
export interface RecordOptions {
  /** What it shows, in one line. Default: the file's name. */
  readonly title?: string
  /** The program that was recorded, for who wants to do it again. */
  readonly command?: string
  /** Further lines of the head, each `key: value`. */
  readonly notes?: readonly string[]
  /** Default: this machine's. */
  readonly kernel?: string
  /** Whose messages they are. Default: the family of the transport's protocol. */
  readonly family?: Protocol
  /** Names and addresses that are not to be in the file. */
  readonly redact?: Redact
  /** In place of a file: where the recording goes when the transport is closed. */
  readonly save?: (recording: Recording) => void
}

/** What they can be. */
export const recordOptions: OptionTable<RecordOptions> = {
  title: isText,
  command: isText,
  notes: namesOption,
  kernel: isText,
  family: isProtocol,
  redact: checkRedact,
  save: isFunction,
}

/** A transport that is recorded. */
export interface RecordedTransport extends Transport {
  /** The recording so far. */
  recording(): Recording
}

/**
 * A transport that lets everything through to another one and records it. The file is written when it is closed:
 * without a date, with sequence numbers and ports that are the same each time.
 * @param file where to write; left out, see `save` and `recording()`
 * @throws what node:fs throws, from `close`; DecodeError and EncodeError where something cannot be redacted
 * @example await using rtnl = await openRtnl({ transport: record(openKernel({ protocol: 0 }), 'test/add-ipvlan.nl') })
 */
export function record(transport: Transport, file?: string | URL, options: RecordOptions = {}): RecordedTransport {
  isTransport('transport', transport)
  if (file !== undefined) checkFile('file', file)
  checkOptions('record', options, recordOptions)
  const exchanges: Exchange[] = []
  const family = options.family ?? findProtocol(transport.protocol)
  const { byteOrder } = transport
  const tapped = tap(transport, (passed) => exchanges.push(exchangeOf(passed, 0)))
  const recording = () => recordingOf(exchanges, byteOrder, family, titled(file, options))
  const close = tapped.close.bind(tapped)
  let closed = false
  return Object.assign(tapped, {
    recording,
    close() {
      close()
      if (closed) return
      closed = true
      if (file !== undefined) save(file, recording(), family)
      options.save?.(recording())
    },
  })
}

/** What passed, as a recording has it. */
export function exchangeOf({ direction, bytes, overrun, group, nsid }: Passed, socket: number): Exchange {
  const at = socket > 0 ? { socket } : {}
  if (overrun) return { direction: 'received', overrun, ...at }
  return {
    direction,
    bytes,
    ...at,
    ...(group > 0 ? { groups: 2 ** (group - 1) } : {}),
    ...(nsid >= 0 ? { nsid } : {}),
  }
}

/** The options with a title: that of the file, where none is given. */
export const titled = (file: string | URL | undefined, options: RecordOptions): RecordOptions => {
  const name = file === undefined ? 'a recording' : String(file).replace(/^.*[\\/]|\.nl$/g, '')
  return { title: name, ...options }
}

/** Exchanges as a recording: stable, redacted, with its head. */
export function recordingOf(
  exchanges: readonly Exchange[],
  byteOrder: ByteOrder,
  family: Protocol | undefined,
  options: RecordOptions,
): Recording {
  const { title = 'a recording', command, notes = [], kernel = thisKernel(), redact } = options
  const recording: Recording = {
    title,
    notes: [...(command === undefined ? [] : [`cmd: ${command}`]), ...notes],
    kernel,
    byteOrder,
    family: family?.name ?? 'unknown',
    exchanges: stable(exchanges, byteOrder),
  }
  return redact && family ? redactedRecording(recording, family, redact) : recording
}
