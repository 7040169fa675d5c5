#!/usr/bin/env node
/** nlwire, the command. */
import { readFileSync } from 'node:fs'
import { message } from '@optique/core/message'
import { run } from '@optique/run'
import { NetlinkError } from '../netlink/index.js'
import { decodeCommand } from './commands/decode.js'
import { diffCommand } from './commands/diff.js'
import { encodeCommand } from './commands/encode.js'
import { explainCommand } from './commands/explain.js'
import { monitorCommand } from './commands/monitor.js'
import { traceCommand } from './commands/trace.js'
import { safe } from './escape.js'
import { Failure, status } from './failure.js'
import { parser } from './options.js'
import { colour, endWhenBroken, flush, say } from './output.js'

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

async function perform(): Promise<number> {
  switch (given.command) {
    case 'decode':
      return decodeCommand(given)
    case 'encode':
      return encodeCommand(given)
    case 'diff':
      return diffCommand(given)
    case 'explain':
      return explainCommand(given)
    case 'monitor':
      return monitorCommand(given)
    case 'trace':
      return traceCommand(given)
    case 'object':
      // Loaded when it is needed: the client takes as long to load as half of the rest.
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
