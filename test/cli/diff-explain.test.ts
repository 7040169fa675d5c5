/** nlwire encode, diff and explain. */
import { expect } from 'chai'
import { nlwire } from './run.js'

const head = '100005060100000000000000 00000000000000000000000000000000'
const mode = '0600010001000000'
const flags = '0600020001000000'
const kind = '0a0001006970766c616e0000'
const message = (data: string, nest = '14000200') =>
  `58000000${head} 0800050002000000 0a0003006970766c30000000 24001200 ${kind} ${nest} ${data}`
const base = message(mode + flags)
const diff = async (a: string, b: string) => await nlwire(['diff', a, b])

describe('nlwire diff', () => {
  it('the same', async () => expect(await diff(base, base)).to.deep.include({ status: 0, stdout: 'the same\n' }))

  it('the same but for the order', async () =>
    expect(await diff(base, message(flags + mode))).to.deep.include({
      status: 0,
      stdout: 'the same, but for: order\n',
    }))

  it('the same but for padding', async () =>
    expect(await diff(base, message(`0600010001000500${flags}`))).to.deep.include({
      status: 0,
      stdout: 'the same, but for: padding\n',
    }))

  it('the same but for nested bits', async () =>
    expect(await diff(base, message(mode + flags, '14000280'))).to.deep.include({
      status: 0,
      stdout: 'the same, but for: nested bits (linkinfo.data)\n',
    }))

  it('a number in more bytes than its type has is a difference, marked with what is taken', async () => {
    const long = message(`0800010001000000${flags}`)
    const { status, stdout } = await diff(base, long)
    expect(status).to.equal(3)
    expect(stdout.replaceAll(/\s+/g, ' ')).to.match(/linkinfo\.data\.mode A l3 \(.*\) B l3, 4 bytes, enum u16 takes 2/)
    expect(await diff(long, long)).to.deep.include({ status: 0, stdout: 'the same\n' })
  })

  const macvlan = (number: string) =>
    `4c000000${head} 2c001200 0c0001006d6163766c616e00 1c000200 0800030003000000 10000500 0a00${number}0203040506070000`
  it('an entry of a list under another number is one, a nested bit more is none', async () => {
    const { status, stdout } = await diff(macvlan('0400'), macvlan('0900'))
    expect(status).to.equal(3)
    expect(stdout.replaceAll(/\s+/g, ' '))
      .to.match(/linkinfo\.data\.macaddrData A \["02:03:04:05:06:07"\]/)
      .and.match(/linkinfo\.data\.unknown A - B \[\{"type":5,"data":"0a0009000203040506070000"\}\]/)
    expect(await diff(macvlan('0400'), macvlan('0480'))).to.have.property('status', 0)
  })

  it('the same but for the sequence number', async () =>
    expect((await diff(base, base.replace('050601000000', '050602000000'))).stdout).to.equal(
      'the same, but for: sequence number or port\n',
    ))

  it('different: the path and the bytes, and exit status 3', async () => {
    const { status, stdout } = await diff(base, message(`0600010000000000${flags}`))
    expect(status).to.equal(3)
    expect(stdout).to.contain('linkinfo.data.mode\n  A  "l3" (bytes 0x48-0x4d)\n  B  "l2" (bytes 0x48-0x4d)\n')
  })

  it('different: a message more', async () => {
    const { status, stdout } = await diff('fixtures/route/dump-v4.nl', base)
    expect(status).to.equal(3)
    expect(stdout).to.contain('only in A')
  })

  it('captures that differ in nothing but their numbers', async () => {
    const { status, stdout } = await diff('fixtures/ipvlan/delete.nl', 'fixtures/ipvlan/delete.nl')
    expect([status, stdout]).to.deep.equal([0, 'the same\n'])
  })
})

describe('nlwire explain', () => {
  it('an errno with its request', async () => {
    const { status, stdout } = await nlwire(['explain', 'EBUSY', '--request', base])
    expect(status).to.equal(0)
    expect(stdout).to.contain('RTM_NEWLINK: EBUSY').and.contain('a macvlan is on it').and.contain('mode = l3')
    expect((await nlwire(['explain', '16', '--request', base])).stdout).to.equal(stdout)
  })

  it('an errno alone', async () => {
    expect((await nlwire(['explain', 'EINVAL'])).stdout)
      .to.contain('EINVAL (22)')
      .and.contain('--request')
  })

  it('a capture with a failed exchange', async () => {
    const { stdout } = await nlwire(['explain', 'fixtures/error/policy-range.nl'])
    expect(stdout)
      .to.contain('at newIfindex (bytes 0x20-0x27)')
      .and.match(/^ {2}0020 .*<-- ERANGE/m)
    expect((await nlwire(['explain', 'fixtures/address/dump-v4.nl'])).stdout).to.equal('nothing failed in it\n')
  })

  it('neither', async () => expect(await nlwire(['explain', 'EWHAT'])).to.deep.include({ status: 2, stdout: '' }))
})

describe('nlwire encode', () => {
  it('JSON written by hand: arrays, several lines, defaults', async () => {
    const one = { type: 'RTM_GETLINK', body: { ifiIndex: 2 } }
    const hex = '2000000012000000000000000000000000000000020000000000000000000000'
    expect((await nlwire(['encode'], JSON.stringify(one))).stdout).to.equal(`${hex}\n`)
    expect((await nlwire(['encode'], JSON.stringify([one, one], null, 2))).stdout).to.equal(`${hex}\n${hex}\n`)
    expect((await nlwire(['encode', '--byte-order', 'big'], JSON.stringify(one))).stdout).to.match(/^000000200012/)
  })

  it('says every path that is wrong', async () => {
    const { status, stderr } = await nlwire(['encode'], '{"type":"RTM_NEWLINK","body":{"ifname":"a/b","mtu":"x"}}')
    expect(status).to.equal(2)
    expect(stderr).to.contain('line 1: RTM_NEWLINK: ifname: expected').and.contain('mtu: expected an integer')
    for (const text of [
      '',
      '{',
      '[1]',
      '{"type":"NOPE","body":{}}',
      '{"a":1}',
      '{"error":{}}',
      '"x"',
      '{"type":"RTM_GETLINK","wire":{"raw":"zz"}}',
    ]) {
      const run = await nlwire(['encode'], text)
      expect([run.status, run.stdout], text).to.deep.equal([2, ''])
      expect(run.stderr, text)
        .to.match(/^nlwire: [^\n]*\n$/)
        .and.not.contain('bug')
    }
  })
})
