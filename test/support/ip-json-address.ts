/** Addresses as `ip -j -d addr show` prints them in `addr_info` (print_addrinfo in iproute2's ip/ipaddress.c). */
import type { Address, Link } from '../../src/rtnl/index.js'
import { type Context, type Json, plain, render, scopeName, type Table } from './ip-json.js'
import { linkJson } from './ip-json-link.js'

/** IFA_F_* as ip calls them, each of which it prints as true. */
const flagNames = {
  nodad: 'nodad',
  optimistic: 'optimistic',
  dadfailed: 'dadfailed',
  home: 'homeaddress',
  deprecated: 'deprecated',
  tentative: 'tentative',
  mngtmpaddr: 'managetempaddr',
  noprefixroute: 'noprefixroute',
  autojoin: 'mcautojoin',
  'stable-privacy': 'stablePrivacy',
} as const

const has = ({ flags, ifaFlags }: Address, flag: string): true | undefined =>
  ((flags ?? ifaFlags) as readonly unknown[]).includes(flag) || undefined

const table: Table<Address> = {
  ...plain<Address>({
    family: 'ifaFamily',
    prefixlen: 'ifaPrefixlen',
    metric: 'rtPriority',
    broadcast: 'broadcast',
    anycast: 'anycast',
    label: 'label',
  }),
  local: ({ local, address }) => local ?? address,
  address: ({ local, address }) => (local === undefined || local === address ? undefined : address),
  scope: ({ ifaScope }) => scopeName(ifaScope),
  secondary: (address) => (address.ifaFamily === 'inet6' ? undefined : has(address, 'secondary')),
  temporary: (address) => (address.ifaFamily === 'inet6' ? has(address, 'secondary') : undefined),
  dynamic: (address) => (has(address, 'permanent') ? undefined : true),
  ...Object.fromEntries(
    Object.entries(flagNames).map(([key, flag]) => [key, (address: Address) => has(address, flag)]),
  ),
  valid_life_time: ({ cacheinfo }) => cacheinfo?.ifaValid,
  preferred_life_time: ({ cacheinfo }) => cacheinfo?.ifaPrefered,
}

/** An address as `ip -j -d addr show` prints it. */
export const addressJson = (address: Address, context: Context): Json => render(table, address, context)

/** Links with their addresses, as `ip -j -d addr show` prints them. */
export const linksWithAddresses = (links: readonly Link[], addresses: readonly Address[], context: Context): Json[] =>
  links.map((link) => ({
    ...linkJson(link, context),
    addr_info: addresses
      .filter((address) => address.ifaIndex === link.ifiIndex)
      .map((address) => addressJson(address, context)),
  }))
