/** Sysctls of network namespaces: the files below /proc/sys/net. */
import { errnoName, errnos } from '../errno.js'
import { OptionError, TransportError } from '../errors.js'
import { type Namespace, netns } from './netns.js'
import { isShimError, loadShim, systemError } from './shim.js'

/**
 * Sysctls of network namespaces. A name is a path below /proc/sys, `net/ipv6/conf/eth0/mtu`, or has dots as sysctl(8) writes
 * it; then a slash stands for a dot: `net.ipv4.conf.eth0/30.forwarding`.
 */
export interface Sysctls {
  /**
   * Reads a sysctl.
   * @param where the network namespace; default: the one we are in
   * @returns its text without the newline at the end; several values are separated by tabs
   * @throws OptionError when it can be no name; TransportError ERR_NETLINK_SYSCALL with errno (ENOENT: there is no such sysctl,
   * which is so for a link that is not there), ERR_NETLINK_NO_NAMESPACE, ERR_NETLINK_PERMISSION
   * @example sysctl.get('net/ipv6/conf/eth0/disable_ipv6', 'net1') // '0'
   */
  get(name: string, where?: Namespace): string
  /**
   * Sets a sysctl.
   * @param where the network namespace; default: the one we are in
   * @throws as `get` does; with errno EINVAL when the kernel does not take the value
   * @example sysctl.set('net/ipv6/conf/eth0/ndisc_notify', 1, 'net1')
   */
  set(name: string, value: string | number, where?: Namespace): void
}

/** Sysctls of this machine. Kernel: /proc/sys/net, which each thread sees as its own network namespace has it. */
export const sysctl: Sysctls = {
  get(name, where) {
    const path = sysctlPath(name)
    return within(where, path, undefined, (fd) => read(fd, `/proc/sys/${path}`).replace(/\n$/, ''))
  },
  set(name, value, where) {
    const path = sysctlPath(name)
    const text = sysctlValue(value)
    within(where, path, text, (fd) =>
      loadShim().sysctlWrite(fd, `/proc/sys/${path}`, new TextEncoder().encode(`${text}\n`)),
    )
  },
}

/** Reads a file with as much room as it needs: nearly all have few bytes, bitmaps of ports up to some hundred KiB. */
function read(fd: number, path: string): string {
  for (let room = 4096; ; room *= 16) {
    const bytes = new Uint8Array(room)
    try {
      return new TextDecoder().decode(bytes.subarray(0, loadShim().sysctlRead(fd, path, bytes)))
    } catch (error) {
      if (!isShimError(error) || error.errno !== errnos.EMSGSIZE || room > 1_000_000) throw error
    }
  }
}

/** The longest path that the shim takes, without `/proc/sys/`. */
const LONGEST = 4000

/**
 * The path below /proc/sys that a name stands for: the same for all ways to write it.
 * @throws OptionError
 * @internal
 */
export function sysctlPath(name: string): string {
  if (typeof name === 'string' && name.length <= LONGEST && !name.includes('\0')) {
    const dotted = /^[^/]*\./.test(name)
    const path = dotted ? name.replace(/[./]/g, (one) => (one === '.' ? '/' : '.')) : name
    const [first, ...parts] = path.split('/')
    if (first === 'net' && parts.length > 0 && !parts.some((part) => ['', '.', '..'].includes(part))) return path
  }
  throw new OptionError('name', name, 'a sysctl below net, such as net/ipv6/conf/eth0/mtu or net.ipv6.conf.eth0.mtu')
}

/** What is written. @throws OptionError @internal */
export function sysctlValue(value: string | number): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string' && value.trim() !== '' && !/[\0\n]/.test(value)) return value
  throw new OptionError('value', value, 'a number, or a text of one line that is not empty')
}

/**
 * The error of a sysctl that could not be read, or not be set where `value` is given.
 * @param errno positive
 * @internal
 */
export function sysctlError(
  path: string,
  value: string | undefined,
  where: Namespace | undefined,
  { syscall, errno, cause }: { readonly syscall: string; readonly errno: number; readonly cause?: unknown },
): TransportError {
  const place = where === undefined ? '' : ` in the network namespace ${JSON.stringify(where)}`
  const doing = value === undefined ? `read ${path}${place}` : `set ${path} to ${JSON.stringify(value)}${place}`
  const error = systemError(doing, syscall, errno, cause)
  const more = advice[errnoName(errno)]
  if (more === undefined) return error
  return new TransportError(error.code, `${error.message}. ${more}`, { syscall, errno, cause })
}

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such sysctl there: the link that it names, or the module that has it, is missing',
  EINVAL: 'The kernel does not take this value',
  EISDIR: 'It is a folder of sysctls',
  EROFS: '/proc/sys is mounted read-only, as containers have it',
}

/** Uses the descriptor of a namespace, -1 for ours, and makes our error of the shim's. */
function within<T>(
  where: Namespace | undefined,
  path: string,
  value: string | undefined,
  use: (netnsFd: number) => T,
): T {
  const opened = where === undefined ? undefined : netns.open(where)
  try {
    return use(opened?.fd ?? -1)
  } catch (error) {
    if (!isShimError(error)) throw error
    const { syscall, errno } = error
    throw sysctlError(path, value, where, { syscall, errno, cause: error })
  } finally {
    opened?.close()
  }
}
