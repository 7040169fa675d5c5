/** Recordings of Buffers, as files and sockets of Node give them: nothing that is made of one changes it, or changes with it. */
import { expect } from 'chai'
import { encode } from '../../src/netlink/index.js'
import { route } from '../../src/rtnl/index.js'
import {
  convertByteOrder,
  type Exchange,
  fromPcap,
  PcapReader,
  type Recording,
  readPcap,
  redacted,
  replay,
  stable,
  toPcap,
} from '../../src/testing/index.js'

const body = { ifname: 'x0', mtu: 1400 }
const request = () =>
  Buffer.from(
    encode(route, [{ type: 'RTM_NEWLINK', flags: ['request', 'ack'], seq: 77, pid: 5, body }], { byteOrder: 'little' }),
  )
const head = { title: 't', notes: [], kernel: '6.1', byteOrder: 'little', family: 'route' } as const
const recordingOf = (...exchanges: Exchange[]): Recording => ({ ...head, exchanges })

describe('recordings of Buffers', () => {
  it('are not changed by what is made of them', () => {
    const buffer = request()
    const [kept] = [new Uint8Array(buffer)]
    const exchange = { direction: 'sent', bytes: buffer } as const
    const made = [
      convertByteOrder(route, buffer, 'little'),
      ...stable([exchange], 'little').map((one) => (one as { bytes: Uint8Array }).bytes),
      ...redacted([exchange], route, 'little', { values: { x0: 'eth0' } }).map(
        (one) => (one as { bytes: Uint8Array }).bytes,
      ),
    ]
    const before = made.map((bytes) => new Uint8Array(bytes))
    expect(new Uint8Array(buffer)).to.deep.equal(kept)
    buffer.fill(0)
    expect(made).to.deep.equal(before)
  })

  it('a capture can be read over', () => {
    const file = Buffer.from(toPcap(recordingOf({ direction: 'sent', bytes: request() })))
    const recording = fromPcap(file)
    file.fill(0)
    expect((recording.exchanges[0] as { bytes: Uint8Array }).bytes).to.deep.equal(new Uint8Array(request()))
  })

  it('so can one whose packets are looked at, whole or piece by piece, damaged or not', () => {
    const capture = toPcap(
      recordingOf({ direction: 'sent', bytes: request() }, { direction: 'received', bytes: request() }),
    )
    const read = {
      readPcap: (file: Buffer) => readPcap(file).packets,
      push: (file: Buffer) => new PcapReader().push(file),
      read: (file: Buffer) => [...new PcapReader().read(file)],
      'read, damaged': (file: Buffer) => {
        // The length of the first record.
        file.writeUInt32LE(0x7fffffff, 24 + 8)
        return [...new PcapReader().read(file)]
      },
      'read in pieces': (file: Buffer) => {
        const reader = new PcapReader()
        return Array.from({ length: file.length }, (_, i) => [...reader.read(file.subarray(i, i + 1))]).flat()
      },
    }
    for (const [name, packets] of Object.entries(read)) {
      const file = Buffer.from(capture)
      const made = packets(file)
      expect(made.length, name).to.be.greaterThan(0)
      const before = structuredClone(made)
      file.fill(0)
      expect(made, name).to.deep.equal(before)
    }
  })

  it('a replay with faults leaves the recording alone', () => {
    const answer = Buffer.from(
      encode(route, [{ type: 'RTM_NEWLINK', flags: ['multi'], seq: 77, pid: 4242, body }], { byteOrder: 'little' }),
    )
    const asked = Buffer.from(
      encode(route, [{ type: 'RTM_GETLINK', flags: ['request', 'dump'], seq: 77, body: {} }], { byteOrder: 'little' }),
    )
    const kept = new Uint8Array(answer)
    const recording = recordingOf({ direction: 'sent', bytes: asked }, { direction: 'received', bytes: answer })
    const transport = replay(recording, { allowUnused: true, faults: [{ at: 1, interrupted: true }] })
    transport.send(asked, asked.length)
    expect(new Uint8Array(answer)).to.deep.equal(kept)
    asked.fill(0)
    const slot = { bytes: Buffer.alloc(1024), length: 0, port: 0, group: 0, nsid: -1 }
    expect(transport.receive(slot)).to.equal('datagram')
  })
})
