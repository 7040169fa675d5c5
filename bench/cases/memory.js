/** Memory while a long list is streamed. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MIB = 2 ** 20
/** What is alive is looked at so often in each dump; it is only known after a collection. */
const SAMPLE = 25_000

async function streaming({ repetitions, open }) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const conversation = open()
  const live = []
  let resident = 0
  let items = 0
  for (let i = 0; i < repetitions; i++) {
    let peak = 0
    for await (const route of conversation.dump('RTM_GETROUTE', { rtmFamily: 'inet' })) {
      if (route.oif === undefined || ++items % SAMPLE !== 0) continue
      resident = Math.max(resident, process.memoryUsage.rss())
      collect()
      peak = Math.max(peak, process.memoryUsage().heapUsed)
    }
    live.push(peak)
  }
  conversation.close()
  const show = (bytes) => `${(bytes / MIB).toFixed(2)} MiB`
  // One dump is kept for the engine to warm up.
  const grown = live.at(-1) - live[1]
  return {
    reached: grown < MIB,
    facts: {
      routes: items,
      'alive in the first dump': show(live[0]),
      'in the second': show(live[1]),
      'in the last': show(live.at(-1)),
      'most resident': show(resident),
    },
  }
}

/** @type {import('./index.js').Case[]} */
export const memory = [
  {
    name: 'memory',
    what: '1,000,000 routes (ten dumps), streamed: what is alive does not grow',
    measures: 'facts',
    place: 'routes',
    repetitions: 10,
    rounds: 2,
    target: 'flat',
    run: streaming,
  },
]
