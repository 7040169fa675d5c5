/**
 * Where commands that talk to a kernel get their sockets: from this machine, from a recording, or from nowhere
 * (--dry-run); and what looks on: --hex prints all that passes, --record saves it.
 */
import { closeSync, openSync } from 'node:fs'
import { kernelHost } from '../../index.js'
import type { Host } from '../../rtnl/client/host.js'
import { route } from '../../rtnl/index.js'
import {
  type Exchange,
  FixtureError,
  load,
  type Recording,
  type ReplayHost,
  recordingHost,
  replayHost,
  save,
} from '../../testing/index.js'
import { datagramLines, refusalLines } from '../messages/annotated.js'
import { parse } from '../messages/messages.js'
import { Requests } from '../messages/requests.js'
import { colour, comment, print } from '../output/output.js'
import { Failure } from '../process/failure.js'
import { dryHost } from './dry-run.js'

/** What the command line says. */
export interface HostOptions {
  readonly dryRun: boolean
  readonly hex: boolean
  readonly record?: string | undefined
  /** A file, or what was read from it. */
  readonly replay?: string | Recording | undefined
}

/** A host for one command. */
export interface CommandHost {
  readonly host: Host
  /**
   * The end: writes the recording, and when all went well checks that the one that was replayed is used up.
   * @throws ReplayError with what is left over
   */
  done(well: boolean): void
}

/**
 * The host that the command line asks for.
 * @param command the command as it was given, for the head of a recording
 * @throws Failure when two options exclude each other, or the recording cannot be read
 * @example
 * const { host, done } = commandHost(options, 'nlwire link show')
 * await using rtnl = await openRtnl({ host })
 */
export function commandHost({ dryRun, hex, record, replay }: HostOptions, command: string): CommandHost {
  if (dryRun && (record !== undefined || replay !== undefined))
    throw new Failure('--dry-run sends nothing: there is nothing to record, and nothing to replay')
  const recorded = typeof replay === 'string' ? openRecording(replay) : replay
  const replayed = recorded && playing(recorded, typeof replay === 'string' ? `${replay}: ` : '')
  const inner = dryRun
    ? dryHost((line) => void print(...comment(line).map(colour.dim)))
    : (replayed?.host ?? kernelHost)
  const printed = dryRun ? 'sent' : hex ? 'all' : undefined
  const { host, recording } = recordingHost(inner, printed && printer(printed))
  if (record !== undefined) claim(record)
  const keep = () => {
    process.off('exit', keep)
    if (record !== undefined) saved(record, recording({ title: command, command }))
  }
  // Also when the reader of the output goes first.
  if (record !== undefined) process.on('exit', keep)
  const done = (well: boolean) => {
    keep()
    if (well) replayed?.assertDone()
  }
  // A recorder keeps all that passes: a monitor without --record must not.
  const watched = printed !== undefined || record !== undefined
  return { host: watched ? host : inner, done }
}

/** Makes sure, before there is something to lose, that a file can be written. */
function claim(file: string): void {
  try {
    closeSync(openSync(file, 'a'))
  } catch (error) {
    throw unwritable(file, error)
  }
}

const unwritable = (file: string, error: unknown): Failure =>
  new Failure(`${file}: it cannot be written (${(error as NodeJS.ErrnoException).code})`)

function saved(file: string, recording: Recording): void {
  try {
    save(file, recording, route)
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** Reads a recording. @throws Failure when it cannot be read */
export function openRecording(file: string): Recording {
  try {
    return load(file)
  } catch (error) {
    if (error instanceof FixtureError) throw new Failure(`${file}: ${error.message}`)
    throw new Failure(`${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** Plays a recording. @throws Failure when it cannot be played */
function playing(recording: Recording, from: string): ReplayHost {
  try {
    return replayHost(recording)
  } catch (error) {
    if (error instanceof FixtureError) throw new Failure(`${from}${error.message}`)
    throw error
  }
}

/** Prints what passes, annotated, and below an error what it means. */
function printer(what: 'sent' | 'all'): (exchange: Exchange) => void {
  const requests = new Requests()
  return (exchange) => {
    if (what === 'sent' && exchange.direction !== 'sent') return
    const where = `socket ${exchange.socket ?? 0}`
    if ('overrun' in exchange) return void print(colour.yellow(`# ${where}: datagrams were lost here (ENOBUFS)`), '')
    const parsed = parse({ ...exchange, where }, {})
    requests.note(parsed)
    void print(...datagramLines(parsed, {}), ...requests.refusals(parsed).flatMap(refusalLines), '')
  }
}
