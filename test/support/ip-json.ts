/**
 * What iproute2 6.1 (`ip -j -d`) prints of an object, made from what nlwire decodes: an independent program's word for
 * every value. Each object has a table of ip's keys, said in nlwire's names. A key that ip prints and no table has, and
 * one that a table has and ip does not print, both show when the two are compared.
 */
import type { Link } from '../../src/rtnl/index.js'

export type Json = Record<string, unknown>

/** ip's keys, and what each holds: undefined where ip would not print it. */
export type Table<T> = Readonly<Record<string, (value: T, context: Context) => unknown>>

/** What printing depends on besides the object itself. */
export interface Context {
  /** The name of a link by its index. */
  readonly name: (index: number) => string
  /** Whether the link of this index is up. */
  readonly up: (index: number) => boolean
  /** How many -s there are. */
  readonly stats: number
  /** `ip link`, which prints some members that `ip addr` leaves out. */
  readonly link: boolean
  /** `ip route` prints the table where the command does not name one. */
  readonly table: boolean
  /** A command about one link does not repeat it in each object (`ip neigh show dev d0`). */
  readonly ofLink: boolean
  /** What ip said of a link, by its name: for kinds of which no table says what ip prints. */
  readonly said?: (ifname: string | undefined) => Json | undefined
}

/** An object by a table. Numbers of 64 bits become plain ones, as JSON has them. */
export function render<T>(table: Table<T>, value: T, context: Context): Json {
  const object: Json = {}
  for (const [key, get] of Object.entries(table)) {
    const found = get(value, context)
    if (found !== undefined) object[key] = typeof found === 'bigint' ? Number(found) : found
  }
  return object
}

/** A table of members that ip prints as they are, under names of its own. */
export function plain<T>(members: Readonly<Record<string, keyof T>>): Table<T> {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, (value: T) => value[member]]))
}

/** The number of a value that nlwire gives by name, where ip prints the number. */
export const numberIn = (values: Readonly<Record<string, number>>, value: string | number | undefined) =>
  typeof value === 'string' ? values[value] : value

/**
 * ip's names of the flags that are set, in the order of the table. What has no name stands at the end as a number, so
 * that it shows.
 */
export const namesOf = (table: Readonly<Record<string, string>>, flags: readonly (string | number)[] = []) => [
  ...Object.keys(table)
    .filter((flag) => flags.includes(flag))
    .map((flag) => table[flag]!),
  ...flags.filter((flag) => typeof flag === 'number').map((flag) => flag.toString(16)),
]

/** printf's %#x. */
export const hex = (value: number | undefined) =>
  value === undefined ? undefined : value === 0 ? '0' : `0x${value.toString(16)}`

export const truth = (value: number | undefined) => (value === undefined ? undefined : value !== 0)

/** `8021q` as ip prints it. */
export const vlanProtocol = (value: string | number | undefined) =>
  ({ '8021q': '802.1Q', '8021ad': '802.1ad' })[String(value)] ?? hex(value as number | undefined)

/** RT_SCOPE_* as ip prints it. */
export const scopeName = (scope: string | number | undefined) => (scope === 'universe' ? 'global' : scope?.toString())

/** A command of iproute2 as far as it decides what is printed. */
export interface Command extends Pick<Context, 'stats' | 'link' | 'table' | 'ofLink'> {
  /** `ip link`, `bridge vlan`, ... */
  readonly object: string
  /** inet for -4, inet6 for -6. */
  readonly family: 'inet' | 'inet6' | undefined
  /** What stands after the object: `['show', 'type', 'ipvlan']`. */
  readonly words: readonly string[]
}

/** Reads `ip -n ns1 -j -d -s link show type ipvlan`. */
export function parseCommand(text: string): Command {
  const [program = '', ...rest] = text.split(' ')
  const options: string[] = []
  let at = 0
  for (; rest[at]?.startsWith('-'); at++) {
    options.push(rest[at]!)
    if (rest[at] === '-n') at++
  }
  const [object = '', ...words] = rest.slice(at)
  const table = words.indexOf('table')
  return {
    object: `${program} ${object}`,
    family: options.includes('-4') ? 'inet' : options.includes('-6') ? 'inet6' : undefined,
    words,
    stats: options.filter((option) => option === '-s').length,
    link: object === 'link',
    ofLink: words[0] !== 'get' && words.includes('dev'),
    table: words[0] === 'get' || (table > 0 && words[table + 1] === 'all'),
  }
}

/** What to print by: the links that are known by their index, and the command. */
export function contextOf(
  links: readonly Link[],
  command: Pick<Context, 'stats' | 'link' | 'table' | 'ofLink'>,
): Context {
  const known = new Map(links.map((link) => [link.ifiIndex, link]))
  return {
    stats: command.stats,
    link: command.link,
    ofLink: command.ofLink,
    table: command.table,
    name: (index) => known.get(index)?.ifname ?? `if${index}`,
    up: (index) => known.get(index)?.ifiFlags?.includes('up') ?? true,
  }
}

/** Which of the links the words of `ip link show` and `ip addr show` let through. */
export function isShown(link: Json, words: readonly string[]): boolean {
  for (let i = words[0] === 'show' ? 1 : 0; i < words.length; i++) {
    const word = words[i]
    const next = words[i + 1]
    if (word === 'up') {
      if (!(link.flags as string[]).includes('UP')) return false
    } else if (word === 'type') {
      if ((link.linkinfo as Json | undefined)?.info_kind !== next) return false
      i++
    } else if (word === 'master') {
      if (link.master !== next) return false
      i++
    } else {
      const name = word === 'dev' ? words[++i] : word
      if (link.ifname !== name && !(link.altnames as unknown[] | undefined)?.includes(name)) return false
    }
  }
  return true
}
