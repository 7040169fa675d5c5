/**
 * The native shim (native/): loaded on the first use, never on import. So everything else of nlwire, the codec and replay
 * above all, runs where there is no shim and no Linux.
 */
import { errnoName } from '../errno.js'
import { OptionError, TransportError, type TransportErrorCode } from '../errors.js'
import { findShim, type GivenShim } from './find-shim.js'
import type { Shim } from './shim-functions.js'

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
let given: GivenShim | undefined

/**
 * Says where the native shim is: the file `nlwire.node`, under whatever name. It is loaded when the first socket is opened, and
 * every socket that is opened after this call uses it. Without this call NLWIRE_SHIM of the environment names the file; without
 * either it is looked for in the package, and beside the bundle, the program and Node: `prebuilds/<platform>-<arch>/nlwire.node`,
 * then `nlwire.node`.
 * @param path a path, from the current directory where it is relative, or a file's URL; undefined: it is looked for again
 * @throws OptionError when it is neither
 * @example setShim(new URL('./nlwire.node', import.meta.url))
 */
export function setShim(path: string | URL | undefined): void {
  given = path === undefined ? undefined : { path: pathOf(path), by: 'setShim' }
  loaded = undefined
}

function pathOf(path: string | URL): string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) {
    // The current directory may be another one when it is loaded.
    return typeof process === 'undefined' ? path : process.getBuiltinModule('node:path').resolve(path)
  }
  if (path instanceof URL && path.protocol === 'file:') return process.getBuiltinModule('node:url').fileURLToPath(path)
  throw new OptionError('setShim', path instanceof URL ? path.href : path, "a path, or a file's URL")
}

/**
 * The shim, loaded on the first call.
 * @throws TransportError ERR_NETLINK_UNSUPPORTED on a system without netlink, ERR_NETLINK_NO_SHIM when there is none, or one
 * that cannot be loaded.
 */
export function loadShim(): Shim {
  loaded ??= findShim(given)
  return loaded
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
