/** The namespaces that a network spans: the parent's, and those of its containers. */

import { KernelError } from '../netlink/conversation/kernel-error.js'
import { TransportError } from '../netlink/errors.js'
import { type Namespace, type OpenNamespace, OWN_NAMESPACE } from '../netlink/socket/netns.js'
import type { Sysctls } from '../netlink/socket/sysctl.js'
import { type Host, kernelHost } from '../rtnl/client/host.js'
import { openRtnl, type Rtnl } from '../rtnl/client/rtnl.js'
import type { Link } from '../rtnl/link/index.js'
import type { SideClient, Sides } from './steps.js'

/** A namespace with a client in it. */
export interface Inside extends SideClient {
  /** How it was found; undefined for the parent's. */
  readonly where: Namespace | undefined
  /** Its descriptor, for IFLA_NET_NS_FD; undefined for the parent's. */
  readonly fd: number | undefined
}

/** What is read of a link to know it. */
const known = [
  'ifiIndex',
  'ifname',
  'ifalias',
  'ifiFlags',
  'link',
  'linkNetnsid',
  'master',
  'mtu',
  'address',
  'linkinfo',
  'propList',
] as const
export type KnownLink = Pick<Link, (typeof known)[number]>

/** The parent's namespace, and ways into others. */
export class Site {
  readonly host: Host
  readonly netns: Namespace | undefined
  readonly #timeout: number | undefined
  constructor(options: { host?: Host | undefined; netns?: Namespace | undefined; timeout?: number | undefined }) {
    this.host = options.host ?? kernelHost
    this.netns = options.netns
    this.#timeout = options.timeout
  }

  /** A client in the parent's namespace, for the caller to close. */
  open(): Promise<Rtnl> {
    return openRtnl({ host: this.host, netns: this.netns, timeout: this.#timeout })
  }

  /** Uses a client in the parent's namespace. */
  async here<T>(use: (here: Inside) => Promise<T>): Promise<T> {
    const rtnl = await this.open()
    try {
      return await use({ where: undefined, fd: undefined, rtnl, sysctl: this.#sysctls(this.netns) })
    } finally {
      rtnl.close()
    }
  }

  /** Uses a client in another namespace, which is held open meanwhile; undefined is the parent's. */
  async inside<T>(where: Namespace | undefined, use: (inside: Inside) => Promise<T>): Promise<T> {
    if (where === undefined) return this.here(use)
    const opened = this.host.namespace(where)
    try {
      if (opened.inode === this.#ownInode()) return await this.here(use)
      return await this.#within(where, opened, use)
    } finally {
      opened.close()
    }
  }

  /** The same; a namespace that has gone is passed over. */
  passingBy(where: Namespace, use: (inside: Inside) => Promise<void>): Promise<void> {
    return quietly(() => this.inside(where, use))
  }

  async #within<T>(where: Namespace, opened: OpenNamespace, use: (inside: Inside) => Promise<T>): Promise<T> {
    const netns = { fd: opened.fd }
    const rtnl = await openRtnl({ host: this.host, netns, timeout: this.#timeout })
    try {
      return await use({ where, fd: opened.fd, rtnl, sysctl: this.#sysctls(netns) })
    } finally {
      rtnl.close()
    }
  }

  /** Looks into every namespace that can be found, the parent's first. One that has gone meanwhile is passed over. */
  async everywhere(look: (inside: Inside) => Promise<void>): Promise<void> {
    await this.here(look)
    const seen = new Set([this.#ownInode()])
    for (const where of this.host.all?.() ?? this.host.names())
      await quietly(async () => {
        const opened = this.host.namespace(where)
        try {
          if (seen.has(opened.inode)) return
          seen.add(opened.inode)
          await this.#within(where, opened, look)
        } finally {
          opened.close()
        }
      })
  }

  /** The parent's namespace, held open. */
  own(): OpenNamespace {
    return this.host.namespace(this.netns ?? OWN_NAMESPACE)
  }

  #ownInode(): bigint {
    const own = this.own()
    own.close()
    return own.inode
  }

  #sysctls(where: Namespace | undefined): Sysctls {
    const { sysctl } = this.host
    return { get: (name) => sysctl.get(name, where), set: (name, value) => sysctl.set(name, value, where) }
  }
}

/** Both sides of an attachment. */
export const sides = (here: Inside, inside: Inside): Sides => ({ parent: here, container: inside })

/** All links of a namespace. */
export const linksOf = ({ rtnl }: Inside): Promise<KnownLink[]> =>
  rtnl.links.list({}, { stats: false, only: known }).toArray() as Promise<KnownLink[]>

/** One link, by its name. @returns undefined when there is none */
export async function linkNamed({ rtnl }: Inside, ifname: string): Promise<KnownLink | undefined> {
  try {
    return (await rtnl.links.get(ifname, { stats: false, only: known })) as KnownLink
  } catch (error) {
    if (error instanceof KernelError && error.errnoName === 'ENODEV') return undefined
    throw error
  }
}

/** A namespace that has gone, or into which we may not look, holds nothing that we could change. */
async function quietly(look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch (error) {
    const { code } = error instanceof TransportError ? error : {}
    if (code !== 'ERR_NETLINK_NO_NAMESPACE' && code !== 'ERR_NETLINK_PERMISSION') throw error
  }
}
