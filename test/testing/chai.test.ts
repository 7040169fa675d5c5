import { AssertionError, expect, use } from 'chai'
import { OptionError, openRtnl } from '../../src/index.js'
import { toHex, unknownProtocol } from '../../src/netlink/index.js'
import { route } from '../../src/rtnl/index.js'
import { nlwireChai } from '../../src/testing/chai.js'
import { type Datagram, fakeKernel } from '../../src/testing/index.js'
import { convertByteOrder } from '../../src/testing/recording/byte-order.js'
import { recordings } from '../support/fixtures.js'

use(nlwireChai)

const datagram = (name: string, i: number) =>
  recordings().find((one) => one.name === name)!.recording.exchanges[i] as Datagram
const add = datagram('ipvlan/ipvlan-l3-private-add', 4)
const data = { mode: 'l3', flags: ['private'] }
const body = { link: 2, ifname: 'ipvl0', linkinfo: { kind: 'ipvlan', data } }

/** What a failing assertion says. */
function failure(
  run: () => unknown,
): InstanceType<typeof AssertionError> & { actual?: unknown; expected?: unknown; showDiff?: boolean } {
  try {
    run()
  } catch (error) {
    if (error instanceof AssertionError) return error
    throw error
  }
  throw new Error('it passed')
}

describe('decodeTo', () => {
  it('takes bytes, a Buffer, hex, and what holds them', () => {
    for (const from of [add.bytes, Buffer.from(add.bytes), toHex(add.bytes, ' '), add])
      expect(from).to.decodeTo({ type: 'RTM_NEWLINK', flags: ['create', 'excl', 'ack', 'request'], body })
    expect(() => expect(1).to.decodeTo({ body })).to.throw(OptionError, 'the message: expected its bytes')
  })

  it('looks at what is given only, and at the whole of the body', () => {
    expect(add).to.decodeTo({ type: 'RTM_NEWLINK' }).and.to.decodeTo({ pid: 0 })
    expect(add).not.to.decodeTo({ body: { ifname: 'ipvl0' } })
    expect(add).not.to.decodeTo({ type: 'RTM_DELLINK', body })
    expect(add).not.to.decodeTo({ flags: ['request'] })
    expect(add).not.to.decodeTo({ seq: 1 })
  })

  it('include: a part of the body, and some of the flags', () => {
    expect(add).to.include.decodeTo({ flags: ['create'], body: { linkinfo: { data: { mode: 'l3' } } } })
    expect(add).to.contain.decodeTo({ body: { linkinfo: { data: { flags: ['private'] } }, mtu: undefined } })
    expect(add).not.to.include.decodeTo({ flags: ['dump'] })
    expect(add).not.to.include.decodeTo({ body: { linkinfo: { kind: 'macvlan' } } })
    expect(add).not.to.include.decodeTo({ body: { mtu: 1400 } })
    const error = failure(() => expect(add).to.include.decodeTo({ body: { mtu: 1400, linkinfo: { kind: 'macvlan' } } }))
    expect(error.message).to.match(
      /^the message does not include what is expected:\n {2}mtu: expected 1400, got \(not there\)\n {2}linkinfo.kind: expected "macvlan", got "ipvlan"\n0000 /,
    )
    expect([error.actual, error.expected]).to.deep.equal([
      [{ body: { mtu: undefined, linkinfo: { kind: 'ipvlan' } } }],
      [{ body: { mtu: 1400, linkinfo: { kind: 'macvlan' } } }],
    ])
  })

  it('says path by path what differs, with the bytes, and gives a diff', () => {
    const wrong = { ...body, linkinfo: { kind: 'ipvlan', data: { ...data, mode: 'l2' } }, mtu: 1400 }
    const error = failure(() => expect(add.bytes, 'the request').to.decodeTo({ body: wrong }))
    expect(error.message).to.match(/^the request: the message does not say what is expected:\n/)
    expect(error.message).to.contain('  linkinfo.data.mode: expected "l2", got "l3"\n')
    expect(error.message).to.contain('  mtu: expected 1400, got (not there)\n')
    expect(error.message).to.match(/^0048 .*; {5}mode = l3$/m)
    expect(error.showDiff).to.equal(true)
    expect(error).to.have.nested.property('expected[0].body.mtu', 1400)
    expect(error).to.have.nested.property('actual[0].body.linkinfo.data.mode', 'l3')
    const type = failure(() => expect(add).to.decodeTo({ type: 'RTM_DELLINK', body })).message
    expect(type).to.contain('type: expected "RTM_DELLINK", got "RTM_NEWLINK"')
    expect(failure(() => expect(add).not.to.decodeTo({ body })).message).to.match(
      /^the message says what it must not:\n0000 /,
    )
  })

  it('a list for a datagram of several messages', () => {
    const links = datagram('ipvlan/dump-all', 3)
    const list = Array(3).fill({ type: 'RTM_NEWLINK' })
    expect(links).to.decodeTo(list).and.to.include.decodeTo(list.slice(1))
    expect(links).not.to.decodeTo(list.slice(1))
    expect(links).to.include.decodeTo([{}, { body: { ifname: 'd0' } }])
    const error = failure(() => expect(links).to.include.decodeTo([{}, { body: { ifname: 'x' } }]))
    expect(error.message).to.contain('  [1].ifname: expected "x", got "d0"\n')
  })

  it('what cannot be decoded fails, also with not', () => {
    const short = add.bytes.subarray(0, 40)
    for (const to of [expect(short).to, expect(short).not.to])
      expect(failure(() => to.decodeTo({ type: 'RTM_NEWLINK' })).message).to.match(/length is 88.*\n0000 /)
  })

  it('what can be no message is an error of the test', () => {
    const wrong = { linkinfo: { kind: 'ipvlan', data: { mode: 'l4' } } }
    expect(() => expect(add).to.decodeTo({ body: wrong })).to.throw(/linkinfo.data.mode: expected one of l2, l3, l3s/)
  })

  it('another protocol, another byte order', () => {
    expect(add).to.decodeTo({ type: 16 }, { family: unknownProtocol })
    const other = { byteOrder: 'big' } as const
    const turned = convertByteOrder(route, add.bytes, 'little')
    expect(turned).to.decodeTo({ body }, other)
    expect(turned).to.equalMessage({ type: 'RTM_NEWLINK', flags: ['request', 'ack', 'excl', 'create'], body }, other)
  })

  it('the requests of a program', async () => {
    const kernel = fakeKernel({ RTM_SETLINK: () => undefined, RTM_GETLINK: () => ({ ifiIndex: 3, ifname: 'd0' }) })
    await using rtnl = await openRtnl({ host: kernel.host })
    await rtnl.links.set('d0', { mtu: 1400 })
    expect(kernel.requests.at(-1)).to.include.decodeTo({ type: 'RTM_SETLINK', body: { mtu: 1400 } })
  })
})

describe('equalMessage', () => {
  const hex = (options: { seq?: string; nested?: string; pad?: string; swap?: boolean; mode?: string } = {}) => {
    const { seq = '01000000', nested = '1400', pad = '0000', swap = false, mode = '0100' } = options
    const members = [`06000100${mode}${pad}`, '0600020001000000']
    return `5800000010000506${seq}00000000 00000000000000000000000000000000 0800050002000000 0a0003006970766c30000000
      24001200 0a0001006970766c616e0000 ${nested}0200 ${(swap ? members.reverse() : members).join('')}`
  }

  it('the order, padding, nested bits and numbers make no difference', () => {
    for (const other of [{}, { seq: '07000000' }, { pad: 'ffff' }, { swap: true }])
      expect(hex(other)).to.equalMessage(hex())
    expect(hex({}).replace('14000200', '14000280')).to.equalMessage(add)
    expect(add).to.equalMessage({ type: 'RTM_NEWLINK', flags: ['create', 'excl', 'ack', 'request'], body })
    expect(add).to.equalMessage([{ type: 'RTM_NEWLINK', flags: ['create', 'excl', 'ack', 'request'], body }])
  })

  it('says path by path what differs, with the bytes, and gives a diff', () => {
    expect(hex()).not.to.equalMessage(hex({ mode: '0000' }))
    const error = failure(() => expect(hex()).to.equalMessage(hex({ mode: '0000' })))
    expect(error.message).to.match(
      /^the messages do not mean the same:\n {2}linkinfo.data.mode: expected "l2", got "l3"\n0000 /,
    )
    expect(error).to.have.nested.property('actual[0].body.linkinfo.data.mode', 'l3')
    expect(error).to.have.nested.property('expected[0].body.linkinfo.data.mode', 'l2')
    expect(failure(() => expect(hex()).not.to.equalMessage(hex({ swap: true }))).message).to.match(
      /^the messages mean the same:\n/,
    )
  })

  it('bytes that cannot be decoded are equal to themselves only', () => {
    expect('0102').to.equalMessage('0102').and.not.to.equalMessage('0103')
    expect(failure(() => expect('0102').to.equalMessage('0103')).message).to.contain('bytes: expected 01 03, got 01 02')
  })

  it('what can be no message is an error of the test', () => {
    expect(() => expect(add).to.equalMessage({ type: 'RTM_NEWLINK', body: { mtu: 'x' } })).to.throw(
      /mtu: expected an integer/,
    )
    expect(() => expect(add).to.equalMessage('zz')).to.throw(RangeError)
  })
})
