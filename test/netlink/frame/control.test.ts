/** Control messages: ack, error, DONE, NOOP, OVERRUN, with the extended ack in every layout. */
import { expect } from 'chai'
import {
  type AnyMessageInput,
  decode,
  dissect,
  encode,
  fromHex,
  type Message,
  toHex,
} from '../../../src/netlink/index.js'
import { family } from '../../support/sample.js'

/** The request that the answers are about, and all six parts of an extended ack. */
const request = { length: 28, type: 16, flags: 0x605, seq: 7, pid: 0 }
const ack = {
  message: 'integer out of range',
  offset: 24,
  cookie: fromHex('0102'),
  policy: { type: 'u16', minValueU: 0n, maxValueU: 2n },
  missType: 3,
  missNest: 20,
}

for (const byteOrder of ['little', 'big'] as const) {
  const bytes = (type: string, body: object, flags: string[]) =>
    encode(family, [{ type, seq: 7, pid: 5, flags, body } as AnyMessageInput], { byteOrder })
  const read = (data: Uint8Array) => decode(family, data, { byteOrder, lossless: true })[0] as unknown as Message
  const roundTrip = (type: string, body: object, flags: string[]) => {
    const data = bytes(type, body, flags)
    const message = read(data)
    expect(toHex(encode(family, [message] as AnyMessageInput[], { byteOrder }))).to.equal(toHex(data))
    expect(dissect(family, data, { byteOrder })[0]!.problem).to.equal(undefined)
    expect(message.wire).to.equal(undefined)
    return message
  }

  describe(`control messages, ${byteOrder}-endian`, () => {
    it('an ack is an NLMSG_ERROR without an errno', () => {
      const { body, flags } = roundTrip('NLMSG_ERROR', { error: null, request }, ['capped'])
      expect(body).to.deep.equal({ error: null, request })
      expect(flags).to.deep.equal(['capped'])
    })
    it('an error with the extended ack after a capped request', () => {
      const body = { error: 'ERANGE', request, ...ack }
      expect(roundTrip('NLMSG_ERROR', body, ['capped', 'ackTlvs']).body).to.deep.equal(body)
    })
    it('an error with the extended ack after the whole request', () => {
      const body = { error: 'EINVAL', request, payload: fromHex('000000000000000005000100'), ...ack }
      expect(roundTrip('NLMSG_ERROR', body, ['ackTlvs']).body).to.deep.equal(body)
    })
    it('without ackTlvs what follows the request is not taken for an extended ack', () => {
      const body = read(bytes('NLMSG_ERROR', { error: 'EINVAL', request, ...ack }, ['capped', 'ackTlvs']))
        .body as object
      expect(body).to.have.property('message')
      const silent = bytes('NLMSG_ERROR', { error: 'EINVAL', request, ...ack }, ['capped'])
      expect(read(silent).body).not.to.have.property('message')
    })
    it('DONE with its errno and the extended ack, and the DONE of old kernels with nothing', () => {
      const body = { error: 'EINVAL', message: 'no', missType: 4 }
      expect(roundTrip('NLMSG_DONE', body, ['multi', 'ackTlvs']).body).to.deep.equal(body)
      expect(roundTrip('NLMSG_DONE', { error: null }, ['multi']).body).to.deep.equal({ error: null })
      expect(roundTrip('NLMSG_DONE', {}, ['multi']).body).to.deep.equal({})
    })
    it('NOOP and OVERRUN carry bytes', () => {
      expect(roundTrip('NLMSG_NOOP', fromHex(''), []).body).to.deep.equal(fromHex(''))
      expect(roundTrip('NLMSG_OVERRUN', fromHex('00000001'), []).type).to.equal('NLMSG_OVERRUN')
    })
    it('an errno without a name stays a number', () => {
      expect(roundTrip('NLMSG_ERROR', { error: '4000', request }, ['capped']).body).to.have.property('error', '4000')
      expect(() => bytes('NLMSG_ERROR', { error: 'ENOSUCH', request }, [])).to.throw(/name of an errno/)
    })
    it('flags are named by what the message does', () => {
      const flags = (type: string, names: string[]) => read(bytes(type, {}, names)).flags
      expect(flags('SMP_GET', ['request', 'dump'])).to.deep.equal(['request', 'dump'])
      expect(flags('SMP_GET', ['request', 'root'])).to.deep.equal(['request', 'root'])
      expect(flags('SMP_NEW', ['create', 'excl'])).to.deep.equal(['excl', 'create'])
      expect(flags('SMP_DEL', ['nonrec', 'bulk'])).to.deep.equal(['nonrec', 'bulk'])
      expect(() => flags('SMP_GET', ['excl'])).to.throw(/flags: expected a list of/)
    })
  })
}
