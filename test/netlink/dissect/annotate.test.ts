/** The annotated dump in the columns of a terminal: no line is longer, nothing is lost, and it can be read back. */
import { expect } from 'chai'
import { columnsOf, foldNote } from '../../../src/cli/output/wrap.js'
import { type AnnotateOptions, annotate, dissect, encode, unknownProtocol } from '../../../src/netlink/index.js'
import { findProtocol, route } from '../../../src/rtnl/index.js'
import { type Datagram, parseNl } from '../../../src/testing/index.js'
import { recordings } from '../../support/fixtures.js'

const head = '# t\n# kernel: 6 x   endian: little   family: route\n> x\n'
const noteOf = (line: string) => line.slice(line.indexOf(';') + 1)
const notes = (lines: readonly string[]) => lines.filter((line) => line.includes(';')).map(noteOf)
/** The notes without what differs by where they are broken. */
const words = (lines: readonly string[]) =>
  notes(lines)
    .join('')
    .replaceAll(/[\s,:]/g, '')
const readBack = (lines: readonly string[]) => (parseNl(head + lines.join('\n')).exchanges[0] as Datagram).bytes

const link = (body: object, options?: AnnotateOptions) => {
  const bytes = encode(route, [{ type: 'RTM_NEWLINK', flags: ['request'], seq: 1, pid: 0, body }], {
    byteOrder: 'little',
  })
  return { bytes, lines: annotate(bytes, dissect(route, bytes, { byteOrder: 'little' }), options) }
}

describe('annotate', () => {
  for (const width of [60, 100])
    it(`every recorded datagram in ${width} columns`, () => {
      for (const { name, recording } of recordings()) {
        const { byteOrder, exchanges } = recording
        for (const exchange of exchanges) {
          if (!('bytes' in exchange)) continue
          const { bytes } = exchange
          const fields = dissect(findProtocol(recording.family) ?? unknownProtocol, bytes, { byteOrder })
          const lines = annotate(bytes, fields, { width, fold: foldNote })
          for (const line of lines) expect(columnsOf(line), `${name}: ${line}`).to.be.at.most(width)
          expect(words(lines), name).to.equal(words(annotate(bytes, fields)))
          expect(readBack(lines), name).to.deep.equal(new Uint8Array(bytes))
        }
      }
    })

  it('says of a struct beside each line what is in that line, and nothing else', () => {
    const { lines } = link({ ifiType: 'ieee80211Radiotap', ifiIndex: 7777777 }, { width: 60, fold: foldNote })
    expect(lines.slice(2)).to.deep.equal([
      '0010  00 00 23 03  f1 ad 76 00  ; ifinfomsg: ifiType',
      '                                ;   ieee80211Radiotap,',
      '                                ;   ifiIndex 7777777',
      '0018  00 00 00 00  00 00 00 00',
    ])
  })

  it('goes on with a note beside the bytes that follow, and below them', () => {
    const { lines } = link({ ifalias: 'x'.repeat(60) }, { width: 60, fold: foldNote })
    expect(lines.slice(0, 2)).to.deep.equal([
      '0000  64 00 00 00  10 00  01 00 ; length 100, RTM_NEWLINK,',
      '0008  01 00 00 00  00 00 00 00  ;   request, seq 1',
    ])
    const { lines: short } = link({ ifname: 'abcdefghijklmno' }, { width: 60, fold: foldNote })
    expect(short.at(-1)).to.equal('0030  6d 6e 6f 00')
  })

  it('cuts a long name in pieces, and loses nothing of it', () => {
    const ifalias = Array.from({ length: 255 }, (_, i) => 'abcdefghij'[i % 10]).join('')
    const { lines, bytes } = link({ ifalias }, { width: 80, fold: foldNote })
    for (const line of lines) expect(line.length).to.be.at.most(80)
    expect(words(lines)).to.contain(`ifalias="${ifalias}"`)
    expect(readBack(lines)).to.deep.equal(bytes)
  })

  it('escapes before it counts', () => {
    const longer = (text: string) => text.replaceAll('漢', '<six>')
    const { lines } = link({ ifalias: '漢'.repeat(80) }, { width: 80, fold: foldNote, escape: longer })
    for (const line of lines) expect(line.length).to.be.at.most(80)
    expect(words(lines).match(/<six>/g)).to.have.lengthOf(80)
  })

  it('marks the lines of the blamed bytes, with the note once', () => {
    const body = { ifname: 'eth0', ifalias: 'x'.repeat(20), mtu: 1500 }
    const mark = { offset: 0x2c, length: 25, note: 'EINVAL: no' }
    const { lines } = link(body, { mark })
    expect(lines.filter((line) => line.includes('<--')).map(noteOf)).to.deep.equal([
      ` ifalias = "${'x'.repeat(20)}"  <-- EINVAL: no`,
      ' <--',
    ])
    const marked = link(body, { mark, onlyMarked: true, width: 60, fold: foldNote }).lines
    expect(marked.map((line) => line.slice(0, 4))).to.deep.equal(['002c', '    ', '    ', '0034', '003c', '0044'])
    expect(link(body, { onlyMarked: true }).lines).to.deep.equal([])
  })

  it('shows what a number without a name might have been, where the list is short and has no gaps', () => {
    const { lines } = link({ linkmode: 7, linkinfo: { kind: 'ipvlan', data: { mode: 3 } } })
    expect(notes(lines)).to.include.members([
      ' linkmode = 7 (known: default, dormant, testing)',
      '     mode = 3 (known: l2, l3, l3s)',
    ])
    const table = encode(route, [{ type: 'RTM_GETROUTE', body: { rtmScope: 7, table: 70000 } }])
    expect(words(annotate(table, dissect(route, table)))).to.match(/rtmScope7.*table=70000$/)
  })

  it('offsets of five digits can be read back', () => {
    const one = link({ ifname: 'eth0', ifalias: 'x'.repeat(250) }).bytes
    const count = Math.ceil(0x10000 / one.length) + 2
    const bytes = new Uint8Array(one.length * count)
    for (let i = 0; i < count; i++) bytes.set(one, i * one.length)
    for (const width of [undefined, 80]) {
      const lines = annotate(
        bytes,
        dissect(route, bytes, { byteOrder: 'little' }),
        width === undefined ? {} : { width, fold: foldNote },
      )
      expect(readBack(lines)).to.deep.equal(bytes)
      for (const line of lines) expect(line.length).to.be.at.most(width ?? Infinity)
    }
  })
})
