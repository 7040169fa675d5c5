/** What the client needs of the machine: sockets, and namespaces to open them in. */
import { type KernelOptions, openKernel } from '../../netlink/kernel.js'
import { type Namespace, netns, type OpenNamespace } from '../../netlink/netns.js'
import type { Transport } from '../../netlink/transport.js'

/** Where sockets and namespaces come from: the kernel, or a recording that stands for it. */
export interface Host {
  /** Opens a transport for NETLINK_ROUTE in a namespace, undefined for our own. */
  open(where: Namespace | undefined, options?: Partial<KernelOptions>): Transport
  /** Holds a namespace open, to name it by its descriptor. */
  namespace(where: Namespace): OpenNamespace
  /** The names of the namespaces that have one. */
  names(): string[]
}

/** This machine's kernel. */
export const kernelHost: Host = {
  open(where, options = {}) {
    if (where === undefined) return openKernel({ ...options, protocol: 0 })
    const opened = netns.open(where)
    try {
      return openKernel({ ...options, protocol: 0, netns: opened.fd })
    } finally {
      opened.close()
    }
  },
  namespace: (where) => netns.open(where),
  names: () => netns.list(),
}
