/** What an editor shows: short names of types, and the comments of the definitions. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'
import { type Completion, Editor } from './editor.js'

const editor = new Editor(`
import { decode } from 'nlwire/netlink'
import { route } from 'nlwire/rtnl'
import { openRtnl, type Link, type Route, type Address } from 'nlwire'
const rtnl = await openRtnl()
const /*link*/link = await rtnl.links.get('x')
link./*link.*/mtu
const /*address*/address = await rtnl.addresses.add({ dev: 1, address: '10.0.0.1' })
address./*address.*/label
const /*route*/route1 = await rtnl.routes.get('10.0.0.1')
route1./*route.*/oif
const /*list*/list = rtnl.links.list()
const info = link./*linkinfo*/linkinfo
if (info?.kind === 'ipvlan') {
  const /*ipvlan*/data = info.data!
  data./*ipvlan.*/mode
}
if (info?.kind === 'macvlan') info.data!./*macvlan.*/mode
if (info?.kind === 'vlan') info.data!./*vlan.*/id
if (info?.kind === 'bridge') info.data!./*bridge.*/ageingTime
if (info?.slaveKind === 'bridge') info.slaveData!./*port.*/state
info?./*linkinfo.*/kind
rtnl.links.add({ ifname: 'x', /*add.*/linkinfo: { kind: 'ipvlan', data: { /*add.ipvlan.*/mode: 'l2' } } })
for await (const /*event*/event of rtnl.monitor(['link'])) {
  if (event.type === 'RTM_NEWLINK') console.log(event./*body*/body)
}
const /*conversation*/conversation = rtnl.conversation
for (const /*message*/message of decode(route, new Uint8Array())) console.log(message)
`)

const undocumented = (list: readonly Completion[]) =>
  list.filter(({ documentation }) => documentation === '').map(({ name }) => name)

describe('types/editor', function () {
  this.timeout(60_000)

  it('the program has no errors', () => expect(editor.errors).to.deep.equal([]))

  for (const [place, type] of Object.entries({
    link: 'const link: Link',
    address: 'const address: Address',
    route: 'const route1: Route',
    list: 'const list: List<Link>',
    event: 'const event: Event<RouteProtocol, "link", any>',
    message: 'const message: MessageOf<RouteProtocol, any>',
    conversation: 'const conversation: Conversation<RouteProtocol>',
    ipvlan: 'const data: LinkData<"ipvlan">',
    body: '(property) Told<"RTM_NEWLINK", Link>.body: Link',
  }))
    it(`the type of ${place} has a short name`, () => expect(editor.hover(place).type).to.equal(type))

  for (const place of ['ipvlan.', 'add.ipvlan.'])
    it(`every attribute of an ipvlan has its documentation: ${place}`, () => {
      expect(editor.completions(place).map(({ name }) => name)).to.include.members(['mode', 'flags'])
      expect(undocumented(editor.completions(place))).to.deep.equal([])
    })

  for (const [place, files] of Object.entries({
    'link.': ['link/entries', 'link/ifinfomsg'],
    'add.': ['link/entries', 'link/ifinfomsg'],
    'address.': ['address/address'],
    'route.': ['route/route', 'route/rtmsg'],
    'linkinfo.': ['link/link'],
    'macvlan.': ['link/kinds/macvlan'],
    'vlan.': ['link/kinds/vlan'],
    'bridge.': ['link/kinds/bridge'],
    'port.': ['link/slave-kinds/bridge-port'],
  }))
    it(`what has a comment in the definition has its documentation: ${place}`, () => {
      const source = files.map((file) => readFileSync(join(root, `src/rtnl/${file}.ts`), 'utf8')).join('\n')
      const commented = (name: string) => new RegExp(`\\*/\\n +${name}: `).test(source)
      const all = editor.completions(place)
      expect(all).to.have.length.above(5)
      expect(undocumented(all).filter(commented)).to.deep.equal([])
    })
})
