/** JSON with the memory of the object before it is the same as without. */
import { expect } from 'chai'
import fc from 'fast-check'
import { JsonMemory, jsonText } from '../../../src/cli/output/json-text.js'

describe('the JSON of values', () => {
  it('is that of JSON, but for 64-bit numbers, bytes, and what a terminal would obey', () => {
    const value = { a: 'x"\\é', b: [1, -2.5, true, null], c: {}, d: { e: undefined, f: [] } }
    expect(jsonText(value)).to.equal(JSON.stringify(value))
    expect(jsonText({ a: 2n ** 64n - 1n, b: new Uint8Array([1, 255]) })).to.equal(
      '{"a":"18446744073709551615","b":"01ff"}',
    )
    expect(jsonText('\u007f\u009b\u202e')).to.equal('"\\u007f\\u009b\\u202e"')
  })

  it('does not change with what came before', () => {
    const names = fc.constantFrom('a', 'b', 'c', '1')
    const { value } = fc.letrec((tie) => ({
      // Texts that look like the JSON of an object: they are not to be taken for it.
      leaf: fc.constantFrom<unknown>(0, 1n, '0', '{}', '{"a":0}', null, undefined, true, [], [{ a: 0 }]),
      value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object')),
      object: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }))
    const objects = fc.array(fc.dictionary(names, value, { maxKeys: 4, noNullPrototype: true }), { maxLength: 8 })
    fc.assert(
      fc.property(objects, (list) => {
        const memory = new JsonMemory()
        for (const one of list) expect(jsonText(one, memory)).to.equal(jsonText(one))
      }),
      { numRuns: 3000 },
    )
  })
})
