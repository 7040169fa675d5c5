/** What goes wrong below means this for those who wait. */
import { errnoName } from '../errno.js'
import { TransportError, type TransportErrorCode } from '../errors.js'

/** With these the socket is of no more use, or the call was wrong and stays so. */
const fatalErrnos = new Set([
  'EPERM',
  'EBADF',
  'EACCES',
  'EFAULT',
  'EINVAL',
  'ENOSYS',
  'ENOTSOCK',
  'EPROTO',
  'EOPNOTSUPP',
  'ENOTCONN',
])

/**
 * Whether the socket lives on after this error. The kernel keeps what went wrong apart from any receive (sk_err) until
 * the next one, and says it once: that a running dump could not be continued (netlink_dump), or that an event could not
 * be made (netlink_set_err).
 */
export function isTransient(error: unknown): boolean {
  return error instanceof TransportError && error.errno !== undefined && !fatalErrnos.has(errnoName(error.errno))
}

/** For a request whose answer was perhaps among the datagrams that were lost. */
export function lossError(code: TransportErrorCode): TransportError {
  const what =
    code === 'ERR_NETLINK_OVERRUN' ? 'datagrams were lost (ENOBUFS)' : 'a datagram did not fit the buffer (MSG_TRUNC)'
  const text = `${what}, the answer to this request perhaps among them: it was sent, but its outcome is unknown`
  return new TransportError(code, text)
}

/** For whatever is asked or under way when the conversation is closed. */
export const closedError = (): TransportError => new TransportError('ERR_NETLINK_CLOSED', 'the conversation is closed')

/** For a list that changed while it was read. @param given whether some of it was given out, so that it was not asked for again */
export function interruptedError(name: string, given: boolean): TransportError {
  const advice = given ? 'toArray() asks again by itself' : 'it was asked for again each time'
  const text = `${name}: the list changed while it was read, so some of it may be missing or twice (${advice}; interrupted: 'accept' takes it as it is)`
  return new TransportError('ERR_NETLINK_INTERRUPTED', text)
}
