/** nlwire/testing: tests of network code without root and without Linux, from recorded bytes. */
export { convertByteOrder } from './byte-order.js'
export { type ReplayHost, recordingHost, replayHost } from './host.js'
export { type Datagram, type Exchange, FixtureError, formatNl, parseNl, type Recording } from './nl.js'
export { Replay, ReplayError, type ReplayOptions, replay } from './replay.js'
