/** What nlwire decodes of a recording says the same as what `ip -j -d` printed beside it, key for key. */
import { expect } from 'chai'
import { revivedBody } from '../src/cli/json/from-json.js'
import { messageJson } from '../src/cli/messages/message-json.js'
import { decodeItem, parse } from '../src/cli/messages/messages.js'
import { route } from '../src/rtnl/index.js'
import type { Recording } from '../src/testing/index.js'
import { recordings } from './support/fixtures.js'
import { messagesOf, type Recorded } from './support/oracle.js'
import { compareWithOracle, incomparable } from './support/oracle-compare.js'

/** The messages as the lines of `nlwire decode --json` have them. */
function fromJson({ exchanges, byteOrder }: Recording): Recorded[] {
  return exchanges.flatMap((exchange) => {
    if (!('bytes' in exchange)) return []
    const { direction, socket = 0 } = exchange
    const parsed = parse({ ...exchange, byteOrder, where: '' }, {})
    return parsed.items.map((item) => {
      const json = JSON.parse(messageJson(parsed, item, decodeItem(parsed, item, true)))
      return { direction, socket, message: { ...json, body: revivedBody(route, json.type, json.body) } }
    })
  })
}

for (const [title, read] of [
  ['recordings and what ip said of the same', messagesOf],
  ['decode --json and what ip said of the same', fromJson],
] as const)
  describe(title, () => {
    for (const fixture of recordings()) {
      if (fixture.oracle === undefined) continue
      const reason = incomparable[fixture.name]
      const compare = () => compareWithOracle(fixture, read(fixture.recording))
      if (reason === undefined) it(fixture.name, compare)
      else it(`${fixture.name}: cannot be compared: ${reason}`, () => void expect(compare).to.throw())
    }
  })
