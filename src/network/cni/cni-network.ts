/** The network that a configuration means, for src/network. */
import { Network } from '../network.js'
import type { NetworkRoute } from '../options.js'
import { families, familyOf } from '../prefixes.js'
import { Site } from '../site.js'
import { networkSpec } from '../spec.js'
import type { CniCall } from './call.js'
import { parentName } from './parent.js'
import type { CniResult, CniRoute } from './result.js'

/** The gateways that addresses come with: of each family the first. */
export const gatewaysOf = ({ ips }: Pick<CniResult, 'ips'>): string[] =>
  families.flatMap((family) => ips.find(({ gateway }) => gateway && familyOf(gateway) === family)?.gateway ?? [])

/**
 * The network. Nothing is looked at yet: a network whose parent is gone can be detached from, too.
 * @param given what the addresses are, once they are known: the host's own link is made then
 * @throws OptionError
 */
export function cniNetwork(call: CniCall, given?: Pick<CniResult, 'ips'>): Network {
  const { configuration, environment, host } = call
  const { kind, name, mode, flags, mtu, hostAccess, proxy, notify, dad, linkInContainer, bcqueuelen } = configuration
  const options = {
    name,
    mode: mode as never,
    ...(kind === 'ipvlan' ? { flags } : { bcQueueLen: bcqueuelen }),
    mtu,
    notify,
    dad,
    ...(given === undefined ? {} : { gateway: gatewaysOf(given), hostAccess, proxy }),
    // Which routes there are the IPAM plugin says.
    defaultRoute: false,
    parent: environment.command === 'ADD' || environment.command === 'STATUS' ? parentName(call) : undefined,
    netns: linkInContainer && environment.netns !== '' ? environment.netns : undefined,
    host,
  }
  return new Network(networkSpec(kind, options), new Site(options))
}

/** A route of a result as a route of an attachment. Without a gateway of its own it goes by that of its family. */
export function routeOf(
  { dst, gw, mtu, advmss, priority, table, scope }: CniRoute,
  gateways: readonly string[],
): NetworkRoute {
  const family = familyOf(dst)
  const gateway = gw ?? gateways.find((one) => familyOf(one) === family)
  return {
    dst: /\/0$/.test(dst) ? 'default' : dst,
    family,
    ...(gateway === undefined ? {} : { gateway }),
    ...(priority === undefined ? {} : { priority }),
    ...(table === undefined ? {} : { table }),
    rtmScope: scope ?? 'universe',
    ...(mtu || advmss ? { metrics: { ...(mtu ? { mtu } : {}), ...(advmss ? { advmss } : {}) } } : {}),
  }
}
