/**
 * docs/what-do-these-bytes-say.md: every command that it shows is run, and prints what it shows. A line of dots stands
 * for lines that are left out. The blocks that say "as root" are run in user-mode Linux, all of them in one machine.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'
import { program } from './spawned.js'

interface Step {
  readonly command: string
  readonly expected: readonly string[]
}

const guide = readFileSync(join(root, 'docs/what-do-these-bytes-say.md'), 'utf8')
const blocks = [...guide.matchAll(/```console\n(.*?)```/gs)].map(([, text]) => text!)
const isRoot = (block: string) => block.startsWith('# as root')
const steps = (as: 'root' | 'anybody') => blocks.filter((one) => isRoot(one) === (as === 'root')).flatMap(stepsOf)

/** The commands of a block, each with the lines below it. A command goes on after a backslash. */
function stepsOf(block: string): Step[] {
  const found: { command: string; expected: string[] }[] = []
  for (const line of block.trimEnd().split('\n')) {
    const last = found.at(-1)
    if (line.startsWith('$ ')) found.push({ command: line.slice(2), expected: [] })
    else if (last && last.expected.length === 0 && last.command.endsWith('\\')) last.command += `\n${line}`
    else if (last) last.expected.push(line)
  }
  return found
}

/** A script that runs commands one after the other, with a mark before the output of each; `$?` is that of the one before. */
const MARK = '@@ next command @@'
const scriptOf = (list: readonly Step[], folder: string) =>
  [
    `cd '${folder}' || exit`,
    `nlwire() { '${process.execPath}' '${program}' "$@"; }`,
    `mark() { printf '\\n${MARK}\\n'; return "$1"; }`,
    'exec 2>&1',
    ...list.map(({ command }) => `mark $?\n${command}`),
  ].join('\n')

function compare(list: readonly Step[], output: string): void {
  const outputs = output.split(`\n${MARK}\n`).slice(1)
  expect(outputs).to.have.lengthOf(list.length)
  for (const [i, { command, expected }] of list.entries()) {
    const printed = outputs[i]!.trimEnd().split('\n')
    expect(fits(expected, printed), `$ ${command}\n${printed.join('\n')}\n`).to.equal(undefined)
  }
}

/** The first line that is expected and not there; undefined when all are. */
function fits(expected: readonly string[], printed: readonly string[]): string | undefined {
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

describe('docs/what-do-these-bytes-say.md', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-guide-'))
    cpSync(join(root, 'test/cli/guide'), folder, { recursive: true })
  })
  after(() => rmSync(folder, { recursive: true }))

  it('what anybody can do', () => {
    const list = steps('anybody')
    expect(list).to.have.lengthOf.above(8)
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env
    const { stdout } = spawnSync('bash', ['-c', scriptOf(list, folder)], { encoding: 'utf8', env, maxBuffer: 1 << 26 })
    compare(list, stdout)
  })

  it('what root can do, in a kernel with ipvlan and nlmon', async function () {
    needs(this, uml)
    const list = steps('root')
    expect(list).to.have.lengthOf.above(4)
    const script = join(folder, 'as-root.sh')
    writeFileSync(script, scriptOf(list, folder))
    const { stdout, stderr } = await runInUml(['bash', script])
    expect(stderr).to.equal('')
    compare(list, stdout)
  }).timeout(180_000)
})
