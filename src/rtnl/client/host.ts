/** What the client needs of the machine: sockets, namespaces to open them in, and sysctls. */
import { TransportError } from '../../netlink/errors.js'
import { withMethods } from '../../netlink/options.js'
import { type KernelOptions, openKernel } from '../../netlink/socket/kernel.js'
import { type Namespace, type Namespaces, netns, type OpenNamespace } from '../../netlink/socket/netns.js'
import { type Sysctls, sysctl } from '../../netlink/socket/sysctl.js'
import type { Transport } from '../../netlink/transport/transport.js'
import { route } from '../protocol.js'

/** Where sockets and namespaces come from: the kernel, or a recording that stands for it. */
export interface Host {
  /** Opens a transport for NETLINK_ROUTE in a namespace, undefined for our own. */
  open(where: Namespace | undefined, options?: Partial<KernelOptions>): Transport
  /** Holds a namespace open, to name it by its descriptor. */
  namespace(where: Namespace): OpenNamespace
  /** The names of the namespaces that have one. */
  names(): string[]
  /** The namespaces that have a name: made, deleted, looked for. */
  readonly netns: Namespaces
  /** Sysctls of namespaces: what netlink has no message for. */
  readonly sysctl: Sysctls
  /** Every namespace that can be found, by its name or otherwise, each once. Default: those that have a name. */
  all?(): Namespace[]
}

/** That it has what a host has. @throws OptionError */
export const isHost = withMethods('a host, such as kernelHost', 'open', 'namespace', 'names')

const { protocol } = route

/** This machine's kernel. */
export const kernelHost: Host = {
  open(where, options = {}) {
    if (where === undefined) return openKernel({ ...options, protocol })
    const opened = netns.open(where)
    try {
      return openKernel({ ...options, protocol, netns: opened.fd })
    } finally {
      opened.close()
    }
  },
  namespace: (where) => netns.open(where),
  names: () => netns.list(),
  netns,
  sysctl,
  all: () => netns.all(),
}

/** No machine at all: what a client has that was given a transport only. What the transport stands for is unknown. */
export const noHost: Host = {
  open: () => refuse('open another socket'),
  namespace: () => refuse('open a network namespace'),
  names: () => [],
  netns: {
    create: () => refuse('create a network namespace'),
    delete: () => refuse('delete a network namespace'),
    list: () => [],
    exists: () => refuse('look for a network namespace'),
    inode: () => refuse('open a network namespace'),
  },
  sysctl: { get: () => refuse('read a sysctl'), set: () => refuse('set a sysctl') },
}

function refuse(what: string): never {
  const text = `cannot ${what}: this client has the transport that it was given, and nothing else; give it a host as well`
  throw new TransportError('ERR_NETLINK_UNSUPPORTED', text)
}
