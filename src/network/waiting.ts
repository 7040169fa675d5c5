/** Waiting for IPv6's duplicate address detection. */

import type { Address } from '../rtnl/address/index.js'
import type { Rtnl } from '../rtnl/client/rtnl.js'
import { NetworkError } from './errors.js'
import { sameAddress } from './prefixes.js'

/** How long the kernel may take: it asks once a second, dad_transmits times, and up to a second before the first. */
const LONGEST_MS = 15_000

/**
 * Waits until no address of a link is tentative any more.
 * @throws NetworkError ERR_NETWORK_ADDRESS when somebody else has one
 */
export async function waitForDad(
  rtnl: Rtnl,
  dev: number,
  addresses: readonly string[],
  about: { readonly network: string; readonly id: string },
): Promise<void> {
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(LONGEST_MS)])
  // It listens before it looks, so that nothing is missed between.
  const events = rtnl.monitor(['ipv6Ifaddr'], { signal })
  const refuse = (reason: string): never => {
    throw new NetworkError('ERR_NETWORK_ADDRESS', about.network, reason, { id: about.id })
  }
  const settled = async (): Promise<boolean> => {
    const all = await rtnl.addresses.list({ dev, family: 'inet6' }).toArray()
    const ours = all.filter((one) => addresses.some((address) => sameAddress(one.local ?? one.address, address)))
    const duplicate = ours.find((one) => has(one, 'dadfailed'))
    if (duplicate !== undefined)
      refuse(`${duplicate.address} is in use by somebody else on the link (duplicate address detection)`)
    return !ours.some((one) => has(one, 'tentative'))
  }
  try {
    if (await settled()) return
    for await (const _ of events) if (await settled()) return
  } finally {
    done.abort()
  }
  refuse(`the kernel has not ended duplicate address detection within ${LONGEST_MS / 1000} s`)
}

const has = ({ flags, ifaFlags = [] }: Address, flag: 'tentative' | 'dadfailed'): boolean =>
  ((flags ?? ifaFlags) as readonly unknown[]).includes(flag)
