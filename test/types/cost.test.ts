/** What the types cost those who use them: the compiler's work, which is the same on every machine. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'
import { compile, withConsumer } from './consumer.js'

const client = `
import { openRtnl } from 'nlwire'
await using rtnl = await openRtnl()
for await (const link of rtnl.links.list()) console.log(link.ifiIndex, link.ifname)
await rtnl.links.add({ ifname: 'ipv1', link: 'eth0', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
await rtnl.addresses.add({ dev: 'ipv1', address: '10.0.1.10/24' })
await rtnl.routes.add({ dst: 'default', dev: 'ipv1' })
for await (const event of rtnl.monitor(['link', 'address'])) {
  if (event.type === 'RTM_NEWLINK') console.log(event.body.ifname)
}
`

const declarations = () =>
  readdirSync(join(root, 'dist/src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))
const read = (name: string) => readFileSync(join(root, 'dist/src', name), 'utf8')

describe('types/cost', function () {
  this.timeout(60_000)

  it('the declarations take less than 300 KB, and those of networks 40 KB more', () => {
    const size = (names: readonly string[]) => names.reduce((sum, name) => sum + Buffer.byteLength(read(name)), 0)
    const ofNetworks = (name: string) => name.startsWith('network/')
    expect(size(declarations().filter((name) => !ofNetworks(name)))).to.be.lessThan(300 * 1024)
    expect(size(declarations().filter(ofNetworks))).to.be.lessThan(40 * 1024)
  })

  it('no type is written as the path of a file, and none twice: scripts/declarations.js', () => {
    for (const name of declarations()) expect(read(name), name).not.to.match(/import\("/)
    expect(declarations().filter((name) => read(name).includes('readonly forwardDelay:'))).to.deep.equal([
      'rtnl/link/kinds/bridge.d.ts',
    ])
  })

  it('a small client costs at most 15,000 instantiations of types', () => {
    const report = withConsumer(client, (folder) =>
      compile(folder, 'typescript-5.9', ['--noEmit', '--skipLibCheck', '--extendedDiagnostics']),
    )
    expect(report).not.to.include('error')
    expect(Number(/Instantiations: +(\d+)/.exec(report)?.[1])).to.be.within(1, 15_000)
  })
})
