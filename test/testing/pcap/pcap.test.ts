/** Captures of nlmon: one that tcpdump made, and those that are made here, in both byte orders and in any pieces. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { decode, type MessageOf, toHex } from '../../../src/netlink/index.js'
import { findProtocol, route } from '../../../src/rtnl/index.js'
import {
  type Datagram,
  fromPcap,
  isPcap,
  PcapError,
  type PcapPacket,
  PcapReader,
  readPcap,
  toPcap,
  writePcap,
} from '../../../src/testing/index.js'
import { recordings, root } from '../../support/fixtures.js'

/**
 * Made in user-mode Linux 6.1 by `tcpdump -i nlmon0 -s 0 -U -w nlmon.pcap`, while iproute2 made the dummy d0 and on it
 * the ipvlan ipvl0 (mode l3s, private), showed it (`ip -d link show ipvl0`) and deleted it.
 */
const recorded = new Uint8Array(readFileSync(join(root, 'test/testing/nlmon.pcap')))
const read = (file: Uint8Array, size: number) => {
  const reader = new PcapReader()
  const packets: PcapPacket[] = []
  for (let at = 0; at < file.length; at += size) packets.push(...reader.push(file.subarray(at, at + size)))
  reader.end()
  return packets
}

describe('captures of nlmon', () => {
  it("tcpdump's is read: both directions, in their order", () => {
    expect(isPcap(recorded)).to.equal(true)
    const { exchanges, byteOrder, family } = fromPcap(recorded)
    expect({ byteOrder, family }).to.deep.equal({ byteOrder: 'little', family: 'route' })
    const messages = (exchanges as Datagram[]).map(({ direction, bytes }) => {
      const [message] = decode(route, bytes, { byteOrder }) as MessageOf<typeof route>[]
      return { direction, message: message! }
    })
    const made = messages.find(({ message }) => message.type === 'RTM_NEWLINK' && message.body.ifname === 'ipvl0')!
    expect(made.direction).to.equal('sent')
    expect((made.message.body as { linkinfo: unknown }).linkinfo).to.deep.equal({
      kind: 'ipvlan',
      data: { mode: 'l3s', flags: ['private'] },
    })
    const answer = messages.find(
      ({ direction, message }) => direction === 'received' && message.seq === made.message.seq,
    )
    expect(answer!.message.type).to.equal('NLMSG_ERROR')
    expect(messages.map(({ message }) => message.type)).to.include('RTM_DELLINK')
  })

  it('is read in any pieces', () => {
    const whole = readPcap(recorded).packets.map(({ bytes, offset }) => [offset, toHex(bytes)])
    expect(whole).to.have.length(24)
    for (const size of [1, 7, 100, 4096])
      expect(read(recorded, size).map(({ bytes, offset }) => [offset, toHex(bytes)])).to.deep.equal(whole)
  })

  it('is read through one buffer that is filled again and again', () => {
    const buffer = Buffer.alloc(100)
    const reader = new PcapReader()
    const found: string[] = []
    for (let at = 0; at < recorded.length; at += 100) {
      const part = recorded.subarray(at, at + 100)
      buffer.set(part)
      found.push(...reader.push(buffer.subarray(0, part.length)).map(({ bytes }) => toHex(bytes)))
    }
    reader.end()
    expect(found).to.deep.equal(readPcap(recorded).packets.map(({ bytes }) => toHex(bytes)))
  })

  it("Wireshark's pcapng is read as well, in any pieces: packets and times", () => {
    const plain = ({ direction, protocol, bytes, missing, seconds, nanoseconds, number }: PcapPacket) =>
      ({ direction, protocol, bytes: toHex(bytes), missing, seconds, nanoseconds, number }) as const
    const whole = readPcap(recorded).packets.slice(0, 8).map(plain)
    for (const name of ['editcap.pcapng', 'editcap-nsec.pcap', 'text2pcap.pcapng']) {
      const file = new Uint8Array(readFileSync(join(root, 'test/cli/input', name)))
      expect(isPcap(file), name).to.equal(true)
      // text2pcap has no times.
      const expected = name.startsWith('text') ? whole.map((one) => ({ ...one, seconds: 0, nanoseconds: 0 })) : whole
      const timeless = (one: PcapPacket) =>
        name.startsWith('text') ? { ...plain(one), seconds: 0, nanoseconds: 0 } : plain(one)
      for (const size of [1, 100, file.length])
        expect(read(file, size).map(timeless), `${name} in pieces of ${size}`).to.deep.equal(expected)
    }
  })

  it('times are those of the capture, in the units that it names', () => {
    const input = (name: string) => readFileSync(join(root, 'test/cli/input', name))
    // At the same time: dumpcap in nanoseconds, tcpdump in microseconds, which began earlier.
    const fine = readPcap(new Uint8Array(input('dumpcap.pcapng'))).packets
    const coarse = readPcap(new Uint8Array(gunzipSync(input('tcpdump.pcap.gz')))).packets.slice(-fine.length)
    expect(fine.some(({ nanoseconds }) => nanoseconds % 1000 !== 0)).to.equal(true)
    expect(fine.map(({ seconds, nanoseconds }) => [seconds, nanoseconds - (nanoseconds % 1000)])).to.deep.equal(
      coarse.map(({ seconds, nanoseconds }) => [seconds, nanoseconds]),
    )
  })

  it('what is damaged stands in its place, and what was whole before it is given first', () => {
    const cut = recorded.slice()
    const { offset } = readPcap(recorded).packets[2]!
    cut[offset + 11] = 0xff
    const reader = new PcapReader()
    expect(reader.push(cut)).to.have.length(2)
    expect(() => reader.push(new Uint8Array())).to.throw(PcapError, /packet 3 cannot have \d+ bytes/)
    expect(() => reader.end()).to.throw(PcapError)
    const found = [...new PcapReader().read(cut)]
    expect(found).to.have.length(3)
    expect(found[2]).to.deep.include({ offset, damaged: cut.subarray(offset) })
    // A record without room for its header costs no other.
    const short = recorded.slice(0, 24 + 16 + 8 + (recorded.length - offset))
    short.set(recorded.subarray(24, 40), 24)
    new DataView(short.buffer).setUint32(32, 8, true)
    short.set(recorded.subarray(offset), 48)
    const rest = [...new PcapReader().read(short)]
    expect(rest).to.have.length(23)
    expect(rest[0]).to.deep.include({ offset: 24, damaged: short.subarray(24, 48) })
    expect(rest[1]).to.deep.include({ number: 2, offset: 48 })
  })

  it('a section of another device is an error behind the packets before it', () => {
    const file = new Uint8Array(readFileSync(join(root, 'test/cli/input/editcap.pcapng')))
    const ethernet = file.slice()
    // The interface's block follows the section's.
    const face = new DataView(file.buffer).getUint32(4, true)
    ethernet[face + 8] = 1
    const reader = new PcapReader()
    expect(reader.push(Buffer.concat([file, ethernet]))).to.have.length(8)
    expect(() => reader.push(new Uint8Array())).to.throw(PcapError, /link type 1 \(Ethernet\)/)
    expect(() => reader.end()).to.throw(PcapError)
  })

  it('a packet of an interface that the file does not describe is damaged', () => {
    const file = new Uint8Array(readFileSync(join(root, 'test/cli/input/editcap.pcapng')))
    const { offset } = readPcap(file).packets[1]!
    file[offset + 8] = 7
    const found = [...new PcapReader().read(file)]
    expect(found).to.have.length(8)
    expect(found[1]).to.deep.include({ offset, reason: 'a packet of interface 7, which the file does not describe' })
  })

  it('every recording survives being a capture, in both byte orders', () => {
    const orders = new Set<string>()
    for (const { name, recording } of recordings()) {
      const datagrams = recording.exchanges.filter((one) => 'bytes' in one)
      if (datagrams.length === 0) continue
      orders.add(recording.byteOrder)
      const back = fromPcap(toPcap(recording), {
        kernel: recording.kernel,
        protocol: findProtocol(recording.family)?.protocol ?? 0,
      })
      expect(back.byteOrder, name).to.equal(recording.byteOrder)
      const plain = (list: readonly object[]) =>
        (list as Datagram[]).map(({ direction, bytes }) => `${direction} ${toHex(bytes)}`)
      expect(plain(back.exchanges), name).to.deep.equal(plain(datagrams))
    }
    expect([...orders].sort()).to.deep.equal(['big', 'little'])
  })

  it('protocol, times and what was cut survive', () => {
    const packet = { direction: 'received', bytes: new Uint8Array(20), protocol: 16, missing: 4 } as const
    const file = writePcap([{ ...packet, seconds: 5, nanoseconds: 7 }], 'big')
    const { packets } = readPcap(file)
    expect(packets[0]).to.deep.include({ ...packet, seconds: 5, nanoseconds: 7, offset: 24 })
    const mixed = writePcap(
      [
        { ...packet, missing: 0 },
        { direction: 'sent', bytes: new Uint8Array(16) },
      ],
      'little',
    )
    expect(readPcap(mixed).packets.map(({ direction }) => direction)).to.deep.equal(['received', 'sent'])
    expect(fromPcap(mixed).exchanges).to.deep.equal([{ direction: 'sent', bytes: new Uint8Array(16) }])
    expect(fromPcap(file, { protocol: 16 }).exchanges, 'cut ones are left out').to.deep.equal([])
  })

  it('the order of the messages is found where a program has turned that of the file', () => {
    const turned = recorded.slice()
    for (const at of [0, 8, 12, 16, 20]) turned.subarray(at, at + 4).reverse()
    for (const at of [4, 6]) turned.subarray(at, at + 2).reverse()
    for (const { offset } of readPcap(recorded).packets)
      for (let at = offset; at < offset + 16; at += 4) turned.subarray(at, at + 4).reverse()
    expect(readPcap(turned).byteOrder).to.equal('little')
    expect(fromPcap(turned).exchanges).to.deep.equal(fromPcap(recorded).exchanges)
  })

  const wrong: [string, () => Uint8Array, RegExp][] = [
    ['an empty file', () => new Uint8Array(), /no capture: 0 bytes/],
    ['another file', () => new Uint8Array(100), /no pcap file/],
    [
      'a capture of Ethernet',
      () => Uint8Array.from(recorded, (byte, at) => (at === 20 ? 1 : byte)),
      /link type 1 \(Ethernet\), not of netlink \(253\)/,
    ],
    [
      'one that ends too early',
      () => recorded.slice(0, -1),
      /ends within packet 24: \d+ bytes were to come \(at byte \d+/,
    ],
    [
      'a garbled length',
      () => Uint8Array.from(recorded, (byte, at) => (at === 35 ? 255 : byte)),
      /packet 1 cannot have \d+ bytes: the file is damaged here \(at byte 24/,
    ],
    [
      'a record without its header',
      () => Uint8Array.from(recorded, (byte, at) => (at === 32 ? 8 : byte)),
      /8 bytes, less than the 16/,
    ],
  ]
  for (const [name, file, message] of wrong) {
    it(`${name} is refused with the byte`, () => {
      expect(() => readPcap(file())).to.throw(PcapError, message)
    })
  }
})
