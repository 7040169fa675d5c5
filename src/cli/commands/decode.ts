/** nlwire decode: what do these bytes say? */
import { DecodeError, type KernelError } from '../../netlink/index.js'
import { type InputOptions, inputs } from '../input/inputs.js'
import type { Piece } from '../input/piece.js'
import type { InputSource } from '../input/source.js'
import { datagramLines, garbageLines, refusalLines, type Showing } from '../messages/annotated.js'
import { garbageJson, messageJson } from '../messages/message-json.js'
import { captureReader, decodeItem, isDecodable, type Parsed, type ReadingOptions } from '../messages/messages.js'
import { AnswerGrouper, type Placed } from '../messages/pair-answers.js'
import { protocolOption } from '../messages/protocol.js'
import { Requests } from '../messages/requests.js'
import { safe } from '../output/escape.js'
import { colour, comment, flush, print, printAll, say } from '../output/output.js'
import { Failure, status } from '../process/failure.js'

export interface DecodeCommand extends InputOptions {
  readonly input: readonly string[]
  readonly protocol?: string | undefined
  readonly json: boolean
  readonly tree: boolean
  readonly cNames: boolean
}

/** Prints what the input says. @returns the exit status: 2 when a part of it could not be read */
export async function decodeCommand(command: DecodeCommand): Promise<number> {
  const reading = { ...command, protocol: protocolOption(command.protocol) }
  let sound = true
  for await (const input of inputs(command.input, command)) {
    const what = `${input.source.name}: ${input.format.title}`
    if (command.json) say(safe(what))
    else await print(...comment(what).map(colour.dim))
    const { datagrams, sound: all } = await printPieces(input.pieces, reading, input.source)
    // The next input may take its time.
    await flush()
    if (datagrams === 0 && all) throw new Failure(`${input.source.name}: no netlink in it`)
    sound = all && sound
  }
  return sound ? status.done : status.wrong
}

/** How to print the pieces of an input. */
export interface Printing extends ReadingOptions, Showing {
  readonly json: boolean
}

/** What was printed. */
export interface Printed {
  readonly datagrams: number
  /** Whether all of it could be read. */
  readonly sound: boolean
}

/**
 * Prints the pieces of an input: as text with answers below their requests, or as JSON in the order of the input.
 * @param source where they come from: in its pauses all is shown that is there
 */
export const printPieces = (pieces: AsyncIterable<Piece>, printing: Printing, source: Pauses): Promise<Printed> =>
  printing.json ? asJson(pieces, printing, source) : asText(pieces, printing, source)

type Pauses = Pick<InputSource, 'idle'>

async function asJson(pieces: AsyncIterable<Piece>, command: Printing, source: Pauses): Promise<Printed> {
  const requests = new Requests()
  const read = captureReader(command)
  let sound = true
  let datagrams = 0
  source.idle = () => void flush()
  for await (const piece of pieces) {
    if ('remark' in piece) say(safe(`${piece.where}: ${piece.remark}`))
    else if ('garbage' in piece) {
      sound = false
      await print(garbageJson(piece.garbage, piece.where, piece.reason))
    } else {
      datagrams++
      const parsed = read(piece)
      requests.note(parsed)
      for (const item of parsed.items) {
        const message = decodeItem(parsed, item, true)
        if (message instanceof DecodeError) sound = false
        const refusal = message instanceof DecodeError ? undefined : requests.refusal(parsed, item, message)
        await print(messageJson(parsed, item, message, refusal))
      }
    }
  }
  return { datagrams, sound }
}

async function asText(pieces: AsyncIterable<Piece>, command: Printing, source: Pauses): Promise<Printed> {
  const requests = new Requests()
  const groups = new AnswerGrouper<Shown>()
  const read = captureReader(command)
  let sound = true
  let datagrams = 0
  const show = ({ piece, first }: Placed<Shown>) => printAll(first ? ['', ...piece.lines()] : piece.lines())
  // Answers that have not come by now are not waited for: nothing that is there stays unseen.
  source.idle = () => {
    for (const placed of groups.end()) void show(placed)
    void flush()
  }
  try {
    for await (const piece of pieces) {
      const parsed = 'bytes' in piece ? read(piece) : undefined
      if (parsed) {
        datagrams++
        requests.note(parsed)
      }
      const refusals = parsed ? requests.refusals(parsed) : []
      if ('garbage' in piece || (parsed && !isSound(parsed))) sound = false
      const shown = { lines: () => linesOf(piece, parsed, refusals, command) }
      for (const placed of groups.add(shown, parsed)) await show(placed)
    }
  } finally {
    for (const placed of groups.end()) await show(placed)
  }
  return { datagrams, sound }
}

/** A piece that waits for its place. */
interface Shown {
  lines(): string[]
}

const isSound = (parsed: Parsed): boolean => parsed.items.length > 0 && isDecodable(parsed)

function linesOf(
  piece: Piece,
  parsed: Parsed | undefined,
  refusals: readonly KernelError[],
  { tree, cNames }: Printing,
): string[] {
  if (parsed) return [...datagramLines(parsed, { tree, cNames }), ...refusals.flatMap(refusalLines)]
  if ('garbage' in piece) return garbageLines(piece.garbage, piece.where, piece.reason)
  return 'remark' in piece ? comment(`${piece.where}: ${piece.remark}`).map(colour.yellow) : []
}
