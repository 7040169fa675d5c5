/**
 * The benchmarks: `npm run bench`, or `npm run bench -- CASE ... --rounds N --json`. Needs root, and a C compiler for
 * the floor. Nothing fails when a target is missed: it is only said.
 */
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { cases } from './cases/index.js'
import { placeOf } from './lib/places.js'
import { runCase, runFloor } from './lib/processes.js'
import { summarize, table } from './lib/report.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => !cases.some((one) => one.name === name))
const rounds = Number(values.rounds)
if (values.help || unknown.length > 0 || !(rounds >= 1)) {
  if (unknown.length > 0) console.error(`no such case: ${unknown.join(', ')}`)
  console.error('usage: npm run bench -- [CASE ...] [--rounds N] [--json]')
  for (const { name, what } of cases) console.error(`  ${name.padEnd(16)} ${what}`)
  process.exit(values.help ? 0 : 2)
}
const chosen = positionals.length > 0 ? cases.filter((one) => positionals.includes(one.name)) : cases
const say = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)

const measured = new Map(chosen.map((one) => [one, []]))
for (let round = 1; round <= rounds; round++) {
  for (const one of chosen) {
    if (one.measures === 'facts' && round > (one.rounds ?? rounds)) continue
    say(`round ${round} of ${rounds}: ${one.name}`)
    const place = one.place && (await placeOf(one.place))
    // First one, then the other, so that both have the same machine.
    const floor = one.floor && (await runFloor([place.path, ...one.floor(one.repetitions, place)]))
    measured.get(one).push({ floor, nlwire: await runCase(one.name, place, one.repetitions) })
  }
}
say('')

const summaries = chosen.map((one) => summarize(one, measured.get(one)))
const machine = {
  node: process.versions.node,
  kernel: release(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
}
if (values.json) console.log(JSON.stringify({ machine, rounds, cases: summaries }, null, 2))
else {
  console.log(`Node ${machine.node}, Linux ${machine.kernel}, ${machine.cores} x ${machine.cpu}, ${rounds} rounds\n`)
  console.log(table(summaries))
}
