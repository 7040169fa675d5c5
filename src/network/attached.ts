/** What networks tell of attachments. */
import type { Namespace } from '../netlink/socket/netns.js'
import type { DhcpIdentity } from './dhcp-identity.js'
import type { NetworkRoute } from './options.js'
import type { PlannedStep } from './steps.js'

/** What is attached, as it is then. */
export interface Attachment {
  readonly id: string
  /** Its name, and its index in the container's namespace. */
  readonly ifname: string
  readonly ifiIndex: number
  /** Its hardware address: an ipvlan has its parent's. */
  readonly mac: string
  /** In bytes. */
  readonly mtu: number
  /** Its addresses with the lengths of their prefixes. */
  readonly addresses: readonly string[]
  /** Its routes, the default routes as well. */
  readonly routes: readonly NetworkRoute[]
  /** Who it is for a DHCP server: the same each time it is attached, though all ipvlans of a parent have one MAC address. */
  readonly dhcp: DhcpIdentity
}

/** An attachment that was found in the kernel. */
export interface ListedAttachment {
  readonly id: string
  readonly ifname: string
  readonly ifiIndex: number
  /** The namespace that it is in, by a way that leads there; undefined for that of the parent. */
  readonly where: Namespace | undefined
  readonly up: boolean
  readonly addresses: readonly string[]
}

/** What would be done. */
export interface Plan {
  readonly steps: readonly PlannedStep[]
}
