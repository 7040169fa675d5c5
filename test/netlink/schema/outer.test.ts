/** Values that hang on a member further out than their own object. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  type AnyMessageInput,
  attributes,
  byMember,
  check,
  decode,
  defineProtocol,
  dissect,
  encode,
  enumOf,
  fixedArray,
  fixedBytes,
  headed,
  ipv4,
  ipv6,
  lazy,
  listOf,
  type Message,
  nulString,
  outer,
  type Protocol,
  packed,
  padding,
  s32,
  select,
  struct,
  type Type,
  toHex,
  u8,
  u16,
  u32,
} from '../../../src/netlink/index.js'
import { parseNl } from '../../../src/testing/index.js'
import { root } from '../../support/fixtures.js'

const tcmsg = struct('tcmsg', {
  tcmFamily: u8,
  _pad: padding(3),
  tcmIfindex: s32,
  tcmHandle: u32,
  tcmParent: u32,
  tcmInfo: u32,
})
const codel = struct('tc_codel_xstats', {
  maxpacket: u32,
  count: u32,
  lastcount: u32,
  ldelay: u32,
  dropNext: s32,
  dropOverlimit: u32,
  ecnMark: u32,
  dropping: u32,
  ceMark: u32,
})
const fqCodel = struct('tc_fq_codel_xstats', {
  type: u32,
  maxpacket: u32,
  dropOverlimit: u32,
  ecnMark: u32,
  newFlowCount: u32,
  newFlowsLen: u32,
  oldFlowsLen: u32,
})
const stats2 = attributes('TCA_STATS', {
  app: [4, select(outer('kind'), { codel, fq_codel: fqCodel }, 'otherApp')],
})
const qdisc = headed(tcmsg, attributes('TCA', { kind: [1, nulString()], stats2: [7, stats2] }))
const tc = defineProtocol(
  'tc',
  0,
  { RTM_NEWQDISC: { number: 36, operation: 'new', body: qdisc } },
  {},
) as unknown as Protocol

const known = (messages: readonly object[]): AnyMessageInput[] =>
  (messages as { type: string; body: { unknown?: unknown; stats2: { unknown?: unknown } } }[])
    .filter(({ type }) => type === 'RTM_NEWQDISC')
    .map(({ type, body: { unknown: _, ...body } }) => {
      const { unknown: __, ...stats2 } = body.stats2
      return { type, body: { ...body, stats2 } }
    })

describe('outer', () => {
  const { exchanges } = parseNl(readFileSync(join(root, 'fixtures/tc/qdisc-statistics.nl'), 'utf8'))
  const said = JSON.parse(readFileSync(join(root, 'fixtures/tc/qdisc-statistics.json'), 'utf8')) as Record<
    string,
    unknown
  >[]
  const recorded = exchanges
    .filter((one) => one.direction === 'received')
    .flatMap((one) => ('bytes' in one ? [one.bytes] : []))
    .filter((bytes) => bytes[4] === 36)

  for (const byteOrder of ['little', 'big'] as const)
    it(`chooses a qdisc's own statistics by its kind, as the kernel sent them, ${byteOrder}-endian`, () => {
      expect(recorded).to.not.be.empty
      const found = new Map<string, Record<string, unknown>>()
      for (const original of recorded) {
        // The other byte order, of what this definition knows.
        const bytes =
          byteOrder === 'little'
            ? original
            : encode(tc, known(decode(tc, original, { byteOrder: 'little' })), { byteOrder })
        const messages = decode(tc, bytes, { byteOrder, lossless: true }) as unknown as Message[]
        expect(toHex(encode(tc, messages, { byteOrder }))).to.equal(toHex(bytes))
        for (const { type, body } of messages) {
          if (type !== 'RTM_NEWQDISC') continue
          const { kind, stats2 } = body as { kind: string; stats2: Record<string, Record<string, unknown>> }
          if (stats2.app) found.set(kind, stats2.app)
          expect(check(tc, 'RTM_NEWQDISC', body)).to.deep.equal([])
        }
        expect(dissect(tc, bytes, { byteOrder }).map((field) => field.problem)).to.deep.equal(
          messages.map(() => undefined),
        )
      }
      const [fq, plain] = said
      expect(found.get('fq_codel')).to.deep.include({ maxpacket: fq!.maxpacket, newFlowCount: fq!.new_flow_count })
      expect(found.get('codel')).to.deep.include({ count: plain!.count, ecnMark: plain!.ecn_mark })
      expect(Object.keys(found.get('codel')!)).to.deep.equal(codel.memberNames)
    })

  it('names the case in a dissection', () => {
    const text = JSON.stringify(dissect(tc, recorded[0]!, { byteOrder: 'little' }), (key, value) =>
      key === 'set' ? undefined : value,
    )
    expect(text).to.include('stats2.app(fq_codel).newFlowCount')
  })

  // An address whose family stands in the message's header, in a struct in a list in a nest; and in a set of its own.
  const family = enumOf(u8, { inet: 2, inet6: 10 })
  const address16 = (by: 'family' | '^family') =>
    byMember(by, { inet6: ipv6 }, fixedBytes(16)) as unknown as Type<unknown> & { readonly size: number }
  const selector = struct('selector', { port: u16, _pad: padding(2), address: address16(outer('family')) })
  const inner: Type<unknown> = attributes('INNER', {
    selectors: [1, packed(selector)],
    entries: [
      2,
      listOf(attributes('ENTRY', { address: [1, byMember(outer('family'), { inet6: ipv6 }, ipv4)] }), { number: 1 }),
    ],
    again: [3, lazy('INNER', () => inner)],
  }) as unknown as Type<unknown>
  const own = struct('own', { family, _pad: padding(3), address: address16('family') })
  const body = headed(
    struct('header', { family, _pad: padding(3) }),
    attributes('OUTER', { inner: [1, inner], own: [2, own] }),
  )
  const protocol = defineProtocol(
    'outward',
    0,
    { X_NEWX: { number: 16, operation: 'new', body } },
    {},
  ) as unknown as Protocol
  const at = (body: object): AnyMessageInput => ({ type: 'X_NEWX', body })

  for (const byteOrder of ['little', 'big'] as const)
    it(`sees a header from structs, lists and sets that contain themselves, ${byteOrder}-endian`, () => {
      const value = {
        family: 'inet6',
        inner: {
          selectors: [{ port: 5, address: '2001:db8::1' }],
          entries: [{ address: '::1' }],
          again: { entries: [{ address: '::2' }], selectors: [{ port: 1, address: '::3' }] },
        },
        own: { family: 'inet6', address: '::4' },
      }
      const bytes = encode(protocol, [at(value)], { byteOrder })
      expect(decode(protocol, bytes, { byteOrder })[0]!.body).to.deep.equal(value)
      expect(decode(protocol, bytes, { byteOrder, only: ['inner'] })[0]!.body).to.deep.include({ inner: value.inner })
      const four = { family: 'inet', inner: { entries: [{ address: '10.0.0.1' }] } }
      expect(decode(protocol, encode(protocol, [at(four)], { byteOrder }), { byteOrder })[0]!.body).to.deep.equal(four)
    })

  it('sees a header in bytes that are not canonical, also from objects that no decoder made', () => {
    const value = { family: 'inet6', inner: { entries: [{ address: '::1' }] } }
    const bytes = encode(protocol, [at(value)], { byteOrder: 'little' })
    // The nested bit of `entries`: header, struct, header of `inner`.
    bytes[16 + 4 + 4 + 3] = 0x80
    const messages = decode(protocol, bytes, { byteOrder: 'little', lossless: true })
    expect(messages[0]!.body).to.deep.equal(value)
    expect(messages[0]!.wire).to.not.equal(undefined)
    for (const given of [messages, structuredClone(messages)])
      expect(toHex(encode(protocol, given, { byteOrder: 'little' }))).to.equal(toHex(bytes))
  })

  it('sees a header from the items of a fixed array in a struct', () => {
    const address4 = byMember(outer('family'), { inet: ipv4 }, fixedBytes(4)) as unknown as Type<unknown> & {
      readonly size: number
    }
    const pair = struct('pair', { both: fixedArray(struct('one', { port: u32, address: address4 }), 2) })
    const set = headed(struct('header', { family, _pad: padding(3) }), attributes('PAIRS', { pair: [1, pair] }))
    const pairs = defineProtocol('pairs', 0, { X_NEWX: { number: 16, operation: 'new', body: set } }, {})
    const value = {
      family: 'inet',
      pair: {
        both: [
          { port: 1, address: '10.0.0.1' },
          { port: 2, address: '10.0.0.2' },
        ],
      },
    }
    const bytes = encode(pairs as unknown as Protocol, [at(value)], { byteOrder: 'little' })
    expect(decode(pairs as unknown as Protocol, bytes, { byteOrder: 'little' })[0]!.body).to.deep.equal(value)
  })

  it('says where a value does not suit what is further out', () => {
    const issues = check(protocol, 'X_NEWX', { family: 'inet', inner: { entries: [{ address: '::1' }] } })
    expect(issues.map(({ path }) => path)).to.deep.equal(['inner.entries[0].address'])
  })
})
