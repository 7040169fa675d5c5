import { expect } from 'chai'
import { decode, encode } from '../../src/netlink/codec/message.js'
import { Conversation } from '../../src/netlink/conversation/conversation.js'
import { dissect } from '../../src/netlink/dissect/message.js'
import { EncodeError, NetlinkError, OptionError } from '../../src/netlink/errors.js'
import { openKernel } from '../../src/netlink/socket/kernel.js'
import { MemoryTransport } from '../../src/netlink/transport/memory.js'
import { Kernel, rejection, things } from '../support/things.js'

/** What a caller in JavaScript can give. */
const wrong = (value: unknown) => value as never
const thrown = (run: () => unknown): Error & Record<string, unknown> => {
  try {
    run()
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  throw new Error('nothing was thrown')
}

describe('options that can not be', () => {
  const refused = (option: string, value: unknown, run: (value: never) => unknown) =>
    it(`${option}: ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`, () => {
      const error = thrown(() => run(wrong(value)))
      expect(error).to.be.instanceOf(OptionError).and.instanceOf(NetlinkError)
      expect(error).to.include({ code: 'ERR_NETLINK_OPTION', option, name: 'OptionError' })
      expect(error.message.startsWith(`${option}: expected `), error.message).to.equal(true)
    })
  const each = (option: string, values: unknown[], run: (value: never) => unknown) => {
    for (const value of values) refused(option, value, run)
  }
  const numbers = [Number.NaN, -1, 1.5, '0', 2 ** 40, null, 1n, {}]

  describe('of a socket', () => {
    each('protocol', [...numbers, undefined], (protocol) => openKernel({ protocol }))
    each('port', numbers, (port) => openKernel({ protocol: 0, port }))
    each('receiveBuffer', [...numbers, 0, 2 ** 31], (receiveBuffer) => openKernel({ protocol: 0, receiveBuffer }))
    each('groups', [...numbers, 0], (group) => openKernel({ protocol: 0, groups: [group] }))
    each('byteOrder', ['LE', 'Little', 1, null, 'constructor'], (byteOrder) => new MemoryTransport({ byteOrder }))
  })

  describe('of a conversation', () => {
    const { transport } = new Kernel()
    const conversation = new Conversation(transport, things)
    const times = [Number.NaN, -5, 'x', null, 1n]
    each('timeout', times, (timeout) => new Conversation(transport, things, { timeout }))
    each('timeout', times, (timeout) => conversation.dump('TEST_GETTHING', {}, { timeout }))
    each('firstSequence', [...numbers, 0], (firstSequence) => new Conversation(transport, things, { firstSequence }))
    each(
      'retries',
      numbers.filter((one) => one !== 2 ** 40),
      (retries) => conversation.dump('TEST_GETTHING', {}, { retries }),
    )
    each('interrupted', ['yes', null, 1], (interrupted) => conversation.dump('TEST_GETTHING', {}, { interrupted }))
    each('only', ['index', 5, [5]], (only) => conversation.dump('TEST_GETTHING', {}, { only }))
    each('highWater', [Number.NaN, 0, -1, 'x'], (highWater) => conversation.subscribe(['thing'], { highWater }))
    each('groups', ['thing', 5], (groups) => conversation.subscribe(groups))
    each('groups', ['constructor', '__proto__', 'nosuch', -1, 0, 1.5], (group) => conversation.subscribe([group]))

    it('timeout and only of a request: its promise is rejected, and nothing is sent', async () => {
      for (const timeout of times) {
        const error = await rejection(conversation.request('TEST_NEWTHING', {}, { timeout: wrong(timeout) }))
        expect(error).to.include({ code: 'ERR_NETLINK_OPTION', option: 'timeout' })
      }
      const error = await rejection(conversation.get('TEST_GETTHING', {}, { only: wrong('index') }))
      expect(error.message).to.equal('only: expected a list of names, got "index"')
      expect(transport.sent).to.deep.equal([])
    })

    it('what can be is taken', () => {
      for (const timeout of [0, 0.5, 1e12, Number.POSITIVE_INFINITY]) new Conversation(transport, things, { timeout })
      conversation.dump('TEST_GETTHING', {}, { retries: Number.POSITIVE_INFINITY, interrupted: 'accept', only: [] })
    })
  })

  describe('of decode and encode', () => {
    const bytes = encode(things, [{ type: 'TEST_NEWTHING', body: { index: 1 } }])
    each('byteOrder', ['LE', 'host', 1, null], (byteOrder) => decode(things, bytes, { byteOrder }))
    each('byteOrder', ['LE', 'host', 1, null], (byteOrder) => encode(things, [], { byteOrder }))
    each('byteOrder', ['LE', 'host', 1, null], (byteOrder) => dissect(things, bytes, { byteOrder }))
    each('bytes', ['00', 5, null, new ArrayBuffer(16)], (wrong) => dissect(things, wrong as never))
    each('bytes', [new DataView(bytes.buffer), bytes.buffer, [...bytes], 'ff', null, new Uint16Array(8)], (given) =>
      decode(things, given),
    )
    each('only', ['index', 5, [null]], (only) => decode(things, bytes, { only }))

    it('a Buffer, and a Uint8Array of another realm, are bytes', async () => {
      const { runInNewContext } = await import('node:vm')
      const foreign = runInNewContext(`new Uint8Array([${bytes}])`) as Uint8Array
      expect(foreign).not.to.be.instanceOf(Uint8Array)
      expect(decode(things, foreign)).to.deep.equal(decode(things, bytes))
      expect(decode(things, Buffer.from(bytes))).to.deep.equal(decode(things, bytes))
    })
  })
})

describe('messages that can not be', () => {
  const refused = (message: unknown, path: string, text: RegExp) =>
    it(`${path}: ${text.source}`, () => {
      const error = thrown(() => encode(things, [message as never]))
      expect(error).to.be.instanceOf(EncodeError).and.include({ path })
      expect(error.message).to.match(text)
    })
  const message = (more: object) => ({ type: 'TEST_NEWTHING', body: {}, ...more })
  for (const number of [2 ** 40, 2 ** 32, -1, 1.5, 'x', Number.NaN, null, 1n])
    for (const path of ['seq', 'pid'])
      refused(
        message({ [path]: number }),
        path,
        new RegExp(
          `${path}: expected an integer from 0 to 4294967295, got ${JSON.stringify(number === null || Number.isNaN(number) ? null : `${number}`).replaceAll('"', '"?')}`,
        ),
      )
  for (const one of [null, undefined, 5, 'x']) refused(one, 'message', /message: expected an object with type and body/)
  for (const type of [Symbol('x'), undefined, null, {}, -1, 70000])
    refused({ type, body: {} }, 'type', /expected a message type/)
  for (const [wire, path] of [
    [5, 'wire'],
    [null, 'wire'],
    [{ attributes: 5 }, 'wire.attributes'],
    [{ attributes: [null] }, 'wire.attributes[0]'],
    [{ attributes: ['index', { name: 5 }] }, 'wire.attributes[1]'],
    [{ attributes: [{ name: 'value', raw: 'x' }] }, 'wire.attributes[0].raw'],
    [{ attributes: [{ name: 'value', type: -1 }] }, 'wire.attributes[0].type'],
    [{ attributes: [{ name: 'inner', wire: { trailing: [] } }] }, 'wire.attributes[0].wire.trailing'],
    [{ raw: 'x' }, 'wire.raw'],
  ] as const)
    refused(message({ wire }), path, /as lossless decoding gives it/)

  it('the largest numbers are taken', () => {
    const [one] = decode(
      things,
      encode(things, [{ type: 'TEST_NEWTHING', body: {}, seq: 2 ** 32 - 1, pid: 2 ** 32 - 1 }]),
    )
    expect(one).to.include({ seq: 2 ** 32 - 1, pid: 2 ** 32 - 1 })
  })
})
