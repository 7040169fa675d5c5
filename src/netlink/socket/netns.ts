/** Network namespaces by name, as `ip netns` has them: files in /run/netns that keep a namespace alive. */
import { TransportError } from '../errors.js'
import { isFunction } from '../options.js'
import { isShimError, loadShim, transportError } from './shim.js'

/** Not imported: so that what is exported beside this runs where there is no Node. */
const fs = () => process.getBuiltinModule('node:fs')

/** The namespace that the calling thread is in: another thread of the process may be elsewhere. @internal */
export const OWN_NAMESPACE = '/proc/thread-self/ns/net'
const directory = '/run/netns'
/** NAME_MAX of linux/limits.h: the longest name of a file, in bytes. */
const longestName = 255

/**
 * Where a network namespace is found: by its name (`'net1'`), the path of its file (`'/proc/7/ns/net'`: what has a
 * slash is a path), a process or thread in it, or a descriptor of it.
 */
export type Namespace = string | { readonly pid: number } | { readonly fd: number }

/** A network namespace that is held open, so that it lives on whatever becomes of its name. */
export interface OpenNamespace {
  /** Its descriptor, ours to close: for `openKernel({ netns: fd })` or IFLA_NET_NS_FD. */
  readonly fd: number
  /** Its inode: two descriptors are of the same namespace when these are equal. */
  readonly inode: bigint
  /** Lets go of it; a second time nothing happens. */
  close(): void
  [Symbol.dispose](): void
}

/** Network namespaces that have a name: of this machine (`kernelHost`), or of what stands in for it in a test. */
export interface Namespaces {
  /**
   * Makes a network namespace and names it, as `ip netns add` does. Its loopback interface is down. Kernel: unshare with
   * CLONE_NEWNET, in a thread of its own.
   * @throws TransportError ERR_NETLINK_SYSCALL with errno EEXIST when the name is taken, ERR_NETLINK_PERMISSION when not
   * root, ERR_NETLINK_NO_NAMESPACE when it can be no name.
   */
  create(name: string): void
  /**
   * Takes the name of a network namespace away, as `ip netns delete` does. The namespace itself, and the interfaces in
   * it, end when no process, socket or descriptor uses it any more.
   * @throws TransportError ERR_NETLINK_NO_NAMESPACE when there is none of this name, ERR_NETLINK_PERMISSION.
   */
  delete(name: string): void
  /** The names that there are, sorted. @throws TransportError ERR_NETLINK_PERMISSION */
  list(): string[]
  /** Whether there is one of this name. @throws TransportError ERR_NETLINK_NO_NAMESPACE when it can be no name. */
  exists(name: string): boolean
  /**
   * The inode, which tells whether two are the same; in a replay and in a fake kernel a small number.
   * @throws TransportError as `netns.open` does.
   * @example rtnl.netns.inode('net1') === rtnl.netns.inode({ pid: 4711 })
   */
  inode(where: Namespace): bigint
}

/** Network namespaces of this machine. */
export interface MachineNamespaces extends Namespaces {
  /**
   * Opens a network namespace, to open sockets in it or to move interfaces into it.
   * Kernel: /proc/<pid>/ns/net, and NS_GET_NSTYPE (linux/nsfs.h) to be sure that it is one.
   * @throws TransportError ERR_NETLINK_NO_NAMESPACE when there is none or it is something else, ERR_NETLINK_PERMISSION.
   * @example
   * using inside = netns.open('net1') // openKernel({ protocol: 0, netns: inside.fd })
   */
  open(where: Namespace): OpenNamespace
  /**
   * Every network namespace that a name or a process leads to, each once: by its name, or else by the path of its file in
   * /proc. One that only a descriptor or another mount holds is not found.
   * @example netns.all() // ['net1', '/proc/4711/ns/net', ...]
   */
  all(): string[]
  /**
   * Calls a function with this thread in a network namespace: a program that it starts is there (with the /sys of here).
   * What comes after an `await` runs in our own again. Kernel: setns.
   * @throws TransportError as `open` does; what the function throws
   * @example
   * const ping = netns.run('net1', () => spawn('ping', ['-c', '1', '10.0.1.1'], { stdio: 'inherit' }))
   */
  run<T>(where: Namespace, call: () => T): T
}

function create(name: string): void {
  const path = pathOfName(name)
  try {
    loadShim().netnsCreate(directory, path)
  } catch (error) {
    if (isShimError(error) && error.code === 'EEXIST') {
      throw nameTaken(name, error)
    }
    throw transportError(error, `create network namespace "${name}"`)
  }
}

function remove(name: string): void {
  const path = pathOfName(name)
  try {
    loadShim().netnsDelete(path)
  } catch (error) {
    throw isMissing(error)
      ? noNamespace(name, list(), error)
      : transportError(error, `delete network namespace "${name}"`)
  }
}

function list(): string[] {
  try {
    return fs().readdirSync(directory).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw transportError(error, 'list the network namespaces')
  }
}

function exists(name: string): boolean {
  return fs().existsSync(pathOfName(name))
}

function open(where: Namespace): OpenNamespace {
  const path = pathOf(where)
  let fd: number
  try {
    fd = loadShim().netnsOpen(path)
  } catch (error) {
    if (isMissing(error)) throw noNamespace(where, list(), error)
    if (isShimError(error) && error.code === 'EINVAL') {
      const text = `${show(where)} is not a network namespace`
      throw new TransportError('ERR_NETLINK_NO_NAMESPACE', text, { cause: error })
    }
    throw transportError(error, `open network namespace ${show(where)}`)
  }
  let closed = false
  const close = (): void => {
    if (!closed) fs().closeSync(fd)
    closed = true
  }
  return { fd, inode: fs().fstatSync(fd, { bigint: true }).ino, close, [Symbol.dispose]: close }
}

function inode(where: Namespace): bigint {
  const opened = open(where)
  opened.close()
  return opened.inode
}

function all(): string[] {
  const { readdirSync, readlinkSync, statSync } = fs()
  const found = new Map<string, string>()
  const add = (inode: () => string, where: string) => {
    try {
      const key = inode()
      if (!found.has(key)) found.set(key, where)
    } catch {
      // It has gone, or is not ours to look at.
    }
  }
  for (const name of list()) add(() => String(statSync(`${directory}/${name}`, { bigint: true }).ino), name)
  for (const pid of readdirSync('/proc'))
    if (/^\d+$/.test(pid)) {
      const path = `/proc/${pid}/ns/net`
      add(() => /\d+/.exec(readlinkSync(path))![0], path)
    }
  return [...found.values()]
}

function run<T>(where: Namespace, call: () => T): T {
  isFunction('call', call)
  const opened = open(where)
  // What it throws is kept apart from what the shim throws, which may look the same.
  let ended: { readonly result: T } | { readonly error: unknown } | undefined
  const guarded = () => {
    try {
      ended = { result: call() }
    } catch (error) {
      ended = { error }
    }
  }
  try {
    loadShim().netnsRun(opened.fd, guarded)
  } catch (error) {
    throw transportError(error, `enter network namespace ${show(where)}`)
  } finally {
    opened.close()
  }
  if ('error' in ended!) throw ended.error
  return ended!.result
}

/** Network namespaces of this machine: create, delete, list, all, exists, open, inode, run. */
export const netns: MachineNamespaces = { create, delete: remove, list, all, exists, open, inode, run }

/** The file of a namespace. @throws TransportError ERR_NETLINK_NO_NAMESPACE for what can be none @internal */
export function pathOf(where: Namespace): string {
  if (typeof where === 'string') return where.includes('/') ? withoutNul(where) : pathOfName(where)
  const { pid, fd } = Object(where) as { pid?: number; fd?: number }
  const number = pid ?? fd
  if (!Number.isSafeInteger(number) || number! < 0) throw invalid(where, 'give a name, a path, { pid } or { fd }')
  return pid === undefined ? `/proc/self/fd/${number}` : `/proc/${number}/ns/net`
}

/** The file of a name. @throws TransportError ERR_NETLINK_NO_NAMESPACE when it can be no name @internal */
export function pathOfName(name: string): string {
  if (typeof name !== 'string' || name === '') throw invalid(name, 'a name has at least one character')
  if (name === '.' || name === '..') throw invalid(name, 'the name means a directory')
  if (name.includes('/')) throw invalid(name, 'a name has no slash')
  if (new TextEncoder().encode(name).length > longestName)
    throw invalid(name, `a name has at most ${longestName} bytes`)
  return `${directory}/${withoutNul(name)}`
}

function withoutNul(text: string): string {
  if (text.includes('\0')) throw invalid(text, 'it has a NUL character')
  return text
}

function invalid(where: unknown, reason: string): TransportError {
  return new TransportError('ERR_NETLINK_NO_NAMESPACE', `${show(where)} can be no network namespace: ${reason}`)
}

/** No such file; of /proc also no such process (ESRCH), and of a name a directory that is missing altogether. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ESRCH'].includes(String(error.code))
}

/** That a name is taken. @internal */
export function nameTaken(name: string, cause: { readonly syscall: string; readonly errno: number }): TransportError {
  const { syscall, errno } = cause
  const text = `cannot create network namespace "${name}": the name is taken (${directory}/${name} exists)`
  return new TransportError('ERR_NETLINK_SYSCALL', text, { syscall, errno, cause })
}

/** That there is none. @param names those that there are @internal */
export function noNamespace(where: Namespace, names: readonly string[], cause?: unknown): TransportError {
  const known = names.length > 0 ? `there are: ${names.join(', ')}` : 'none has a name'
  const text = `there is no network namespace ${show(where)} (${known})`
  return new TransportError('ERR_NETLINK_NO_NAMESPACE', text, { cause })
}

function show(where: unknown): string {
  return typeof where === 'bigint' ? `${where}n` : (JSON.stringify(where) ?? String(where))
}
