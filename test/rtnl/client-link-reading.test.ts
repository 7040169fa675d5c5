import { expect } from 'chai'
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import type { Link } from '../../src/rtnl/link/index.js'
import { fakeKernel } from '../../src/testing/index.js'
import { needs, root } from '../support/layers.js'
import { expectLongLink, makeLongLink } from '../support/long-links.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'

describe('what is read of links', () => {
  describe('is asked for by a mask, which is never empty', () => {
    const asked: Link['extMask'][] = []
    let rtnl: Rtnl
    before(async () => {
      const kernel = fakeKernel({
        RTM_GETLINK: ({ extMask }, { flags }) => {
          asked.push(extMask)
          const link = { ifiIndex: 1, ifname: 'lo' }
          return flags.includes('dump') ? [link] : link
        },
      })
      rtnl = await openRtnl({ host: kernel.host })
    })
    after(() => rtnl.close())

    const masks: readonly [object, Link['extMask']][] = [
      [{}, ['vf']],
      [{ stats: true }, ['vf']],
      [{ stats: false }, ['vf', 'skipStats']],
      [{ only: ['ifname', 'mtu'] }, ['skipStats']],
      [{ only: ['ifname', 'vfinfoList'] }, ['vf']],
      [{ only: ['numVf'] }, ['vf', 'skipStats']],
      [{ only: ['stats64'] }, ['skipStats']],
      [{ only: ['afSpec'] }, ['vf']],
      [{ only: ['afSpec'], stats: false }, ['skipStats']],
      [{ only: [] }, ['skipStats']],
    ]
    for (const [options, mask] of masks)
      it(`${JSON.stringify(options)}: ${mask?.join()}`, async () => {
        await rtnl.links.list({}, options).toArray()
        await rtnl.links.list({ kind: 'ipvlan' }, options).toArray()
        await rtnl.links.get('lo', options)
        expect(asked.splice(0)).to.deep.equal([mask, mask, mask])
      })
  })

  describe('with this kernel', () => {
    before(function () {
      needs(this, root)
    })
    after(removeNamespaces)

    it('is all of a link with 240 names, and the links behind it', async () => expectLongLink(await makeLongLink()))

    it('is without the counters of IPv6, if these are not wanted', async () => {
      await using rtnl = await openRtnl({ netns: makeNamespace() })
      const read = async (options: object) => [
        await rtnl.links.get('lo', options),
        ...(await rtnl.links.list({}, options).toArray()),
      ]
      for (const { afSpec } of await read({})) expect(afSpec?.inet6).to.include.keys('conf', 'stats', 'icmp6stats')
      for (const link of await read({ stats: false })) {
        expect(link.afSpec?.inet6).to.include.keys('conf').and.not.have.any.keys('stats', 'icmp6stats')
        expect(link).to.include.keys('stats', 'stats64')
      }
    })
  })
})
