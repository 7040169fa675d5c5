/** Encoding and decoding in memory: the message that makes an ipvlan. */
import { decode, encode, route } from '../lib/nlwire.js'
import { repeat } from '../lib/repeat.js'

const CALLS = 20_000

/** As iproute2 sends it: 88 bytes. */
const message = {
  type: 'RTM_NEWLINK',
  flags: ['request', 'ack', 'excl', 'create'],
  seq: 1,
  body: {
    link: 2,
    ifname: 'ipvl0',
    linkinfo: { kind: 'ipvlan', data: { mode: 'l3s', flags: ['private'] } },
  },
}

function encoding({ repetitions }) {
  let sum = 0
  return repeat(repetitions, () => {
    for (let i = 0; i < CALLS; i++) sum += encode(route, [message]).length
    if (sum % 88 !== 0) throw new Error('the message is of 88 bytes')
    return CALLS
  })
}

function decoding({ repetitions }) {
  const bytes = encode(route, [message])
  return repeat(repetitions, () => {
    for (let i = 0; i < CALLS; i++)
      if (decode(route, bytes)[0].body.linkinfo.data.mode !== 'l3s') throw new Error('the mode is l3s')
    return CALLS
  })
}

/** @type {import('./index.js').Case[]} */
export const codec = [
  {
    name: 'encode',
    what: 'RTM_NEWLINK of an ipvlan, plain object to bytes',
    measures: 'time',
    repetitions: 40,
    target: 1500,
    run: encoding,
  },
  {
    name: 'decode',
    what: 'the same, bytes to plain object',
    measures: 'time',
    repetitions: 40,
    target: 1000,
    run: decoding,
  },
]
