/** A recording that answers: requests compared by meaning, numbers of our own put in, in both byte orders. */
import { expect } from 'chai'
import { type Link, openRtnl } from '../../src/index.js'
import { type AnyMessageInput, decode, type ErrorBody, encode, type Message } from '../../src/netlink/index.js'
import { route } from '../../src/rtnl/index.js'
import { parseNl, ReplayError, replay } from '../../src/testing/index.js'
import { recordings } from '../support/fixtures.js'

const fixture = (name: string) => recordings().find((one) => one.name === name)!.recording

describe('replay', () => {
  it('answers every recorded request, under other sequence numbers and a port of its own', () => {
    for (const { name, recording } of recordings()) {
      if (recording.family !== 'route' || name === 'error/ipvlan-short-mode') continue
      const transport = replay(recording, route)
      const slot = { bytes: new Uint8Array(65536), length: 0, port: 0, group: 0, nsid: 0 }
      let received = 0
      for (const exchange of recording.exchanges) {
        if (exchange.direction === 'sent') {
          const options = { byteOrder: recording.byteOrder, lossless: true }
          const [first, ...rest] = decode(route, exchange.bytes, options) as Message[]
          const turned = Object.fromEntries(Object.entries(first!.body as object).reverse())
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
        if (exchange.groups === undefined && seq === 0xfffffff0) expect(pid, name).to.equal(transport.port)
      }
      expect(transport.remaining, name).to.equal(0)
      expect(transport.receive(slot), `${name}, after ${received}`).to.equal('empty')
    }
  })

  for (const name of ['ipvlan/ipvlan-l3s-private-dump', 'big-endian/ipvlan-ipvlan-l3s-private-dump']) {
    it(`${name}: a client gets the recorded links`, async () => {
      const { exchanges, ...rest } = fixture(name)
      // Its first request is a probe of iproute2's own.
      const dump = exchanges.findIndex((one) => one.direction === 'sent' && one.bytes.length > 32)
      const recording = { ...rest, exchanges: exchanges.slice(dump) }
      await using rtnl = await openRtnl({ transport: replay(recording, route, { socket: 0 }) })
      const asked = { ifiFamily: 'packet', extMask: ['vf'], linkinfo: { kind: 'ipvlan' } } as Link
      const links = await rtnl.conversation.dump('RTM_GETLINK', asked).toArray()
      expect(links.map((link) => link.ifname)).to.deep.equal(['ipvl0'])
      expect(links[0]!.linkinfo).to.deep.equal({ kind: 'ipvlan', data: { mode: 'l3s', flags: ['private'] } })
    })
  }

  it('a request that is not the recorded one fails, and shows both', async () => {
    await using rtnl = await openRtnl({ transport: replay(fixture('ipvlan/get'), route) })
    const error = await rtnl.links.get('other').catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(ReplayError)
    expect((error as Error).message).to.match(/Sent:.*ifname = "other".*recorded:.*RTM_NEWLINK/s)
  })

  it('a request beyond the end of the recording fails', async () => {
    const empty = parseNl('# t\n# kernel: 6 x   endian: little   family: route\n')
    await using rtnl = await openRtnl({ transport: replay(empty, route) })
    const error = await rtnl.links.get(1).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(ReplayError).with.property('code', 'ERR_NETLINK_REPLAY')
  })

  it('events come as if they were sent now', async () => {
    const recording = fixture('event/links')
    const events = recording.exchanges.filter((one) => 'bytes' in one && one.groups !== undefined)
    await using rtnl = await openRtnl({ transport: replay({ ...recording, exchanges: events }, route) })
    const names: unknown[] = []
    for await (const event of rtnl.monitor(['link'])) {
      if (event.type === 'RTM_NEWLINK') names.push(event.body.ifname)
      if (names.length === 3) break
    }
    expect(names.every((name) => typeof name === 'string')).to.equal(true)
  })
})
