/** Every recorded fixture, found by itself: decodes, re-encodes to the same bytes, dissects to the same text. */
import { expect } from 'chai'
import {
  DecodeError,
  decode,
  encode,
  type Message,
  type Protocol,
  toHex,
  unknownProtocol,
} from '../src/netlink/index.js'
import { protocols } from '../src/rtnl/index.js'
import { convertByteOrder, type Datagram, formatNl } from '../src/testing/index.js'
import { recordings } from './support/fixtures.js'

/** Requests that a recording sends broken on purpose, to record the kernel's answer: the path at which they are. */
const broken: Readonly<Record<string, string>> = { 'error/ipvlan-short-mode': 'linkinfo.data(ipvlan).mode' }

const datagrams = (exchanges: readonly object[]) => exchanges.filter((exchange) => 'bytes' in exchange) as Datagram[]

describe('recorded fixtures', () => {
  for (const { name, text, recording } of recordings()) {
    const family: Protocol = protocols[recording.family] ?? unknownProtocol
    const { byteOrder } = recording
    const sound = (datagram: Datagram) => !(name in broken && datagram.direction === 'sent')

    it(`${name}: ${recording.title}`, () => {
      expect(recording.exchanges.length, 'exchanges').to.be.greaterThan(0)
      for (const datagram of datagrams(recording.exchanges)) {
        const { bytes } = datagram
        if (!sound(datagram)) {
          expect(() => decode(family, bytes, { byteOrder }))
            .to.throw(DecodeError)
            .with.property('path', broken[name])
          continue
        }
        const messages = decode(family, bytes, { byteOrder, lossless: true })
        expect(toHex(encode(family, messages, { byteOrder }))).to.equal(toHex(bytes))
      }
      expect(formatNl(recording, family)).to.equal(text)
    })

    if (recording.family === 'route' && !(name in broken)) {
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
