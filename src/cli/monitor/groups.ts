/** What `nlwire monitor` can be told to listen to, and by which dump each group's objects are read. */
import { addressGroups, route, routeGroups } from '../../rtnl/protocol.js'
import { Failure } from '../process/failure.js'

/** A list that the kernel gives of all objects whose changes a group tells. */
export interface ListedObjects {
  readonly type: 'RTM_GETLINK' | 'RTM_GETADDR' | 'RTM_GETROUTE' | 'RTM_GETNEIGH' | 'RTM_GETNSID'
  readonly body: object
}

/** The lists by the number of the group. A group that is not here has objects that no definition can read. */
export const lists: ReadonlyMap<number, ListedObjects> = new Map<number, ListedObjects>([
  // Counters are not what a monitor is for, and would make every link another one at each look.
  [route.groups.link, { type: 'RTM_GETLINK', body: { extMask: ['skipStats'] } }],
  [route.groups.ipv4Ifaddr, { type: 'RTM_GETADDR', body: { ifaFamily: 'inet' } }],
  [route.groups.ipv6Ifaddr, { type: 'RTM_GETADDR', body: { ifaFamily: 'inet6' } }],
  [route.groups.ipv4Route, { type: 'RTM_GETROUTE', body: { rtmFamily: 'inet' } }],
  [route.groups.ipv6Route, { type: 'RTM_GETROUTE', body: { rtmFamily: 'inet6' } }],
  [route.groups.mplsRoute, { type: 'RTM_GETROUTE', body: { rtmFamily: 'mpls' } }],
  // Forwarding entries of bridges come with this group, too, and are in another list.
  [route.groups.neigh, { type: 'RTM_GETNEIGH', body: {} }],
  [route.groups.nsid, { type: 'RTM_GETNSID', body: {} }],
])

/** Groups whose messages are described, but cannot be listed in the same form. */
const unlisted = ['ipv4Mroute', 'ipv6Mroute', 'ipv6Ifinfo'] as const

const numbers: Readonly<Record<string, number>> = route.groups
const numbersOf = (names: readonly string[]): number[] => names.map((name) => numbers[name]!)

/** The words of `ip monitor`: any beginning of them will do. */
const words: Readonly<Record<string, readonly number[]>> = {
  link: [route.groups.link],
  address: numbersOf(addressGroups),
  route: numbersOf(routeGroups),
  nsid: [route.groups.nsid],
  neigh: [route.groups.neigh],
  all: [...lists.keys(), ...numbersOf(unlisted)],
}

/** A group is an int of the kernel's. */
const LARGEST = 0x7fffffff

/** What is listened to when nothing is said. */
const usual: readonly string[] = ['link', 'address', 'route', 'nsid']

/** All words, for help and completion. */
const groupWords: readonly string[] = [...Object.keys(words), ...Object.keys(numbers)]

/**
 * The numbers of the groups that words name.
 * @throws Failure for a word that names none
 * @example groupsOf(['addr', 'nexthop', '36']) // [5, 9, 32, 36]
 */
export function groupsOf(given: readonly string[]): number[] {
  return [...new Set((given.length === 0 ? usual : given).flatMap(numbersFor))]
}

function numbersFor(word: string): readonly number[] {
  if (/^\d+$/.test(word) && Number(word) > 0 && Number(word) <= LARGEST) return [Number(word)]
  const exact = Object.hasOwn(words, word) ? words[word] : Object.hasOwn(numbers, word) ? [numbers[word]!] : undefined
  const begun = Object.keys(words).find((name) => word !== '' && name.startsWith(word))
  const found = exact ?? (begun === undefined ? undefined : words[begun])
  if (found) return found
  throw new Failure(`no multicast group "${word}": one of ${groupWords.join(', ')}, or a number`)
}

/** The name of a group; its number as text where it has none. */
export const groupName = (group: number): string =>
  Object.keys(numbers).find((name) => numbers[name] === group) ?? String(group)
