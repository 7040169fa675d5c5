import { expect } from 'chai'
import fc from 'fast-check'
import { annotate, dissect, encode, toHex } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import {
  type Datagram,
  type Exchange,
  FixtureError,
  formatNl,
  parseNl,
  type Recording,
} from '../../../src/testing/index.js'
import { recordings } from '../../support/fixtures.js'

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

describe('what formatNl writes parseNl reads back', () => {
  const kinds = [
    'x\n0048  41 41 41 41 ;',
    'x\n\n<\n0000  10 00 00 00 02 00 00 00 01 00 00 00 00 00 00 00 ;',
    'x\n0000  ff',
    'x\r\u2028\n>\n0000  ff',
    '\u001b[31m \u202e) ; # <',
    '',
  ]
  const facts = { title: 't', notes: [], kernel: '6.1.0', byteOrder: 'little', family: 'route' } as const
  const back = (recording: Recording) => parseNl(formatNl(recording, route))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

  it('whatever kind a link says that it is', () => {
    for (const kind of kinds)
      for (const info of [
        { kind, otherData: new Uint8Array([7, 0, 0, 0]) },
        { slaveKind: kind, otherSlaveData: new Uint8Array([7, 0, 0, 0]) },
      ]) {
        const bytes = encode(route, [{ type: 'RTM_NEWLINK', body: { ifname: 'x0', linkinfo: info } }])
        const recording: Recording = { ...facts, exchanges: [{ direction: 'received', bytes }] }
        expect(back(recording)).to.deep.equal(recording)
        expect(formatNl(recording, route)).not.to.match(raw)
        const fields = dissect(route, bytes)
        expect(annotate(bytes, fields).join('\n')).not.to.match(raw)
        const mark = { offset: 0, length: 4, note: `no\n0000  ff${kind}` }
        expect(annotate(bytes, fields, { mark }).join('\n')).not.to.match(raw)
      }
  })

  it('whatever bytes were sent', () => {
    const exchange = fc.record({
      direction: fc.constantFrom('sent', 'received'),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        // A message that is read to its end, of any attributes.
        fc.tuple(fc.integer({ min: 16, max: 60 }), fc.uint8Array({ maxLength: 60 })).map(([type, rest]) => {
          const bytes = new Uint8Array(32 + rest.length)
          const view = new DataView(bytes.buffer)
          view.setUint32(0, bytes.length, true)
          view.setUint16(4, type, true)
          bytes.set(rest, 32)
          return bytes
        }),
      ),
    }) as fc.Arbitrary<Datagram>
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 4 }), (exchanges) => {
        const recording: Recording = { ...facts, exchanges }
        expect(back(recording)).to.deep.equal(recording)
      }),
      { numRuns: 500 },
    )
  })

  it('recorded datagrams with bytes changed', () => {
    const all = recordings().flatMap(({ recording }) =>
      recording.byteOrder === 'little' ? recording.exchanges.filter((one) => 'bytes' in one) : [],
    )
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 6 }), (which, at, put) => {
        const { bytes, direction } = all[which % all.length] as Datagram
        const changed = new Uint8Array(bytes)
        const place = at % (changed.length + 1)
        changed.set(put.subarray(0, changed.length - place), place)
        const recording: Recording = { ...facts, exchanges: [{ direction, bytes: changed } as Exchange] }
        expect(back(recording)).to.deep.equal(recording)
      }),
      { numRuns: 500 },
    )
  })

  it('whatever the head says: no text of it makes bytes, a fact or a line of its own', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('kernel: 1   endian: big   family: x\n0000  ff'))),
        fc.string({ unit: 'binary' }),
        fc.string(),
        (title, notes, kernel, family) => {
          const bytes = new Uint8Array([1, 2, 3])
          const recording: Recording = {
            ...{ title: `a\n0000  00${title}`, notes, kernel, family, byteOrder: 'little' },
            exchanges: [{ direction: 'sent', bytes }],
          }
          const { byteOrder, exchanges, notes: read } = parseNl(formatNl(recording))
          expect({ byteOrder, exchanges }).to.deep.equal({ byteOrder: 'little', exchanges: recording.exchanges })
          expect(read).to.have.lengthOf(notes.length)
        },
      ),
    )
  })
})
