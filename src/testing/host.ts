/** Hosts for tests: one that records what a client says to the kernel, and one that answers from such a recording. */
import { checkOptions, isFunction, namesOption, type OptionTable } from '../netlink/options.js'
import { tap } from '../netlink/transport/tap.js'
import { hostByteOrder } from '../netlink/transport/transport.js'
import { type Host, isHost } from '../rtnl/client/host.js'
import { route } from '../rtnl/protocol.js'
import { namedHost } from './named-host.js'
import { AccessLog } from './recording/access-log.js'
import { load, type Source } from './recording/file.js'
import { counted, socketOf } from './recording/headers.js'
import { NamespaceLog } from './recording/namespace-log.js'
import { NETNS, opening, replayNamespaces, tapNamespaces } from './recording/netns-log.js'
import type { Exchange, Recording } from './recording/nl.js'
import { exchangeOf, type RecordOptions, recordingOf, recordOptions } from './recording/record.js'
import { replaySysctls, SYSCTL, tapSysctls } from './recording/sysctl-log.js'
import { protocolOfRecording, Replay, type ReplayOptions, socketOptions } from './replay/replay.js'
import { ReplayError, Script, scriptOptions } from './replay/script.js'

/** A host that is recorded. */
export interface RecordingHost {
  readonly host: Host
  /** All that passed so far, as it was. */
  readonly exchanges: Exchange[]
  /** The recording so far, with stable numbers, and with what replayHost needs to know of namespaces. */
  recording(options?: RecordOptions): Recording
}

/**
 * A host that lets everything through to another one and keeps it. Sockets are numbered as they are opened. Sysctls and
 * named namespaces are kept in the head of the recording: those of links whose names `redact.paths` replaces have the old name there.
 * @param heard called for each exchange as it passes, to print it, say
 * @example
 * const recorder = recordingHost(kernelHost)
 * await using rtnl = await openRtnl({ host: recorder.host })
 * await writeFile('test.nl', formatNl(recorder.recording({ title: 'A test' }), route))
 */
export function recordingHost(inner: Host, heard?: (exchange: Exchange) => void): RecordingHost {
  isHost('inner', inner)
  if (heard !== undefined) isFunction('heard', heard)
  const exchanges: Exchange[] = []
  const places = new NamespaceLog()
  const sysctls = new AccessLog(SYSCTL)
  const named = new AccessLog(NETNS)
  let sockets = 0
  let byteOrder = hostByteOrder
  const host: Host = {
    ...inner,
    open(where, options) {
      const transport = named.keepFailure(opening('open', where), () => inner.open(where, options))
      const socket = sockets++
      byteOrder = transport.byteOrder
      return tap(transport, (passed) => {
        const exchange = exchangeOf(passed, socket)
        exchanges.push(exchange)
        heard?.(exchange)
      })
    },
    namespace(where) {
      const opened = named.keepFailure(opening('hold', where), () => inner.namespace(where))
      places.opened(where, opened.inode)
      return opened
    },
    names: () => places.listed(inner.names()),
    netns: tapNamespaces(named, places, inner.netns),
    sysctl: tapSysctls(sysctls, inner.sysctl),
  }
  const recording = (options: RecordOptions = {}) => {
    checkOptions('recording', options, recordOptions)
    const kept = [places, named, sysctls].flatMap((log) => log.notes())
    const notes = [...(options.notes ?? []), ...kept]
    return recordingOf(exchanges, byteOrder, options.family ?? route, { ...options, notes })
  }
  return { host, exchanges, recording }
}

/** How to replay a host. */
export interface ReplayHostOptions extends Omit<ReplayOptions, 'socket'> {
  /** The names of the namespaces that there were. Default: those that the recording's head has. */
  readonly names?: readonly string[]
}

/** What they can be. */
export const replayHostOptions: OptionTable<ReplayHostOptions> = {
  ...scriptOptions,
  ...socketOptions,
  names: namesOption,
}

/** A recording as a host. */
export interface ReplayHost {
  readonly host: Host
  /** How many recorded datagrams were neither sent nor received yet. */
  remaining(): number
  /** @throws ReplayError with all that is left over, unless a request failed before */
  assertDone(): void
}

/** Descriptors of namespaces are numbers of the process that opened them: IFLA_NET_NS_FD and NETNSA_FD. */
const descriptors = ['netNsFd', 'fd']

/**
 * A host that answers from a recording: no kernel, no root, no namespaces. The sockets must be opened in the recorded
 * order. Call `assertDone` at the end, or use `withTestHost`, which does.
 * @param source what recordingHost recorded: a file's path or URL, the text of an .nl file, or a recording
 * @throws ReplayError for a socket or a request that the recording does not have
 * @example await using rtnl = await openRtnl({ host: replayHost('test/add-ipvlan.nl').host })
 */
export function replayHost(source: Source, options: ReplayHostOptions = {}): ReplayHost {
  checkOptions('replayHost', options, replayHostOptions)
  const recording = load(source)
  const ignore = [...descriptors, ...(options.ignore ?? [])]
  const script = new Script(recording, protocolOfRecording(recording, options.family), { ...options, ignore })
  const places = NamespaceLog.of(recording, options.names)
  const sysctls = AccessLog.of(recording, SYSCTL)
  const named = AccessLog.of(recording, NETNS)
  const sockets = new Set(recording.exchanges.map(socketOf))
  let opened = 0
  const refuse = (text: string): never => {
    script.failed = true
    throw new ReplayError(text)
  }
  const recorded: Host = {
    open(where) {
      named.nextFailure(opening('open', where))
      const socket = opened++
      // One that never said anything leaves no trace: a monitor that heard nothing.
      if (socket > Math.max(...sockets))
        return refuse(`the recording has ${counted(sockets.size, 'socket')}, and this is one more`)
      return new Replay(script, socket, false)
    },
    namespace(where) {
      named.nextFailure(opening('hold', where))
      return places.namespace(where)
    },
    names: () => places.names(),
    netns: replayNamespaces(named, places, refuse),
    sysctl: replaySysctls(sysctls, refuse),
  }
  const assertDone = () => {
    if (options.allowUnused !== true) script.assertDone([...named.unused(), ...sysctls.unused()])
  }
  const host = script.naming ? namedHost(recorded, script.naming) : recorded
  return { host, remaining: () => script.remaining, assertDone }
}
