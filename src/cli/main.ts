#!/usr/bin/env node
/** nlwire, the command. */
import { readFileSync } from 'node:fs'
import { message } from '@optique/core/message'
import { run } from '@optique/run'
import { NetlinkError } from '../netlink/index.js'
import { parser } from './command-line/options.js'
import { safe } from './output/escape.js'
import { colour, endWhenBroken, flush, say } from './output/output.js'
import { Failure, status } from './process/failure.js'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

endWhenBroken(process.stdout, process.stderr)
const given = run(parser, {
  programName: 'nlwire',
  args: process.argv.length > 2 ? process.argv.slice(2) : ['--help'],
  brief: message`See every byte of Linux netlink.`,
  footer: message`Exit status: 0 done, 1 the kernel said no, 2 the command line or the input is wrong, 3 the two sides differ.`,
  help: 'both',
  version: { value: version, option: true },
  completion: 'command',
  errorExitCode: status.wrong,
  aboveError: 'none',
  colors: colour.bold('x') !== 'x',
})

/** Does what was asked for. Only that command is loaded: starting takes longer than most of them. */
async function perform(): Promise<number> {
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
    case 'trace':
      return (await import('./commands/trace.js')).traceCommand(given)
    case 'object':
      return (await import('./objects/index.js')).objectCommand(given)
  }
}

try {
  process.exitCode = await perform()
} catch (error) {
  await flush()
  // The library's errors are about the machine or a recording: their message says it all.
  const told = error instanceof Failure || error instanceof NetlinkError
  say(told ? error.message.split('\n').map(safe).join('\n') : `this is a bug of nlwire: ${(error as Error).stack}`)
  process.exitCode = error instanceof Failure ? error.status : status.wrong
}
