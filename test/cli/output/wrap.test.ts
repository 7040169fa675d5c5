import { expect } from 'chai'
import fc from 'fast-check'
import { columnsOf, wrap } from '../../../src/cli/output/wrap.js'

const squeezed = (text: string) => text.replaceAll(' ', '')

describe('wrap', () => {
  it('leaves what fits, and breaks at spaces, keeping the indentation', () => {
    expect(wrap('  a bc', 6)).to.deep.equal(['  a bc'])
    expect(wrap('  one two three', 9, { hang: '> ' })).to.deep.equal(['  one two', '  > three'])
  })

  it('keeps the items of a list together where they fit in a line', () => {
    const text = 'type ether, flags up|running, mtu 1500'
    expect(wrap(text, 17)).to.deep.equal(['type ether, flags', 'up|running, mtu', '1500'])
    expect(wrap(text, 17, { list: true })).to.deep.equal(['type ether,', 'flags up|running,', 'mtu 1500'])
    expect(wrap('a, one two three, b', 8, { list: true })).to.deep.equal(['a, one', 'two', 'three, b'])
  })

  it('cuts words that are longer than a line, from where they begin', () => {
    expect(wrap('name = abcdefghij', 10, { hang: '  ' })).to.deep.equal(['name = abc', '  defghij'])
  })

  it('leaves half of the line to what is indented deeply', () => {
    expect(wrap(`${' '.repeat(50)}ab cd`, 8)).to.deep.equal(['    ab', '    cd'])
  })

  it('counts two columns for East Asian characters and emoji', () => {
    expect(columnsOf('漢字かなカナ한글ａ🙂🚀')).to.equal(22)
    expect(columnsOf('äöüß€→─abc')).to.equal(10)
    expect(wrap('漢字かな', 5)).to.deep.equal(['漢字', 'かな'])
  })

  it('no line is longer, and nothing is lost', () => {
    const word = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme' }), fc.constantFrom(', ', '   '))
    const options = fc.record({ hang: fc.constantFrom('', '  '), list: fc.boolean() })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.integer({ min: 8, max: 60 }), options, (words, width, how) => {
        const text = words.join('')
        const lines = wrap(text, width, how)
        for (const line of lines) expect(columnsOf(line)).to.be.at.most(width)
        expect(squeezed(lines.join(''))).to.equal(squeezed(text))
      }),
      { numRuns: 2000 },
    )
  })
})
