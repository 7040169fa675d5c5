/** A Buffer is a Uint8Array whose slice() is a view: what is decoded, kept or told of one must be a copy all the same. */
import { expect } from 'chai'
import { copyOf } from '../../../src/netlink/bytes/bytes.js'
import {
  DecodeError,
  decode,
  encode,
  KernelError,
  MemoryTransport,
  type Message,
  type Passed,
  tap,
} from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'

const data = new Uint8Array([1, 2, 3, 4])
const unknown = [{ type: 777, data }]
const body = { ifname: 'x0', unknown, linkinfo: { kind: 'zz', otherData: data, unknown: [{ type: 99, data }] } }
const request = () => Buffer.from(encode(route, [{ type: 'RTM_NEWLINK', body }]))

describe('bytes of a Buffer', () => {
  it('copyOf is a Uint8Array of its own, of all or a part', () => {
    const buffer = Buffer.from([1, 2, 3, 4])
    const [all, part] = [copyOf(buffer), copyOf(buffer, 1, 3)]
    buffer.fill(0)
    expect([all, part]).to.deep.equal([new Uint8Array([1, 2, 3, 4]), new Uint8Array([2, 3])])
    expect(all.buffer.byteLength).to.equal(4)
  })

  it('what is decoded stays as it was, and is what a Uint8Array gives', () => {
    for (const lossless of [false, true]) {
      const buffer = request()
      const expected = decode(route, new Uint8Array(buffer), { lossless })
      const found = decode(route, buffer, { lossless })
      buffer.fill(0)
      expect(found).to.deep.equal(expected)
      const kept = (found[0] as Message).body as typeof body
      expect(kept.unknown[0]!.data.constructor).to.equal(Uint8Array)
      expect(kept.unknown[0]!.data.buffer.byteLength).to.equal(4)
    }
  })

  it('errors keep the bytes that they are about', () => {
    const buffer = request().subarray(0, 40)
    try {
      decode(route, buffer)
      expect.fail('it was decoded')
    } catch (error) {
      expect(error).to.be.instanceOf(DecodeError)
      buffer.fill(0)
      expect((error as DecodeError).bytes).to.deep.equal(new Uint8Array(request().subarray(0, 40)))
    }
    const sent = request()
    const refused = new KernelError({ family: route, byteOrder: 'little', request: sent, errno: 16, ack: {} })
    sent.fill(0)
    expect(refused.request).to.deep.equal(new Uint8Array(request()))
  })

  it('transports keep what was sent and received', () => {
    const passed: Passed[] = []
    const memory = new MemoryTransport({ protocol: 0 })
    const transport = tap(memory, (one) => void passed.push(one))
    const buffer = request()
    const whole = new Uint8Array(buffer)
    transport.send(buffer, buffer.length)
    memory.queue(whole)
    const slot = { bytes: Buffer.alloc(1024), length: 0, port: 0, group: 0, nsid: -1 }
    transport.receive(slot)
    buffer.fill(0)
    slot.bytes.fill(0)
    expect(memory.sent).to.deep.equal([whole])
    expect(passed.map(({ bytes }) => bytes)).to.deep.equal([whole, whole])
  })

  it('a datagram that was queued is the one that is received', () => {
    const memory = new MemoryTransport({ protocol: 0 })
    const buffer = request()
    const whole = new Uint8Array(buffer)
    memory.queue(buffer)
    buffer.fill(0)
    const slot = { bytes: new Uint8Array(1024), length: 0, port: 0, group: 0, nsid: -1 }
    memory.receive(slot)
    expect(slot.bytes.subarray(0, slot.length)).to.deep.equal(whole)
  })
})
