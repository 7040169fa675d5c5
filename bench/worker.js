/** One case of nlwire, alone in this process: `node bench/worker.js CASE CONTEXT`. Prints one line of JSON. */
import { cases } from './cases/index.js'
import { Conversation, netns, openKernel, openRtnl, route, tap } from './lib/nlwire.js'

const [name, json] = process.argv.slice(2)
const { place, repetitions, floor } = JSON.parse(json)
const opened = place && netns.open(place.path)

/** @type {import('./cases/index.js').Context} */
const context = {
  repetitions,
  index: place?.index,
  /** A conversation in the namespace of the case, each datagram of it shown to the listener. */
  open: (family = route, listener = () => {}) => {
    const kernel = openKernel({ protocol: family.protocol, netns: opened.fd })
    return new Conversation(listener.length > 0 ? tap(kernel, listener) : kernel, family)
  },
  /** The client there. */
  openClient: () => openRtnl({ netns: { fd: opened.fd } }),
  /** The words that run the floor in the namespace of the case. */
  floorCommand: (...words) => [floor, place.path, ...words],
}
const result = await cases.find((one) => one.name === name).run(context)
console.log(JSON.stringify(result))
// Nothing is waited for any more, but a listener of a case that failed half-way may keep the loop alive.
process.exit(0)
