/** A replaying host in the names of the test, where its recording is redacted. */
import type { Namespace, Namespaces } from '../netlink/socket/netns.js'
import type { Sysctls } from '../netlink/socket/sysctl.js'
import type { Host } from '../rtnl/client/host.js'
import type { Naming } from './replay/naming.js'

/** The same host, which takes the test's names and gives them. */
export function namedHost(inner: Host, naming: Naming): Host {
  const at = <N extends Namespace | undefined>(where: N) =>
    (typeof where === 'string' && !where.includes('/') ? naming.namespace(where) : where) as N
  const sysctl: Sysctls = {
    get: (name, where) => inner.sysctl.get(naming.text(name), at(where)),
    set: (name, value, where) => inner.sysctl.set(naming.text(name), value, at(where)),
  }
  const names = (list: readonly string[]) => list.map((name) => naming.namespaceOfTest(name))
  const netns: Namespaces = {
    create: (name) => inner.netns.create(at(name)),
    delete: (name) => inner.netns.delete(at(name)),
    list: () => names(inner.netns.list()),
    exists: (name) => inner.netns.exists(at(name)),
    inode: (where) => inner.netns.inode(at(where)),
  }
  return {
    ...inner,
    open: (where, options) => inner.open(at(where), options),
    namespace: (where) => inner.namespace(at(where)),
    names: () => names(inner.names()),
    netns,
    sysctl,
  }
}
