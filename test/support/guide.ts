/**
 * Documents whose commands are run by tests: each block ```console has commands (`$ `; one goes on after a backslash) with
 * the lines that they print below. A line of dots stands for lines that are left out; spaces at the end of a line do not count. Blocks that begin with "# as root"
 * need root: they are run in user-mode Linux, all those of a document in one machine.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { program } from '../cli/spawned.js'
import { root } from './fixtures.js'

/** A command, with the lines that it prints. */
export interface Step {
  readonly command: string
  readonly expected: readonly string[]
}

/** The commands of a document that root runs, or that anybody can. */
export function guideSteps(document: string, as: 'root' | 'anybody'): Step[] {
  const blocks = [...readFileSync(join(root, document), 'utf8').matchAll(/```console\n(.*?)```/gs)]
  return blocks
    .map(([, text]) => text!)
    .filter((block) => block.startsWith('# as root') === (as === 'root'))
    .flatMap(stepsOf)
}

function stepsOf(block: string): Step[] {
  const found: { command: string; expected: string[] }[] = []
  for (const line of block.trimEnd().split('\n')) {
    const last = found.at(-1)
    if (line.startsWith('$ ')) found.push({ command: line.slice(2), expected: [] })
    else if (last && last.expected.length === 0 && last.command.endsWith('\\')) last.command += `\n${line}`
    else if (last) last.expected.push(line.trimEnd())
  }
  return found
}

const MARK = '@@ next command @@'

/**
 * A bash script that runs the commands one after the other in a folder, with a mark before the output of each; `$?` is
 * that of the one before, and `nlwire` the command.
 */
export const guideScript = (steps: readonly Step[], folder: string): string =>
  [
    `cd '${folder}' || exit`,
    `nlwire() { '${process.execPath}' '${program}' "$@"; }`,
    `mark() { printf '\\n${MARK}\\n'; return "$1"; }`,
    'exec 2>&1',
    ...steps.map(({ command }) => `mark $?\n${command}`),
  ].join('\n')

/** Expects of the script's output that each command printed what the document shows. */
export function expectGuide(steps: readonly Step[], output: string): void {
  const outputs = output.split(`\n${MARK}\n`).slice(1)
  expect(outputs).to.have.lengthOf(steps.length)
  for (const [i, { command, expected }] of steps.entries()) {
    const printed = outputs[i]!.trimEnd()
      .split('\n')
      .map((line) => line.trimEnd())
    expect(firstMissing(expected, printed), `$ ${command}\n${printed.join('\n')}\n`).to.equal(undefined)
  }
}

/** The first line that is expected and not there; undefined when all are. */
function firstMissing(expected: readonly string[], printed: readonly string[]): string | undefined {
  let at = 0
  let dots = false
  for (const line of expected) {
    if (line === '...') {
      dots = true
      continue
    }
    const found = dots ? printed.indexOf(line, at) : printed[at] === line ? at : -1
    if (found < 0) return line
    at = found + 1
    dots = false
  }
  const end = expected.length === 0 ? printed.join('') === '' : dots || at === printed.length
  return end ? undefined : `(the end, but there is: ${printed[at]})`
}
