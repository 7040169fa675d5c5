/** A kernel that does all that is asked and does nothing: for --dry-run, which shows what would be sent. */
import { readFileSync } from 'node:fs'
import { type Namespaces, pathOfName } from '../../netlink/socket/netns.js'
import { type Sysctls, sysctlPath } from '../../netlink/socket/sysctl.js'
import type { Host } from '../../rtnl/client/host.js'
import type { Link } from '../../rtnl/index.js'
import { fakeKernel } from '../../testing/index.js'

/** What a link's index is taken for where it cannot be known. */
const UNKNOWN = 1

/**
 * A host that opens no socket. Lists are empty, changes are done, and links are found: with their index where this
 * machine tells it without a socket.
 * @param remark told what was taken for granted
 */
export function dryHost(remark: (line: string) => void): Host {
  const { host } = fakeKernel({
    RTM_GETLINK: (asked, { flags, netns }) => {
      if (flags.includes('dump')) return []
      const { ifiIndex, ifname, altIfname } = asked
      const name = ifname ?? altIfname
      if (name === undefined) return asked
      const known = netns === undefined ? indexOf(name) : undefined
      if (known === undefined) remark(`the index of ${name} is not known without asking: ${UNKNOWN} stands for it`)
      return { ...asked, ifiIndex: known ?? (ifiIndex || UNKNOWN) } as Link
    },
    RTM_NEWLINK: done,
    RTM_SETLINK: done,
    RTM_DELLINK: nothing,
    RTM_NEWLINKPROP: nothing,
    RTM_DELLINKPROP: nothing,
    RTM_GETADDR: () => [],
    RTM_NEWADDR: done,
    RTM_DELADDR: nothing,
    RTM_GETROUTE: (asked, { flags }) => (flags.includes('dump') ? [] : asked),
    RTM_NEWROUTE: done,
    RTM_DELROUTE: nothing,
    RTM_GETNSID: (asked, { flags }) => (flags.includes('dump') ? [] : { ...asked, nsid: asked.nsid ?? 0 }),
    RTM_NEWNSID: nothing,
  })
  return { ...host, netns: dryNamespaces(host.netns, remark), sysctl: drySysctls(host.sysctl, remark) }
}

/** What would be made and deleted is told. */
function dryNamespaces(memory: Namespaces, remark: (line: string) => void): Namespaces {
  const told = (calls: string) => (name: string) => {
    const path = pathOfName(name)
    remark(`no message: the system calls ${calls} ${path}`)
  }
  return {
    create: told('unshare and mount make'),
    delete: told('umount and unlink delete'),
    list: () => memory.list(),
    exists: (name) => memory.exists(name),
    inode: (where) => memory.inode(where),
  }
}

/** What is set is told, and read again; what was not set is read from this machine, where that is its own namespace. */
function drySysctls(memory: Sysctls, remark: (line: string) => void): Sysctls {
  const set: Sysctls['set'] = (name, value, where) => {
    memory.set(name, value, where)
    remark(`the sysctl ${name} would be set to ${value}${where === undefined ? '' : ` in ${JSON.stringify(where)}`}`)
  }
  const known = (path: string): string | undefined => {
    try {
      return readFileSync(`/proc/sys/${path}`, 'utf8').trimEnd()
    } catch {
      return undefined
    }
  }
  const get: Sysctls['get'] = (name, where) => {
    const path = sysctlPath(name)
    try {
      return memory.get(name, where)
    } catch {
      const value = where === undefined ? known(path) : undefined
      if (value === undefined) remark(`the sysctl ${name} is not known without asking: 0 stands for it`)
      return value ?? '0'
    }
  }
  return { get, set }
}

/** What was asked for is what there is then: echoed where that is wanted. */
const done = <B>(asked: B, { flags }: { readonly flags: readonly unknown[] }): B | undefined =>
  flags.includes('echo') ? asked : undefined
const nothing = (): undefined => undefined

/** The index of a link in our own namespace, from the system's files. */
function indexOf(name: string): number | undefined {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8')) || undefined
  } catch {
    return undefined
  }
}
