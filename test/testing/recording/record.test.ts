/** Recording: the same file each time, and nothing in it that should not be seen. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { KernelError, openRtnl } from '../../../src/index.js'
import {
  type AnyMessageInput,
  type ByteOrder,
  decode,
  type ErrorBody,
  encode,
  type Message,
  type MessageOf,
} from '../../../src/netlink/index.js'
import { type Link, route } from '../../../src/rtnl/index.js'
import {
  type Exchange,
  fakeKernel,
  formatNl,
  load,
  parseNl,
  pseudonyms,
  type Recording,
  record,
  redacted,
  refuse,
  replay,
  stable,
  volatile,
} from '../../../src/testing/index.js'
import { recordings } from '../../support/fixtures.js'

const eth0: Link = { ifiIndex: 2, ifname: 'eth0', address: '52:54:00:12:34:56', mtu: 1500 }
const messagesOf = ({ exchanges, byteOrder }: Pick<Recording, 'exchanges' | 'byteOrder'>) =>
  exchanges.flatMap((one) =>
    'bytes' in one ? (decode(route, one.bytes, { byteOrder }) as MessageOf<typeof route>[]) : [],
  )
const without = ({ seq: _, pid: __, ...rest }: Message) => rest

describe('record', () => {
  for (const byteOrder of ['little', 'big'] as ByteOrder[]) {
    it(`lets through, and writes what replays: ${byteOrder}-endian`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'nlwire-record-'))
      const file = join(folder, 'deeper', 'links.nl')
      try {
        const kernel = fakeKernel({ RTM_GETLINK: () => eth0, RTM_SETLINK: () => refuse('EBUSY') }, { byteOrder })
        const program = async (transport: ReturnType<typeof record>) => {
          await using rtnl = await openRtnl({ transport })
          const { ifiIndex } = await rtnl.links.get('eth0')
          const error = await rtnl.links.set(ifiIndex!, { mtu: 1400 }).catch((reason: unknown) => reason)
          expect(error).to.be.instanceOf(KernelError).with.property('errnoName', 'EBUSY')
        }
        const options = { command: 'mocha', notes: ['who: a test'], kernel: '6.1.0 x86_64' }
        await program(record(kernel.open(), file, options))
        const written = readFileSync(file, 'utf8')
        expect(written.split('\n').slice(0, 4)).to.deep.equal([
          '# links',
          '# cmd: mocha',
          '# who: a test',
          `# kernel: 6.1.0 x86_64   endian: ${byteOrder}   family: route`,
        ])
        await program(replay(file) as unknown as ReturnType<typeof record>)
        // Another port, another first sequence number: the same file.
        const other = kernel.open()
        let again: Recording | undefined
        const recorded = record(other, undefined, { ...options, title: 'links', save: (made) => (again = made) })
        await program(recorded)
        expect(other.port).not.to.equal(kernel.open().port)
        expect(formatNl(again!, route)).to.equal(written)
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  }

  it('keeps groups and overruns in their places', async () => {
    const kernel = fakeKernel({})
    const transport = record(kernel.open())
    await using rtnl = await openRtnl({ transport })
    const events = rtnl.monitor(['link'])
    kernel.multicast('link', 'RTM_NEWLINK', eth0)
    kernel.overrun()
    await events.next()
    await events.next()
    const [event, lost] = transport.recording().exchanges
    expect(event).to.deep.include({ direction: 'received', groups: 1 })
    expect(lost).to.deep.equal({ direction: 'received', overrun: true })
    const open = kernel.open()
    let saved = 0
    const other = record(open, undefined, { save: () => saved++ })
    open.queue(encode(route, [{ type: 'RTM_NEWLINK', body: eth0 }]), { group: 1, nsid: 3 })
    other.receive({ bytes: new Uint8Array(1024), length: 0, port: 0, group: 0, nsid: -1 })
    expect(other.recording().exchanges[0]).to.include({ groups: 1, nsid: 3 })
    other.close()
    other.close()
    expect(saved).to.equal(1)
    expect(transport.recording().kernel).to.match(/^\S+ \S+$/)
  })
})

describe('stable', () => {
  it('changes nothing but sequence numbers and ports, and a second time nothing at all', () => {
    for (const { name, recording } of recordings()) {
      if (recording.family !== 'route' || name === 'error/ipvlan-short-mode') continue
      const { byteOrder } = recording
      const once = stable(recording.exchanges, byteOrder)
      expect(stable(once, byteOrder), name).to.deep.equal(once)
      const [before, after] = [recording.exchanges, once].map((exchanges) => messagesOf({ exchanges, byteOrder }))
      for (const list of [before!, after!])
        for (const { body } of list) if ('request' in (body as object)) delete (body as Partial<ErrorBody>).request
      expect(
        after!.map((one) => without(one as Message)),
        name,
      ).to.deep.equal(before!.map((one) => without(one as Message)))
    }
  })

  it('two runs of one program become one recording: requests from 1, one port, others numbered as they appear', () => {
    const run = (first: number, port: number, other: number): Exchange[] => {
      const make = (direction: 'sent' | 'received', message: object, more = {}): Exchange => ({
        direction,
        bytes: encode(route, [message as AnyMessageInput], { byteOrder: 'little' }),
        ...more,
      })
      const request = { length: 32, type: 16, flags: 5, seq: first + 1, pid: 0 }
      return [
        make('sent', { type: 'RTM_GETLINK', seq: first, body: { ifiIndex: 1 } }),
        make('received', { type: 'RTM_NEWLINK', seq: first, pid: port, body: { ifiIndex: 1 } }),
        make('sent', { type: 'RTM_SETLINK', seq: first + 1, body: { ifiIndex: 1 } }),
        make('received', { type: 'RTM_NEWLINK', seq: first + 1, pid: port, body: { ifiIndex: 1 } }, { groups: 1 }),
        make('received', { type: 'RTM_NEWLINK', seq: 77 + other, pid: other, body: { ifiIndex: 2 } }, { groups: 1 }),
        make('received', { type: 'RTM_NEWLINK', body: { ifiIndex: 3 } }, { groups: 1 }),
        make('received', { type: 'NLMSG_ERROR', seq: first + 1, pid: port, body: { error: null, request } }),
      ]
    }
    const one = stable(run(1700000000, 3111, 555), 'little')
    expect(stable(run(1800000000, 4222, 666), 'little')).to.deep.equal(one)
    const numbers = messagesOf({ exchanges: one, byteOrder: 'little' }).map(({ seq, pid }) => [seq, pid])
    expect(numbers).to.deep.equal([
      [1, 0],
      [1, 4242],
      [2, 0],
      [2, 4242],
      [1, 9001],
      [0, 0],
      [2, 4242],
    ])
    const last = messagesOf({ exchanges: one, byteOrder: 'little' }).at(-1)!
    expect((last.body as ErrorBody).request).to.include({ seq: 2, pid: 0 })
  })
})

describe('redact', () => {
  const all = {
    values: { d0: 'uplink' },
    paths: { ifname: pseudonyms.name, address: pseudonyms.address, ...volatile },
  }

  it('replaces names and addresses everywhere, and what is left still decodes', () => {
    for (const { name, recording } of recordings()) {
      if (recording.family !== 'route' || name === 'error/ipvlan-short-mode') continue
      const { byteOrder } = recording
      const exchanges = redacted(recording.exchanges, route, byteOrder, all)
      expect(exchanges, name).to.have.length(recording.exchanges.length)
      const json = (list: readonly Exchange[]) =>
        JSON.stringify(messagesOf({ exchanges: list, byteOrder }), (_, one: unknown) =>
          typeof one === 'bigint' ? String(one) : one,
        )
      const text = json(exchanges)
      expect(text, name).not.to.match(/"d0"|"ipvl0"/)
      expect(json(redacted(recording.exchanges, route, byteOrder, {})), name).to.equal(json(recording.exchanges))
    }
  })

  for (const byteOrder of ['little', 'big'] as ByteOrder[]) {
    it(`what the kernel blamed is still what it blamed, where a name before it has become longer: ${byteOrder}`, async () => {
      const blame = 'linkinfo.data.mode'
      const kernel = fakeKernel(
        { RTM_NEWLINK: () => refuse('EINVAL', { blame, missing: 'linkinfo.data.flags' }) },
        { byteOrder },
      )
      const transport = record(kernel.open())
      const body = { ifname: 'a', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } } as const
      const add = async (ifname: string, over: Parameters<typeof openRtnl>[0]) => {
        await using rtnl = await openRtnl(over)
        const error = await rtnl.conversation
          .request('RTM_NEWLINK', { ...body, ifname })
          .catch((reason: unknown) => reason)
        expect(error).to.include({ path: 'linkinfo.data(ipvlan).mode', missing: 'linkinfo.data(ipvlan).flags' })
        return (error as KernelError).offset!
      }
      const offset = await add('a', { transport })
      const { exchanges, ...head } = transport.recording()
      const longer = redacted(exchanges, route, byteOrder, { values: { a: 'averylongname' } })
      expect(await add('averylongname', { transport: replay({ ...head, exchanges: longer }) })).to.equal(offset + 12)
      const [sent, answer] = messagesOf({ exchanges: longer, byteOrder })
      const { length } = (longer[0] as { bytes: Uint8Array }).bytes
      expect((answer!.body as ErrorBody).request.length, sent!.type.toString()).to.equal(length)
    })
  }

  it('is consistent: one value, one pseudonym, in requests, answers and texts', () => {
    const byteOrder = 'little'
    const request = { length: 44, type: 16, flags: 5, seq: 1, pid: 0 }
    const sent = encode(
      route,
      [{ type: 'RTM_NEWLINK', seq: 1, body: { ifname: 'secret', ifalias: 'a secret (secret)' } }],
      { byteOrder },
    )
    const message = 'Device "secret" is busy'
    const error = {
      type: 'NLMSG_ERROR',
      flags: ['ackTlvs', 'capped'],
      seq: 1,
      body: { error: 'EBUSY', request, message },
    }
    const kind = { type: 'RTM_NEWLINK', body: { ifname: 'dummy', linkinfo: { kind: 'dummy' }, qdisc: 'secretly' } }
    const exchanges: Exchange[] = [
      { direction: 'sent', bytes: sent },
      {
        direction: 'received',
        bytes: encode(route, [error as AnyMessageInput, kind as AnyMessageInput], { byteOrder }),
      },
    ]
    const clean = redacted(exchanges, route, byteOrder, { paths: { ifname: pseudonyms.name } })
    const [first, second, third] = messagesOf({ exchanges: clean, byteOrder }) as Message[]
    expect(first!.body).to.include({ ifname: 'if1', ifalias: 'a if1 (if1)' })
    expect((second!.body as ErrorBody).message).to.equal('Device "if1" is busy')
    expect((second!.body as ErrorBody).request.length).to.equal((clean[0] as { bytes: Uint8Array }).bytes.length)
    expect(third!.body).to.deep.include({ ifname: 'if2', linkinfo: { kind: 'dummy' }, qdisc: 'secretly' })
  })

  it('replaces by what a value is: text in any notation, not numbers and their names that look the same', () => {
    const body = { rtmFamily: 'mpls', dst: '100', table: 100, rtmType: 'unicast', oif: 100 } as const
    const bytes = encode(route, [{ type: 'RTM_NEWROUTE', body }], { byteOrder: 'little' })
    const values = { '100': '200', unicast: 'secret' }
    const clean = redacted([{ direction: 'sent', bytes }], route, 'little', { values })
    const [message] = messagesOf({ exchanges: clean, byteOrder: 'little' })
    expect(message!.body).to.include({ dst: '200', table: 100, rtmType: 'unicast', oif: 100 })
  })

  it('pseudonyms keep what means the same everywhere', () => {
    expect([pseudonyms.name('lo', 1), pseudonyms.name('eth0', 2)]).to.deep.equal(['lo', 'if2'])
    expect([pseudonyms.address('ff:ff:ff:ff:ff:ff', 1), pseudonyms.address('52:54:00:00:00:01', 300)]).to.deep.equal([
      'ff:ff:ff:ff:ff:ff',
      '02:00:00:00:01:2c',
    ])
    const addresses = ['127.0.0.1', '10.0.0.1', '::1', 'fe80::1', '0.0.0.0'].map((one) => pseudonyms.address(one, 3))
    expect(addresses).to.deep.equal(['127.0.0.1', '192.0.2.3', '::1', '2001:db8::3', '0.0.0.0'])
    expect(pseudonyms.zero({ a: 1, b: [2n, 'x'] })).to.deep.equal({ a: 0, b: [0n, 'x'] })
  })
})

describe('load', () => {
  it('takes a recording, its text, a path and a URL', () => {
    const { recording, text } = recordings().find(({ name }) => name === 'ipvlan/get')!
    const path = new URL('../../../../fixtures/ipvlan/get.nl', import.meta.url)
    expect(load(recording)).to.equal(recording)
    for (const source of [text, path, path.pathname]) expect(load(source)).to.deep.equal(parseNl(text))
  })
})
