/** nlwire diff: do two messages or captures say the same? */

import { unnamedType } from '../../netlink/frame/nlmsghdr.js'
import { type InputOptions, inputs } from '../input/inputs.js'
import { type Comparison, compare, type Side } from '../messages/compare.js'
import { captureReader, definitionOf } from '../messages/messages.js'
import { protocolOption } from '../messages/protocol.js'
import { colour, flush, lines, print } from '../output/output.js'
import { Failure, status } from '../process/failure.js'

export interface DiffCommand extends InputOptions {
  readonly a: string
  readonly b: string
  readonly protocol?: string | undefined
}

/** Compares message by message. @returns 3 when a value differs, or one side has more messages */
export async function diffCommand(command: DiffCommand): Promise<number> {
  const [a, b] = [await messagesOf(command.a, command), await messagesOf(command.b, command)]
  const count = Math.max(a.length, b.length)
  let differ = false
  const unlike = new Set<string>()
  for (let i = 0; i < count; i++) {
    const [left, right] = [a[i], b[i]]
    if (!left || !right) {
      differ = true
      await print(...lines(`message ${i + 1}: only in ${left ? 'A' : 'B'}: ${nameOf((left ?? right)!)}`))
      continue
    }
    const found = compare(left, right)
    for (const note of found.notes) unlike.add(note)
    if (found.differences.length > 0) {
      differ = true
      await printDifferences(found, count > 1 ? `message ${i + 1}, ` : '', left)
    }
  }
  if (!differ) await print(...lines(unlike.size === 0 ? 'the same' : `the same, but for: ${[...unlike].join(', ')}`))
  await flush()
  return differ ? status.differ : status.done
}

async function printDifferences({ differences }: Comparison, label: string, side: Side): Promise<void> {
  for (const { path, a, b } of differences) {
    await print(...lines(`${label}${nameOf(side)}: ${path || 'the body'}`))
    await print(
      ...lines(`  A  ${a ?? '-'}`, '   ').map(colour.red),
      ...lines(`  B  ${b ?? '-'}`, '   ').map(colour.green),
    )
  }
}

function nameOf({ parsed, item }: Side): string {
  const name = definitionOf(parsed, item)?.name ?? unnamedType(item.header?.type ?? '?')
  return `${name} at ${parsed.datagram.where}`
}

async function messagesOf(input: string, command: DiffCommand): Promise<Side[]> {
  const protocol = protocolOption(command.protocol)
  const sides: Side[] = []
  const read = captureReader({ protocol, byteOrder: command.byteOrder })
  for await (const { pieces } of inputs([input], command))
    for await (const piece of pieces) {
      if ('garbage' in piece) throw new Failure(`${input}: ${piece.where}: ${piece.reason}`)
      if (!('bytes' in piece)) continue
      const parsed = read(piece)
      for (const item of parsed.items) sides.push({ parsed, item })
    }
  if (sides.length === 0) throw new Failure(`${input}: no netlink in it`)
  return sides
}
