/** Links, as `ip link show` has them. */
import type { AttributeSet } from '../../../netlink/index.js'
import { interfaceFlags, kinds, type Link, linkMessage, slaveKinds } from '../../../rtnl/index.js'
import { safe } from '../../output/escape.js'
import { colour } from '../../output/output.js'
import { deviceName, type ShowOptions } from '../show/names.js'
import { flagWords, pair, words } from '../show/words.js'

/** What is shown at a place of its own, or is a counter, or of no use for hardware of today (`map`). */
const notAmongOthers = new Set([
  ...['ifiFamily', 'ifiType', 'ifiIndex', 'ifiFlags', 'ifiChange', 'ifname', 'link', 'linkNetnsid', 'master'],
  ...['mtu', 'qdisc', 'operstate', 'group', 'txqlen', 'address', 'broadcast', 'linkinfo', 'ifalias', 'propList'],
  ...['stats64', 'carrierChanges', 'carrierUpCount', 'carrierDownCount', 'map'],
])

/** Long at whatever depth: settings and counters. */
const long = new Set(['conf', 'stats', 'icmp6stats', 'cacheinfo'])

/**
 * A link as lines: the first two of `ip link show`, then its alias and its further names. With details all other
 * attributes, its kind and that kind's data, and the same of its master. Left out even then: counters (`stats`,
 * `stats64`, `xstats`, the changes of the carrier), `map`, and in `afSpec` and `protinfo` the settings and counters
 * (`conf`, `stats`, `icmp6stats`, `cacheinfo`).
 * @example linkLines(link, { details: false, nameOf: () => undefined })
 */
export function linkLines(link: Link, options: ShowOptions): string[] {
  const { linkinfo, ifalias, propList } = link
  const kind = kindWords('', linkinfo?.kind, kinds, linkinfo?.data, linkinfo?.otherData, options)
  const slave = kindWords(
    '_slave',
    linkinfo?.slaveKind,
    slaveKinds,
    linkinfo?.slaveData,
    linkinfo?.otherSlaveData,
    options,
  )
  const below = [
    hardware(link, options),
    ...(options.details ? [kind, slave].filter((line) => line.length > 0) : []),
    ...(ifalias === undefined ? [] : [['alias', safe(ifalias)]]),
    ...(propList?.altIfname ?? []).map((name) => ['altname', safe(name)]),
  ]
  return [firstLine(link, options), ...below.map((line) => `    ${line.join(' ')}`)]
}

function firstLine(link: Link, options: ShowOptions): string {
  const { ifiIndex = 0, ifname, mtu, qdisc, master, operstate, group, txqlen } = link
  const name = colour.bold(ifname === undefined ? deviceName(ifiIndex, options) : safe(ifname))
  return [
    `${ifiIndex}: ${name}${parent(link, options)}: <${flagNames(link.ifiFlags)}>`,
    ...pair('mtu', mtu),
    ...pair('qdisc', qdisc),
    ...(master ? ['master', deviceName(master, options)] : []),
    ...pair('state', operstate),
    ...pair('group', group),
    ...pair('qlen', txqlen || undefined),
  ].join(' ')
}

/** The link below. Its index is that of another namespace where there is an id of one. */
function parent({ link, linkNetnsid }: Link, options: ShowOptions): string {
  if (link === undefined) return ''
  if (link === 0) return '@none'
  return `@${linkNetnsid === undefined ? deviceName(link, options) : `if${link}`}`
}

/** The flags, up beside lowerUp as in `ip`. That packets can pass (running) shows by what an up link without it has. */
function flagNames(flags: Link['ifiFlags'] = []): string {
  const up = flags.includes('up')
  const rank = (flag: string | number) =>
    flag === 'up' ? interfaceFlags.lowerUp - 1 : (interfaceFlags[flag as keyof typeof interfaceFlags] ?? Infinity)
  const told = flags.filter((flag) => !up || flag !== 'running').sort((a, b) => rank(a) - rank(b))
  return [...(up && !flags.includes('running') ? ['noCarrier'] : []), ...flagWords(told)].join()
}

function hardware(link: Link, options: ShowOptions): string[] {
  const { ifiType, address, broadcast, ifiFlags, linkNetnsid } = link
  return [
    `link/${ifiType}`,
    ...(address ? [address] : []),
    ...pair(ifiFlags?.includes('pointopoint') ? 'peer' : 'brd', broadcast || undefined),
    ...pair('link-netnsid', linkNetnsid),
    ...(options.details ? words(shortened(link) ?? {}, linkMessage, notAmongOthers, options.nameOf) : []),
  ]
}

/** A value without what is long in it, and without nests that are empty: the kernel sends some for each link. */
function shortened(value: object): object | undefined {
  const kept = Object.entries(value)
    .filter(([name]) => !long.has(name))
    .map(([name, one]) => [name, isNest(one) ? shortened(one) : one])
    .filter(([, one]) => one !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

const isNest = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)

/** A kind and what it has: for a kind without a definition, its bytes. */
function kindWords(
  suffix: string,
  kind: unknown,
  sets: Readonly<Record<string, AttributeSet>>,
  data: object | undefined,
  otherData: Uint8Array | undefined,
  options: ShowOptions,
): string[] {
  if (typeof kind !== 'string') return []
  const set = Object.hasOwn(sets, kind) ? sets[kind] : undefined
  const name = `${safe(kind)}${suffix}`
  if (set === undefined || data === undefined) return [name, ...pair('other_data', otherData)]
  return [name, ...words(data, set, undefined, options.nameOf)]
}
