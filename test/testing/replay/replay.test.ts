/** A recording that answers: requests compared by meaning, numbers of our own put in, in both byte orders. */
import { expect } from 'chai'
import { type Link, openRtnl } from '../../../src/index.js'
import { type AnyMessageInput, decode, type ErrorBody, encode, type Message } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import {
  type Exchange,
  parseNl,
  type Recording,
  ReplayError,
  type ReplayOptions,
  replay,
} from '../../../src/testing/index.js'
import { recordings } from '../../support/fixtures.js'

const fixture = (name: string) => recordings().find((one) => one.name === name)!.recording
const newSlot = () => ({ bytes: new Uint8Array(65536), length: 0, port: 0, group: 0, nsid: 0 })
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )

/** A recording made of messages: what is in a list is received, the rest was sent. */
function script(...messages: (AnyMessageInput | AnyMessageInput[])[]): Recording {
  const exchanges = messages.map(
    (one): Exchange => ({
      direction: Array.isArray(one) ? 'received' : 'sent',
      bytes: encode(route, [one].flat(), { byteOrder: 'little' }),
      ...(Array.isArray(one) && one[0]!.seq === undefined ? { groups: 1 } : {}),
    }),
  )
  return { title: 't', notes: [], kernel: '6 x', byteOrder: 'little', family: 'route', exchanges }
}
/** As links.get asks. */
const get = (seq: number, link: Link): AnyMessageInput => ({
  type: 'RTM_GETLINK',
  flags: ['request'],
  seq,
  body: { ...link, extMask: ['vf'] },
})
const link = (seq: number, body: Link): AnyMessageInput[] => [{ type: 'RTM_NEWLINK', seq, pid: 9, body }]
const event = (body: Link): AnyMessageInput[] => [{ type: 'RTM_NEWLINK', body }]
const two = script(get(7, { ifname: 'a' }), link(7, { ifiIndex: 1 }), get(8, { ifname: 'b' }), link(8, { ifiIndex: 2 }))

describe('replay', () => {
  it('answers every recorded request, under other sequence numbers and a port of its own', () => {
    for (const { name, recording } of recordings()) {
      if (recording.family !== 'route' || name === 'error/ipvlan-short-mode') continue
      const transport = replay(recording)
      for (let group = 1; group <= 32; group++) transport.join(group)
      const slot = newSlot()
      let received = 0
      for (const exchange of recording.exchanges) {
        if (exchange.direction === 'sent') {
          const options = { byteOrder: recording.byteOrder, lossless: true }
          const [first, ...rest] = decode(route, exchange.bytes, options) as Message[]
          const { body } = first!
          const turned =
            body instanceof Uint8Array ? body : Object.fromEntries(Object.entries(body as object).reverse())
          const ours = { ...first!, seq: 0xfffffff0, body: first!.wire ? first!.body : turned }
          const bytes = encode(route, [ours, ...rest] as AnyMessageInput[], options)
          transport.send(bytes, bytes.length)
          continue
        }
        const result = transport.receive(slot)
        expect(result, name).to.equal('overrun' in exchange ? 'overrun' : 'datagram')
        if ('overrun' in exchange) continue
        received++
        const options = { byteOrder: recording.byteOrder }
        const [answer] = decode(route, slot.bytes.slice(0, slot.length), options) as Message[]
        const { seq, pid, body } = answer!
        const echoed = (body as Partial<ErrorBody>).request
        if (echoed && seq === 0xfffffff0) expect(echoed.seq, name).to.equal(seq)
        if (exchange.groups === undefined && seq === 0xfffffff0) expect(pid, name).to.be.within(4242, 4260)
        expect(slot.group > 0, name).to.equal((exchange.groups ?? 0) > 0)
      }
      expect(transport.remaining, name).to.equal(0)
      expect(transport.receive(slot), `${name}, after ${received}`).to.equal('empty')
      transport.close()
    }
  })

  for (const name of ['ipvlan/ipvlan-l3s-private-dump', 'big-endian/ipvlan-ipvlan-l3s-private-dump']) {
    it(`${name}: a client gets the recorded links`, async () => {
      const { exchanges, ...rest } = fixture(name)
      // Its first request is a probe of iproute2's own.
      const dump = exchanges.findIndex((one) => one.direction === 'sent' && one.bytes.length > 32)
      const recording = { ...rest, exchanges: exchanges.slice(dump) }
      await using rtnl = await openRtnl({ transport: replay(recording, { socket: 0 }) })
      const asked = { ifiFamily: 'packet', extMask: ['vf'], linkinfo: { kind: 'ipvlan' } } as Link
      const links = await rtnl.conversation.dump('RTM_GETLINK', asked).toArray()
      expect(links.map((one) => one.ifname)).to.deep.equal(['ipvl0'])
      expect(links[0]!.linkinfo).to.deep.equal({ kind: 'ipvlan', data: { mode: 'l3s', flags: ['private'] } })
    })
  }

  it('a request that is not the recorded one fails, path by path, and shows both', async () => {
    const wrong = {
      ifiIndex: 3,
      linkinfo: { kind: 'ipvlan', data: { mode: 'l3', flags: ['vepa'] } },
      mtu: 1400,
    } as const
    const right = {
      ifiIndex: 3,
      linkinfo: { kind: 'ipvlan', data: { mode: 'l2', flags: ['vepa'] } },
      address: '02:00:00:00:00:01',
    } as const
    const set = (body: Link): AnyMessageInput => ({ type: 'RTM_SETLINK', flags: ['request', 'ack'], seq: 1, body })
    await using rtnl = await openRtnl({ transport: replay(script(set(right))) })
    const error = (await failure(rtnl.conversation.request('RTM_SETLINK', wrong))) as ReplayError
    expect(error).to.be.instanceOf(ReplayError).with.property('code', 'ERR_NETLINK_REPLAY')
    expect(error.message.split('\n').slice(0, 4)).to.deep.equal([
      'not the recorded request:',
      '  linkinfo.data.mode: expected "l2", sent "l3"',
      '  address: expected "02:00:00:00:00:01", sent (not there)',
      '  mtu: expected (not there), sent 1400',
    ])
    expect(error.message).to.match(/Sent:\n0000.*; +mode = l3\n.*recorded:\n0000.*; +mode = l2\n/s)
    expect(error.differences.map(({ path }) => path)).to.deep.equal(['linkinfo.data.mode', 'address', 'mtu'])
  })

  it('type and flags are part of the meaning, ignored members are not', async () => {
    const sent = (options: ReplayOptions, message: AnyMessageInput) => {
      const transport = replay(script(get(1, { ifiIndex: 1, netNsFd: 5 })), options)
      const bytes = encode(route, [message], { byteOrder: 'little' })
      transport.send(bytes, bytes.length)
      transport.close()
    }
    const other = get(4, { ifiIndex: 1, netNsFd: 6 })
    expect(() => sent({}, other)).to.throw(ReplayError, /netNsFd: expected 5, sent 6/)
    expect(() => sent({ ignore: ['netNsFd'] }, other)).not.to.throw()
    expect(() => sent({ ignore: ['netNsFd'], exact: true }, other)).to.throw(ReplayError, /netNsFd: expected 5/)
    const flags = { ...get(1, { ifiIndex: 1, netNsFd: 5 }), flags: ['request', 'ack'] as const }
    expect(() => sent({}, flags)).to.throw(ReplayError, /flags: expected \["request"\], sent \["ack","request"\]/)
    expect(() => sent({}, { ...flags, type: 'RTM_DELLINK' })).to.throw(
      ReplayError,
      /^not the recorded request:\n {2}type: expected "RTM_GETLINK", sent "RTM_DELLINK"\nSent/,
    )
  })

  it('exact wants the same order of attributes, and says which', () => {
    const sent = encode(route, [get(3, { mtu: 1, ifname: 'a' })], { byteOrder: 'little' })
    const recording = script(get(7, { ifname: 'a', mtu: 1 }))
    expect(() => replay(recording).send(sent, sent.length)).not.to.throw()
    expect(() => replay(recording, { exact: true }).send(sent, sent.length)).to.throw(
      ReplayError,
      /order of attributes: expected "ifi.*ifname, mtu, extMask", sent ".*mtu, ifname, extMask"/,
    )
  })

  it('bytes that cannot be decoded are compared as bytes', () => {
    const recording = fixture('error/ipvlan-short-mode')
    const sent = recording.exchanges.filter((one) => one.direction === 'sent') as { bytes: Uint8Array }[]
    const broken = sent.at(-1)!.bytes
    const transport = replay(recording, { order: 'any', allowUnused: true })
    transport.send(broken, broken.length)
    const other = broken.slice()
    other[broken.length - 1]! ^= 1
    expect(() => transport.send(other, other.length)).to.throw(ReplayError)
  })

  it('the recorded order counts, unless any order will do', async () => {
    await using strict = await openRtnl({ transport: replay(two) })
    expect(await failure(strict.links.get('b'))).to.be.instanceOf(ReplayError)
    await using rtnl = await openRtnl({ transport: replay(two, { order: 'any' }) })
    expect((await rtnl.links.get('b')).ifiIndex).to.equal(2)
    expect((await rtnl.links.get('a')).ifiIndex).to.equal(1)
    expect(await failure(rtnl.links.get('a')))
      .to.be.instanceOf(ReplayError)
      .with.property('message')
      .match(/no further/)
  })

  it('in any order the nearest is shown', async () => {
    await using rtnl = await openRtnl({ transport: replay(two, { order: 'any' }) })
    const error = await failure(rtnl.links.get('c'))
    expect((error as Error).message).to.match(
      /^not a recorded request; the nearest differs:\n {2}ifname: expected "a", sent "c"/,
    )
  })

  it('to close it before all is used up is an error that says what is left', async () => {
    const transport = replay(two)
    const rtnl = await openRtnl({ transport })
    await rtnl.links.get('a')
    expect(() => transport.assertDone()).to.throw(ReplayError, /never sent:\n.*ifname = "b"/s)
    expect(() => rtnl.close()).to.throw(ReplayError, /not used up.*never sent/s)
    expect(rtnl.closed).to.equal(true)
    const silent = replay(script(event({ ifiIndex: 1 })))
    silent.join(1)
    expect(() => silent.close()).to.throw(ReplayError, /never received: RTM_NEWLINK/)
    replay(two, { allowUnused: true }).close()
  })

  it('after a request that was refused, closing it says nothing more', async () => {
    const rtnl = await openRtnl({ transport: replay(two) })
    expect(await failure(rtnl.links.get('c'))).to.be.instanceOf(ReplayError)
    rtnl.close()
  })

  it('a request beyond the end of the recording fails', async () => {
    const empty = parseNl('# t\n# kernel: 6 x   endian: little   family: route\n')
    await using rtnl = await openRtnl({ transport: replay(empty) })
    const error = await failure(rtnl.links.get(1))
    expect(error).to.be.instanceOf(ReplayError).with.property('code', 'ERR_NETLINK_REPLAY')
  })

  it('events come as if they were sent now', async () => {
    const recording = fixture('event/links')
    const exchanges = recording.exchanges.filter((one) => 'bytes' in one && one.groups !== undefined).slice(0, 3)
    await using rtnl = await openRtnl({ transport: replay({ ...recording, exchanges }) })
    const names: unknown[] = []
    for await (const one of rtnl.monitor(['link'])) {
      if (one.type === 'RTM_NEWLINK') names.push([one.group, typeof one.body.ifname])
      if (names.length === 3) break
    }
    expect(names).to.deep.equal(Array(3).fill(['link', 'string']))
  })

  it('an event of another namespace has its id', async () => {
    const { exchanges, ...head } = script(event({ ifiIndex: 5 }), event({ ifiIndex: 6 }))
    const [one, other] = exchanges
    await using rtnl = await openRtnl({
      transport: replay({ ...head, exchanges: [{ ...one!, nsid: 3 } as Exchange, other!] }),
    })
    const events = rtnl.monitor(['link'])
    for (const nsid of [3, undefined]) expect((await events.next()).value).to.have.property('nsid', nsid)
  })

  it('an event comes at its place: after the request before it, and to those who joined its group', async () => {
    const recording = script(get(1, { ifiIndex: 1 }), event({ ifiIndex: 5 }), link(1, { ifiIndex: 1 }))
    {
      await using rtnl = await openRtnl({ transport: replay(recording) })
      const events = rtnl.monitor(['link'])
      let came = false
      const first = events.next().then((result) => {
        came = true
        return result
      })
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(came).to.equal(false)
      await rtnl.links.get(1)
      expect(((await first).value as { body: Link }).body.ifiIndex).to.equal(5)
    }
    const rtnl = await openRtnl({ transport: replay(recording) })
    await rtnl.links.get(1)
    expect(() => rtnl.close()).to.throw(ReplayError, /nobody had joined its group: RTM_NEWLINK/)
  })

  it('what arrives comes in the recorded order', () => {
    const recording = script(get(1, {}), get(2, {}), link(2, { ifiIndex: 2 }), link(1, { ifiIndex: 1 }))
    const transport = replay(recording)
    const slot = newSlot()
    for (const { bytes } of recording.exchanges.slice(0, 2) as { bytes: Uint8Array }[])
      transport.send(bytes, bytes.length)
    const indexes = [1, 2].map(() => {
      expect(transport.receive(slot)).to.equal('datagram')
      return (decode(route, slot.bytes.slice(0, slot.length), { byteOrder: 'little' })[0]!.body as Link).ifiIndex
    })
    expect(indexes).to.deep.equal([2, 1])
  })

  it('requests under way together get their own answers', async () => {
    const recording = script(
      get(1, { ifiIndex: 1 }),
      get(2, { ifiIndex: 2 }),
      link(2, { ifiIndex: 2 }),
      link(1, { ifiIndex: 1 }),
    )
    await using rtnl = await openRtnl({ transport: replay(recording) })
    const links = await Promise.all([rtnl.links.get(1), rtnl.links.get(2)])
    expect(links.map(({ ifiIndex }) => ifiIndex)).to.deep.equal([1, 2])
  })
})
