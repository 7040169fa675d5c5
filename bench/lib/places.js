/**
 * The namespaces to measure in: made when a case first needs them, all removed when the process ends, however it ends.
 */

import { Conversation, netns, openKernel, route } from './nlwire.js'
import { runFloor } from './processes.js'

/**
 * @typedef {object} Place
 * @property {string} name of the namespace
 * @property {string} path the file of the namespace
 * @property {number} index of the link v0
 */

/** What each kind of place has besides the pair of links v0 and v1. */
const fill = {
  pair: async () => {},
  routes: async (place) => {
    await runFloor([place.path, 'add', '10.0.0.0', '100000', '100', `${place.index}`])
  },
  links: async (_place, conversation) => {
    for (let i = 1; i < 1000; i++) await addPair(conversation, `a${i}`, `b${i}`)
  },
}

/** @type {Map<string, Place>} */
const made = new Map()
/** @type {string[]} */
const names = []

process.on('exit', () => {
  for (const name of names) if (netns.exists(name)) netns.delete(name)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))

/**
 * The place of a kind; the same one for all cases that ask for it.
 * @param {keyof typeof fill} kind
 * @returns {Promise<Place>}
 */
export async function placeOf(kind) {
  const known = made.get(kind)
  if (known) return known
  const name = `nlw-bench-${process.pid}-${kind}`
  names.push(name)
  netns.create(name)
  const opened = netns.open(name)
  const conversation = new Conversation(openKernel({ protocol: route.protocol, netns: opened.fd }), route)
  try {
    await addPair(conversation, 'v0', 'v1')
    const { ifiIndex } = await conversation.get('RTM_GETLINK', { ifname: 'v0' }, { only: ['ifiIndex'] })
    const place = { name, path: `/run/netns/${name}`, index: ifiIndex }
    await fill[kind](place, conversation)
    made.set(kind, place)
    return place
  } finally {
    conversation.close()
    opened.close()
  }
}

/** Two links that are the ends of one wire, both up; neither can be before it has its other end. */
async function addPair(conversation, ifname, peer) {
  const linkinfo = { kind: 'veth', data: { peer: { ifname: peer } } }
  await conversation.request('RTM_NEWLINK', { ifname, linkinfo }, { flags: ['create', 'excl'] })
  for (const one of [ifname, peer])
    await conversation.request('RTM_SETLINK', { ifname: one, ifiFlags: ['up'], ifiChange: ['up'] })
}
