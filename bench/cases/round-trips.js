/** Single requests, each awaited before the next. */
import {
  attributes,
  defineProtocol,
  enumOf,
  flagsOf,
  headed,
  ipv4,
  mac,
  padding,
  s32,
  struct,
  u8,
  u16,
} from '../lib/nlwire.js'
import { repeat } from '../lib/repeat.js'

/** As many as the floor does in one repetition. */
const ROUND_TRIPS = 1000

/** Neighbours, as far as this case needs them: a definition of its own, as any user of the engine can write one. */
const ndmsg = struct('ndmsg', {
  ndmFamily: enumOf(u8, { inet: 2, inet6: 10 }),
  _pad: padding(3),
  ndmIfindex: s32,
  ndmState: flagsOf(u16, { reachable: 2, stale: 4, noarp: 0x40, permanent: 0x80 }),
  ndmFlags: flagsOf(u8, { proxy: 8, router: 0x80 }),
  ndmType: u8,
})
const body = headed(ndmsg, attributes('NDA', { dst: [1, ipv4], lladdr: [2, mac] }))
const neighbours = defineProtocol(
  'neighbours',
  0,
  { RTM_NEWNEIGH: { number: 28, operation: 'new', body }, RTM_DELNEIGH: { number: 29, operation: 'del', body } },
  {},
)

async function getLinks({ repetitions, open, index }) {
  const conversation = open()
  let sum = 0
  const result = await repeat(repetitions, async () => {
    for (let i = 0; i < ROUND_TRIPS; i++) {
      const link = await conversation.get('RTM_GETLINK', { ifiIndex: index })
      sum += link.mtu
    }
    return ROUND_TRIPS
  })
  conversation.close()
  return { ...result, sum }
}

async function changeNeighbours({ repetitions, open, index }) {
  const conversation = open(neighbours)
  const flags = ['create', 'excl']
  const result = await repeat(repetitions, async () => {
    for (let i = 0; i < ROUND_TRIPS; i++) {
      const add = i % 2 === 0
      const neighbour = {
        ndmFamily: 'inet',
        ndmIfindex: index,
        ndmState: ['permanent'],
        dst: '10.255.255.77',
        lladdr: '02:00:00:00:00:01',
      }
      if (add) await conversation.request('RTM_NEWNEIGH', neighbour, { flags })
      else await conversation.request('RTM_DELNEIGH', neighbour)
    }
    return ROUND_TRIPS
  })
  conversation.close()
  return result
}

/** @type {import('./index.js').Case[]} */
export const roundTrips = [
  {
    name: 'getlink',
    what: '1,000 links by index, every attribute, each awaited',
    measures: 'ratio',
    place: 'pair',
    repetitions: 40,
    floor: (repetitions, { index }) => ['getlink', `${repetitions}`, `${index}`],
    target: 1.7,
    run: getLinks,
  },
  {
    name: 'neigh',
    what: '1,000 neighbours added or deleted, each ack awaited',
    measures: 'ratio',
    place: 'pair',
    repetitions: 40,
    floor: (repetitions, { index }) => ['neigh', `${repetitions}`, `${index}`],
    target: 1.4,
    run: changeNeighbours,
  },
]
