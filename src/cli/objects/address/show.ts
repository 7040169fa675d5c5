/** Addresses, as `ip address show` has them. */
import { INFINITY_LIFE_TIME } from '../../../rtnl/address/address.js'
import { type Address, addressMessage, type Link } from '../../../rtnl/index.js'
import { colour } from '../../output/output.js'
import { linkLines } from '../link/show.js'
import { deviceName, type ShowOptions, scopeName } from '../show/names.js'
import { flagWords, pair, words } from '../show/words.js'

/** What is shown at a place of its own. */
const notAmongOthers = new Set([
  ...['ifaFamily', 'ifaPrefixlen', 'ifaFlags', 'ifaScope', 'ifaIndex', 'address', 'local', 'label'],
  ...['broadcast', 'anycast', 'cacheinfo', 'flags', 'rtPriority'],
])

/**
 * The addresses of a link, as lines, below the lines of the link itself: two an address, of which the second has the
 * times of life in seconds. With details all other attributes, and when it was made and last changed.
 * @param link undefined when it is not known: the first line then has what the addresses say
 * @example addressLines(link, [address], options).at(-2) // '    inet 10.0.1.10/24 scope global label eth0'
 */
export function addressLines(link: Link | undefined, addresses: readonly Address[], options: ShowOptions): string[] {
  return [...heading(link, addresses[0]?.ifaIndex, options), ...addresses.flatMap((one) => oneAddress(one, options))]
}

function heading(link: Link | undefined, index: number | undefined, options: ShowOptions): string[] {
  if (link) return linkLines(link, options)
  return index === undefined ? [] : [`${index}: ${colour.bold(deviceName(index, options))}:`]
}

function oneAddress(value: Address, options: ShowOptions): string[] {
  const { ifaFamily, ifaScope, cacheinfo } = value
  const line = [
    String(ifaFamily),
    ...whole(value),
    ...pair('metric', value.rtPriority),
    ...pair('brd', value.broadcast),
    ...pair('any', value.anycast),
    ...(ifaScope === undefined ? [] : ['scope', scopeName(ifaScope)]),
    ...flagNames(value),
    ...pair('label', value.label),
    ...(options.details ? words(value, addressMessage, notAmongOthers) : []),
  ]
  const life = cacheinfo && [
    ...pair('valid_lft', lifetime(cacheinfo.ifaValid)),
    ...pair('preferred_lft', lifetime(cacheinfo.ifaPrefered)),
    ...(options.details ? [...pair('cstamp', cacheinfo.cstamp), ...pair('tstamp', cacheinfo.tstamp)] : []),
  ]
  return [`    ${line.join(' ')}`, ...(life ? [`       ${life.join(' ')}`] : [])]
}

/** The address and its prefix length, which on a point-to-point link is that of the other end. */
function whole({ local, address, ifaPrefixlen }: Address): string[] {
  if (local === undefined || local === address) return [`${address}/${ifaPrefixlen}`]
  return address === undefined ? [`${local}/${ifaPrefixlen}`] : [local, 'peer', `${address}/${ifaPrefixlen}`]
}

const lifetime = (seconds: number | undefined) => (seconds === INFINITY_LIFE_TIME ? 'forever' : seconds)

/** The flags, as in `ip`: permanent shows by its lack (dynamic), and for IPv6 secondary means temporary. */
function flagNames({ flags, ifaFlags, ifaFamily }: Address): string[] {
  const all: readonly (string | number)[] = flags ?? ifaFlags ?? []
  const names = flagWords(all.filter((flag) => flag !== 'permanent'))
  const told = names.map((flag) => (flag === 'secondary' && ifaFamily === 'inet6' ? 'temporary' : flag))
  return all.includes('permanent') ? told : [...told, 'dynamic']
}
