/** What is there of a network: its links, in every namespace, by their marks. */
import type { Namespace } from '../netlink/socket/netns.js'
import { draftPrefix, parseMark } from './mark.js'
import { kindOf } from './parent.js'
import { type Inside, type KnownLink, linksOf, type Site } from './site.js'

/** A link of a network, and where it is. */
export interface FoundLink {
  /** The attachment's id; undefined for a link that its program was killed before it could mark. */
  readonly id: string | undefined
  readonly link: KnownLink
  /** The namespace, as it was found; undefined for the parent's. */
  readonly where: Namespace | undefined
  readonly addresses: readonly string[]
}

/** The links of attachments in one namespace, and what attaching left there without a mark. */
export async function attachmentsIn(inside: Inside, network: string): Promise<FoundLink[]> {
  const found: FoundLink[] = []
  for (const link of await linksOf(inside)) {
    const mark = parseMark(link.ifalias)
    const ours = mark?.role === 'attachment' && mark.network === network
    if (!ours && !isDraft(link, network)) continue
    const id = mark?.role === 'attachment' ? mark.id : undefined
    found.push({ id, link, where: inside.where, addresses: await addressesOf(inside, link) })
  }
  return found
}

/** Whether it is a link that was created for the network and never marked. */
function isDraft(link: KnownLink, network: string): boolean {
  const { ifname, ifalias } = link
  return (
    ifalias === undefined && ifname?.startsWith(draftPrefix(network)) === true && drafts.includes(kindOf(link) ?? '')
  )
}

const drafts = ['ipvlan', 'macvlan', 'vlan', 'dummy']

/** The global addresses of a link: those that the kernel makes itself (fe80::) are not told. */
async function addressesOf({ rtnl }: Inside, { ifiIndex }: KnownLink): Promise<string[]> {
  const all = await rtnl.addresses.list({ dev: ifiIndex! }).toArray()
  return all
    .filter(({ ifaScope }) => ifaScope !== 'link')
    .map(({ local, address, ifaPrefixlen }) => `${local ?? address}/${ifaPrefixlen}`)
}

/** All of a network, wherever it can be found. */
export async function findAll(site: Site, network: string): Promise<FoundLink[]> {
  const found: FoundLink[] = []
  await site.everywhere(async (inside) => {
    found.push(...(await attachmentsIn(inside, network)))
  })
  return found
}

/**
 * Links on a parent, in all namespaces that can be found: the kernel deletes them with it.
 * @param parent its index in the namespace of the site
 */
export async function linksOn(site: Site, parent: number): Promise<KnownLink[]> {
  const found: KnownLink[] = []
  const own = site.own()
  try {
    await site.everywhere(async (inside) => {
      const { nsid } =
        inside.where === undefined
          ? { nsid: undefined }
          : await inside.rtnl.conversation.get('RTM_GETNSID', { fd: own.fd })
      for (const link of await linksOf(inside)) if (link.link === parent && link.linkNetnsid === nsid) found.push(link)
    })
  } finally {
    own.close()
  }
  return found
}
