/** A datagram taken apart by the headers alone: it ends, whatever they say. */
import { expect } from 'chai'
import fc from 'fast-check'
import { splitMessages } from '../../../src/netlink/frame/split.js'
import { fromHex } from '../../../src/netlink/index.js'

const header = (length: string) => `${length} 1200 0503 01000000 02000000`

describe('splitMessages', () => {
  it('gives each message with its padding, and what its header says', () => {
    const bytes = fromHex(`${header('12000000')} aabb0000 ${header('10000000')}`)
    expect(splitMessages(bytes, 'little')).to.deep.equal([
      { at: 0, end: 20, sound: true, header: { length: 18, type: 18, flags: 0x305, seq: 1, port: 2 } },
      { at: 20, end: 36, sound: true, header: { length: 16, type: 18, flags: 0x305, seq: 1, port: 2 } },
    ])
  })

  it('reads both byte orders, and nothing of nothing', () => {
    const [found] = splitMessages(fromHex('00000010 0012 0305 00000001 00000002'), 'big')
    expect(found).to.deep.include({ sound: true, header: { length: 16, type: 18, flags: 0x305, seq: 1, port: 2 } })
    expect(splitMessages(new Uint8Array(), 'little')).to.deep.equal([])
  })

  it('zeros after the last message are its own; a lone rest is no message', () => {
    expect(splitMessages(fromHex(`${header('10000000')} 000000000000`), 'little')).to.have.lengthOf(1)
    expect(splitMessages(fromHex(`${header('10000000')} 0100`), 'little')[1]).to.deep.equal({
      at: 16,
      end: 18,
      sound: false,
      header: undefined,
    })
  })

  for (const length of ['0f000000', '11000000', 'e0ffffff', 'ffffffff', '00000080', 'ffffff7f', '00000000'])
    it(`a length of ${length} is the garbled rest`, () => {
      const found = splitMessages(fromHex(`${header('10000000')} ${header(length)}`), 'little')
      expect(found.map(({ at, end, sound }) => [at, end, sound])).to.deep.equal([
        [0, 16, true],
        [16, 32, false],
      ])
    })

  it('takes all bytes, one part after the other, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom('little', 'big'), (bytes, byteOrder) => {
        let at = 0
        for (const part of splitMessages(bytes, byteOrder)) {
          expect(part.at).to.equal(at)
          expect(part.end).to.be.within(at + 1, bytes.length)
          at = part.end
        }
        expect(at).to.equal(bytes.length)
      }),
    )
  })
})
