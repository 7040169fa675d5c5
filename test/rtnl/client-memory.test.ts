/** The client on a kernel in memory: what cannot be had from a real one. */
import { expect } from 'chai'
import { type AnyMessageInput, decode, encode } from '../../src/netlink/codec/message.js'
import { OptionError, TransportError } from '../../src/netlink/errors.js'
import { MemoryTransport } from '../../src/netlink/transport/memory.js'
import { type Host, noHost } from '../../src/rtnl/client/host.js'
import { openRtnl, type Rtnl, type RtnlOptions } from '../../src/rtnl/client/rtnl.js'
import { route } from '../../src/rtnl/protocol.js'
import { rejection } from '../support/things.js'

// biome-ignore lint/suspicious/noExplicitAny: bodies of all types, which the tests look at member by member
type Body = any
interface Asked {
  readonly type: string
  readonly dump: boolean
  readonly body: Body
}

const link = (body: Body): AnyMessageInput => ({ type: 'RTM_NEWLINK', body })
const ipvlan = (ifname: string, ifiIndex: number, more: object = {}) =>
  link({ ifname, ifiIndex, link: 2, linkinfo: { kind: 'ipvlan', data: { mode: 'l3', flags: [] } }, ...more })
const wanted = (more: object = {}) =>
  ({ ifname: 'ipv1', link: 2, linkinfo: { kind: 'ipvlan', data: { mode: 'l2' } }, ...more }) as never

/** A kernel that gives what `answer` says, and carries out everything. An Error is an errno by its name. */
class Kernel {
  readonly asked: Asked[] = []
  answer: (asked: Asked) => AnyMessageInput[] | string = () => []
  /** What is not to be answered at all. */
  silent: (asked: Asked) => boolean = () => false
  readonly transport = new MemoryTransport({ onSend: (bytes, transport) => this.#take(bytes, transport) })

  #take(bytes: Uint8Array, { queue, port }: MemoryTransport): void {
    const [message] = decode(route, bytes)
    const { seq, body } = message!
    const type = String(message!.type)
    const dump = type.includes('_GET') && message!.flags.includes('dump' as never)
    const asked = { type, dump, body }
    this.asked.push(asked)
    if (this.silent(asked)) return
    const answer = this.answer(asked)
    const request = { length: 24, type: 16, flags: 5, seq, pid: 0 }
    const end = (error: string | null): AnyMessageInput =>
      dump
        ? { type: 'NLMSG_DONE', flags: ['multi'], body: { error } }
        : { type: 'NLMSG_ERROR', flags: ['capped'] as never, body: { error, request } }
    const messages = typeof answer === 'string' ? [] : answer
    const all = [...messages, end(typeof answer === 'string' ? answer : null)]
    const flags = dump ? (['multi'] as const) : []
    for (const one of all) queue(encode(route, [{ flags, ...one, seq, pid: port }]))
  }

  dumps(type: string): Asked[] {
    return this.asked.filter((one) => one.dump && one.type === type)
  }
}

describe('the client, with a kernel in memory', () => {
  let kernel: Kernel
  let rtnl: Rtnl
  const open = async (options: RtnlOptions = {}) => {
    rtnl = await openRtnl({ transport: kernel.transport, ...options })
  }
  beforeEach(() => {
    kernel = new Kernel()
  })
  afterEach(() => rtnl?.close())
  const hostWith = (parts: Partial<Host>): Host => ({
    open: () => kernel.transport,
    namespace: () => ({ fd: 7, inode: 1n, close() {}, [Symbol.dispose]() {} }),
    names: () => [],
    netns: noHost.netns,
    sysctl: noHost.sysctl,
    ...parts,
  })

  describe('a list that the kernel does not filter', () => {
    const everything = [
      link({ ifiIndex: 1, ifname: 'lo' }),
      link({ ifiIndex: 3, ifname: 'p', master: 9, linkinfo: { kind: 'veth' } }),
      ipvlan('a0', 4),
    ]
    const names = async (filter: object) => (await rtnl.links.list(filter).toArray()).map(({ ifname }) => ifname)

    it('is filtered here', async () => {
      kernel.answer = ({ type }) => (type === 'RTM_GETLINK' ? everything : [])
      await open()
      expect(await names({ kind: 'ipvlan' })).to.deep.equal(['a0'])
      expect(await names({ master: 9 })).to.deep.equal(['p'])
      expect(await names({ master: 9, kind: 'ipvlan' })).to.deep.equal([])
      expect(await names({})).to.have.length(3)
    })

    it('of another namespace: an error, since these are the links of ours', async () => {
      kernel.answer = () => everything
      await open()
      expect(await rejection(rtnl.links.list({ nsid: 5 }).toArray())).to.include({ code: 'ERR_NETLINK_UNSUPPORTED' })
      expect(await rejection(rtnl.links.list({ nsid: 5 }).next())).to.include({ code: 'ERR_NETLINK_UNSUPPORTED' })
      kernel.answer = () => [link({ ifiIndex: 1, ifname: 'lo', targetNetnsid: 5 })]
      expect(await rtnl.links.list({ nsid: 5 }, { only: ['ifname'] }).toArray()).to.deep.equal([{ ifname: 'lo' }])
    })
  })

  it('without a host touches nothing but its transport', async () => {
    kernel.answer = ({ type, dump, body }) => {
      if (type === 'RTM_GETNSID' && dump) return [{ type: 'RTM_NEWNSID', body: { nsid: 0 } }]
      if (type !== 'RTM_GETLINK') return []
      if (!dump) return [link({ ifiIndex: 2, ifname: 'eth0' })]
      if (body.linkinfo?.kind !== 'ipvlan') return []
      return body.targetNetnsid === undefined ? [ipvlan('a0', 4, { linkNetnsid: 0 })] : []
    }
    await open()
    await rtnl.links.add(wanted()).catch((error) => expect(error).to.include({ code: 'ERR_NETLINK_READBACK' }))
    expect(kernel.asked.filter(({ type, body }) => type === 'RTM_GETNSID' && body.fd !== undefined)).to.deep.equal([])
    const before = kernel.asked.length
    for (const where of ['net1', { pid: 1 }, { fd: 0 }]) {
      const error = await rejection(rtnl.links.add(wanted({ netns: where })))
      expect(error).to.include({ code: 'ERR_NETLINK_UNSUPPORTED' })
      expect(await rejection(rtnl.namespaces.get(where))).to.include({ code: 'ERR_NETLINK_UNSUPPORTED' })
    }
    expect(kernel.asked).to.have.length(before)
  })

  describe('the sibling guard', () => {
    const answer = ({ type, dump, body }: Asked) => {
      if (type === 'RTM_GETNSID' && dump)
        return [0, 1].map((nsid): AnyMessageInput => ({ type: 'RTM_NEWNSID', body: { nsid } }))
      if (type === 'RTM_GETNSID') return [{ type: 'RTM_NEWNSID', body: { nsid: 1 } }]
      if (type !== 'RTM_GETLINK') return []
      const target = body.targetNetnsid === undefined ? {} : { targetNetnsid: body.targetNetnsid }
      if (!dump) return [link({ ifiIndex: 2, ifname: 'eth0', ...target })]
      if (body.linkinfo?.kind !== 'ipvlan') return []
      return target.targetNetnsid === undefined
        ? [ipvlan('a0', 4, { linkNetnsid: 0 }), ipvlan('a1', 5, { linkNetnsid: 1 })]
        : [ipvlan('b0', 4, target), ipvlan('b1', 5, { ...target, linkNetnsid: 1 })]
    }

    it('looks for the parent in the namespace that it is in', async () => {
      kernel.answer = answer
      await open({ host: hostWith({}) })
      const error = await rejection(rtnl.links.add(wanted({ linkNetnsid: 0 })))
      expect(kernel.asked[0]!.body).to.include({ ifiIndex: 2, targetNetnsid: 0 })
      expect((error.siblings as Body[]).map(({ ifname }) => ifname)).to.deep.equal(['a0', 'b0'])
      const ours = await rejection(rtnl.links.add(wanted()))
      expect((ours.siblings as Body[]).map(({ ifname }) => ifname)).to.deep.equal(['a1', 'b1'])
    })

    it('asks once for an id, not for every link', async () => {
      kernel.answer = answer
      await open({ host: hostWith({}) })
      await rejection(rtnl.links.add(wanted()))
      const own = kernel.asked.filter(({ type, dump }) => type === 'RTM_GETNSID' && !dump)
      expect(own).to.have.length(1)
    })

    const away = (code: 'ERR_NETLINK_NO_NAMESPACE' | 'ERR_NETLINK_SYSCALL' | 'ERR_NETLINK_PERMISSION') => {
      const namespace = (where: unknown) => {
        if (where === 'gone') throw new TransportError(code, 'no way')
        return hostWith({}).namespace('')
      }
      return hostWith({ namespace, names: () => ['gone'] })
    }
    for (const code of ['ERR_NETLINK_NO_NAMESPACE', 'ERR_NETLINK_PERMISSION'] as const)
      it(`passes over a namespace that cannot be looked into: ${code}`, async () => {
        kernel.answer = answer
        await open({ host: away(code) })
        expect(await rejection(rtnl.links.add(wanted()))).to.include({ code: 'ERR_NETLINK_SIBLINGS' })
      })
    it('does not pass over any other error', async () => {
      kernel.answer = answer
      await open({ host: away('ERR_NETLINK_SYSCALL') })
      expect(await rejection(rtnl.links.add(wanted()))).to.include({ code: 'ERR_NETLINK_SYSCALL' })
      kernel.answer = (asked) => (asked.dump && asked.body.targetNetnsid === 0 ? 'ENOMEM' : answer(asked))
      await open({ host: hostWith({}) })
      expect(await rejection(rtnl.links.add(wanted()))).to.include({ errnoName: 'ENOMEM' })
      kernel.answer = (asked) => (asked.dump && asked.body.targetNetnsid === 0 ? 'EACCES' : answer(asked))
      expect(await rejection(rtnl.links.add(wanted()))).to.include({ code: 'ERR_NETLINK_SIBLINGS' })
      expect(kernel.asked.some(({ type }) => type === 'RTM_NEWLINK')).to.equal(false)
    })
  })

  describe('reading back, and the timeout of one call', () => {
    const timeout = 20
    const dumps = ({ dump }: Asked) => dump
    const cases: Record<string, () => Promise<unknown>> = {
      'looking for new links': () => rtnl.links.add({ linkinfo: { kind: 'dummy' } }, { timeout }),
      'looking for what is replaced': () =>
        rtnl.links.replace({ ifname: 'd0', linkinfo: { kind: 'dummy' } }, { timeout }),
      'reading back an address': () => rtnl.addresses.add({ dev: 2, address: '::1' }, { timeout }),
      'reading one address': () => rtnl.addresses.get({ dev: 2, address: '::1' }, { timeout }),
      'reading back a route': () => rtnl.routes.replace({ dst: 'default', dev: 2 }, { timeout }),
      'looking for siblings': () =>
        rtnl.links.set(4, { linkinfo: { kind: 'ipvlan', data: { mode: 'l2' } } }, { timeout }),
    }
    for (const [title, call] of Object.entries(cases))
      it(`is that of ${title}`, async () => {
        kernel.silent = dumps
        kernel.answer = ({ type }) => (type === 'RTM_GETLINK' ? [ipvlan('a0', 4)] : [])
        await open({ timeout: 60_000 })
        const error = await rejection(call())
        expect([error, error.cause]).to.satisfy((all: Body[]) => all.some((one) => one?.code === 'ERR_NETLINK_TIMEOUT'))
      })

    it('says that the change was made', async () => {
      kernel.silent = dumps
      await open()
      const error = await rejection(rtnl.addresses.add({ dev: 2, address: '2001:db8::1/64' }, { timeout }))
      expect(error).to.include({ code: 'ERR_NETLINK_READBACK' })
      expect(error.message).to.match(/^the address 2001:db8::1\/64 was made, but could not be read back: /)
      expect(error.cause).to.include({ code: 'ERR_NETLINK_TIMEOUT' })
      const route = await rejection(rtnl.routes.replace({ dst: '10.0.0.0/8', dev: 2 }, { timeout }))
      expect(route).to.include({ code: 'ERR_NETLINK_READBACK' })
    })

    it('and what is not found any more, as well', async () => {
      await open()
      const lost = await rejection(rtnl.routes.replace({ dst: '10.0.0.0/8', dev: 2 }))
      expect(lost.message).to.equal(
        'the route to 10.0.0.0/8 was made, but could not be read back: it is not found any more',
      )
    })
  })

  describe('a monitor', () => {
    let opened: MemoryTransport[]
    beforeEach(async () => {
      opened = []
      const host = hostWith({
        open() {
          opened.push(new MemoryTransport())
          return opened.at(-1)!
        },
      })
      rtnl = await openRtnl({ host })
    })

    it('of a closed client: ERR_NETLINK_CLOSED, and no socket', () => {
      rtnl.close()
      let error: unknown
      try {
        rtnl.monitor(['link'])
      } catch (thrown) {
        error = thrown
      }
      expect(error).to.include({ code: 'ERR_NETLINK_CLOSED' })
      expect(opened).to.have.length(1)
    })

    it('of an unknown group: OptionError, and its socket is closed', () => {
      expect(() => rtnl.monitor(['colour' as 'link'])).to.throw(OptionError)
      expect(opened.slice(1).every(({ closed }) => closed)).to.equal(true)
    })

    it('of a name in only that no message has: OptionError, and no socket', () => {
      expect(() => rtnl.monitor(['link'], { only: ['colour' as 'mtu'] })).to.throw(OptionError, /colour/)
      expect(opened).to.have.length(1)
      rtnl.monitor(['link', 'route'], { only: ['ifiIndex', 'mtu', 'rtmDstLen', 'gateway'] })
    })
  })
})
