/** Notes of hostile bytes: the text that is made of them grows as they do, whatever names they hold. */
import { expect } from 'chai'
import { annotate, dissect } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import { formatNl, parseNl, type Recording } from '../../../src/testing/index.js'

const attribute = (type: number, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array((4 + payload.length + 3) & ~3)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 4 + payload.length, true)
  view.setUint16(2, type, true)
  bytes.set(payload, 4)
  return bytes
}
const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const text = (length: number, letter = 'k') => new Uint8Array(Buffer.from(`${letter.repeat(length)}\0`))
const none = new Uint8Array()
const many = (type: number, count: number, payload = none) =>
  Array.from({ length: count }, () => attribute(type, payload))

const message = (payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(32 + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint16(4, 16, true)
  bytes.set(payload, 32)
  return bytes
}

// IFLA_LINKINFO 18: IFLA_INFO_KIND 1, DATA 2, SLAVE_KIND 4, SLAVE_DATA 5. VETH_INFO_PEER 1 holds a link message.
const linkinfo = (...parts: Uint8Array[]) => attribute(18, joined(parts))
const nested = (depth: number, inside: Uint8Array): Uint8Array =>
  depth === 0
    ? inside
    : linkinfo(
        attribute(1, new Uint8Array(Buffer.from('veth\0'))),
        attribute(2, attribute(1, joined([new Uint8Array(16), nested(depth - 1, inside)]))),
      )

const hostile: Readonly<Record<string, Uint8Array>> = {
  'a long kind and many data': linkinfo(attribute(1, text(30_000)), ...many(2, 8_000)),
  'a long kind of control characters': linkinfo(attribute(1, text(30_000, '\u0001')), ...many(2, 8_000)),
  'a long kind of brackets': linkinfo(attribute(1, text(30_000, '(')), ...many(2, 8_000)),
  'a long kind that is no UTF-8': linkinfo(attribute(1, new Uint8Array(30_000).fill(0xff)), ...many(2, 8_000)),
  'a long slave kind': linkinfo(attribute(4, text(30_000)), ...many(5, 8_000)),
  'kinds one in the other, with many data in the innermost': nested(
    9,
    linkinfo(attribute(1, text(30_000)), ...many(2, 8_000)),
  ),
  'a deep path and many unknown attributes': nested(9, joined(many(0x3fff, 15_000))),
  'a deep path and many attributes that do not fit': nested(9, joined(many(4, 15_000))),
}

describe('notes of hostile bytes', () => {
  for (const [name, payload] of Object.entries(hostile))
    it(`${name}: the text is linear in the bytes, and can be read back`, () => {
      const bytes = message(payload)
      expect(bytes.length).to.be.below(66_000)
      const exchange = { direction: 'sent', bytes } as const
      const recording: Recording = {
        ...{ title: 't', notes: [], kernel: '6', byteOrder: 'little', family: 'route', exchanges: [exchange] },
      }
      const file = formatNl(recording, route)
      expect(file.length).to.be.below(100 * bytes.length)
      expect(parseNl(file).exchanges).to.deep.equal([exchange])
      expect(annotate(bytes, dissect(route, bytes, { byteOrder: 'little' })).join('\n').length).to.be.below(file.length)
    })

  it('a name that is cut can be told from one that is not', () => {
    const [field] = dissect(route, message(linkinfo(attribute(1, text(200)), ...many(2, 1))), { byteOrder: 'little' })
    const [, , info] = field!.children!
    const data = info!.children!.at(-1)!
    expect(data.selected).to.match(/^"k{40,80}"\.\.\.$/)
    expect(data.path).to.equal(`linkinfo.otherData(${data.selected})`)
  })

  it('names of usual length stay', () => {
    const bytes = message(linkinfo(attribute(1, text(15)), ...many(2, 1)))
    expect(annotate(bytes, dissect(route, bytes, { byteOrder: 'little' })).join('\n')).to.contain(
      `otherData(${'k'.repeat(15)})`,
    )
  })
})
