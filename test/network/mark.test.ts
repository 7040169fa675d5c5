import { expect } from 'chai'
import {
  checkNames,
  draftName,
  draftPrefix,
  isUserName,
  type Mark,
  markText,
  parseMark,
  userName,
} from '../../src/network/mark.js'

const marks: readonly Mark[] = [
  { role: 'attachment', network: 'n30', id: 'c1' },
  { role: 'attachment', network: 'a:b%c', id: 'two words\n/ü:%' },
  { role: 'host', network: 'n:30' },
  { role: 'parent' },
]

describe('network/mark', () => {
  it('what is marked is read again', () => {
    for (const mark of marks) {
      const text = markText(mark)
      expect(parseMark(text), text).to.deep.equal(mark)
      // An alias is one word.
      expect(text).not.to.match(/\s/)
    }
    expect(markText(marks[0]!)).to.equal('nlwire:attachment:n30:c1')
  })

  it('what others have written is no mark', () => {
    for (const alias of [
      undefined,
      '',
      'uplink',
      'nlwire',
      'nlwire:',
      'nlwire:attachment:n30',
      'nlwire:attachment::c1',
      'nlwire:attachment:n30:c1:x',
      'nlwire:host',
      'nlwire:host:n30:c1',
      'nlwire:parent:n30',
      'nlwire:other:n30',
      'nlwire:host:%',
      'nlwire:host:%ff',
      'Nlwire:parent',
    ])
      expect(parseMark(alias), `${alias}`).to.equal(undefined)
  })

  it('names that no alias could carry are refused, with how much is too much', () => {
    const refused = (...names: [unknown, unknown?]) => {
      try {
        checkNames(...names)
      } catch (error) {
        const { option, message } = error as { option: string; message: string }
        return [option, message]
      }
      return undefined
    }
    expect(refused('n30', 'c1')).to.equal(undefined)
    for (const name of ['', 7, undefined, null, '\ud800']) expect(refused(name)?.[0], `${name}`).to.equal('name')
    for (const id of ['', 7, null, '\udfff']) expect(refused('n30', id)?.[0], `${id}`).to.equal('id')
    // nlwire:attachment:n30: has 22 bytes of 255.
    expect(refused('n30', 'x'.repeat(233))).to.equal(undefined)
    expect(refused('n30', 'x'.repeat(234))).to.deep.equal([
      'id',
      `id: expected a text shorter by 1 bytes, got "${'x'.repeat(79)}`,
    ])
    expect(refused('n30', 'ü'.repeat(117))?.[0]).to.equal('id')
    expect(refused('x'.repeat(120))).to.equal(undefined)
    expect(refused('x'.repeat(121))?.[1]).to.match(/at most 120 bytes/)
    expect(refused('/'.repeat(41))?.[0]).to.equal('name')
  })

  it('names of links that are not finished fit, and differ', () => {
    const all = ['n30', 'n110'].flatMap((network) => ['c1', 'c2', ':host'].map((what) => draftName(network, what)))
    expect(new Set(all).size).to.equal(6)
    for (const name of all) expect(name).to.match(/^nlw[a-z0-9]{12}$/)
    expect(draftName('n30', 'c1')).to.equal(draftName('n30', 'c1'))
    expect(draftName('n30', 'c1').startsWith(draftPrefix('n30'))).to.equal(true)
    expect(draftName('n30', 'c1').startsWith(draftPrefix('n110'))).to.equal(false)
  })

  it('users of a parent are told by names that an alternative name can be', () => {
    for (const network of ['n30', 'a/b', 'a:b c%']) {
      expect(userName(network)).to.match(/^nlwire\.[^/:\s]+$/)
      expect(isUserName(userName(network))).to.equal(true)
    }
    expect(userName('a/b')).not.to.equal(userName('a%2Fb'))
    expect(isUserName('eth0')).to.equal(false)
  })
})
