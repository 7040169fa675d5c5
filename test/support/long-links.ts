/** A link whose message is longer than 32 KiB: with 240 alternative names. Used here and in another kernel. */
import { expect } from 'chai'
import { openRtnl } from '../../src/rtnl/client/rtnl.js'
import { ip } from './ip.js'
import { makeNamespace } from './namespaces.js'

const names = Array.from({ length: 240 }, (_, i) => `${i}-`.padEnd(126, 'n'))

/** A namespace with such a link, `long0`, and links before and behind it. */
export async function makeLongLink(): Promise<string> {
  const netns = makeNamespace()
  for (const name of ['first0', 'long0', 'last0']) ip(netns, `link add ${name} type bridge`)
  await using rtnl = await openRtnl({ netns })
  for (let i = 0; i < names.length; i += 40) await rtnl.links.addAltnames('long0', names.slice(i, i + 40))
  return netns
}

/** Reads it by every list, and whatever else makes one. */
export async function expectLongLink(netns: string): Promise<void> {
  const all = ['lo', 'first0', 'long0', 'last0']
  await using rtnl = await openRtnl({ netns })
  const namesOf = (links: readonly { ifname?: string }[]) => links.map(({ ifname }) => ifname)
  for (const options of [{}, { stats: false }, { only: ['ifname'] }, { only: ['ifname', 'stats64'] }] as const) {
    expect(namesOf(await rtnl.links.list({}, options).toArray()), JSON.stringify(options)).to.deep.equal(all)
    const kind = await rtnl.links.list({ kind: 'bridge' }, options).toArray()
    expect(namesOf(kind)).to.deep.equal(['first0', 'long0', 'last0'])
  }
  const streamed: (string | undefined)[] = []
  for await (const { ifname } of rtnl.links.list()) streamed.push(ifname)
  expect(streamed).to.deep.equal(all)
  const long = (await rtnl.links.list().toArray())[2]!
  expect(long.propList?.altIfname).to.deep.equal(names)
  expect((await rtnl.links.get(names[239]!)).propList?.altIfname).to.have.length(240)
  // Its name is the kernel's to choose, so that lists before and after say which it is.
  expect((await rtnl.links.add({ ifname: 'd%d', linkinfo: { kind: 'bridge' } })).ifname).to.equal('d0')
  await rtnl.links.replace({ ifname: 'last0', mtu: 1400, linkinfo: { kind: 'bridge' } })
  expect((await rtnl.links.get('last0')).mtu).to.equal(1400)
}
