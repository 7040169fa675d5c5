/** The errors of nlwire: few classes, one base, a stable `code`, and the bytes that prove it. */
import { copyOf, toHex } from './bytes/bytes.js'
import type { Issue } from './bytes/failure.js'
import { visible } from './bytes/visible.js'

/** What every error of nlwire is. `code` is stable: test that, not the message. */
export abstract class NetlinkError extends Error {
  abstract readonly code: string
  /** What failed as well while what was done before was undone, where anything did. */
  declare readonly suppressed?: readonly unknown[]
}

/** Why the transport failed. */
export type TransportErrorCode =
  | 'ERR_NETLINK_SYSCALL' // a system call failed: see syscall and errno
  | 'ERR_NETLINK_PERMISSION' // EPERM or EACCES: root or CAP_NET_ADMIN is needed
  | 'ERR_NETLINK_UNSUPPORTED' // this system has no netlink
  | 'ERR_NETLINK_NO_SHIM' // there is no native shim, or it cannot be loaded
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
  constructor(
    code: TransportErrorCode,
    message: string,
    from: { syscall?: string; errno?: number; cause?: unknown } = {},
  ) {
    super(message, from.cause === undefined ? undefined : { cause: from.cause })
    this.code = code
    this.syscall = from.syscall
    this.errno = from.errno
  }
}

/** An option can not be what was given: nothing was done. */
export class OptionError extends NetlinkError {
  override readonly name = 'OptionError'
  readonly code = 'ERR_NETLINK_OPTION'
  /** The option's name: `timeout`. */
  readonly option: string
  readonly value: unknown
  /** @param accepted what it can be: `an integer from 0 to 255` */
  constructor(option: string, value: unknown, accepted: string) {
    super(`${option}: expected ${accepted}, got ${shown(value)}`)
    this.option = option
    this.value = value
  }
}

/** A value of whatever type in a few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return visible(JSON.stringify(value).slice(0, 80))
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : Object.prototype.toString.call(value)
  return typeof value === 'bigint' ? `${value}n` : typeof value === 'function' ? 'a function' : String(value)
}

/** Bytes could not be decoded. */
export class DecodeError extends NetlinkError {
  override readonly name = 'DecodeError'
  readonly code = 'ERR_NETLINK_DECODE'
  /** The message type, where the header could be read. */
  readonly type: string | undefined
  /** Which attribute: `linkinfo.data(ipvlan).mode`; empty for the message itself. */
  readonly path: string
  /** The byte at which it does not fit, from the beginning of the buffer. */
  readonly offset: number
  /** The bytes that could not be decoded. */
  readonly bytes: Uint8Array
  constructor(reason: string, at: { type?: string | undefined; path: string; offset: number; bytes: Uint8Array }) {
    const where = [at.type, at.path].filter(Boolean).join(': ')
    const from = Math.max(0, at.offset - 4)
    const around = toHex(at.bytes.subarray(from, at.offset + 12), ' ')
    super(
      `${where ? `${where}: ` : ''}${reason} (at byte 0x${at.offset.toString(16)}; from 0x${from.toString(16)}: ${around})`,
    )
    this.type = at.type
    this.path = at.path
    this.offset = at.offset
    this.bytes = copyOf(at.bytes)
  }
}

/** A value could not be encoded: nothing was sent. */
export class EncodeError extends NetlinkError {
  override readonly name = 'EncodeError'
  readonly code = 'ERR_NETLINK_ENCODE'
  /** The message type. */
  readonly type: string
  /** All that is wrong, each with its path and what would be accepted. */
  readonly issues: readonly Issue[]
  constructor(type: string, issues: readonly Issue[]) {
    const lines = issues.map(({ path, message, value }) => `${path || 'the body'}: ${message}${given(value)}`)
    super(`${type}: ${lines.join('; ')}`)
    this.type = type
    this.issues = issues
  }
  /** Where the first issue is. */
  get path(): string {
    return this.issues[0]?.path ?? ''
  }
  /** The value of the first issue. */
  get value(): unknown {
    return this.issues[0]?.value
  }
}

function given(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && value !== null)) return ''
  return `, got ${typeof value === 'bigint' ? `${value}n` : String(JSON.stringify(value)).slice(0, 80)}`
}
