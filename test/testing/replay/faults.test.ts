/** Faults in a replay: each is what the client hears, and the same request may come again afterwards. */
import { expect } from 'chai'
import { KernelError, OptionError, openRtnl, type Rtnl } from '../../../src/index.js'
import type { ByteOrder } from '../../../src/netlink/index.js'
import type { Link } from '../../../src/rtnl/index.js'
import {
  type Fault,
  fakeKernel,
  list,
  type Recording,
  ReplayError,
  record,
  replay,
} from '../../../src/testing/index.js'

const failure = (promise: PromiseLike<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason as Error,
  )
const links: Link[] = [1, 2, 3].map((ifiIndex) => ({ ifiIndex, ifname: `if${ifiIndex}` }))

/** What is recorded: a list in three datagrams, one link, and a change. */
async function program(rtnl: Rtnl, each = <T>(step: () => Promise<T>) => step()): Promise<unknown[]> {
  return [
    await each(() =>
      rtnl.links
        .list()
        .toArray()
        .then(({ length }) => length),
    ),
    await each(() => rtnl.links.get(2).then(({ ifname }) => ifname)),
    await each(() => rtnl.conversation.request('RTM_SETLINK', { ifiIndex: 2, mtu: 1400 }).then(() => 'done')),
  ]
}

async function recorded(byteOrder: ByteOrder): Promise<Recording> {
  const kernel = fakeKernel(
    {
      RTM_GETLINK: ({ ifiIndex }) => (ifiIndex ? links[ifiIndex - 1] : list(links, { each: 1 })),
      RTM_SETLINK: () => {},
    },
    { byteOrder },
  )
  const transport = record(kernel.open())
  await using rtnl = await openRtnl({ transport })
  expect(await program(rtnl)).to.deep.equal([3, 'if2', 'done'])
  return transport.recording()
}

for (const byteOrder of ['little', 'big'] as ByteOrder[]) {
  describe(`faults, ${byteOrder}-endian`, () => {
    let recording: Recording
    before(async () => {
      recording = await recorded(byteOrder)
    })
    const open = (faults: Fault[]) => openRtnl({ transport: replay(recording, { faults }), timeout: 50 })

    it('an errno, with an extended ack that blames by path; then the request may come again', async () => {
      const faults: Fault[] = [
        {
          at: 'RTM_SETLINK',
          errno: 'ERANGE',
          message: 'no such mtu',
          blame: 'mtu',
          policy: { type: 'u32', maxValueU: 9000n },
        },
      ]
      await using rtnl = await open(faults)
      const errors: unknown[] = []
      const again = async <T>(step: () => Promise<T>) =>
        step().catch((error: unknown) => {
          errors.push(error)
          return step()
        })
      expect(await program(rtnl, again)).to.deep.equal([3, 'if2', 'done'])
      expect(errors).to.have.length(1)
      expect(errors[0]).to.be.instanceOf(KernelError)
      expect(errors[0]).to.include({ errnoName: 'ERANGE', kernelMessage: 'no such mtu', path: 'mtu' })
      expect((errors[0] as KernelError).policy).to.match(/9000/)
    })

    it('an attribute that is missing; the program may also go on', async () => {
      await using rtnl = await open([{ at: 3, errno: 'EINVAL', missing: 'linkinfo' }])
      const result = await program(rtnl, (step) => step().catch((error) => error))
      expect(result[2]).to.include({ errnoName: 'EINVAL', missing: 'linkinfo' })
    })

    it('a path that the request does not have is told', async () => {
      await using rtnl = await open([{ at: 1, errno: 'EINVAL', blame: 'linkinfo.kind' }])
      const error = await failure(rtnl.links.list().toArray())
      expect(error)
        .to.be.instanceOf(OptionError)
        .with.property('message')
        .match(/^blame: expected .*, got "linkinfo.kind"/)
      expect(() => rtnl.close()).to.throw(ReplayError)
    })

    it('an interrupted dump is asked for again, and in the end is an error', async () => {
      await using rtnl = await open([{ at: 'RTM_GETLINK', interrupted: true, times: 2 }])
      expect(await program(rtnl)).to.deep.equal([3, 'if2', 'done'])
      const other = await open([{ at: 1, interrupted: true, times: 99 }])
      expect(await failure(other.links.list().toArray())).to.have.property('code', 'ERR_NETLINK_INTERRUPTED')
      expect(() => other.close()).to.throw(ReplayError, /never sent/)
    })

    it('only a dump can be interrupted', async () => {
      await using rtnl = await openRtnl({
        transport: replay(recording, { faults: [{ at: 2, interrupted: true }], allowUnused: true }),
      })
      await rtnl.links.list().toArray()
      expect(await failure(rtnl.links.get(2))).to.be.instanceOf(ReplayError)
    })

    it('an overrun and a truncated answer: the outcome is unknown', async () => {
      await using rtnl = await open([
        { at: 'RTM_GETLINK', nth: 2, overrun: true },
        { at: 'RTM_SETLINK', truncated: true },
      ])
      const codes: unknown[] = []
      const again = async <T>(step: () => Promise<T>) =>
        step().catch((error: { code: string }) => {
          codes.push(error.code)
          return step()
        })
      expect(await program(rtnl, again)).to.deep.equal([3, 'if2', 'done'])
      expect(codes).to.deep.equal(['ERR_NETLINK_OVERRUN', 'ERR_NETLINK_TRUNCATED'])
    })

    it('an overrun within a dump comes after the answers before it', async () => {
      await using rtnl = await openRtnl({
        transport: replay(recording, { faults: [{ at: 1, overrun: true, after: 1 }], allowUnused: true }),
      })
      const seen: unknown[] = []
      const read = async () => {
        for await (const { ifname } of rtnl.links.list()) seen.push(ifname)
      }
      expect(await failure(read())).to.have.property('code', 'ERR_NETLINK_OVERRUN')
      expect(seen).to.deep.equal(['if1'])
    })

    it('of a dump, one part may be cut', async () => {
      const faults: Fault[] = [{ at: 1, truncated: true, after: 1 }]
      await using rtnl = await openRtnl({ transport: replay(recording, { faults, allowUnused: true }) })
      const seen: unknown[] = []
      const read = async () => {
        for await (const { ifname } of rtnl.links.list()) seen.push(ifname)
      }
      expect(await failure(read())).to.have.property('code', 'ERR_NETLINK_TRUNCATED')
      expect(seen).to.deep.equal(['if1', 'if3'])
    })

    it('a delay, and no answer at all', async () => {
      await using rtnl = await open([
        { at: 2, delay: 20 },
        { at: 3, silent: true },
      ])
      const start = performance.now()
      const result = await program(rtnl, (step) => step().catch(({ code }) => code))
      expect(result).to.deep.equal([3, 'if2', 'ERR_NETLINK_TIMEOUT'])
      expect(performance.now() - start).to.be.at.least(60)
    })

    it('a fault that is never reached is an error', async () => {
      const rtnl = await open([{ at: 'RTM_SETLINK', nth: 2, errno: 'EBUSY' }])
      await program(rtnl)
      expect(() => rtnl.close()).to.throw(ReplayError, /never reached: the fault at RTM_SETLINK 2 \(errno\)/)
    })
  })
}
