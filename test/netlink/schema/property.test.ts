/** Any value that a definition accepts survives encode and decode, in both byte orders. */
import { expect } from 'chai'
import fc from 'fast-check'
import { verifyCanonical } from '../../../src/netlink/codec/canonical.js'
import {
  type AnyMessageInput,
  check,
  decode,
  dissect,
  encode,
  type Message,
  toHex,
} from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import { special } from '../../rtnl/arbitrary.js'
import { arbitrary } from '../../support/arbitrary.js'
import { family } from '../../support/sample.js'

for (const each of [family, route]) {
  describe(`every value of the family ${each.name} survives encode and decode`, () => {
    before(() => verifyCanonical(true))
    after(() => verifyCanonical(false))
    const bodies = new Set<object>()
    for (const [type, { body }] of Object.entries(each.messages)) {
      if (bodies.has(body)) continue
      bodies.add(body)
      it(type, () => {
        const runs = Number(process.env.NLWIRE_PROPERTY_RUNS ?? 300)
        fc.assert(
          fc.property(
            arbitrary(body.describe() as never, special),
            fc.constantFrom('little', 'big'),
            (value, byteOrder) => {
              expect(check(each, type, value)).to.deep.equal([])
              const bytes = encode(each, [{ type, body: value } as AnyMessageInput], { byteOrder })
              const [message] = decode(each, bytes, { byteOrder, lossless: true }) as Message[]
              expect(message!.body).to.deep.include(value as object)
              expect(message!.wire).to.equal(undefined)
              const buffer = Buffer.from(bytes)
              const fromBuffer = decode(each, buffer, { byteOrder, lossless: true })
              buffer.fill(0xaa)
              expect(fromBuffer).to.deep.equal([message])
              expect(toHex(encode(each, [message!], { byteOrder }))).to.equal(toHex(bytes))
              expect(dissect(each, bytes, { byteOrder })[0]!.problem).to.equal(undefined)
            },
          ),
          { numRuns: runs, seed: 20261123, interruptAfterTimeLimit: 20_000 },
        )
      })
    }
  })
}
