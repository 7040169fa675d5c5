/** nlwire monitor: what happens in the kernel, live. */
import { netns } from '../../netlink/index.js'
import { MONITOR_BUFFER } from '../../rtnl/client/rtnl.js'
import type { Recording } from '../../testing/index.js'
import { commandHost, openRecording } from '../kernel/host.js'
import { droppedBy } from '../monitor/drops.js'
import { groupsOf } from '../monitor/groups.js'
import { Monitor, type MonitorPrinting } from '../monitor/monitor.js'
import { MonitorState } from '../monitor/watch.js'
import { flush } from '../output/output.js'
import { Failure, status } from '../process/failure.js'

export interface MonitorCommand extends MonitorPrinting {
  readonly netns?: string | undefined
  readonly allNamespaces: boolean
  readonly noResync: boolean
  readonly receiveBuffer?: number | undefined
  readonly record?: string | undefined
}

/** Prints what the kernel tells until it is stopped. @returns the exit status: 2 when a message could not be decoded */
export async function monitorCommand(command: MonitorCommand): Promise<number> {
  const groups = groupsOf(command.groups)
  const stop = new AbortController()
  const stopNow = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopNow)
  const recording = command.replay === undefined ? undefined : openRecording(command.replay)
  // What another program recorded answers none of our questions.
  const foreign = recording !== undefined && !recording.notes.some((note) => note.startsWith(`cmd: ${TITLE}`))
  const replay = foreign ? eventsOf(recording, command.replay!) : recording
  const given = { dryRun: false, hex: false, record: command.record, replay }
  const { host, done } = commandHost(given, [TITLE, ...command.groups].join(' '))
  let well = false
  let sound = true
  // Held open: its name may go, or become that of another one.
  const held = command.netns === undefined || recording ? undefined : netns.open(command.netns)
  try {
    const { allNamespaces, receiveBuffer = MONITOR_BUFFER } = command
    const where = held && { fd: held.fd }
    const transport = host.open(where, { receiveBuffer, listenAllNsid: allNamespaces })
    try {
      for (const group of groups) transport.join(group)
      const counts = !held && recording === undefined
      const drops = () => (counts ? droppedBy(transport.protocol, transport.port) : undefined)
      const keeps = !foreign && !command.noResync
      const monitor = new Monitor(command, keeps ? new MonitorState({ host, where, groups, allNamespaces }) : undefined)
      // Whoever asked for the first few messages left the rest on purpose.
      well = (await monitor.run(transport, stop.signal, drops)) && !foreign
      sound = monitor.sound
    } finally {
      transport.close()
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stopNow)
    held?.close()
    await flush()
    done(well)
  }
  return sound ? status.done : status.wrong
}

const TITLE = 'nlwire monitor'

/** What a recording heard of groups, whichever of its sockets did, as what one socket hears. */
function eventsOf(recording: Recording, file: string): Recording {
  const asked = recording.exchanges.some(({ direction }) => direction === 'sent')
  const exchanges = recording.exchanges
    .filter((one) => one.direction === 'received' && ('overrun' in one || one.groups !== undefined || !asked))
    .map((one) => ({ ...one, socket: 0 }))
  if (exchanges.length === 0) throw new Failure(`${file}: nothing in it was sent to a multicast group`)
  return { ...recording, exchanges }
}
