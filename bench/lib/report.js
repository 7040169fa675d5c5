/** Numbers into verdicts, and a table. */

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Of the repetitions in one process: the first is cold, the others are warm. */
const coldOf = (result) => result.times[0]
const warmOf = (result) => median(result.times.slice(1))

/**
 * What the rounds of one case say.
 * @param {import('../cases/index.js').Case} one
 * @param {{ floor?: { times: number[], items: number }, nlwire: any }[]} rounds
 */
export function summarize(one, rounds) {
  const results = rounds.map((round) => round.nlwire)
  const { name, what, target } = one
  if (one.measures === 'facts') {
    const reached = results.every((result) => result.reached)
    return { name, what, target, facts: results.map((result) => result.facts), reached }
  }
  const items = results[0].items
  const summary = {
    name,
    what,
    target,
    items,
    warm: median(results.map(warmOf)),
    cold: median(results.map(coldOf)),
    perItem: median(results.map(warmOf)) / items,
  }
  if (one.measures === 'time') return { ...summary, reached: target === undefined || summary.perItem <= target }
  // The machine may be slower in one round than in another: only what was measured side by side is compared.
  const ratios = rounds.map(({ floor, nlwire }) => warmOf(nlwire) / warmOf(floor))
  if (rounds.some(({ floor }) => floor.items !== items))
    throw new Error(`${name}: the floor saw another number of items`)
  const ratio = median(ratios)
  return {
    ...summary,
    floor: median(rounds.map(({ floor }) => warmOf(floor))),
    ratio,
    ratios,
    reached: target === undefined || ratio <= target,
  }
}

const milliseconds = (ns) => (ns / 1e6).toFixed(1)
const each = (ns) => (ns < 10_000 ? `${ns.toFixed(0)} ns` : `${(ns / 1000).toFixed(1)} us`)
const verdict = ({ target, reached }) => (target === undefined ? '' : reached ? 'reached' : 'NOT REACHED')

/** All summaries as lines of text. */
export function table(summaries) {
  const rows = [['case', 'floor ms', 'nlwire ms', 'cold ms', 'each', 'ratio (least to most)', 'target', '']]
  const facts = []
  for (const one of summaries) {
    if (one.facts) {
      for (const [i, round] of one.facts.entries())
        facts.push(
          `${one.name}, round ${i + 1}: ${Object.entries(round)
            .map(([key, value]) => `${key} ${value}`)
            .join(', ')}`,
        )
      rows.push([one.name, '', '', '', '', '', 'see below', verdict(one)])
      continue
    }
    const { ratio, ratios, target } = one
    const spread =
      ratio && `${ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`
    const wanted = target === undefined ? '' : ratio ? `${target.toFixed(2)}` : each(target)
    const floor = one.floor ? milliseconds(one.floor) : ''
    const times = [milliseconds(one.warm), milliseconds(one.cold), each(one.perItem)]
    rows.push([one.name, floor, ...times, spread ?? '', wanted, verdict(one)])
  }
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)))
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, ...(facts.length ? ['', ...facts] : [])].join('\n')
}
