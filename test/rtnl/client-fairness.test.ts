import { expect } from 'chai'
import { openKernel } from '../../src/netlink/socket/kernel.js'
import { netns } from '../../src/netlink/socket/netns.js'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { needs, root } from '../support/layers.js'
import { makeNamespaceWithPair, removeNamespaces } from '../support/namespaces.js'
import { FAIR, iterate, Turns } from '../support/turns.js'

describe('the event loop has its turns with this kernel, under a loop of', () => {
  let rtnl: Rtnl
  const turns = new Turns()
  before(async function () {
    needs(this, root)
    using inside = netns.open(makeNamespaceWithPair())
    rtnl = await openRtnl({ transport: turns.count(openKernel({ protocol: 0, netns: inside.fd })) })
  })
  after(() => {
    rtnl?.close()
    removeNamespaces()
  })

  const lists = {
    links: () => rtnl.links.list(),
    'links of a kind': () => rtnl.links.list({ kind: 'veth' }),
    addresses: () => rtnl.addresses.list(),
    'addresses of a link': () => rtnl.addresses.list({ dev: 'lo' }),
    routes: () => rtnl.routes.list(),
  }
  const loops: Record<string, () => Promise<unknown>> = {
    'links.get': () => rtnl.links.get('lo'),
    'links.set': () => rtnl.links.set('lo', { up: true }),
  }
  for (const [name, list] of Object.entries(lists)) {
    loops[`lists of ${name}`] = () => list().toArray()
    loops[`${name}, one by one`] = () => iterate(list())
    loops[`${name}, by datagrams`] = () => iterate(list().batches())
  }
  for (const [name, call] of Object.entries(loops))
    it(name, async () => {
      expect((await turns.loop(call)).longest).to.be.at.most(FAIR)
    })
})
