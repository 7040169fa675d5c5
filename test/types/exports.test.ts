/** Every type that a public signature names can be imported, so that whoever writes such a signature can name it too. */
import { expect } from 'chai'
import { entries, exportsOf } from './api.js'

/** Where else a type of the entry may come from: what the entry is built on. */
const beside: Readonly<Record<string, readonly string[]>> = {
  nlwire: [],
  'nlwire/netlink': [],
  'nlwire/rtnl': ['nlwire/netlink', 'nlwire/generic'],
  'nlwire/generic': ['nlwire', 'nlwire/netlink'],
  'nlwire/network': ['nlwire', 'nlwire/netlink'],
  'nlwire/testing': ['nlwire', 'nlwire/netlink'],
  'nlwire/testing/chai': ['nlwire', 'nlwire/netlink', 'nlwire/testing'],
}

describe('types/exports', function () {
  this.timeout(60_000)

  it('every type that a public signature names is exported', () => {
    const all = exportsOf(entries())
    expect([...all.keys()]).to.have.members(Object.keys(beside))
    const missing: string[] = []
    for (const [entry, exported] of all) {
      // What the client shows of the protocol below it is found there.
      const protocol = entry === 'nlwire' ? ['nlwire/netlink'] : []
      for (const { name, file, named, derived } of exported) {
        const from = derived
          ? [...all.keys()]
          : [entry, ...beside[entry]!, ...(file.startsWith('netlink/') ? protocol : [])]
        const known = new Set(from.flatMap((one) => all.get(one)!.map(({ symbol }) => symbol)))
        for (const type of named) if (!known.has(type)) missing.push(`${entry}: ${type.name}, which ${name} names`)
      }
    }
    expect(missing.join('\n')).to.equal('')
  })
})
