/** nlwire link, address, route, netns: what ip does, on the library's client. */
import {
  CreatedButUnreadError,
  DecodeError,
  EncodeError,
  KernelError,
  openRtnl,
  type Rtnl,
  SiblingError,
  TransportError,
} from '../../index.js'
import { ReplayError } from '../../testing/index.js'
import { commandHost, type HostOptions } from '../kernel/host.js'
import { refusalText } from '../messages/annotated.js'
import { safe } from '../output/escape.js'
import { columns, flush, print, say } from '../output/output.js'
import { Failure, status } from '../process/failure.js'
import { streams } from '../process/streams.js'
import { actionOf, type ObjectName } from './actions.js'
import { Words } from './grammar/words.js'
import { kindWords } from './link/words.js'
import { execCommand, execWords, isExec } from './netns/exec.js'
import { Output, type Session } from './session/session.js'
import { usageLines } from './usage.js'

/** What the command line says. */
export interface ObjectCommand extends HostOptions {
  readonly command: 'object'
  readonly object: ObjectName
  readonly words: readonly string[]
  readonly netns?: string | undefined
  readonly json: boolean
  readonly details: boolean
  readonly ipv4: boolean
  readonly ipv6: boolean
  readonly switchSiblings: boolean
}

/** Does what the command line says. @returns the exit status */
export async function objectCommand(given: ObjectCommand): Promise<number> {
  const { object, words } = given
  if (
    words[0] === 'help' ||
    (words.at(-1) === 'help' && !(object === 'netns' && isExec(words[0]) && words.length > 2))
  ) {
    await print(...usageLines(object, kindIn(words), streams.stdout.columns ?? 80))
    await flush()
    return status.done
  }
  checkOptions(given)
  const { netns } = given
  const family = given.ipv6 ? 'inet6' : given.ipv4 ? 'inet' : undefined
  const action = actionOf(object, new Words(words, object), family)
  if (object === 'netns' && isExec(words[0])) return exec(given)
  const title = safe(['nlwire', ...(netns === undefined ? [] : ['-n', netns]), object, ...words].join(' '))
  const { host, done } = commandHost(given, title)
  let client: Promise<Rtnl> | undefined
  const onWarning = (warning: string) => say(`the kernel remarks: ${safe(warning)}`)
  const onUnexpected = (error: Error) => {
    if (error instanceof DecodeError) say(`a message could not be decoded and is left out: ${safe(error.message)}`)
  }
  const session: Session = {
    rtnl: () => (client ??= openRtnl({ host, netns, onWarning, onUnexpected })),
    host,
    family,
    out: new Output({ ...given, silent: given.hex || given.dryRun }),
    siblings: given.switchSiblings ? 'switch' : 'refuse',
  }
  let result: number
  try {
    await action(session)
    result = status.done
  } catch (error) {
    await flush()
    result = failed(error)
  } finally {
    if (client) await client.then((rtnl) => rtnl.close()).catch(() => undefined)
  }
  await flush()
  try {
    done(result === status.done)
  } catch (error) {
    return failed(error)
  }
  return result
}

/** A program takes the place of this process. @returns only for a dry run, and when it fails */
async function exec(given: ObjectCommand): Promise<number> {
  const { netns, json, details, ipv4, ipv6, hex, record, replay, switchSiblings } = given
  const others = {
    ...{ '-n': netns, '-j': json, '-d': details, '-4': ipv4, '-6': ipv6, '--hex': hex },
    ...{ '--record': record, '--replay': replay, '--switch-siblings': switchSiblings },
  }
  try {
    return await execCommand(execWords(new Words(given.words.slice(1), 'netns')), given.dryRun, others)
  } catch (error) {
    return failed(error)
  }
}

/** The kind that help is asked for: `link help ipvlan`, `link add type ipvlan help`. */
const kindIn = (words: readonly string[]): string | undefined => {
  const named = words.indexOf('type')
  return [words[words.indexOf('help') + 1], named < 0 ? undefined : words[named + 1]].find(
    (word) => word !== undefined && kindWords(word) !== undefined,
  )
}

function checkOptions({ hex, json, dryRun, ipv4, ipv6 }: ObjectCommand): void {
  if (hex && json)
    throw new Failure(
      '--hex and --json: one output at a time; for messages as JSON, --record FILE and decode --json FILE',
    )
  if (dryRun && json)
    throw new Failure(
      '--dry-run and --json: nothing is answered that could be JSON; decode --json reads what --dry-run prints',
    )
  if (ipv4 && ipv6) throw new Failure('-4 and -6 exclude each other: without either there are both')
}

/** Says why it failed. @returns the exit status */
function failed(error: unknown): number {
  if (error instanceof KernelError) {
    const width = streams.stderr.isTTY ? columns(streams.stderr) - 'nlwire: '.length : Infinity
    for (const line of refusalText(error, width)) say(line)
    return status.refused
  }
  if (error instanceof SiblingError) {
    say(safe(`${error.reason}. Use theirs, or give --switch-siblings to switch them all`))
    return status.refused
  }
  if (error instanceof CreatedButUnreadError && !(error.cause instanceof ReplayError)) {
    // What was asked for is there: who tried again would be told that it exists.
    say(safe(`${error.message}. The change stands`))
    return status.done
  }
  if (error instanceof Failure) {
    say(safe(error.message))
    return error.status
  }
  if (
    error instanceof EncodeError ||
    error instanceof TransportError ||
    error instanceof ReplayError ||
    error instanceof CreatedButUnreadError
  ) {
    for (const line of error.message.split('\n')) say(safe(line))
    return status.wrong
  }
  throw error
}
