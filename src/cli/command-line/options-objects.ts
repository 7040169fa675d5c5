/** The part of the command line that is about objects: its options, its words, and their completion. */
import { merge, object, or } from '@optique/core/constructs'
import { lineBreak, type Message, message, text } from '@optique/core/message'
import { multiple, optional } from '@optique/core/modifiers'
import type { Suggestion } from '@optique/core/parser'
import { argument, command, constant, option } from '@optique/core/primitives'
import { string } from '@optique/core/valueparser'
import { actionOf, type ObjectName } from '../objects/actions.js'
import { Words } from '../objects/grammar/words.js'
import { isExec } from '../objects/netns/exec.js'
import { usageLines } from '../objects/usage.js'
import { Failure } from '../process/failure.js'
import { streams } from '../process/streams.js'
import { on } from './switch.js'

const options = object({
  netns: optional(
    option('--netns', '-n', string({ metavar: 'NAME' }), {
      description: message`In this network namespace: its name, or the path of its file.`,
    }),
  ),
  json: on(message`One JSON array, an object a line, with the names and values of the library.`, '--json', '-j'),
  details: on(message`Show all that is known but counters.`, '--details', '-d'),
  ipv4: on(message`IPv4 only.`, '-4'),
  ipv6: on(message`IPv6 only.`, '-6'),
  dryRun: on(message`Open no socket: print what would be sent.`, '--dry-run'),
  hex: on(message`Print all that is sent and received, annotated.`, '--hex'),
  record: optional(
    option('--record', string({ metavar: 'FILE' }), {
      description: message`Save the conversation as a .nl recording.`,
    }),
  ),
  replay: optional(
    option('--replay', string({ metavar: 'FILE' }), {
      description: message`Talk to this recording in place of the kernel.`,
    }),
  ),
  switchSiblings: on(
    message`Let a new mode or flags of an ipvlan switch all others on the same parent.`,
    '--switch-siblings',
  ),
})

const word = multiple(argument(string({ metavar: 'WORD' }), { description: message`As ip has them; help lists them.` }))

/** The words of an object; what can follow them is known from their own grammar. */
function wordsOf(name: ObjectName): typeof word {
  return Object.assign(Object.create(word) as typeof word, {
    parse(context: Parameters<typeof word.parse>[0]) {
      // A negative number is no option.
      const isNumber = /^-\d+$/.test(context.buffer[0] ?? '') && !['-4', '-6'].includes(context.buffer[0]!)
      const result = word.parse(isNumber ? { ...context, optionsTerminated: true } : context)
      // What follows the name is the command's, its options too.
      if (result.success && name === 'netns' && isExec(textsOf(result.next.state)[0]))
        return textsOf(result.next.state).length < 2
          ? result
          : { ...result, next: { ...result.next, optionsTerminated: true } }
      if (!isNumber || !result.success) return result
      return { ...result, next: { ...result.next, optionsTerminated: context.optionsTerminated } }
    },
    *suggest({ state }: { readonly state: unknown }, prefix: string): Generator<Suggestion> {
      for (const text of following(name, textsOf(state))) if (text.startsWith(prefix)) yield { kind: 'literal', text }
    },
  })
}

/** The words so far, from the state of their parser. */
const textsOf = (state: unknown): string[] =>
  (state as readonly { readonly value?: string }[]).map(({ value }) => value ?? '')

/** What can follow words: the grammar offers it, wherever it comes to their end. */
export function following(name: ObjectName, given: readonly string[]): string[] {
  const words = new Words(given, name)
  try {
    actionOf(name, words, undefined)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
  if (given.length === 0) words.offer(['help'])
  return [...words.offered]
}

const objectCommand = (name: ObjectName, aliases: readonly [string, ...string[]], brief: Message) =>
  command(name, object({ command: constant('object'), object: constant(name), words: wordsOf(name) }), {
    aliases,
    brief,
    description: brief,
    // Made when it is asked for: it walks all definitions.
    get footer() {
      return usageLines(name, undefined, streams.stdout.columns ?? 80).flatMap((line) => [text(line), lineBreak()])
    },
  })

/** nlwire link, address, route, netns. */
export const objectParser = merge(
  options,
  or(
    objectCommand('link', ['l'], message`Links: show, add, set, delete.`),
    objectCommand('address', ['a', 'addr'], message`Addresses of links.`),
    objectCommand('route', ['r', 'ro'], message`Routes.`),
    objectCommand('netns', ['ns'], message`Network namespaces and their ids.`),
  ),
)
