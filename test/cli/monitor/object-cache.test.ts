/** What a monitor knows: routes that have much in common, and very many of them. */
import { expect } from 'chai'
import { ObjectCache } from '../../../src/cli/monitor/object-cache.js'
import { objectOf } from '../../../src/cli/monitor/objects.js'
import { decode, encode, hostByteOrder, type MessageFlag } from '../../../src/netlink/index.js'
import { type Route, route } from '../../../src/rtnl/index.js'

type Verb = 'RTM_NEWROUTE' | 'RTM_DELROUTE'
const message = (type: Verb, flags: MessageFlag[], body: Partial<Route>) =>
  encode(route, [
    {
      type,
      flags: flags as never,
      body: { rtmFamily: 'inet', rtmDstLen: 24, dst: '10.0.0.0', table: 'main', ...body } as Route,
    },
  ])

/** What a list of events makes of what is known. */
function known(limit: number | undefined, ...events: Uint8Array[]): ObjectCache {
  const all = new ObjectCache(hostByteOrder, limit)
  for (const bytes of events) {
    const { type } = decode(route, bytes)[0]!
    all.take(objectOf(route.find(type)!, bytes, hostByteOrder)!, bytes)
  }
  return all
}

/** What was missed, as `new 3`: the number of the link that the route goes through. */
const missed = (before: ObjectCache, after: ObjectCache): string[] =>
  [...before.missed(after)].map(({ what, bytes }) => {
    const { type, body } = decode(route, bytes)[0]!
    return `${what} ${type} ${(body as Route).oif}`
  })

const add = (oif: number, ...flags: MessageFlag[]) => message('RTM_NEWROUTE', flags, { oif })

describe('what a monitor knows', () => {
  const empty = () => known(undefined)

  it('keeps routes that differ in their link only', () => {
    const two = known(undefined, add(1, 'create', 'excl'), add(2, 'create', 'append'), add(3, 'create'))
    expect(missed(empty(), two)).to.deep.equal(['new RTM_NEWROUTE 3', 'new RTM_NEWROUTE 1', 'new RTM_NEWROUTE 2'])
    expect(missed(two, empty())).to.deep.equal(['gone RTM_DELROUTE 3', 'gone RTM_DELROUTE 1', 'gone RTM_DELROUTE 2'])
    expect(missed(two, two)).to.deep.equal([])
  })

  it('replaces the first, and deletes the one that is named', () => {
    const replaced = known(undefined, add(1, 'create', 'excl'), add(2, 'create', 'append'), add(3, 'replace'))
    const expected = known(undefined, add(3), add(2, 'append'))
    expect(missed(replaced, expected)).to.deep.equal([])
    const deleted = known(undefined, add(1), add(2, 'append'), message('RTM_DELROUTE', [], { oif: 2 }))
    expect(missed(deleted, known(undefined, add(1)))).to.deep.equal([])
    expect(missed(known(undefined, add(1)), known(undefined, add(2)))).to.deep.equal(['changed RTM_NEWROUTE 2'])
  })

  it('a next hop that IPv6 appends changes the route that is there', () => {
    const six = (oif: number, ...flags: MessageFlag[]) =>
      message('RTM_NEWROUTE', flags, { rtmFamily: 'inet6', dst: '2001:db8::', rtmDstLen: 64, oif })
    expect(missed(known(undefined, six(1), six(2, 'append')), known(undefined, six(2)))).to.deep.equal([])
  })

  it('counters and clocks are no change', () => {
    const aged = (rtaLastuse: number) =>
      message('RTM_NEWROUTE', [], {
        cacheinfo: {
          rtaClntref: 0,
          rtaLastuse,
          rtaExpires: 0,
          rtaError: 0,
          rtaUsed: 0,
          rtaId: 0,
          rtaTs: 0,
          rtaTsage: 0,
        },
      })
    expect(missed(known(undefined, aged(1)), known(undefined, aged(2)))).to.deep.equal([])
  })

  it('does not grow without an end', () => {
    const one = (i: number) => message('RTM_NEWROUTE', [], { dst: `10.0.${i}.0` })
    expect(known(2, one(1), one(2)).full).to.equal(false)
    const full = known(2, one(1), one(2), one(3), one(4))
    expect(full.full).to.equal(true)
    expect(missed(empty(), full)).to.have.length(2)
  })
})
