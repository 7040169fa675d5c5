/** nlwire explain: what does an error mean, and what is to be done? */

import { existsSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { DecodeError, errnoName, errnoNumber, KernelError } from '../../netlink/index.js'
import { explain } from '../../rtnl/explain.js'
import { type InputOptions, inputs } from '../input/inputs.js'
import { captureReader, decodeItem, type Parsed } from '../messages/messages.js'
import { protocolOption } from '../messages/protocol.js'
import { Requests } from '../messages/requests.js'
import { safe } from '../output/escape.js'
import { colour, columns, flush, lines, print } from '../output/output.js'
import { foldNote } from '../output/wrap.js'
import { Failure, status } from '../process/failure.js'

export interface ExplainCommand extends InputOptions {
  readonly what: string
  readonly request?: string | undefined
  readonly protocol?: string | undefined
}

/** Explains an errno, or all that failed in a capture. */
export async function explainCommand(command: ExplainCommand): Promise<number> {
  const errno = errnoOf(command.what)
  if (errno === undefined) {
    if (/^[A-Za-z]\w*$/.test(command.what) && !existsSync(command.what))
      throw new Failure(`${command.what}: no errno has this name, and no file`)
    if (command.request !== undefined) throw new Failure(`no errno "${command.what}": expected EBUSY, 16 or the like`)
    await explainCapture(command)
  } else if (command.request === undefined) await explainAlone(errno)
  else await explainRequest(errno, command.request, command)
  await flush()
  return status.done
}

/** The errno that a text names: `EBUSY`, `16`, `-16`. */
function errnoOf(text: string): number | undefined {
  if (/^-?\d{1,4}$/.test(text)) return Math.abs(Number(text))
  return /^E[A-Z0-9]+$/i.test(text) ? errnoNumber(text.toUpperCase()) : undefined
}

/** The system's own words for an errno, found by name: its number may be another there. */
function wordsFor(name: string): string | undefined {
  for (const [known, words] of getSystemErrorMap().values()) if (known === name) return words
  return undefined
}

async function explainAlone(errno: number): Promise<void> {
  const name = errnoName(errno)
  await print(...lines(`${name} (${errno}): ${wordsFor(name) ?? 'no words for it on this system'}`).map(colour.bold))
  await print(...lines('What it means depends on the request that it answers: give that with --request HEX.', ''))
}

async function explainRequest(errno: number, request: string, command: ExplainCommand): Promise<void> {
  for await (const parsed of datagrams([request], command)) {
    const { family, byteOrder } = parsed
    const bytes = parsed.items[0]?.bytes ?? new Uint8Array()
    await show(new KernelError({ family, byteOrder, request: bytes, errno, ack: {} }))
    return
  }
  throw new Failure('there is no netlink message in the request')
}

async function explainCapture(command: ExplainCommand): Promise<void> {
  const requests = new Requests()
  let failed = 0
  for await (const parsed of datagrams([command.what], command)) {
    requests.note(parsed)
    for (const item of parsed.items) {
      const message = decodeItem(parsed, item, false)
      const refusal = message instanceof DecodeError ? undefined : requests.refusal(parsed, item, message)
      if (!refusal) continue
      if (failed++ > 0) await print('')
      await show(refusal)
    }
  }
  if (failed === 0) await print('nothing failed in it')
}

async function* datagrams(input: readonly string[], command: ExplainCommand): AsyncGenerator<Parsed> {
  const protocol = protocolOption(command.protocol)
  const read = captureReader({ protocol, byteOrder: command.byteOrder })
  for await (const { pieces } of inputs(input, command))
    for await (const piece of pieces) if ('bytes' in piece) yield read(piece)
}

async function show(refusal: KernelError): Promise<void> {
  const words = refusal.kernelMessage === undefined ? wordsFor(refusal.errnoName) : undefined
  const said = lines(refusal.message + (words === undefined ? '' : ` (${words})`))
  await print(...said.map((line) => colour.bold(colour.red(line))))
  let advice: string | undefined
  try {
    advice = explain(refusal)
  } catch (error) {
    advice = `The request cannot be decoded: ${(error as Error).message}`
  }
  await print(...lines(advice ?? 'Nothing more is known about this error with this request.', ''))
  if (refusal.request.length === 0) return
  for (const line of refusal.annotated({ width: columns() - 2, fold: foldNote, escape: safe })) await print(`  ${line}`)
}
