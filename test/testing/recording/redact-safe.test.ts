/** What must not be seen is not in the file: searched as text, and as the bytes of every form that it can have. */
import { expect } from 'chai'
import {
  address,
  attributes,
  decode,
  defineProtocol,
  headed,
  type Message,
  struct,
  u8,
  u16 as wire16,
} from '../../../src/netlink/index.js'
import { ifname, route } from '../../../src/rtnl/index.js'
import {
  type Exchange,
  formatNl,
  identities,
  parseNl,
  pseudonyms,
  type Recording,
  redactedRecording,
} from '../../../src/testing/index.js'

const bytesOf = (...parts: (string | readonly number[] | Uint8Array)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part])))
const u16 = (n: number) => [n & 255, n >> 8]
const u32 = (n: number) => [...u16(n & 0xffff), ...u16(n >>> 16)]
const attr = (type: number, ...parts: Parameters<typeof bytesOf>) => {
  const payload = bytesOf(...parts)
  const pad = new Uint8Array((4 - (payload.length % 4)) % 4)
  return bytesOf(u16(payload.length + 4), u16(type), payload, pad)
}
const message = (type: number, flags: number, seq: number, ...parts: Parameters<typeof bytesOf>) => {
  const body = bytesOf(...parts)
  return bytesOf(u32(body.length + 16), u16(type), u16(flags), u32(seq), u32(0), body)
}
const link = (...parts: Parameters<typeof bytesOf>) => bytesOf(new Array(16).fill(0), ...parts)
const ip4 = [2, 24, 0, 0, 1, 0, 0, 0]
const error = (seq: number, request: Uint8Array, text?: string) =>
  message(
    2,
    text === undefined ? 0 : 0x200,
    seq,
    u32(0xffffffea),
    request,
    text === undefined ? [] : attr(1, text, [0]),
  )

const S = 'secret0'
const mac = Uint8Array.of(0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee)
const eui = Uint8Array.of(0x00, 0xaa, 0xbb, 0xff, 0xfe, 0xcc, 0xdd, 0xee)
const host = Uint8Array.of(10, 77, 66, 55)
const known = [
  message(16, 5, 1, link(attr(3, S, [0]), attr(1, mac))),
  message(20, 5, 2, ip4, attr(2, host), attr(3, `${S}:1`, [0])),
]
const texts = [
  'secret0: busy',
  'link secret0.',
  'secret0@lower',
  '[secret0]',
  '<secret0>',
  'dev=secret0',
  'secret0/mtu',
]
const addresses = ['the address 10.77.66.55/24 exists', '10.77.66.55:80', '[02:aa:bb:cc:dd:ee]']
const long = (size: number) => Uint8Array.from({ length: size }, (_, i) => 0x91 + i)

const cases: Record<string, readonly [bytes: Uint8Array, ...more: Uint8Array[]]> = {
  'an echoed request without a match': [error(9, message(16, 5, 9, link(attr(3, 'other1', [0]), attr(1, long(6)))))],
  'an attribute that comes twice': [message(16, 5, 3, link(attr(3, 'other1', [0]), attr(3, 'two', [0])))],
  'bytes after the NUL': [message(16, 5, 3, link(attr(3, 'abc', [0], 'other1', [0])))],
  padding: [message(16, 5, 3, link(attr(3, 'abcde').map((byte, i) => (i > 8 ? 0x91 + i - 9 : byte))))],
  'an address made of the hardware address': [
    message(20, 2, 3, [10, 64, 0, 0, 1, 0, 0, 0], attr(1, [0xfe, 0x80, 0, 0, 0, 0, 0, 0], eui)),
  ],
  'a token in the afSpec': [message(16, 2, 3, link(attr(26, attr(10, attr(7, [0x20, 1, 0, 0, 0, 0, 0, 0], eui)))))],
  'data of an unknown kind': [
    message(16, 2, 3, link(attr(18, attr(1, 'bond2', [0]), attr(2, attr(3, mac), attr(4, S))))),
  ],
  'an unknown attribute': [message(16, 2, 3, link(attr(999, S, [0], mac)))],
  'a message that is not known': [message(400, 2, 3, attr(1, mac), attr(2, S))],
  'a VF': [message(16, 2, 3, link(attr(22, attr(1, attr(1, u32(0), mac, new Array(26).fill(0))))))],
  'a neighbour': [message(28, 2, 3, [2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0], attr(1, host), attr(2, mac))],
  'a peer': [message(16, 5, 3, link(attr(18, attr(1, 'veth', [0]), attr(2, attr(1, link(attr(3, 'other1', [0])))))))],
  ...Object.fromEntries(
    [4, 16, 20].map((size) => [`a hardware address of ${size} bytes`, [message(16, 2, 3, link(attr(1, long(size))))]]),
  ),
  ...Object.fromEntries([...texts, ...addresses].map((text) => [text, [error(1, message(16, 5, 1, link()), text)]])),
}
const needles = [S, 'other1', mac, eui, host, long(4)].map((one) => bytesOf(one))
const words = [S, 'other1', '10.77.66.55', '02:aa:bb:cc:dd:ee', 'aa:bbff:fecc', '91:92:93:94', 'secretns', '91 92 93']
const has = (bytes: Uint8Array, part: Uint8Array) =>
  bytes.some((_, i) => part.every((byte, j) => bytes[i + j] === byte))

const recording = (bytes: readonly Uint8Array[]): Recording => ({
  title: `make ${S}`,
  notes: [
    `cmd: ip -n secretns link add ${S} address 02:aa:bb:cc:dd:ee`,
    'names: secretns lo1 | secretns',
    'opened: secretns=0 pid=1 /proc/N/ns/net=2',
    `sysctl: {"does":"set","name":"net/ipv6/conf/${S}/mtu","in":"secretns","value":"1280"}`,
    'netns: {"does":"create","name":"secretns"}',
    'netns: {"does":"delete","name":"other"}',
  ],
  kernel: '6.1.0 x86_64',
  byteOrder: 'little',
  family: 'route',
  exchanges: bytes.map((one): Exchange => ({ direction: 'sent', bytes: one })),
})

describe('redacted recordings', () => {
  for (const [name, bytes] of Object.entries(cases))
    it(`nothing is left: ${name}`, () => {
      const hidden = redactedRecording(recording([...known, ...bytes]), route, { paths: identities() })
      const text = formatNl(hidden, route)
      for (const word of words) expect(text).not.to.include(word)
      for (const exchange of parseNl(text).exchanges)
        for (const needle of needles)
          expect('bytes' in exchange && has(exchange.bytes, needle), String(needle)).to.equal(false)
    })

  it('the head keeps its form, and one value has one pseudonym in head and messages', () => {
    const { title, notes, exchanges } = redactedRecording(recording(known), route, { paths: identities() })
    expect([title, ...notes]).to.deep.equal([
      'make if1',
      'cmd: ip -n ns1 link add if1 address 02:00:00:00:00:01',
      'names: ns1 ns3 | ns1',
      'opened: ns1=0 pid=1 /proc/N/ns/net=2',
      'sysctl: {"does":"set","name":"net/ipv6/conf/if1/mtu","in":"ns1","value":"1280"}',
      'netns: {"does":"create","name":"ns1"}',
      'netns: {"does":"delete","name":"ns2"}',
    ])
    const [first] = decode(route, (exchanges[0] as { bytes: Uint8Array }).bytes, { byteOrder: 'little' }) as Message[]
    expect(first!.body).to.include({ ifname: 'if1', address: '02:00:00:00:00:01' })
  })

  it('values alone reach the head as well', () => {
    const { notes } = redactedRecording(recording(known), route, {
      values: { secretns: 'blue', [S]: 'lan', 'a-b.c/d+': 'x' },
    })
    expect(notes.join('\n'))
      .to.match(/ip -n blue link add lan address/)
      .and.match(/opened: blue=0/)
  })

  it('hardware addresses keep their length, and 70,000 of them are 70,000', () => {
    for (const size of [4, 6, 8, 16, 20])
      expect(pseudonyms.address([...long(size)].map((byte) => byte.toString(16)).join(':'), 7)).to.match(
        new RegExp(`^02:(00:){${size - 2}}07$`),
      )
    for (const one of ['02:aa:bb:cc:dd:ee', '10.0.0.1', '2001:db8:1::1'])
      expect(new Set(Array.from({ length: 70_000 }, (_, i) => pseudonyms.address(one, i + 1))).size).to.equal(70_000)
  })

  it('the list of identities follows the definitions', () => {
    const set = attributes('X', { brandNewAddress: [1, address], brandNewName: [2, ifname], number: [3, u8] })
    const body = headed(struct('x', { family: u8, kind: u8, flags: wire16 }), set)
    const family = defineProtocol('x', 16, { X_NEW: { number: 16, operation: 'new', body } }, {})
    expect(identities(family)).to.include({ brandNewAddress: pseudonyms.address, brandNewName: pseudonyms.name })
    expect(identities(family)).not.to.have.any.keys('number', 'family')
    expect(identities()).to.include.keys(
      'ifname',
      'altIfname',
      'address',
      'local',
      'dst',
      'gateway',
      'lladdr',
      'prefsrc',
      'netns',
      'label',
    )
  })
})
