import { expect } from 'chai'
import { toHex } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import { type Datagram, FixtureError, formatNl, parseNl, type Recording } from '../../../src/testing/index.js'

const head = '# A title\n# cmd: ip link\n# kernel: 6.1.0 x86_64   endian: little   family: route\n'
const row = '0000  10 00 00 00  03 00  02 00  01 00 00 00  00 00 00 00 ; a note that is ignored'
const bytesOf = (recording: Recording) =>
  recording.exchanges.map((one) => ('bytes' in one ? toHex(one.bytes) : 'overrun'))

describe('.nl files', () => {
  it('have a head, directions, sockets, groups, overruns, and bytes of which the notes are ignored', () => {
    const recording = parseNl(
      `${head}\n> NLMSG_DONE\n${row}\n\n< x  socket 2  groups 0x40  nsid 3\n${row}\n< ENOBUFS (lost)  socket 1\n`,
    )
    expect(recording).to.include({ title: 'A title', kernel: '6.1.0 x86_64', byteOrder: 'little', family: 'route' })
    expect(recording.notes).to.deep.equal(['cmd: ip link'])
    const bytes = '10000000030002000100000000000000'
    expect(bytesOf(recording)).to.deep.equal([bytes, bytes, 'overrun'])
    expect(recording.exchanges[1]).to.include({ direction: 'received', socket: 2, groups: 64, nsid: 3 })
    expect(recording.exchanges[2]).to.deep.equal({ direction: 'received', overrun: true, socket: 1 })
  })

  it('offset 0000 begins a datagram, also without a new arrow', () => {
    const recording = parseNl(`${head}\n< a\n${row}\n${row}\n`)
    expect(recording.exchanges).to.have.length(2)
    expect((recording.exchanges[1] as Datagram).direction).to.equal('received')
  })

  it('are written as they are read', () => {
    const recording = parseNl(
      `${head}\n> NLMSG_DONE\n${row}\n< x  groups 0x1  nsid 0\n${row}\n< ENOBUFS\n< ENOBUFS socket 1\n`,
    )
    const text = formatNl(recording, route)
    expect(parseNl(text)).to.deep.equal(recording)
    expect(formatNl(parseNl(text), route)).to.equal(text)
  })

  const wrong: [string, string, RegExp][] = [
    ['no facts', '# title\n> x\n', /needs a line "# kernel/],
    ['bytes without a direction', `${head}${row}\n`, /line 4: bytes before any/],
    ['an offset that does not go on', `${head}> x\n${row}\n0020  00 00\n`, /line 6: offset 0020 where 0010 is next/],
    ['other text', `${head}> x\nhello\n`, /line 5: neither bytes nor/],
  ]
  for (const [name, text, message] of wrong) {
    it(`${name} is refused with the line`, () => {
      expect(() => parseNl(text)).to.throw(FixtureError, message)
    })
  }
})
