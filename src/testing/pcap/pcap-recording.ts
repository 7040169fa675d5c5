/** Captures as recordings, and recordings as captures. */
import type { Protocol } from '../../netlink/frame/protocol.js'
import { checkOptions, INT_MAX, integerFrom, isProtocol, isText, type OptionTable } from '../../netlink/options.js'
import { findProtocol } from '../../rtnl/protocols.js'
import { checkRecording, type Recording } from '../recording/nl.js'
import { readPcap } from './pcap.js'
import { writePcap } from './pcap-write.js'

/** How to read a capture. */
export interface FromPcapOptions {
  /** The netlink protocol whose datagrams are wanted: a capture has those of all. Default 0, NETLINK_ROUTE. */
  readonly protocol?: number
  /** What the recording's head says. */
  readonly title?: string
  readonly kernel?: string
}

const reading: OptionTable<FromPcapOptions> = { protocol: integerFrom(0, INT_MAX), title: isText, kernel: isText }

/**
 * A recording as a capture for Wireshark or tcpdump. Overruns are not in it: there were no bytes.
 * @param family whose messages they are; by default the one that the recording names
 * @example await writeFile('add.pcap', toPcap(parseNl(text)))
 */
export function toPcap(
  recording: Recording,
  family: Protocol | undefined = findProtocol(recording.family),
): Uint8Array {
  checkRecording('recording', recording)
  if (family !== undefined) isProtocol('family', family)
  const protocol = Math.max(0, family?.protocol ?? 0)
  const packets = recording.exchanges.flatMap((exchange) =>
    'bytes' in exchange ? [{ direction: exchange.direction, bytes: exchange.bytes, protocol }] : [],
  )
  return writePcap(packets, recording.byteOrder)
}

/**
 * A capture of an nlmon device as a recording. Packets that the capture cut short are left out: of those, the bytes
 * are not there. The capture knows neither sockets nor groups, so an event is a message received like any other.
 * @throws PcapError; OptionError
 * @example await writeFile('add.nl', formatNl(fromPcap(await readFile('add.pcap')), route))
 */
export function fromPcap(file: Uint8Array, options: FromPcapOptions = {}): Recording {
  checkOptions('fromPcap', options, reading)
  const { protocol = 0, title = 'a capture', kernel = 'unknown' } = options
  const { packets, byteOrder } = readPcap(file)
  const wanted = packets.filter((packet) => packet.protocol === protocol && packet.missing === 0)
  const family = findProtocol(protocol)?.name ?? 'unknown'
  const exchanges = wanted.map(({ direction, bytes }) => ({ direction, bytes }))
  return { title, notes: ['program: pcap'], kernel, byteOrder, family, exchanges }
}
