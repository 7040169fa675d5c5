import { expect } from 'chai'
import { openRtnl } from '../../src/index.js'
import type { Parent } from '../../src/network/parent.js'
import { Site } from '../../src/network/site.js'
import type { NetworkStep } from '../../src/network/steps.js'
import { carryOutPrepared, inTurn, steadily } from '../../src/network/turns.js'
import { fakeKernel, refuse } from '../../src/testing/index.js'
import { rejection } from '../support/things.js'

const parent: Parent = { ifname: 'eth0', mtu: 1500, link: { ifiIndex: 2, ifname: 'eth0' }, steps: [] }
const step = (title: string): NetworkStep => ({
  title,
  side: 'parent',
  request: () => ({ type: 'RTM_NEWLINK', body: { ifname: title } }),
})

describe('network/turns', () => {
  it('one after another, also after one that failed', async () => {
    const seen: string[] = []
    const work = (name: string, fails: boolean) => async () => {
      seen.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(`${name} ends`)
      if (fails) throw new Error(name)
    }
    const results = await Promise.allSettled([inTurn(work('a', true)), inTurn(work('b', false))])
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled'])
    expect(seen).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  /** Carries out on a kernel that refuses each link but `free`. @returns how often it was prepared */
  async function tries(errno: 'EEXIST' | 'EPERM', prepare: (attempt: number) => string): Promise<number> {
    const { host } = fakeKernel({ RTM_NEWLINK: ({ ifname }) => (ifname === 'free' ? undefined : refuse(errno)) })
    const rtnl = await openRtnl({ host })
    const here = { where: undefined, fd: undefined, rtnl, sysctl: host.sysctl }
    let attempt = 0
    try {
      await carryOutPrepared(
        new Site({ host }),
        here,
        here,
        async () => {
          attempt += 1
          return { steps: [step(prepare(attempt))], known: {}, parent }
        },
        { network: 'n' },
      )
      return attempt
    } finally {
      rtnl.close()
    }
  }

  it('where another was faster, what is to be done then is tried', async () => {
    expect(await tries('EEXIST', (attempt) => (attempt < 3 ? `taken${attempt}` : 'free'))).to.equal(3)
  })

  it('not without end, not when the same is to be done, and not for other errors', async () => {
    for (const run of [
      () => tries('EEXIST', (attempt) => `taken${attempt}`),
      () => tries('EEXIST', () => 'taken'),
      () => tries('EPERM', (attempt) => (attempt === 1 ? 'taken' : 'free')),
    ])
      expect(await rejection(run())).to.include({ code: 'ERR_NETWORK_STEP' })
  })

  it('looks again when something has gone', async () => {
    const rtnl = await openRtnl({ host: fakeKernel({ RTM_GETLINK: () => refuse('ENODEV') }).host })
    let looks = 0
    const look = async () => {
      looks += 1
      return looks < 3 ? rtnl.links.get('x') : looks
    }
    expect(await steadily(look)).to.equal(3)
    looks = -100
    expect(await rejection(steadily(look))).to.include({ errnoName: 'ENODEV' })
    expect(looks).to.equal(-96)
    rtnl.close()
  })
})
