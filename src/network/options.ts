/** What users say about networks and attachments. */
import type { Namespace } from '../netlink/socket/netns.js'
import type { Host } from '../rtnl/client/host.js'
import type { RouteToAdd } from '../rtnl/client/route-body.js'

/** A static route of an attachment: what `rtnl.routes.add` takes, without the link, which is the attachment's. */
export type NetworkRoute = Omit<RouteToAdd, 'dev' | 'nexthops'>

/** What networks of all kinds are described by. */
export interface NetworkOptions {
  /** Its name: it stands in the mark of every link, and tells whose they are. */
  readonly name: string
  /**
   * The link below: its name; `eth0.30`, where there is no such link, is created as VLAN 30 of eth0, and deleted when no
   * network uses it any more. null: a dummy link of its own, so that containers reach each other and nothing else.
   * Default: the link of the default route.
   */
  readonly parent?: string | null | undefined
  /** The namespace of the parent. Default: the one we are in. */
  readonly netns?: Namespace | undefined
  /** The network's addresses, such as `192.168.30.0/24`: containers get theirs from these. Default: not checked. */
  readonly subnets?: readonly string[] | undefined
  /** The routers, one for each family: default routes of modes with a link layer (l2 and macvlan) go there. */
  readonly gateway?: string | readonly string[] | undefined
  /** In bytes, at most the parent's, which is the default. */
  readonly mtu?: number | undefined
  /** The metric of default routes (RTA_PRIORITY). */
  readonly metric?: number | undefined
  /** No default route: containers reach each other only. */
  readonly internal?: boolean | undefined
  /** Whether attachments get a default route. Default true. */
  readonly defaultRoute?: boolean | undefined
  /** Further routes for each attachment. */
  readonly routes?: readonly NetworkRoute[] | undefined
  /**
   * Lets the host reach the containers, by a link of its own on the parent with a route for each container: the kernel
   * switches nothing between a parent and the links on it. true: with the gateway's addresses (modes l3 and l3s, where
   * no router has them).
   */
  readonly hostAccess?: boolean | HostAccess | undefined
  /**
   * Makes containers of mode l3s reachable from outside without routes there: the parent answers for their addresses
   * (proxy ARP and NDP). Needs `hostAccess`, and forwarding on the parent.
   */
  readonly proxy?: boolean | undefined
  /** Whether neighbours are told of a new attachment (arp_notify, ndisc_notify). Default true. */
  readonly notify?: boolean | undefined
  /**
   * IPv6's duplicate address detection. `none` (default): addresses can be used at once (IFA_F_NODAD). `wait`: `attach`
   * returns when the kernel has found no duplicate.
   */
  readonly dad?: 'none' | 'wait' | undefined
  /**
   * Settings of each container's link, below net/FAMILY/conf/IFNAME: `{ 'ipv6/accept_ra': 0 }`.
   */
  readonly sysctls?: Readonly<Record<string, string | number>> | undefined
  /** How long to wait for each answer of the kernel, in milliseconds. Default 5000. */
  readonly timeout?: number | undefined
  /** Where sockets come from. Default: this machine. */
  readonly host?: Host | undefined
}

/** The host's own link on the network. */
export interface HostAccess {
  /** Its addresses, one for each family that has containers: `192.168.30.254`. Default: the gateway's. */
  readonly addresses?: readonly string[] | undefined
  /** Its name. Default: one that is made from the network's name. */
  readonly ifname?: string | undefined
}

/** How packets are switched between a parent and ipvlans: IPVLAN_MODE_* (linux/if_link.h). */
export type IpvlanMode = 'l2' | 'l3' | 'l3s'
/** How packets are switched between a parent and macvlans: MACVLAN_MODE_* (linux/if_link.h). */
export type MacvlanMode = 'bridge' | 'private' | 'vepa' | 'passthru'

/** A network of ipvlans. */
export interface IpvlanNetworkOptions extends NetworkOptions {
  /** The mode, which all ipvlans of a parent share. Default l2, as container runtimes have it. */
  readonly mode?: IpvlanMode | undefined
  /** private or vepa, which all ipvlans of a parent share; none: they reach each other (bridge). */
  readonly flags?: readonly ('private' | 'vepa')[] | undefined
}

/** A network of macvlans. */
export interface MacvlanNetworkOptions extends NetworkOptions {
  /** Default bridge, as container runtimes have it. */
  readonly mode?: MacvlanMode | undefined
  /** How many broadcast packets wait at the parent (IFLA_MACVLAN_BC_QUEUE_LEN). Default: the kernel's, 1000. */
  readonly bcQueueLen?: number | undefined
}

/** What is attached. */
export interface AttachOptions {
  /** Who it is: a container's id, or whatever its manager calls it. Attaching twice under one id is once. */
  readonly id: string
  /** The link's name in the namespace. Default eth0. */
  readonly ifname?: string | undefined
  /**
   * Its addresses, such as `192.168.30.2/24`; without a length that of the subnet counts. None (mode l2 and macvlan
   * only): it gets its addresses by DHCP, for which `dhcp` of what is returned has the identity.
   */
  readonly addresses?: readonly string[] | undefined
  /** Routes besides those of the network. */
  readonly routes?: readonly NetworkRoute[] | undefined
  /** Default: the network's. */
  readonly gateway?: string | readonly string[] | undefined
  /** Default: the network's. */
  readonly defaultRoute?: boolean | undefined
  /** Default: the network's. */
  readonly metric?: number | undefined
  /** In bytes. Default: the network's. */
  readonly mtu?: number | undefined
  /** A hardware address (macvlan only: an ipvlan has its parent's). Default: the kernel's choice. */
  readonly mac?: string | undefined
  /**
   * Only creates and marks the link, and leaves it down, without addresses and routes: for runtimes that do the rest
   * themselves, such as Docker. The host gets its routes to `addresses` all the same. `attach` again without it completes
   * the attachment.
   */
  readonly bare?: boolean | undefined
}
