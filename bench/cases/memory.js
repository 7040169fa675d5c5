/** Memory while a long list is streamed. */
const MIB = 2 ** 20
const SAMPLE = 5000

async function streaming({ repetitions, open }) {
  const conversation = open()
  const peaks = []
  let items = 0
  for (let i = 0; i < repetitions; i++) {
    let peak = { heap: 0, rss: 0 }
    for await (const route of conversation.dump('RTM_GETROUTE', { rtmFamily: 'inet' })) {
      if (route.oif === undefined || ++items % SAMPLE !== 0) continue
      const { heapUsed, rss } = process.memoryUsage()
      peak = { heap: Math.max(peak.heap, heapUsed), rss: Math.max(peak.rss, rss) }
    }
    peaks.push(peak)
  }
  conversation.close()
  // The first dump grows V8's nursery; from then on nothing may grow with the number of items.
  const second = peaks[1]
  const last = peaks.at(-1)
  const show = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`
  return {
    reached: last.rss <= 1.1 * second.rss && last.heap <= 1.5 * second.heap,
    facts: {
      routes: items,
      'heap in the first dump': show(peaks[0].heap),
      'in the second': show(second.heap),
      'in the last': show(last.heap),
      'resident in the first': show(peaks[0].rss),
      'in the second dump': show(second.rss),
      'in the last dump': show(last.rss),
    },
  }
}

/** @type {import('./index.js').Case[]} */
export const memory = [
  {
    name: 'memory',
    what: '1,000,000 routes (ten dumps), streamed: the memory does not grow',
    measures: 'facts',
    place: 'routes',
    repetitions: 10,
    rounds: 2,
    target: 'flat',
    run: streaming,
  },
]
