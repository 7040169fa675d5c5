/** What is refused before anything is sent, because the kernel would do it, or would refuse it without a word. */
import { Context } from '../rtnl/client/context.js'
import { guard } from '../rtnl/client/siblings.js'
import { SiblingError } from '../rtnl/errors.js'
import { NetworkError } from './errors.js'
import type { Parent } from './parent.js'
import { sameAddress } from './prefixes.js'
import type { Inside, Site } from './site.js'
import { type AttachSpec, linkinfoOf, type NetworkSpec } from './spec.js'

/** Mode and flags of ipvlans belong to the parent. @throws NetworkError ERR_NETWORK_MODE */
export async function refuseOtherMode(site: Site, here: Inside, spec: NetworkSpec, parent: Parent): Promise<void> {
  if (spec.kind !== 'ipvlan' || parent.link === undefined) return
  const context = new Context(here.rtnl.conversation as never, site.host, site.netns, {})
  const body = { link: parent.link.ifiIndex!, linkinfo: linkinfoOf(spec) }
  try {
    await guard(context, 'RTM_NEWLINK', body as never, undefined, {})
  } catch (cause) {
    if (!(cause instanceof SiblingError)) throw cause
    const reason = `${cause.reason}: all networks on ${parent.ifname} share them`
    throw new NetworkError('ERR_NETWORK_MODE', spec.name, reason, { cause })
  }
}

/**
 * A container that takes an address of the host cuts the host off: the kernel gives it the packets for that address.
 * @param self the link that may have them: the attachment's own, in the namespace of the parent
 * @throws NetworkError ERR_NETWORK_ADDRESS
 */
export async function refuseHostAddresses(
  here: Inside,
  { name }: NetworkSpec,
  wanted: AttachSpec,
  self: number | undefined,
): Promise<void> {
  if (wanted.addresses.length === 0) return
  const all = await here.rtnl.addresses.list().toArray()
  for (const prefix of wanted.addresses) {
    const taken = all.find((one) => one.ifaIndex !== self && sameAddress(one.local ?? one.address, prefix.address))
    if (taken === undefined) continue
    const { ifname } = await here.rtnl.links.get(taken.ifaIndex!, { only: ['ifname'] })
    const reason = `${prefix.address} is the host's own address (on ${ifname}): a container with it would cut the host off`
    throw new NetworkError('ERR_NETWORK_ADDRESS', name, reason, { id: wanted.id })
  }
}
