/** Whatever the input is: pieces, or one clean sentence. */
import { expect } from 'chai'
import fc from 'fast-check'
import { formatOf, formats } from '../../src/cli/input/index.js'
import { memorySource } from '../../src/cli/input/source.js'
import { datagramLines, garbageLines, refusalLines } from '../../src/cli/messages/annotated.js'
import { messageJson } from '../../src/cli/messages/message-json.js'
import { decodeItem, parse } from '../../src/cli/messages/messages.js'
import { Requests } from '../../src/cli/messages/requests.js'
import { Failure } from '../../src/cli/process/failure.js'
import { DecodeError } from '../../src/netlink/index.js'
import { recordings } from '../support/fixtures.js'

/** Reads an input to its end, shows all of it, and gives how many bytes it had as datagrams. */
async function readAll(bytes: Uint8Array, from?: string): Promise<number> {
  const source = memorySource('it', bytes)
  const requests = new Requests()
  let length = 0
  try {
    for await (const piece of (await formatOf(source, from)).read(source, {})) {
      if ('garbage' in piece) garbageLines(piece.garbage, piece.where, piece.reason)
      if (!('bytes' in piece)) continue
      length += piece.bytes.length
      const parsed = parse(piece, {})
      requests.note(parsed)
      datagramLines(parsed, { cNames: true })
      datagramLines(parsed, { tree: true })
      for (const item of parsed.items) {
        const message = decodeItem(parsed, item, true)
        const refusal = message instanceof DecodeError ? undefined : requests.refusal(parsed, item, message)
        if (refusal) refusalLines(refusal)
        JSON.parse(messageJson(parsed, item, message, refusal))
      }
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
  return length
}

describe('hostile input', () => {
  const text = recordings().map(({ text }) => text)

  it('random bytes, in every format', async () => {
    const names = fc.constantFrom(undefined, ...formats.map(({ name }) => name))
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        names,
        async (bytes, from) => void (await readAll(bytes, from)),
      ),
      { numRuns: 1000 },
    )
  })

  it('random text, in every format', async () => {
    const words = fc.constantFrom(
      ...[
        '0x58',
        '58',
        ' ',
        '\n',
        ',',
        '"',
        '\\x58',
        '{',
        '}',
        '[',
        '00000000',
        ':',
        '*',
        '|',
        '> ',
        '< RTM',
        '# kernel: x   endian: little   family: route',
      ],
      ...[
        '0000  58 00 00 00',
        'sendto(3, "\\x58", 1, 0) = 1',
        'socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3',
        ' | 00000  20 00',
        'recvmsg(',
        '<unfinished ...>',
        '=',
        "b'",
      ],
    )
    const names = fc.constantFrom(undefined, ...formats.map(({ name }) => name))
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 40 }),
        names,
        async (list, from) => void (await readAll(Buffer.from(list.join('')), from)),
      ),
      { numRuns: 2000 },
    )
  })

  it('recordings with bytes changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...text), fc.nat(), fc.string({ maxLength: 3 }), async (one, at, put) => {
        const place = at % one.length
        await readAll(Buffer.from(one.slice(0, place) + put + one.slice(place + put.length)))
      }),
      { numRuns: 300 },
    )
  })

  it('every recording gives all of its bytes', async () => {
    for (const { name, text: file, recording } of recordings()) {
      const bytes = recording.exchanges.flatMap((exchange) => ('bytes' in exchange ? [exchange.bytes.length] : []))
      expect(await readAll(Buffer.from(file)), name).to.equal(bytes.reduce((sum, length) => sum + length, 0))
    }
  })
})
