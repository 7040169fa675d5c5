import { expect } from 'chai'
import { didYouMean, nearest } from '../../../src/netlink/bytes/nearest.js'

describe('the nearest names', () => {
  const known = ['ifname', 'ifalias', 'mtu', 'ifiIndex', 'netns', 'timeout', 'ifaPrefixlen']
  for (const [word, names] of [
    ['ifnme', ['ifname']],
    ['IFNAME', ['ifname']],
    ['mut', ['mtu']],
    ['namespace', []],
    ['prefixlen', ['ifaPrefixlen']],
    ['timeOut', ['timeout']],
    ['', []],
    ['__proto__', []],
    ['x'.repeat(1e6), []],
  ] as const)
    it(`${word.slice(0, 20)}: ${names.join(', ') || 'none'}`, () => {
      expect(nearest(word, known).slice(0, Math.max(1, names.length))).to.deep.equal(names)
    })

  it('are three at most', () => {
    expect(nearest('abc', ['abd', 'abe', 'abf', 'abg'])).to.deep.equal(['abd', 'abe', 'abf'])
  })

  it('what a word stands for comes before all', () => {
    expect(nearest('via', ['vid'], { via: 'gateway' })).to.deep.equal(['gateway'])
    expect(nearest('constructor', ['mtu'], { via: 'gateway' })).to.deep.equal([])
  })

  it('are asked for in a sentence', () => {
    expect(didYouMean([])).to.equal('')
    expect(didYouMean(['a'])).to.equal('did you mean a?')
    expect(didYouMean(['a', 'b', 'c'])).to.equal('did you mean a, b or c?')
  })
})
