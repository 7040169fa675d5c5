import { expect } from 'chai'
import { openRtnl } from '../../src/index.js'
import type { NetworkError } from '../../src/network/errors.js'
import { carryOut, type NetworkStep, planned, type SideClient } from '../../src/network/steps.js'
import { fakeKernel, refuse, silence } from '../../src/testing/index.js'
import { rejection } from '../support/things.js'

const about = { network: 'n', id: 'c1' }

const create: NetworkStep = {
  title: 'create it',
  side: 'parent',
  creates: { role: 'link', ifname: 'draft', side: 'container' },
  request: ({ parent }) => ({
    type: 'RTM_NEWLINK',
    body: { ifname: 'draft', link: parent },
    flags: ['create', 'excl'],
  }),
  undo: ({ link }) => ({ type: 'RTM_DELLINK', body: link === 0 ? { ifname: 'draft' } : { ifiIndex: link } }),
}
const address: NetworkStep = {
  title: 'add the address',
  side: 'container',
  request: ({ link }) => ({ type: 'RTM_NEWADDR', body: { ifaIndex: link, local: '10.0.0.1' } }),
  undo: ({ link }) => ({ type: 'RTM_DELADDR', body: { ifaIndex: link, local: '10.0.0.1' } }),
}
const rename: NetworkStep = {
  title: 'name it',
  side: 'container',
  request: ({ link }) => ({ type: 'RTM_SETLINK', body: { ifiIndex: link, ifname: 'eth0' } }),
}

describe('network/steps', () => {
  const open: Array<{ close(): void }> = []
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  /** A kernel that does all, but for what is given; and both sides in it. */
  async function machine(answers: object = {}) {
    const kernel = fakeKernel(
      {
        RTM_GETLINK: () => ({ ifiIndex: 7, ifname: 'draft' }),
        RTM_NEWLINK: () => undefined,
        RTM_SETLINK: () => undefined,
        RTM_DELLINK: () => undefined,
        RTM_NEWADDR: () => undefined,
        RTM_DELADDR: () => undefined,
        ...answers,
      },
      { namespaces: ['c'], sysctls: { 'net/ipv4/conf/eth0/forwarding': 0 } },
    )
    const side = async (netns?: string): Promise<SideClient> => {
      const rtnl = await openRtnl({ host: kernel.host, netns, timeout: 200 })
      open.push(rtnl)
      const { sysctl } = kernel.host
      return {
        rtnl,
        sysctl: { get: (name) => sysctl.get(name, netns), set: (name, to) => sysctl.set(name, to, netns) },
      }
    }
    const sides = { parent: await side(), container: await side('c') }
    const changes = () =>
      kernel.requests
        .filter(({ type }) => type !== 'RTM_GETLINK')
        .map(({ type, netns, body }) => [type, netns, (body as { ifiIndex?: number }).ifiIndex])
    return { sides, changes }
  }

  it('one after another, each in its namespace, with the index of what was created', async () => {
    const { sides, changes } = await machine()
    const indexes = await carryOut([create, rename, address], sides, { parent: 2 }, about)
    expect(indexes).to.deep.equal({ parent: 2, link: 7, host: 0 })
    expect(changes()).to.deep.equal([
      ['RTM_NEWLINK', undefined, 0],
      ['RTM_SETLINK', 'c', 7],
      ['RTM_NEWADDR', 'c', undefined],
    ])
  })

  it('when one is refused, those before it are undone in reverse, where they took effect', async () => {
    let sent = 0
    const { sides, changes } = await machine({ RTM_NEWADDR: () => (++sent === 2 ? refuse('EINVAL') : undefined) })
    const error = await rejection(carryOut([create, rename, address, address], sides, {}, about))
    expect(error).to.include({ code: 'ERR_NETWORK_STEP', network: 'n', id: 'c1' })
    expect(error.message).to.match(/^network n: c1: cannot add the address: RTM_NEWADDR: EINVAL/)
    expect((error.cause as { errnoName: string }).errnoName).to.equal('EINVAL')
    expect((error as unknown as NetworkError).suppressed).to.deep.equal([])
    expect(changes().slice(4)).to.deep.equal([
      ['RTM_DELADDR', 'c', undefined],
      ['RTM_DELLINK', 'c', 7],
    ])
  })

  it('what nobody answered may have been done: it is undone as well', async () => {
    const { sides, changes } = await machine({ RTM_NEWLINK: () => silence })
    expect(await rejection(carryOut([create], sides, {}, about))).to.include({ code: 'ERR_NETWORK_STEP' })
    expect(changes().map(([type]) => type)).to.deep.equal(['RTM_NEWLINK', 'RTM_DELLINK'])
  })

  it('undoing what has gone is no error; what cannot be undone is told', async () => {
    const { sides } = await machine({
      RTM_SETLINK: () => refuse('EBUSY'),
      RTM_DELADDR: () => refuse('EADDRNOTAVAIL'),
      RTM_DELLINK: () => refuse('EPERM'),
    })
    const error = (await rejection(carryOut([create, address, rename], sides, {}, about))) as unknown as NetworkError
    expect(error.suppressed.map(({ message }) => message)).to.have.length(1)
    expect(error.message).to.match(/cannot name it: RTM_SETLINK: EBUSY.*; not undone: RTM_DELLINK: EPERM/)
  })

  it('deleting what is not there is no error', async () => {
    const { sides } = await machine({ RTM_DELLINK: () => refuse('ENODEV') })
    const step: NetworkStep = {
      title: 'delete it',
      side: 'container',
      mayBeGone: true,
      request: () => ({ type: 'RTM_DELLINK', body: { ifiIndex: 9 } }),
    }
    await carryOut([step], sides, {}, about)
    expect(await rejection(carryOut([{ ...step, mayBeGone: false }], sides, {}, about))).to.include({
      code: 'ERR_NETWORK_STEP',
    })
  })

  it('settings are written, and waiting waits', async () => {
    const { sides } = await machine()
    const name = 'net/ipv4/conf/eth0/forwarding'
    let waited = 0
    const wait = async (_: unknown, { parent }: { readonly parent: number }) => {
      waited = parent
    }
    await carryOut(
      [
        { title: 'set it', side: 'container', sysctl: { name, value: '1' } },
        { title: 'wait', side: 'container', wait },
      ],
      sides,
      { parent: 3 },
      about,
    )
    expect(sides.container.sysctl.get(name)).to.equal('1')
    expect(waited).to.equal(3)
  })

  it('a plan has the bytes that would be sent', () => {
    const sysctl = { name: 'net/ipv4/conf/eth0/forwarding', value: '1' }
    const plan = planned(
      [create, { title: 'set it', side: 'parent', sysctl }, { title: 'wait', side: 'container', wait: async () => {} }],
      { parent: 2 },
    )
    expect(plan.map(({ title, side, request }) => [title, side, request !== undefined])).to.deep.equal([
      ['create it', 'parent', true],
      ['set it', 'parent', false],
      ['wait', 'container', false],
    ])
    expect(plan[0]!.annotated.join('\n')).to.match(/draft/)
    expect(plan[1]!.annotated).to.deep.equal(['net/ipv4/conf/eth0/forwarding = 1'])
  })
})
