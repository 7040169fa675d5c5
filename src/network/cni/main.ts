#!/usr/bin/env node
/** nlwire-cni: the CNI plugins ipvlan and macvlan. What VERSION needs is loaded first, the rest for the other commands. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { cniVersions, versionAnswer } from './versions.js'

async function main(): Promise<void> {
  const { env } = process
  if (!env.CNI_COMMAND) {
    process.stderr.write(
      `nlwire-cni: CNI plugins ipvlan and macvlan, for container runtimes\nCNI versions: ${cniVersions.join(', ')}\n`,
    )
    return
  }
  if (env.CNI_COMMAND === 'VERSION') return print(versionAnswer())
  const { runPlugin } = await import('./plugin.js')
  const program = basename(process.argv[1] ?? '')
  const { answer, failed } = await runPlugin({ env, input: standardInput(), program })
  if (failed) process.exitCode = 1
  if (answer !== undefined) print(answer)
}

/** A runtime that gives none closes it. */
function standardInput(): string {
  try {
    return readFileSync(0, 'utf8')
  } catch {
    return ''
  }
}

const print = (answer: object): void => {
  // Nobody reads it any more.
  process.stdout.on('error', () => {
    process.exitCode = 1
  })
  process.stdout.write(`${JSON.stringify(answer, null, 4)}\n`)
}

main()
