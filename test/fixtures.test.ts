/** Every recorded fixture, found by itself: decodes, re-encodes to the same bytes, dissects to the same text. */
import { expect } from 'chai'
import { verifyCanonical } from '../src/netlink/codec/canonical.js'
import {
  decode,
  dissect,
  encode,
  firstProblem,
  type Message,
  type Protocol,
  toHex,
  unknownProtocol,
} from '../src/netlink/index.js'
import { findProtocol } from '../src/rtnl/index.js'
import { convertByteOrder, type Datagram, formatNl } from '../src/testing/index.js'
import { recordings } from './support/fixtures.js'

/** Requests in which a recording has an attribute that does not fit its type, to record the kernel's answer: its path. */
const misfits: Readonly<Record<string, string>> = { 'error/ipvlan-short-mode': 'linkinfo.data(ipvlan).mode' }

const datagrams = (exchanges: readonly object[]) => exchanges.filter((exchange) => 'bytes' in exchange) as Datagram[]

describe('recorded fixtures', () => {
  before(() => verifyCanonical(true))
  after(() => verifyCanonical(false))
  for (const { name, text, recording } of recordings()) {
    const family: Protocol = findProtocol(recording.family) ?? unknownProtocol
    const { byteOrder } = recording

    it(`${name}: ${recording.title}`, () => {
      expect(recording.exchanges.length, 'exchanges').to.be.greaterThan(0)
      for (const datagram of datagrams(recording.exchanges)) {
        const { bytes } = datagram
        // The kernel's answer repeats the request.
        const path = firstProblem(dissect(family, bytes, { byteOrder }))?.path.replace(/^payload\./, '')
        expect(path).to.equal(misfits[name])
        const messages = decode(family, bytes, { byteOrder, lossless: true })
        expect(toHex(encode(family, messages, { byteOrder }))).to.equal(toHex(bytes))
      }
      expect(formatNl(recording, family)).to.equal(text)
    })

    // Attributes of families that are not described are bytes, which no order can be given.
    const described = recording.family === 'route' || name.startsWith('generic/ctrl')
    if (described && !(name in misfits)) {
      it(`${name}: the same values in the other byte order`, () => {
        const other = byteOrder === 'little' ? 'big' : 'little'
        for (const { bytes } of datagrams(recording.exchanges)) {
          const turned = convertByteOrder(family, bytes, byteOrder)
          const bodies = (list: readonly object[]) =>
            (list as Message[]).map((message) => ({ ...message, wire: undefined }))
          const expected = bodies(decode(family, bytes, { byteOrder }))
          const actual = bodies(decode(family, turned, { byteOrder: other }))
          // What the kernel echoes of a request is bytes, and so differs.
          for (const one of [...expected, ...actual]) delete (one.body as { payload?: unknown }).payload
          expect(actual).to.deep.equal(expected)
          const messages = decode(family, turned, { byteOrder: other, lossless: true })
          expect(toHex(encode(family, messages, { byteOrder: other }))).to.equal(toHex(turned))
          expect(toHex(convertByteOrder(family, turned, other))).to.equal(toHex(bytes))
        }
      })
    }
  }
})
