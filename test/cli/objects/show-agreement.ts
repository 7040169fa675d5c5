/** Whether what is shown of an object agrees with what `ip -j -d` says of it, word by word. */
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { addressLines } from '../../../src/cli/objects/address/show.js'
import { linkLines } from '../../../src/cli/objects/link/show.js'
import { routeLines } from '../../../src/cli/objects/route/show.js'
import type { ShowOptions } from '../../../src/cli/objects/show/names.js'
import type { AttributeSet } from '../../../src/netlink/index.js'
import { type Address, kinds, type Link, type Route, slaveKinds } from '../../../src/rtnl/index.js'
import type { Json } from '../../support/ip-json.js'
import { attributeOf } from '../../support/ip-json-any.js'

/** With all details, and the links that are known by their index. */
export const detailed = (links: readonly Link[]): ShowOptions => ({
  details: true,
  nameOf: (index) => links.find((link) => link.ifiIndex === index)?.ifname,
})

/** Lines without colours, which they have where the tests run on a terminal. */
export const plainLines = (lines: readonly string[]): string[] => lines.map(stripVTControlCharacters)

/** The words of a line: what is in quotes is one word, without them. */
const wordsOf = (line: string): string[] =>
  line.match(/'[^']*'|[^\s']+/g)?.map((word) => word.replaceAll("'", '')) ?? []

/** The word after a word, in a line. */
const after = (line: string, word: string): string | undefined =>
  wordsOf(line)[wordsOf(line).indexOf(word) + 1 || Infinity]

/** NO-CARRIER is noCarrier. */
const camel = (name: string): string => name.toLowerCase().replace(/[-_](.)/g, (_, letter) => letter.toUpperCase())

/** ip's keys that are other words here; null for what is shown elsewhere, or cannot be compared. */
const linkWords: Readonly<Record<string, string | null>> = {
  ...{ operstate: 'state', txqlen: 'qlen', link_netnsid: 'link-netnsid', permaddr: 'perm_address' },
  ...{ parentbus: 'parent_dev_bus_name', parentdev: 'parent_dev_name' },
  ...{ ifindex: null, ifname: null, link: null, link_index: null, flags: null, link_type: null, address: null },
  ...{ broadcast: null, link_pointtopoint: null, linkinfo: null, altnames: null, ifalias: null, stats64: null },
  ...{ inet6_addr_gen_mode: null, addr_info: null },
}

/** A link's lines against what ip says of it. */
export function agreeOnLink(link: Link, said: Json, options: ShowOptions): void {
  const lines = plainLines(linkLines(link, options))
  const [first = '', second = ''] = lines
  const parent = said.link === null ? 'none' : (said.link ?? (said.link_index && `if${said.link_index}`))
  expect(first).to.match(/^\d+: [^:]+: <[^>]*> /)
  expect(first.split(': ', 2).join(' ')).to.equal(`${said.ifindex} ${said.ifname}${parent ? `@${parent}` : ''}`)
  const flags = (said.flags as string[]).filter((flag) => flag !== 'M-DOWN').map(camel)
  expect(/<(.*)>/.exec(first)?.[1]?.split(',').filter(Boolean), first).to.have.members(flags)
  for (const [key, value] of Object.entries(said)) {
    const word = linkWords[key] === undefined ? key : linkWords[key]
    if (word === null) continue
    const expected = key === 'group' && value === 'default' ? '0' : camel(String(value === true ? 1 : value))
    expect(after(`${first} ${second}`, word), key).to.equal(expected)
  }
  expect(wordsOf(second)[0]).to.equal(`link/${said.link_type}`)
  if (said.address) expect(wordsOf(second)[1]).to.equal(said.address)
  if (said.broadcast) expect(after(second, said.link_pointtopoint ? 'peer' : 'brd')).to.equal(said.broadcast)
  for (const name of (said.altnames ?? []) as string[]) expect(lines).to.include(`    altname ${name}`)
  if (said.ifalias) expect(lines).to.include(`    alias ${said.ifalias}`)
  agreeOnKind(lines, said.linkinfo as Json | undefined)
}

function agreeOnKind(lines: readonly string[], linkinfo: Json = {}): void {
  for (const which of ['info', 'info_slave'] as const) {
    const kind = linkinfo[`${which}_kind`]
    if (kind === undefined) continue
    const name = which === 'info' ? kind : `${kind}_slave`
    const line = lines.find((one) => wordsOf(one)[0] === name)
    expect(line, `a line of ${name}`).to.be.a('string')
    const sets = (which === 'info' ? kinds : slaveKinds) as Readonly<Record<string, unknown>>
    agreeOnData(line!, (linkinfo[`${which}_data`] ?? {}) as Json, sets[String(kind)] as AttributeSet | undefined)
  }
}

/** Members of a kind's data that ip shows in another form (numbers for names, its own text for ids). */
const incomparable = /router$|_id$|^no_linklocal_learn$|^mcast_vlan_snooping$|^group_fwd_mask_str$|^flags$|^bridge$/
/** What ip calls otherwise. */
const dataWords: Readonly<Record<string, string>> = {
  ...{ hairpin: 'mode', root_block: 'protect', fastleave: 'fast_leave', flood: 'unicast_flood', proxy_arp: 'proxyarp' },
  ...{ proxy_arp_wifi: 'proxyarp_wifi', mcast_to_unicast: 'mcast_to_ucast', bcqueuelen: 'bc_queue_len' },
  ...{ usedbcqueuelen: 'bc_queue_len_used' },
}

function agreeOnData(line: string, data: Json, set: AttributeSet | undefined): void {
  for (const [key, value] of Object.entries(data)) {
    // ip has a word of its own: the oracle of the definitions sees to it that most are comparable.
    if (incomparable.test(key) || (set && !dataWords[key] && !attributeOf(set, key))) continue
    const shown = asNumber(after(line, dataWords[key] ?? key))
    // A flag of an attribute that is called flags stands alone: private, vepa, nopromisc.
    if (value === true && !/^[01]$/.test(shown ?? '')) expect(wordsOf(line), key).to.include(key)
    else if (typeof value === 'object') expect(JSON.parse(shown ?? '[]'), key).to.deep.equal(value)
    else expect(shown, key).to.equal(dataValue(key, value))
  }
}

/** ip shows some switches as numbers. */
const asNumber = (word: string | undefined) => (word === 'on' ? '1' : word === 'off' ? '0' : word)

function dataValue(key: string, value: unknown): string {
  if (typeof value === 'boolean') return String(Number(value))
  if (key.endsWith('_timer')) return String(Math.round(Number(value) * 100))
  const text = String(value)
  return /^0x[0-9a-f]+$/.test(text) ? String(Number(text)) : text.toLowerCase().replace('802.1', '8021')
}

/** ip's keys of an address that are true for a flag, where nlwire's word is another. */
const addressFlags: Readonly<Record<string, string>> = {
  ...{ home: 'homeaddress', mngtmpaddr: 'managetempaddr', autojoin: 'mcautojoin' },
}

/** An address's two lines against what ip says of it. */
export function agreeOnAddress(address: Address, said: Json, options: ShowOptions): void {
  const [, line = '', life = ''] = plainLines(addressLines(undefined, [address], options))
  const prefix = said.address ? `${said.local} peer ${said.address}` : said.local
  expect(line.startsWith(`    ${said.family} ${prefix}/${said.prefixlen} `), line).to.equal(true)
  for (const key of ['metric', 'scope', 'label'])
    if (said[key] !== undefined) expect(after(line, key), key).to.equal(String(said[key]))
  if (said.broadcast) expect(after(line, 'brd')).to.equal(said.broadcast)
  if (said.anycast) expect(after(line, 'any')).to.equal(said.anycast)
  const flags = Object.keys(said).filter((key) => said[key] === true)
  for (const flag of flags) expect(wordsOf(line)).to.include(addressFlags[flag] ?? camel(flag))
  const forever = (time: unknown) => (time === 4294967295 ? 'forever' : String(time))
  expect(after(life, 'valid_lft')).to.equal(forever(said.valid_life_time))
  expect(after(life, 'preferred_lft')).to.equal(forever(said.preferred_life_time))
}

const routeWords = {
  gateway: 'via',
  dev: 'dev',
  iif: 'iif',
  protocol: 'proto',
  scope: 'scope',
  prefsrc: 'src',
} as const
const moreRouteWords = {
  metric: 'metric',
  nhid: 'nhid',
  uid: 'uid',
  pref: 'pref',
  from: 'from',
  table: 'table',
} as const

/** ip's value of a metric in the kernel's unit. */
const metricParts: Readonly<Record<string, number>> = { rtt: 8, rttvar: 4 }

/** A route's lines against what ip says of it. */
export function agreeOnRoute(route: Route, said: Json, options: ShowOptions): void {
  const [line = '', ...hops] = plainLines(routeLines(route, options))
  expect(line.startsWith(`${said.type} ${said.dst}`), line).to.equal(true)
  for (const [key, word] of Object.entries({ ...routeWords, ...moreRouteWords }))
    if (said[key] !== undefined) expect(after(line, word), `${key} in ${line}`).to.equal(String(said[key]))
  if (said.tos) expect(Number(after(line, 'tos'))).to.equal(Number(said.tos))
  if (said.encap) expect(after(line, 'encap')).to.equal(said.encap)
  if (said.expires !== undefined) expect(after(line, 'expires')).to.equal(String(said.expires))
  agreeOnHop(line, said)
  const [metrics = {}] = (said.metrics ?? []) as Json[]
  for (const [name, value] of Object.entries(metrics)) {
    const shown = after(line, name === 'congestion' ? 'cc_algo' : name)
    // Of a metric that is locked and has no value ip says 0.
    if (value !== 0 || shown !== undefined) expect(shown, name).to.equal(scaled(name, value))
  }
  const nexthops = (said.nexthops ?? []) as Json[]
  expect(hops).to.have.length(nexthops.length)
  for (const [i, hop] of hops.entries()) {
    const { gateway, dev, weight } = nexthops[i]!
    expect(hop.startsWith('    nexthop '), hop).to.equal(true)
    expect(after(hop, 'dev')).to.equal(dev)
    expect(after(hop, 'weight')).to.equal(String(weight))
    if (gateway) expect(after(hop, 'via')).to.equal(gateway)
    agreeOnHop(hop, nexthops[i]!)
  }
}

const scaled = (name: string, value: unknown) =>
  metricParts[name] === undefined ? String(value) : String(Number(value) * metricParts[name])

function agreeOnHop(line: string, { via, flags, cache }: Json): void {
  const cached = (cache ?? []) as string[]
  if (cached.length > 0) expect(line).to.match(new RegExp(` cloned <\\w+(,\\w+){${cached.length - 1}}>`))
  if (via) expect(line).to.include(`via ${(via as Json).family} ${(via as Json).host} `)
  // ip has two names for this bit, and prints both.
  for (const flag of (flags ?? []) as string[])
    if (flag !== 'rt_offload_failed' || !cached.includes('mc')) expect(wordsOf(line)).to.include(camel(flag))
}
