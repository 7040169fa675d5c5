/** decode --json and encode give the same bytes for every recorded datagram. */
import { expect } from 'chai'
import { encodeJson } from '../../src/cli/json/from-json.js'
import { messageJson } from '../../src/cli/messages/message-json.js'
import { decodeItem, parse } from '../../src/cli/messages/messages.js'
import { Requests } from '../../src/cli/messages/requests.js'
import { DecodeError, toHex } from '../../src/netlink/index.js'
import type { Datagram } from '../../src/testing/index.js'
import { recordings } from '../support/fixtures.js'

describe('decode --json, then encode', () => {
  for (const { name, recording } of recordings()) {
    it(name, () => {
      const requests = new Requests()
      for (const exchange of recording.exchanges) {
        if (!('bytes' in exchange)) continue
        const { bytes, direction } = exchange as Datagram
        const { byteOrder, family } = recording
        const parsed = parse({ bytes, direction, byteOrder, protocol: family, where: name }, {})
        requests.note(parsed)
        const lines = parsed.items.map((item) => {
          const message = decodeItem(parsed, item, true)
          const refusal = message instanceof DecodeError ? undefined : requests.refusal(parsed, item, message)
          return messageJson(parsed, item, message, refusal)
        })
        const back = lines.map((line) => encodeJson(JSON.parse(line), name))
        expect(back.map((one) => toHex(one.bytes)).join('')).to.equal(toHex(bytes))
        expect(back.map(({ more }) => more)).to.deep.equal(back.map((_, i) => i < back.length - 1))
        for (const one of back) expect(one).to.include({ byteOrder, protocol: family, direction })
      }
    })
  }
})
