import { expect } from 'chai'
import { type AnyMessageInput, decode, encode } from '../../src/netlink/codec/message.js'
import type { NetlinkError } from '../../src/netlink/errors.js'
import { MemoryTransport } from '../../src/netlink/transport/memory.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { route } from '../../src/rtnl/protocol.js'
import { rejection } from '../support/things.js'

describe('a link that cannot be decoded', () => {
  let rtnl: Rtnl
  let unexpected: NetlinkError[]
  const ipvlan = (ifIndex: number, mode: string): AnyMessageInput => ({
    type: 'RTM_NEWLINK',
    body: { ifiIndex: ifIndex, ifname: `a${ifIndex}`, link: 2, linkinfo: { kind: 'ipvlan', data: { mode } } },
  })
  /** An attribute at the end that is longer than the message. */
  const broken = new Uint8Array(new Uint16Array([99, 3]).buffer)
  const garbled: AnyMessageInput = { ...ipvlan(7, 'l3'), wire: { attributes: [], trailing: broken } }

  beforeEach(async () => {
    unexpected = []
    const transport = new MemoryTransport({
      onSend: (bytes, { queue, port }) => {
        const [{ type, seq, flags }] = decode(route, bytes) as unknown as [
          { type: string; seq: number; flags: string[] },
        ]
        const dump = flags.includes('dump')
        const links = dump ? [ipvlan(5, 'l3'), garbled, ipvlan(6, 'l3')] : [ipvlan(5, 'l3')]
        const messages = type === 'RTM_GETLINK' ? links : []
        const end = {
          type: dump ? 'NLMSG_DONE' : 'NLMSG_ERROR',
          body: { error: null, ...(dump ? {} : { request: {} }) },
        }
        for (const one of [...messages, end]) queue(encode(route, [{ ...one, seq, pid: port }]))
      },
    })
    rtnl = await openRtnl({ transport, onUnexpected: (error) => unexpected.push(error) })
  })
  afterEach(() => rtnl.close())

  for (const filter of [{}, { kind: 'ipvlan' }])
    it(`is left out of a list, which says so: ${JSON.stringify(filter)}`, async () => {
      const list = rtnl.links.list(filter)
      expect((await list.toArray()).map(({ ifname }) => ifname)).to.deep.equal(['a5', 'a6'])
      expect(list.garbled).to.equal(1)
      expect(list.garbledErrors[0]).to.include({ code: 'ERR_NETLINK_DECODE', type: 'RTM_NEWLINK' })
      expect(unexpected).to.deep.equal(list.garbledErrors)
    })

  it('may be a sibling, so the guard does not take it for none', async () => {
    const link = { ifname: 'new', link: 2, linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } } as const
    expect(await rejection(rtnl.links.add(link))).to.include({ code: 'ERR_NETLINK_DECODE' })
    expect((await rtnl.links.add(link, { siblings: 'switch' })).ifname).to.equal('a5')
  })
})
