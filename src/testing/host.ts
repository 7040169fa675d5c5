/** Hosts for tests: one that records what a client says to the kernel, and one that answers from such a recording. */
import type { Family } from '../netlink/family.js'
import { tap } from '../netlink/tap.js'
import type { Host } from '../rtnl/client/host.js'
import type { Exchange, Recording } from './nl.js'
import { type Replay, ReplayError, replay } from './replay.js'

/**
 * A host that lets everything through to another one and keeps it. Sockets are numbered as they are opened.
 * @param heard called for each exchange as it passes, to print it, say
 * @example
 * const recorder = recordingHost(kernelHost)
 * await using rtnl = await openRtnl({ host: recorder.host })
 * await writeFile('test.nl', formatNl({ ...head, exchanges: recorder.exchanges }, route))
 */
export function recordingHost(
  inner: Host,
  heard?: (exchange: Exchange) => void,
): { host: Host; exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  let sockets = 0
  const host: Host = {
    ...inner,
    open(where, options) {
      const socket = sockets++
      return tap(inner.open(where, options), ({ direction, bytes, overrun, group }) => {
        const exchange: Exchange = overrun
          ? { direction: 'received', overrun }
          : { direction, bytes, ...(socket > 0 ? { socket } : {}), ...(group > 0 ? { groups: 2 ** (group - 1) } : {}) }
        exchanges.push(exchange)
        heard?.(exchange)
      })
    },
  }
  return { host, exchanges }
}

/** A recording as a host. */
export interface ReplayHost {
  readonly host: Host
  /** How many recorded datagrams were neither sent nor received yet. */
  remaining(): number
}

/** Descriptors of namespaces are numbers of the process that opened them: IFLA_NET_NS_FD and NETNSA_FD. */
const descriptors = ['netNsFd', 'fd']

/**
 * A host that answers from a recording: no kernel, no root, no namespaces. The sockets must be opened in the recorded
 * order.
 * @param recording what recordingHost recorded
 * @param names the named namespaces that there were
 * @throws ReplayError for a socket or a request that the recording does not have
 * @example await using rtnl = await openRtnl({ host: replayHost(parseNl(text), route).host })
 */
export function replayHost(recording: Recording, family: Family, names: readonly string[] = []): ReplayHost {
  const replays: Replay[] = []
  const socketOf = (exchange: Exchange) => ('bytes' in exchange ? (exchange.socket ?? 0) : 0)
  const sockets = new Set(recording.exchanges.map(socketOf))
  const host: Host = {
    open() {
      const socket = replays.length
      if (!sockets.has(socket)) throw new ReplayError(`the recording has ${sockets.size} sockets, and this is one more`)
      const opened = replay(recording, family, { socket, ignore: descriptors })
      replays.push(opened)
      return opened
    },
    namespace(where) {
      const place = typeof where === 'string' ? names.indexOf(where) : -1
      return { fd: 100 + place, inode: BigInt(place), close() {}, [Symbol.dispose]() {} }
    },
    names: () => [...names],
  }
  const remaining = () =>
    replays.reduce((sum, one) => sum + one.remaining, 0) +
    recording.exchanges.filter((exchange) => socketOf(exchange) >= replays.length).length
  return { host, remaining }
}
