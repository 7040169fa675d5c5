/** One run of the command, inside the process that calls it: `main.ts` runs it with the process's own streams. */
import { readFileSync } from 'node:fs'
import { message } from '@optique/core/message'
import { run } from '@optique/run'
import { NetlinkError } from '../netlink/index.js'
import { parser } from './command-line/options.js'
import { safe } from './output/escape.js'
import { beginOutput, colour, endWhenBroken, flush, say, settled } from './output/output.js'
import { Failure, status } from './process/failure.js'
import type { Streams } from './process/streams.js'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** How a command ended. */
export interface Performed {
  /** The exit status. */
  readonly status: number
  /** Its output could not be written any more, so it was left in the middle: it may still be at work. */
  readonly left: boolean
}

/** What the command line asked for is done: help, a version, or a sentence about what is wrong with it. */
class Shown extends Error {
  readonly status: number
  constructor(status: number) {
    super('the command line was answered')
    this.status = status
  }
}

/** Also after a command that was left: it goes on with the streams that it has. */
let running = false

/**
 * Runs the command once. It ends no process and leaves the exit status to the caller; files are found from the
 * process's working directory, and SIGINT and SIGTERM of the process end a monitor and a trace.
 * @param args the command line, without the program's name
 * @param given where it reads and writes
 * @throws Error when another command still runs in this process
 * @example
 * const { status } = await perform(['decode', file], process)
 */
export async function perform(args: readonly string[], given: Streams): Promise<Performed> {
  if (running) throw new Error('a command is running: one at a time in a process')
  running = true
  let unwatch = () => {}
  const broken = new Promise<Performed>((resolve) => {
    let told = false
    beginOutput(given, ({ code, message: text }) => {
      if (told) return
      told = true
      // Quietly when the reader of a pipe has gone, as other tools do.
      if (code !== 'EPIPE') say(`the output cannot be written (${code ?? text})`)
      resolve({ status: code === 'EPIPE' ? status.done : status.wrong, left: true })
    })
    unwatch = endWhenBroken(given.stdout, given.stderr)
  })
  const performed = await Promise.race([ended(args, given), broken])
  if (performed.left) return performed
  unwatch()
  running = false
  return performed
}

async function ended(args: readonly string[], given: Streams): Promise<Performed> {
  const result = await commanded(args, given)
  await settled(given.stdout, given.stderr)
  return { status: result, left: false }
}

async function commanded(args: readonly string[], given: Streams): Promise<number> {
  try {
    return await dispatch(commandLine(args, given))
  } catch (error) {
    if (error instanceof Shown) return error.status
    await flush()
    // The library's errors are about the machine or a recording: their message says it all.
    const told = error instanceof Failure || error instanceof NetlinkError
    say(told ? error.message.split('\n').map(safe).join('\n') : `this is a bug of nlwire: ${(error as Error).stack}`)
    return error instanceof Failure ? error.status : status.wrong
  }
}

/** @throws Shown where the command line was answered already */
const commandLine = (args: readonly string[], { stdout, stderr }: Streams) =>
  run(parser, {
    programName: 'nlwire',
    args: args.length > 0 ? args : ['--help'],
    brief: message`See every byte of Linux netlink.`,
    footer: message`Exit status: 0 done, 1 the kernel said no, 2 the command line or the input is wrong, 3 the two sides differ.`,
    help: 'both',
    version: { value: version, option: true },
    completion: 'command',
    errorExitCode: status.wrong,
    aboveError: 'none',
    colors: colour.bold('x') !== 'x',
    ...(stdout.columns ? { maxWidth: stdout.columns } : {}),
    stdout: (text) => void stdout.write(`${text}\n`),
    stderr: (text) => void stderr.write(`${text}\n`),
    onExit: (code) => {
      throw new Shown(code)
    },
  })

/** Does what was asked for. Only that command is loaded: starting takes longer than most of them. */
async function dispatch(given: ReturnType<typeof commandLine>): Promise<number> {
  switch (given.command) {
    case 'decode':
      return (await import('./commands/decode.js')).decodeCommand(given)
    case 'encode':
      return (await import('./commands/encode.js')).encodeCommand(given)
    case 'diff':
      return (await import('./commands/diff.js')).diffCommand(given)
    case 'explain':
      return (await import('./commands/explain.js')).explainCommand(given)
    case 'monitor':
      return (await import('./commands/monitor.js')).monitorCommand(given)
    case 'docker-driver':
      return (await import('./commands/docker-driver.js')).dockerDriverCommand(given)
    case 'trace':
      return (await import('./commands/trace.js')).traceCommand(given)
    case 'network':
      return (await import('./commands/network/index.js')).networkCommand(given)
    case 'object':
      return (await import('./objects/index.js')).objectCommand(given)
  }
}
