/** Structs with what follows them, on bytes that a real program sent; and where C puts the members of a struct. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  type AnyMessageInput,
  attributes,
  check,
  decode,
  defineProtocol,
  dissect,
  encode,
  type Field,
  fixedArray,
  fixedString,
  flagsOf,
  headed,
  ipv4,
  ipv6,
  type Message,
  type Struct,
  struct,
  toHex,
  u8,
  u16,
  u32,
  u64,
} from '../../../src/netlink/index.js'
import { recordings } from '../../support/fixtures.js'
import { layer, needs } from '../../support/layers.js'
import { ematchHeader, emCmp, tc, tcmsg, u32Key, u32Sel } from '../../support/tc.js'

/** The request that tc sent. */
function sent(name: string): Uint8Array {
  const { recording } = recordings().find((one) => one.name === name)!
  const last = recording.exchanges.findLast((one) => one.direction === 'sent')
  return (last as { bytes: Uint8Array }).bytes
}

const flat = (fields: readonly Field[]): Field[] => fields.flatMap((one) => [one, ...flat(one.children ?? [])])

describe('a struct and what follows it, as tc sends it', () => {
  const requests: Record<string, object> = {
    'tc/u32-add': {
      kind: 'u32',
      options: {
        classid: 0x10001,
        sel: {
          ...{ flags: 1, offshift: 0, nkeys: 2, offmask: 0, off: 0, offoff: 0, hoff: 0, hmask: 0 },
          keys: [
            { mask: 0xff000000, val: 0x0a000000, off: 16, offmask: 0 },
            { mask: 0xffff, val: 53, off: 20, offmask: 0 },
          ],
        },
      },
    },
    'tc/ematch-add': {
      kind: 'basic',
      options: {
        ematches: {
          hdr: { nmatches: 1, progid: 0 },
          list: {
            1: {
              ...{ matchid: 0, kind: 'cmp', flags: 0, pad: 0 },
              data: {
                val: 100,
                mask: 0xffff,
                off: 2,
                alignFlags: { align: 2, flags: 0 },
                layerOpnd: { layer: 1, opnd: 1 },
              },
            },
          },
        },
        classid: 0x10002,
      },
    },
  }
  for (const [name, value] of Object.entries(requests))
    it(name, () => {
      const bytes = sent(name)
      const [message] = decode(tc, bytes, { byteOrder: 'little', lossless: true }) as Message[]
      expect(message!.body).to.deep.include(value)
      expect(toHex(encode(tc, [message!], { byteOrder: 'little' }))).to.equal(toHex(bytes))
      expect(flat(dissect(tc, bytes, { byteOrder: 'little' })).map((one) => one.problem)).to.deep.equal(
        flat(dissect(tc, bytes, { byteOrder: 'little' })).map(() => undefined),
      )
      // The same in the other byte order, and from plain values.
      const { body } = message!
      expect(check(tc, 'RTM_NEWTFILTER', body)).to.deep.equal([])
      const big = encode(tc, [{ type: 'RTM_NEWTFILTER', body } as AnyMessageInput], { byteOrder: 'big' })
      expect(decode(tc, big, { byteOrder: 'big' })[0]!.body).to.deep.equal(body)
    })

  it('counts the items where the value leaves the number out', () => {
    const sel = { flags: 1, keys: [{ mask: 1 }, { mask: 2 }, { mask: 3 }] }
    const input = { type: 'RTM_NEWTFILTER', body: { kind: 'u32', options: { sel } } } as AnyMessageInput
    expect(decode(tc, encode(tc, [input]))[0]!.body).to.have.nested.property('options.sel.nkeys', 3)
  })

  it('reports a number of items that is not that of the list', () => {
    const body = (nkeys: number) => ({ kind: 'u32', options: { sel: { nkeys, keys: [{ mask: 1 }, { mask: 2 }] } } })
    expect(check(tc, 'RTM_NEWTFILTER', body(2))).to.deep.equal([])
    for (const nkeys of [0, 1, 5]) {
      const issues = check(tc, 'RTM_NEWTFILTER', body(nkeys))
      expect(issues).to.have.length(1)
      expect(issues[0]).to.deep.include({ path: 'options.sel.nkeys', expected: { kind: 'choice', values: ['2'] } })
    }
    // A number that does not fit its member is reported for that alone.
    expect(check(tc, 'RTM_NEWTFILTER', body(300)).map((one) => one.expected?.kind)).to.deep.equal(['integer'])
  })

  for (const byteOrder of ['little', 'big'] as const)
    it(`marks a number of items that is not that of the bytes, and reads them all the same, ${byteOrder}`, () => {
      for (const nkeys of [0, 1, 2, 5]) {
        const sel = { nkeys, keys: [{ mask: 1 }, { mask: 2 }] }
        const input = { type: 'RTM_NEWTFILTER', body: { kind: 'u32', options: { sel } } } as AnyMessageInput
        const bytes = encode(tc, [input], { byteOrder })
        const [message] = decode(tc, bytes, { byteOrder, lossless: true }) as Message[]
        expect(message!.body).to.have.nested.property('options.sel.nkeys', nkeys)
        expect(message!.body).to.have.nested.property('options.sel.keys').with.length(2)
        expect(toHex(encode(tc, [message!], { byteOrder }))).to.equal(toHex(bytes))
        const fields = flat(dissect(tc, bytes, { byteOrder }))
        expect(fields.filter((one) => one.problem !== undefined).map((one) => [one.path, one.problem])).to.deep.equal(
          nkeys === 2 ? [] : [['options(u32).sel.nkeys', `${nkeys} counted, 2 follow`]],
        )
      }
    })

  it('shows each of them where it is', () => {
    const fields = flat(dissect(tc, sent('tc/u32-add'), { byteOrder: 'little' }))
    expect(fields.find((one) => one.path === 'options(u32).sel.keys[1].val')).to.include({ offset: 96, text: '53' })
    expect(fields.find((one) => one.path === 'options(u32).sel.nkeys')).to.include({ offset: 62 })
  })
})

describe('flags over 64 bits, as the kernel tells them of a veth', () => {
  const features = flagsOf(u64, {
    basic: 1,
    redirect: 2,
    ndoXmit: 4,
    xskZerocopy: 8,
    hwOffload: 16,
    rxSg: 32,
    ndoXmitSg: 64,
  })
  const body = headed(
    struct('genlmsghdr', { genlCmd: u8, genlVersion: u8, genlReserved: u16 }),
    attributes('NETDEV_A_DEV', {
      ifindex: [1, u32],
      xdpFeatures: [3, features],
      xdpZcMaxSegs: [4, u32],
      xdpRxMetadataFeatures: [5, flagsOf(u64, { timestamp: 1, hash: 2, vlanTag: 4 })],
      xskFeatures: [6, flagsOf(u64, { txTimestamp: 1, txChecksum: 2, txLaunchTimeFifo: 4 })],
    }),
  )
  const { recording } = recordings().find((one) => one.name === 'generic/netdev-dev-get')!
  const { bytes } = recording.exchanges.at(-1) as { bytes: Uint8Array }
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint16(4, true)
  const netdev = defineProtocol('netdev', 16, { NETDEV_NEWDEV: { number, operation: 'new', body } }, {})

  it('generic/netdev-dev-get', () => {
    const [message] = decode(netdev, bytes, { byteOrder: 'little', lossless: true }) as Message[]
    expect(message!.body).to.deep.equal({
      ...{ genlCmd: 1, genlVersion: 1, genlReserved: 0, ifindex: 2 },
      ...{ xdpFeatures: ['basic', 'redirect', 'rxSg'], xdpRxMetadataFeatures: ['timestamp', 'hash', 'vlanTag'] },
      xskFeatures: [],
    })
    expect(toHex(encode(netdev, [message!], { byteOrder: 'little' }))).to.equal(toHex(bytes))
    const big = encode(netdev, [{ type: 'NETDEV_NEWDEV', body: message!.body } as AnyMessageInput], {
      byteOrder: 'big',
    })
    expect(decode(netdev, big, { byteOrder: 'big' })[0]!.body).to.deep.equal(message!.body)
    expect(flat(dissect(netdev, bytes, { byteOrder: 'little' })).map((one) => one.text)).to.include(
      'basic|redirect|rxSg',
    )
  })
})

/** Structs of linux/*.h as nlwire says them, with no padding written out. */
const info = struct(
  'xfrm_lifetime_cfg',
  Object.fromEntries(
    ['softByte', 'hardByte', 'softPacket', 'hardPacket', 'softAdd', 'hardAdd', 'softUse', 'hardUse'].map((name) => [
      name,
      u64,
    ]),
  ),
)
const xfrmSelector = struct(
  'xfrm_selector',
  {
    ...{ daddr: ipv6, saddr: ipv6, dport: u16, dportMask: u16, sport: u16, sportMask: u16, family: u16 },
    ...{ prefixlenD: u8, prefixlenS: u8, proto: u8, ifindex: u32, user: u32 },
  },
  { aligned: true },
)
const policy = struct(
  'xfrm_userpolicy_info',
  {
    ...{ sel: xfrmSelector, lft: info, curlft: fixedArray(u64, 4), priority: u32, index: u32 },
    ...{ dir: u8, action: u8, flags: u8, share: u8 },
  },
  { aligned: true },
)
const audit = struct(
  'audit_rule_data',
  {
    ...{ flags: u32, action: u32, fieldCount: u32, mask: fixedArray(u32, 64), fields: fixedArray(u32, 64) },
    ...{ values: fixedArray(u32, 64), fieldflags: fixedArray(u32, 64), buflen: u32 },
  },
  { aligned: true },
)
const ifmap = struct(
  'rtnl_link_ifmap',
  { memStart: u64, memEnd: u64, baseAddr: u64, irq: u16, dma: u8, port: u8 },
  { aligned: true },
)
const algo = struct('xfrm_algo', { algName: fixedString(64), algKeyLen: u32 }, { aligned: true })
const ipt = struct('made_up', { one: u8, v4: ipv4, two: u8, wide: u64, three: u8 }, { aligned: true })

const compiler = layer('a C compiler with the headers of Linux', () => {
  const found = spawnSync(process.env.CC || 'cc', ['-E', '-include', 'linux/tc_ematch/tc_em_cmp.h', '-xc', '/dev/null'])
  return found.status === 0 ? undefined : 'there is none (Debian: apt-get install gcc linux-libc-dev)'
})

describe('a struct that is aligned as C does it', () => {
  /** Each with its type in C, and the C names of members that are not the camelCase of the other way round. */
  const structs: [string, Struct, Record<string, string>?][] = [
    ['struct tcmsg', tcmsg as unknown as Struct],
    ['struct tc_u32_sel', u32Sel as unknown as Struct],
    ['struct tc_u32_key', u32Key as unknown as Struct],
    ['struct tcf_ematch_hdr', ematchHeader as unknown as Struct],
    ['struct tcf_em_cmp', emCmp as unknown as Struct, { alignFlags: '', layerOpnd: '' }],
    ['struct xfrm_selector', xfrmSelector as unknown as Struct],
    ['struct xfrm_userpolicy_info', policy as unknown as Struct],
    ['struct audit_rule_data', audit as unknown as Struct],
    ['struct rtnl_link_ifmap', ifmap as unknown as Struct],
    ['struct xfrm_algo', algo as unknown as Struct],
    ['struct made_up', ipt as unknown as Struct],
  ]
  const snake = (name: string) => name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`)

  it('has the size and the offsets that the compiler gives it', function () {
    this.timeout(60_000)
    needs(this, compiler)
    const job = mkdtempSync(join(tmpdir(), 'nlwire-aligned-'))
    try {
      const lines = structs.flatMap(([name, type, names = {}]) => [
        `printf("${name} %zu\\n", sizeof(${name}));`,
        ...type.memberNames.map((member) => {
          const field = names[member] ?? snake(member)
          return field === '' ? '' : `printf("${name}.${member} %zu\\n", offsetof(${name}, ${field}));`
        }),
      ])
      const source = [
        '#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <sys/socket.h>',
        '#include <linux/rtnetlink.h>\n#include <linux/pkt_cls.h>\n#include <linux/xfrm.h>\n#include <linux/if_link.h>',
        '#include <linux/audit.h>\n#include <linux/tc_ematch/tc_em_cmp.h>',
        'struct made_up { uint8_t one; uint32_t v4; uint8_t two; uint64_t wide; uint8_t three; };',
        `int main(void) {\n${lines.join('\n')}\nreturn 0; }`,
      ].join('\n')
      writeFileSync(join(job, 'it.c'), source)
      execFileSync(process.env.CC || 'cc', ['-o', join(job, 'it'), join(job, 'it.c')])
      const said = execFileSync(join(job, 'it'), { encoding: 'utf8' }).trim().split('\n')
      const ours = structs.flatMap(([name, type, names = {}]) => {
        const members = type.within(type.size).filter((member) => names[member.name] !== '')
        return [`${name} ${type.size}`, ...members.map((member) => `${name}.${member.name} ${member.offset}`)]
      })
      expect(ours).to.deep.equal(said)
    } finally {
      rmSync(job, { recursive: true })
    }
  })
})
