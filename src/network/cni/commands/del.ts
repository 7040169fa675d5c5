/** DEL: the IPAM plugin first, then the link. What is not there is no error. */
import { TransportError } from '../../../netlink/errors.js'
import { deleteLink } from '../../detach.js'
import { parseMark } from '../../mark.js'
import { linkNamed, Site } from '../../site.js'
import { attachedAs, type CniCall } from '../call.js'
import { cniNetwork } from '../cni-network.js'

/** Removes as much as it can; what failed first is thrown when all has been tried. */
export async function deleteAttachment(call: CniCall): Promise<undefined> {
  const { configuration, environment } = call
  const { netns } = environment
  const errors: unknown[] = []
  const attempt = async (work: () => unknown) => {
    try {
      await work()
    } catch (error) {
      errors.push(error)
    }
  }
  if (configuration.ipam !== undefined) await attempt(() => call.ipam('DEL'))
  const addresses = configuration.prevResult?.ips.map(({ address }) => address) ?? []
  const there = netns === '' ? undefined : netns
  await attempt(() => cniNetwork(call).detach(attachedAs(call), { netns: there, addresses }))
  if (there !== undefined) await attempt(() => deleteUnmarked(call))
  if (errors.length > 0) throw errors[0]
  return undefined
}

/** A link that another plugin made, the reference plugin of the same name, and that DEL has come to us for. */
async function deleteUnmarked({ configuration, environment, host }: CniCall): Promise<void> {
  const { netns, ifname } = environment
  try {
    await new Site({ host, netns }).here(async (here) => {
      const link = await linkNamed(here, ifname)
      if (link?.linkinfo?.kind !== configuration.kind || parseMark(link.ifalias) !== undefined) return
      await deleteLink(here, link)
    })
  } catch (error) {
    if (!(error instanceof TransportError && error.code === 'ERR_NETLINK_NO_NAMESPACE')) throw error
  }
}
