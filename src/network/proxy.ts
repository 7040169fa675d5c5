/** How an l3s network is reached from outside without routes there: the parent answers ARP and NDP for its containers. */
import { NetworkError } from './errors.js'
import { OUR_PROTOCOL } from './host-link.js'
import { isCreated, type Parent } from './parent.js'
import { type Family, familyOf } from './prefixes.js'
import type { Inside } from './site.js'
import type { NetworkSpec } from './spec.js'
import { type ChangeRequest, isSet, type NetworkStep } from './steps.js'

/** What the kernel asks of a link before it answers for others (arp_process, ndisc_recv_ns). */
const settings: Readonly<Record<Family, readonly string[]>> = {
  inet: ['ipv4/forwarding'],
  inet6: ['ipv6/forwarding', 'ipv6/proxy_ndp'],
}

/**
 * The steps by which the parent answers for addresses. Of a parent that is ours the settings are made; those of another
 * are its owner's to make, as they turn the machine into a router.
 * @throws NetworkError ERR_NETWORK_NOT_READY with the commands that make them
 */
export async function proxySteps(
  here: Inside,
  network: NetworkSpec,
  parent: Parent,
  addresses: readonly string[],
): Promise<NetworkStep[]> {
  if (!network.proxy || addresses.length === 0) return []
  const wanted = [...new Set(addresses.map(familyOf))]
    .flatMap((family) => settings[family])
    .map((name) => {
      const [family, setting] = name.split('/')
      return { name: `net/${family}/conf/${parent.ifname}/${setting}`, value: '1' }
    })
  const missing = wanted.filter((one) => parent.link === undefined || !isSet(here.sysctl, one))
  if (missing.length > 0 && !isCreated(parent)) {
    const commands = missing.map(({ name }) => `sysctl -w ${name}=1`).join('; ')
    const reason = `proxy needs settings of ${parent.ifname} that make this machine a router: ${commands}`
    throw new NetworkError('ERR_NETWORK_NOT_READY', network.name, reason)
  }
  const present = parent.link === undefined ? [] : await proxiedAddresses(here, parent.link.ifiIndex!)
  const steps: NetworkStep[] = missing.map((sysctl) => ({
    title: `set ${sysctl.name} to 1`,
    side: 'parent',
    sysctl,
  }))
  for (const address of addresses) {
    if (present.includes(address)) continue
    steps.push({
      title: `answer for ${address} on ${parent.ifname}`,
      side: 'parent',
      request: ({ parent: index }) => ({ ...proxyEntry('RTM_NEWNEIGH', address, index), flags: ['create', 'excl'] }),
      undo: ({ parent: index }) => proxyEntry('RTM_DELNEIGH', address, index),
    })
  }
  return steps
}

/** Makes the parent answer for an address, or no longer. */
export const proxyEntry = (type: 'RTM_NEWNEIGH' | 'RTM_DELNEIGH', address: string, parent: number): ChangeRequest => ({
  type,
  body: {
    ndmFamily: familyOf(address),
    ndmIfindex: parent,
    ndmFlags: ['proxy'],
    dst: address,
    ...(type === 'RTM_NEWNEIGH' ? { protocol: OUR_PROTOCOL } : {}),
  },
})

/** The addresses that a parent answers for, because of networks. */
export async function proxiedAddresses({ rtnl }: Inside, parent: number): Promise<string[]> {
  const all = await rtnl.neighbours.list({ dev: parent, proxy: true }).toArray()
  return all.flatMap(({ dst, protocol }) => (dst === undefined || protocol !== OUR_PROTOCOL ? [] : [dst]))
}
