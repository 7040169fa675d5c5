#!/usr/bin/env node
/** nlwire, the command: one run with the streams, the environment and the exit status of this process. */
import { perform } from './perform.js'

const { status, left } = await perform(process.argv.slice(2), process)
process.exitCode = status
// Nobody reads the rest.
if (left) process.exit()
