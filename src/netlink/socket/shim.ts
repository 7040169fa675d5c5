/**
 * The native shim (native/): the only file that loads it, on the first use, never on import. So everything else of
 * nlwire, the codec and replay above all, runs where there is no shim and no Linux.
 */
import { errnoName } from '../errno.js'
import { TransportError, type TransportErrorCode } from '../errors.js'

/** A native socket. Nothing can be done with it but giving it back to the shim. */
export type SocketHandle = { readonly __nlwireSocket: unique symbol }

/**
 * What native/nlwire.c exports. A failed call throws a ShimError; send and receive return -errno. A wrong argument is a
 * TypeError ERR_INVALID_ARG_TYPE that names it.
 */
export interface Shim {
  /** Opens a socket in the namespace of the descriptor; -1 is the namespace of this process. */
  open(protocol: number, netnsFd: number): SocketHandle
  /** Closes. A second time: nothing happens. */
  close(socket: SocketHandle): void
  /** Binds to a port (0: the kernel chooses) and gives the port got. */
  bind(socket: SocketHandle, port: number): number
  setOption(socket: SocketHandle, level: number, name: number, value: number): void
  getOption(socket: SocketHandle, level: number, name: number): number
  /** Sends `length` bytes to the kernel, never waiting. Gives the bytes sent or -errno. */
  send(socket: SocketHandle, bytes: Uint8Array, length: number): number
  /**
   * Takes one datagram, never waiting. Gives its whole length or -errno, and in `info` the sender's port, the group,
   * the nsid (-1: none told) and 1 if it was cut to fit `bytes`.
   */
  receive(socket: SocketHandle, bytes: Uint8Array, info: Int32Array): number
  /** Calls back whenever receive has something to tell; undefined ends that. The callback has to hold the handle. */
  watch(socket: SocketHandle, callback: (() => void) | undefined): void
  /** Whether a watch keeps the process alive (1, as it does at first) or not (0). */
  keepAlive(socket: SocketHandle, alive: 0 | 1): void
  /** Makes a network namespace and mounts it on `path`, in a directory made ready as `ip netns` does. */
  netnsCreate(directory: string, path: string): void
  /** Unmounts and removes what netnsCreate made. */
  netnsDelete(path: string): void
  /** Opens a namespace's file. EINVAL when it is not a network namespace. */
  netnsOpen(path: string): number
  /**
   * Reads a file below /proc/sys/net as the namespace of the descriptor has it (-1: ours). Gives the length. EMSGSIZE when
   * `bytes` is full.
   */
  sysctlRead(netnsFd: number, path: string, bytes: Uint8Array): number
  /** Writes one. */
  sysctlWrite(netnsFd: number, path: string, bytes: Uint8Array): void
}

/** The error of a system call, as the shim throws it. */
export interface ShimError extends Error {
  /** `EPERM`, ... */
  readonly code: string
  /** The same as a number, positive. */
  readonly errno: number
  /** The call that failed: `socket`, `setns`, ... */
  readonly syscall: string
}

let loaded: Shim | undefined

/**
 * The shim, loaded on the first call.
 * @throws TransportError ERR_NETLINK_UNSUPPORTED on a system without netlink, ERR_NETLINK_NO_SHIM when it is not built.
 */
export function loadShim(): Shim {
  loaded ??= findShim()
  return loaded
}

function findShim(): Shim {
  const system = typeof process === 'undefined' ? 'this platform' : process.platform
  if (system !== 'linux') {
    throw new TransportError(
      'ERR_NETLINK_UNSUPPORTED',
      `there is no netlink on ${system}: it is an interface of Linux. The codec and replay work here.`,
    )
  }
  // Not imported: so the codec and replay, which come through the same entries, run where there is no Node.
  const { createRequire } = process.getBuiltinModule('node:module')
  const root = process.getBuiltinModule('node:url').fileURLToPath(new URL('../../../../', import.meta.url))
  try {
    const load = createRequire(import.meta.url)('node-gyp-build') as (folder: string) => Shim
    return load(root)
  } catch (cause) {
    throw new TransportError(
      'ERR_NETLINK_NO_SHIM',
      `the native shim is not built for linux-${process.arch}. With a C compiler, run: ` +
        'node node_modules/nlwire/native/build.js (in a clone of nlwire: node native/build.js)',
      { cause },
    )
  }
}

/** Whether it is the error of a system call made by the shim. */
export function isShimError(error: unknown): error is ShimError {
  return error instanceof Error && 'syscall' in error && 'errno' in error && typeof error.errno === 'number'
}

/**
 * Our error for a failed system call (the shim's, or Node's own with its negative errno): the code that fits its errno, and what can be done about it.
 * Whatever is no such error (a wrong argument) is given back as it is.
 * @param doing what was tried, as in "cannot <doing>".
 */
export function transportError(error: unknown, doing: string): unknown {
  return isShimError(error) ? systemError(doing, error.syscall, Math.abs(error.errno), error) : error
}

/** The same for a call that returned -errno. `errno` is positive. */
export function systemError(doing: string, syscall: string, errno: number, cause?: unknown): TransportError {
  const name = errnoName(errno)
  const [code, advice] = reasons[name] ?? ['ERR_NETLINK_SYSCALL', undefined]
  const text = `cannot ${doing}: ${syscall} says ${name}${advice ? `. ${advice}` : ''}`
  return new TransportError(code, text, { syscall, errno, cause })
}

const needsRoot = 'This needs root, or the capabilities CAP_NET_ADMIN and, for namespaces, CAP_SYS_ADMIN'
const noNetlink = 'This system has no such netlink protocol'
const reasons: Readonly<Record<string, readonly [TransportErrorCode, string]>> = {
  EPERM: ['ERR_NETLINK_PERMISSION', needsRoot],
  EACCES: ['ERR_NETLINK_PERMISSION', needsRoot],
  EPROTONOSUPPORT: ['ERR_NETLINK_UNSUPPORTED', noNetlink],
  EAFNOSUPPORT: ['ERR_NETLINK_UNSUPPORTED', noNetlink],
}
