/** A package that exports definitions of its own, and what the client gives, gets its declarations from the compiler. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Compiler, compile, withConsumer } from './consumer.js'

const source = `
import { kernelHost, netns, openRtnl, type Rtnl, SiblingError } from 'nlwire'
import * as n from 'nlwire/netlink'
import * as r from 'nlwire/rtnl'
import { fakeKernel, load, withTestHost } from 'nlwire/testing'
import { nlwireChai } from 'nlwire/testing/chai'

export const mode = n.enumOf(n.u16, { a: 0, b: 1 })
export const flags = n.flagsOf(n.u32, { x: 1 })
export const bits = n.bitfield32({ y: 2 })
export const header = n.struct('header', { family: n.u8, _pad: n.padding(3), kind: mode })
export const inner = n.attributes('INNER', { mode: [1, mode], flags: [2, n.required(flags)] })
export const outer = n.attributes('OUTER', {
  kind: [1, n.nulString()],
  data: [2, n.select('kind', { inner }, 'otherData')],
  bits: [3, bits],
  addresses: [4, n.repeated(n.address)],
  list: [5, n.listOf(inner, { number: 1 })],
  byIndex: [6, n.indexed(n.u32)],
  numbers: [7, n.packed(n.u32)],
  hops: [8, n.records(n.headed(header, inner))],
  hangs: [9, n.byMember('family', { mpls: n.mplsLabels }, n.address)],
  self: [10, n.lazy('INNER', () => inner)],
  yes: [11, n.readOnly(n.bool(n.u8))],
  uint: [12, n.uint],
  mac: [13, n.mac],
})
export const message = n.headed(header, outer)
export const protocol = n.defineProtocol('mine', 16, { MINE: { number: 16, operation: 'get', body: message } }, { all: 1 })
export const decoded = n.decode(protocol, n.fromHex(''))
export const encoded = n.encode(protocol, [])
export const found = n.dissect(protocol, encoded)
export const issues = n.check(protocol, 'MINE', {})
export const talk = new n.Conversation(new n.MemoryTransport(), protocol)
export const asked = talk.get('MINE', {})
export const dumped = talk.dump('MINE', {})
export const heard = talk.subscribe(['all'])
export const kind = r.linkKind('mine', { mode: [1, n.required(mode)], self: [2, r.peerMessage] })
export const kinds = r.linkKinds({ kind, ipvlan: r.ipvlan })
export const { ipvlan, linkinfo, linkMessage, routeMessage, addressMessage, route, bridgePort, afSpec } = r
export const links = (rtnl: Rtnl) => rtnl.links.list({ kind: 'ipvlan' })
export const link = (rtnl: Rtnl) => rtnl.links.get('lo')
export const added = (rtnl: Rtnl) => rtnl.routes.add({ dst: 'default', dev: 'lo' })
export const addresses = async (rtnl: Rtnl) => rtnl.addresses.list().toArray()
export const events = (rtnl: Rtnl) => rtnl.monitor(['link', 'address'])
export const plugin = nlwireChai
export const client = openRtnl({ host: kernelHost })
export const ids = (rtnl: Rtnl) => rtnl.namespaces.list()
export const made = () => netns.open('x')
export const kernel = () => fakeKernel({ RTM_GETLINK: () => [{ ifname: 'lo' }] })
export const recording = () => load('x.nl')
export const under = () => withTestHost('x.nl', (host) => openRtnl({ host }))
export class Mine extends SiblingError {}
`

describe('types/consumer', function () {
  this.timeout(120_000)

  for (const compiler of ['typescript', 'typescript-5.6'] satisfies Compiler[])
    it(`exports what it defines, under ${compiler}`, () => {
      withConsumer(source, (folder) => {
        expect(compile(folder, compiler, ['--declaration'])).to.equal('')
        expect(readFileSync(join(folder, 'consumer.d.ts'), 'utf8')).to.include('export declare const kinds')
      })
    })
})
