/** The errors of nlwire: few classes, one base, a stable `code`, and the bytes that prove it. */

/** What every error of nlwire is. `code` is stable: test that, not the message. */
export abstract class NetlinkError extends Error {
  abstract readonly code: string
}

/** Why the transport failed. */
export type TransportErrorCode =
  | 'ERR_NETLINK_SYSCALL' // a system call failed: see syscall and errno
  | 'ERR_NETLINK_PERMISSION' // EPERM or EACCES: root or CAP_NET_ADMIN is needed
  | 'ERR_NETLINK_UNSUPPORTED' // this system has no netlink
  | 'ERR_NETLINK_NO_SHIM' // the native shim is not built for this platform
  | 'ERR_NETLINK_NO_NAMESPACE' // no such network namespace
  | 'ERR_NETLINK_OVERRUN' // datagrams were lost (ENOBUFS)
  | 'ERR_NETLINK_TRUNCATED' // a datagram was longer than the buffer
  | 'ERR_NETLINK_UNEXPECTED' // a datagram that no request of ours explains
  | 'ERR_NETLINK_INTERRUPTED' // a dump that changed while it was read (NLM_F_DUMP_INTR)
  | 'ERR_NETLINK_TIMEOUT' // no answer in time
  | 'ERR_NETLINK_CLOSED' // the socket is closed

/** The transport failed: the message says what was done, and what to do. */
export class TransportError extends NetlinkError {
  override readonly name = 'TransportError'
  readonly code: TransportErrorCode
  /** The system call that failed, where one did: `socket`, `setns`, ... */
  readonly syscall: string | undefined
  /** Its errno, positive. */
  readonly errno: number | undefined
  constructor(code: TransportErrorCode, message: string, from: { syscall?: string; errno?: number; cause?: unknown } = {}) {
    super(message, from.cause === undefined ? undefined : { cause: from.cause })
    this.code = code
    this.syscall = from.syscall
    this.errno = from.errno
  }
}
