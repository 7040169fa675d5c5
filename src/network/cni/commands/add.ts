/** ADD: the link, then its addresses from the IPAM plugin, then all else. */
import { isUp } from '../../parent.js'
import { familyOf } from '../../prefixes.js'
import { linkNamed, Site } from '../../site.js'
import { attachedAs, type CniCall } from '../call.js'
import { cniNetwork, gatewaysOf, routeOf } from '../cni-network.js'
import { CniError } from '../errors.js'
import { type CniResult, formatResult, parseResult } from '../result.js'

/** @returns the result, in the configuration's version */
export async function addAttachment(call: CniCall): Promise<object> {
  const { configuration, environment } = call
  const { mac, mtu, cniVersion, dns } = configuration
  const { netns, ifname } = environment
  const source = sourceOf(call)
  await refuseTaken(call)
  const id = attachedAs(call)
  const where = configuration.linkInContainer ? undefined : netns
  const network = cniNetwork(call)
  // First the link, as the reference plugins have it: dhcp asks for addresses through it.
  await network.attach(where, { id, ifname, mac, mtu, bare: true })
  let leased = false
  try {
    let given = source === 'prevResult' ? configuration.prevResult! : nothing
    if (source === 'ipam') {
      const answer = call.ipam('ADD')
      leased = true
      given = parseResult(answer ?? {}, `ipam plugin ${configuration.ipam}`)
      if (given.ips.length === 0)
        throw new CniError('decoding', `ipam plugin ${configuration.ipam}: its result has no addresses`)
    }
    if (given.ips.some(({ address }) => familyOf(address) === 'inet6')) enableIpv6(call)
    const gateways = gatewaysOf(given)
    const attachment = await cniNetwork(call, given).attach(where, {
      id,
      ifname,
      mac,
      mtu,
      addresses: given.ips.map(({ address }) => address),
      routes: given.routes.map((route) => routeOf(route, gateways)),
    })
    const { mac: hardwareAddress } = attachment
    return formatResult(cniVersion, {
      interfaces: [{ name: ifname, mac: hardwareAddress, mtu: attachment.mtu, sandbox: netns }],
      ips: given.ips.map((one) => ({ ...one, interface: 0 })),
      routes: given.routes,
      dns,
    })
  } catch (error) {
    // The first error counts; the runtime calls DEL for whatever is left.
    await quietly(() => network.detach(id, { netns }))
    if (leased) await quietly(async () => void call.ipam('DEL'))
    throw error
  }
}

const nothing: CniResult = { interfaces: [], ips: [], routes: [], dns: {} }

/** Runtimes switch IPv6 off in new namespaces. On the container's link src/network switches it on; the loopback has it too. */
function enableIpv6({ environment, host }: CniCall): void {
  const name = 'net/ipv6/conf/lo/disable_ipv6'
  if (host.sysctl.get(name, environment.netns).trim() !== '0') host.sysctl.set(name, '0', environment.netns)
}

/** Where addresses come from. @throws CniError when an ipvlan would have none */
function sourceOf({ configuration }: CniCall): 'ipam' | 'prevResult' | undefined {
  const { ipam, kind, prevResult } = configuration
  if (ipam !== undefined) return 'ipam'
  if (kind === 'macvlan') return undefined
  if (prevResult !== undefined && prevResult.ips.length > 0) return 'prevResult'
  const chain = prevResult === undefined ? '' : ', and prevResult has no addresses'
  throw new CniError('configuration', `"ipam" is missing${chain}: an ipvlan needs addresses`)
}

/** The specification wants an error when there is an interface of that name, one that we have made as well. */
async function refuseTaken({ environment, host }: CniCall): Promise<void> {
  const { netns, ifname } = environment
  const link = await new Site({ host, netns }).here((here) => linkNamed(here, ifname))
  if (link === undefined) return
  const what = `${link.linkinfo?.kind ?? 'not virtual'}, ${isUp(link) ? 'up' : 'down'}`
  throw new CniError('environment', `CNI_IFNAME ${ifname}: there is an interface of this name in ${netns}`, what)
}

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`nlwire-cni: while undoing: ${(error as Error).message}\n`)
  }
}
