/** What the compiler must know of narrowed results, and what it must refuse. It is compiled with the tests; never run. */

import type { Address, Link, Nsid, Route, Rtnl } from '../../src/index.js'
import { openRtnl } from '../../src/index.js'
import { decode, type Protocol } from '../../src/netlink/index.js'
import { route } from '../../src/rtnl/index.js'

/** Compiles only where both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}
/** What an async iterable gives. */
type Item<T> = T extends AsyncIterable<infer I> ? I : never

export async function lists(rtnl: Rtnl): Promise<void> {
  const { links, addresses, routes, namespaces, conversation } = rtnl
  const whole = links.list()
  same<Item<typeof whole>, Link>(true)
  const withOptions = links.list({}, { stats: false })
  same<Item<typeof withOptions>, Link>(true)
  const some = links.list({}, { only: ['ifiIndex', 'ifname'] })
  same<Item<typeof some>, Pick<Link, 'ifiIndex' | 'ifname' | 'unknown'>>(true)
  // @ts-expect-error mtu was not asked for
  for await (const link of some) link.mtu
  // @ts-expect-error no link has it
  links.list({}, { only: ['ifname', 'ifnmae'] })
  // @ts-expect-error a link has it, an address has not
  addresses.list({}, { only: ['mtu'] })
  const local = addresses.list({ dev: 'lo' }, { only: ['local'] })
  same<Item<typeof local>, Pick<Address, 'local' | 'unknown'>>(true)
  const out = routes.list({}, { only: ['oif'] as const })
  same<Item<typeof out>, Pick<Route, 'oif' | 'unknown'>>(true)
  const ids = namespaces.list({ only: ['nsid'] })
  same<Item<typeof ids>, Pick<Nsid, 'nsid' | 'unknown'>>(true)

  const one = await links.get('lo', { only: ['mtu'] })
  same<typeof one, Pick<Link, 'mtu' | 'unknown'>>(true)
  const all = await links.get('lo', { timeout: 100 })
  same<typeof all, Link>(true)
  // @ts-expect-error unknown is what the definition does not know: it cannot be asked for
  await links.get('lo', { only: ['unknown'] })

  const asked = await conversation.get('RTM_GETLINK', { ifiIndex: 1 }, { only: ['mtu'] })
  same<typeof asked, Pick<Link, 'mtu' | 'unknown'>>(true)
  const dumped = conversation.dump('RTM_GETROUTE', {}, { only: ['dst'] })
  same<Item<typeof dumped>, Pick<Route, 'dst' | 'unknown'>>(true)
  const names: ('mtu' | 'ifname')[] = ['mtu']
  const chosen = await links.get('lo', { only: names })
  same<typeof chosen, Pick<Link, 'mtu' | 'ifname' | 'unknown'>>(true)
}

export function decoded(bytes: Uint8Array, any: Protocol, names: readonly string[]): void {
  for (const message of decode(route, bytes, { only: ['ifname', 'dst'] })) {
    if (message.type === 'RTM_NEWLINK') same<typeof message.body, Pick<Link, 'ifname' | 'unknown'>>(true)
    if (message.type === 'RTM_NEWROUTE') same<typeof message.body, Pick<Route, 'dst' | 'unknown'>>(true)
  }
  for (const message of decode(route, bytes, { byteOrder: 'big' }))
    if (message.type === 'RTM_NEWLINK') same<typeof message.body, Link>(true)
  // @ts-expect-error no message has it
  decode(route, bytes, { only: ['ifnmae'] })
  // Nothing is known of the names of a protocol that is not known itself.
  decode(any, bytes, { only: names })
}

export async function events(rtnl: Rtnl): Promise<void> {
  for await (const event of rtnl.monitor(['link'])) {
    same<typeof event.type, 'RTM_NEWLINK' | 'RTM_DELLINK' | 'garbled' | 'overrun'>(true)
    if (event.type !== 'garbled' && event.type !== 'overrun') same<typeof event.body, Link>(true)
  }
  for await (const event of rtnl.monitor(['link', 'address'], { only: ['ifname', 'local'] })) {
    if (event.type === 'RTM_NEWLINK') same<typeof event.body, Pick<Link, 'ifname' | 'unknown'>>(true)
    if (event.type === 'RTM_NEWADDR') same<typeof event.body, Pick<Address, 'local' | 'unknown'>>(true)
    // @ts-expect-error routes are not heard
    if (event.type === 'RTM_NEWROUTE') return
  }
  // Nothing is described of what comes here.
  for await (const event of rtnl.monitor(['nexthop'])) same<typeof event.type, number | 'garbled' | 'overrun'>(true)
  const groups: ('link' | 'route')[] = ['link']
  for await (const event of rtnl.monitor(groups))
    if (event.type === 'RTM_DELROUTE') same<typeof event.body, Route>(true)
  // A number can be any group.
  for await (const event of rtnl.monitor([27])) if (event.type === 'RTM_NEWLINK') same<typeof event.body, Link>(true)
  for await (const event of rtnl.conversation.subscribe(['nsid']))
    same<typeof event.type, 'RTM_NEWNSID' | 'RTM_DELNSID' | 'garbled' | 'overrun'>(true)
  // @ts-expect-error no such group
  rtnl.monitor(['lnk'])
  // @ts-expect-error no message has it
  rtnl.monitor(['link'], { only: ['ifnmae'] })
}

export const client = openRtnl
