/** The judgement that bytes are canonical can be held against a full encoding. */
import { expect } from 'chai'
import { Reader } from '../../../src/netlink/bytes/bytes.js'
import { isCanonical, verifyCanonical } from '../../../src/netlink/codec/canonical.js'
import { bytes, fromHex } from '../../../src/netlink/index.js'

describe('whether bytes are canonical', () => {
  it('a judgement that no encoding bears out is told, where that is asked for', () => {
    const r = new Reader(fromHex('01020304'), 'little')
    // A type that is sure of what is not so.
    const wrong = { ...bytes, exact: () => true, write: () => {} }
    const judge = () => isCanonical(r, wrong, 0, 4, fromHex('01020304'), undefined)
    expect(judge()).to.equal(true)
    verifyCanonical(true)
    try {
      expect(judge).to.throw(/bytes was taken for canonical: 01020304/)
    } finally {
      verifyCanonical(false)
    }
  })
})
