/**
 * All cases.
 * @typedef {object} Case
 * @property {string} name
 * @property {string} what it does, in a few words
 * @property {'ratio' | 'time' | 'facts'} measures times beside the floor's, times alone, or whether something holds
 * @property {'routes' | 'links' | 'pair'} [place] the namespace that it works in
 * @property {number} repetitions in one process: the first is cold, the others are warm
 * @property {number} [rounds] fewer than asked for, for facts that take long
 * @property {(repetitions: number, place: import('../lib/places.js').Place) => string[]} [floor] the floor's job
 * @property {number} [target] the ratio, or the nanoseconds of each item, to stay below
 * @property {(context: Context) => Promise<object>} run
 *
 * @typedef {object} Context
 * @property {number} repetitions
 * @property {number} index of the link v0
 * @property {(family?: object, listener?: (passed: import('../../dist/src/netlink/transport/tap.js').Passed) => void) => import('../../dist/src/netlink/conversation/conversation.js').Conversation<any>} open
 * @property {() => Promise<import('../../dist/src/index.js').Rtnl>} openClient
 * @property {(...words: string[]) => string[]} floorCommand
 */
import { codec } from './codec.js'
import { decodeJson } from './decode-json.js'
import { dumps } from './dumps.js'
import { events } from './events.js'
import { memory } from './memory.js'
import { roundTrips } from './round-trips.js'

/** @type {Case[]} */
export const cases = [...dumps, ...roundTrips, ...codec, ...memory, ...events, ...decodeJson]
