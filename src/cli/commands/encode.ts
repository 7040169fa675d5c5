/** nlwire encode: from the JSON of decode back to bytes. */
import { type ByteOrder, hostByteOrder, toHex } from '../../netlink/index.js'
import { pcapHeader, pcapRecord } from '../../testing/pcap/pcap-write.js'
import { type Datagram, formatNl } from '../../testing/recording/nl.js'
import { jsonObjects } from '../input/json-input.js'
import { openSource } from '../input/open.js'
import { type Encoded, encodeJson } from '../json/from-json.js'
import { protocolNumber, protocolOf, protocolOption } from '../messages/protocol.js'
import { flush, print, write } from '../output/output.js'
import { Failure, status } from '../process/failure.js'

export interface EncodeCommand {
  readonly to: 'hex' | 'nl' | 'binary' | 'pcap'
  readonly protocol?: string | undefined
  readonly byteOrder?: ByteOrder | undefined
  readonly input: readonly string[]
}

/** Encodes all messages of the input. @throws Failure at the first that cannot be encoded */
export async function encodeCommand(command: EncodeCommand): Promise<number> {
  const messages = encoded(command)
  if (command.to === 'hex') for await (const { bytes } of messages) await print(toHex(bytes))
  else if (command.to === 'binary') for await (const { bytes } of messages) await write(bytes)
  else if (command.to === 'pcap') await writePcap(datagrams(messages))
  else await writeNl(datagrams(messages))
  await flush()
  return status.done
}

async function* encoded({ input, protocol, byteOrder }: EncodeCommand): AsyncGenerator<Encoded> {
  const named = protocolOption(protocol)
  let count = 0
  for (const path of input.length === 0 ? ['-'] : input) {
    for await (const [json, where] of jsonObjects(await openSource(path))) {
      count++
      // What a monitor says of messages that it has lost.
      if ((json as { overrun?: unknown } | null)?.overrun === true) continue
      yield encodeJson(json, where, named, byteOrder)
    }
  }
  if (count === 0) throw new Failure('there is no message in the input: expected the JSON of nlwire decode --json')
}

/** Messages that were in one datagram, together again. */
async function* datagrams(messages: AsyncIterable<Encoded>): AsyncGenerator<Encoded> {
  let parts: Encoded[] = []
  const whole = () => ({ ...parts[0]!, bytes: new Uint8Array(Buffer.concat(parts.map(({ bytes }) => bytes))) })
  for await (const message of messages) {
    parts.push(message)
    if (message.more) continue
    yield whole()
    parts = []
  }
  if (parts.length > 0) yield whole()
}

async function writePcap(messages: AsyncIterable<Encoded>): Promise<void> {
  let order: ByteOrder | undefined
  for await (const { bytes, direction, protocol, byteOrder } of messages) {
    if (order === undefined) await write(pcapHeader(byteOrder))
    order ??= byteOrder
    await write(pcapRecord({ bytes, direction, protocol: protocolNumber(protocol) ?? 0 }, order))
  }
}

async function writeNl(messages: AsyncIterable<Encoded>): Promise<void> {
  const exchanges: Datagram[] = []
  let first: Encoded | undefined
  for await (const message of messages) {
    first ??= message
    if (message.byteOrder !== first.byteOrder || message.protocol !== first.protocol)
      throw new Failure('a .nl file holds one byte order and one protocol: encode these messages apart')
    exchanges.push({ direction: message.direction, bytes: message.bytes })
  }
  const { byteOrder = hostByteOrder, protocol = 'route' } = first ?? {}
  const recording = { title: 'encoded by nlwire', notes: [], kernel: 'none', byteOrder, family: protocol, exchanges }
  await print(formatNl(recording, protocolOf(protocol)).trimEnd())
}
