/** Whole dumps, beside a loop that only walks the message headers of the same dump. */
import { repeat } from '../lib/repeat.js'

const inet = { rtmFamily: 'inet' }
const five = ['rtmDstLen', 'dst', 'oif', 'table', 'gateway']

/** Item by item, and used, so that nothing can be left out. */
function streamed(type, body, options) {
  return async ({ repetitions, open }) => {
    const conversation = open()
    let sum = 0
    const result = await repeat(repetitions, async () => {
      let items = 0
      for await (const item of conversation.dump(type, body, options)) {
        sum += item.oif ?? item.mtu ?? 0
        items++
      }
      return items
    })
    conversation.close()
    return { ...result, sum }
  }
}

/** A datagram's items at a time. */
function batched(type, body, options) {
  return async ({ repetitions, open }) => {
    const conversation = open()
    let sum = 0
    const result = await repeat(repetitions, async () => {
      let items = 0
      for await (const batch of conversation.dump(type, body, options).batches()) {
        for (const item of batch) sum += item.oif ?? item.mtu ?? 0
        items += batch.length
      }
      return items
    })
    conversation.close()
    return { ...result, sum }
  }
}

const routes = {
  measures: 'ratio',
  place: 'routes',
  repetitions: 12,
  floor: (repetitions) => ['dump', 'route', `${repetitions}`],
}
const links = {
  measures: 'ratio',
  place: 'links',
  repetitions: 40,
  floor: (repetitions) => ['dump', 'link', `${repetitions}`],
}

/** @type {import('./index.js').Case[]} */
export const dumps = [
  {
    ...routes,
    name: 'routes',
    what: '100,000 routes, every attribute, for await',
    target: 2.2,
    run: streamed('RTM_GETROUTE', inet),
  },
  {
    ...routes,
    name: 'routes-batches',
    what: '100,000 routes, every attribute, batches()',
    target: 2.2,
    run: batched('RTM_GETROUTE', inet),
  },
  {
    ...routes,
    name: 'routes-five',
    what: `100,000 routes, only ${five.join(', ')}, for await`,
    target: 1.7,
    run: streamed('RTM_GETROUTE', inet, { only: five }),
  },
  {
    ...routes,
    name: 'routes-five-batches',
    what: `100,000 routes, only ${five.join(', ')}, batches()`,
    target: 1.7,
    run: batched('RTM_GETROUTE', inet, { only: five }),
  },
  {
    ...links,
    name: 'links',
    what: '2,000 links, everything, for await',
    target: 2.5,
    run: streamed('RTM_GETLINK', {}),
  },
  {
    ...links,
    name: 'links-names',
    what: '2,000 links, only ifiIndex, ifname and mtu, for await',
    run: streamed('RTM_GETLINK', {}, { only: ['ifiIndex', 'ifname', 'mtu'] }),
  },
]
