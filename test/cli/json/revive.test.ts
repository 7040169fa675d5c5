/** What JSON cannot carry, read back by the definitions. */
import { expect } from 'chai'
import { revived } from '../../../src/cli/json/revive.js'
import { attributes, enumOf, flagsOf, type Issue, u64 } from '../../../src/netlink/index.js'

const set = attributes('SET', {
  count: [1, u64],
  mode: [2, enumOf(u64, { off: 0, far: 2n ** 40n })],
  features: [3, flagsOf(u64, { basic: 1, high: 2n ** 40n })],
})
const read = (value: unknown) =>
  revived(value, (one) => {
    const issues: Issue[] = []
    set.check(one, '', issues)
    return issues
  })

describe('JSON back to values', () => {
  it('makes bigints of text and numbers, in the place of names over 64 bits as well', () => {
    expect(read({ count: '18446744073709551615', mode: '7', features: ['high', '6'] })).to.deep.equal({
      count: 2n ** 64n - 1n,
      mode: 7n,
      features: ['high', 6n],
    })
    expect(read({ count: 3, mode: 'far', features: [2] })).to.deep.equal({ count: 3n, mode: 'far', features: [2n] })
  })

  it('leaves to the encoder what is no number and no name', () => {
    const wrong = { mode: 'near', features: ['nosuch', true] }
    expect(read(structuredClone(wrong))).to.deep.equal(wrong)
  })
})
