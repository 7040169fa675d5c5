/**
 * Where the time of one case goes: `npm run bench:profile -- CASE [--top N] [--lines] [--keep FILE]`. Runs it once under
 * Node's sampling profiler and prints the functions (or lines) that it was found in most often. With --keep the profile
 * stays, to be opened in a browser's developer tools.
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cases } from './cases/index.js'
import { placeOf } from './lib/places.js'
import { runCase } from './lib/processes.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    top: { type: 'string', default: '25' },
    lines: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
})
const one = cases.find(({ name }) => name === positionals[0])
if (!one || positionals.length > 1) {
  console.error('usage: npm run bench:profile -- CASE [--top N] [--lines] [--keep FILE]')
  console.error(`cases: ${cases.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'nlw-profile-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const place = one.place && (await placeOf(one.place))
const result = await runCase(one.name, place, one.repetitions, [
  '--cpu-prof',
  '--cpu-prof-interval=200',
  `--cpu-prof-dir=${folder}`,
])
const file = join(folder, readdirSync(folder)[0])
if (values.keep) copyFileSync(file, values.keep)

/** How long the samples of each function (or line) took together, in microseconds. */
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'))
const byId = new Map(nodes.map((node) => [node.id, node]))
const hits = new Map()
const add = (key, time) => hits.set(key, (hits.get(key) ?? 0) + time)
const whereOf = ({ functionName, url, lineNumber }, line) => {
  const place = url ? `${url.replace(/^.*\/(dist|bench)\//, '$1/')}:${line ?? lineNumber + 1}` : ''
  return `${functionName || '(anonymous)'}  ${place}`
}
let total = 0
for (const [i, id] of samples.entries()) {
  const { callFrame, positionTicks } = byId.get(id)
  const time = Math.max(timeDeltas[i], 0)
  if (callFrame.functionName === '(idle)') continue
  total += time
  if (!values.lines || !positionTicks) add(whereOf(callFrame), time)
  else {
    // Which line a sample was in is known only as a count for each function.
    const ticks = positionTicks.reduce((sum, each) => sum + each.ticks, 0)
    for (const each of positionTicks) add(whereOf(callFrame, each.line), (time * each.ticks) / ticks)
  }
}

console.log(`${one.name}: ${one.what}`)
if (result.times) console.log(`${result.items} items, ${result.times.length} repetitions`)
console.log(`${(total / 1000).toFixed(0)} ms in ${samples.length} samples\n`)
const sorted = [...hits].sort((a, b) => b[1] - a[1]).slice(0, Number(values.top))
for (const [key, time] of sorted) console.log(`${((100 * time) / total).toFixed(1).padStart(5)} %  ${key}`)
