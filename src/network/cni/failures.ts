/** From whatever failed to the error that the runtime is told. */
import { KernelError } from '../../netlink/conversation/kernel-error.js'
import { OptionError, TransportError } from '../../netlink/errors.js'
import { explain } from '../../rtnl/explain.js'
import { NetworkError, type NetworkErrorCode } from '../errors.js'
import { CniError, type CniReason } from './errors.js'

const reasons: Partial<Readonly<Record<NetworkErrorCode, CniReason>>> = {
  ERR_NETWORK_PARENT: 'configuration',
  ERR_NETWORK_MODE: 'refused',
  ERR_NETWORK_ADDRESS: 'refused',
  ERR_NETWORK_CONFLICT: 'refused',
  ERR_NETWORK_NOT_READY: 'configuration',
}

/** The member of the configuration that an error of a network is about. */
export const memberBefore = ({ code }: NetworkError): string => (code === 'ERR_NETWORK_PARENT' ? '"master": ' : '')

/** The same failure with the specification's code. */
export function asCniError(error: unknown): CniError {
  if (error instanceof CniError) return error
  if (error instanceof NetworkError) {
    const reason = reasons[error.code] ?? reasonOf(error.cause)
    return new CniError(reason, `${memberBefore(error)}${error.reason}`, undefined, error)
  }
  if (error instanceof OptionError) {
    // Options and members have the same names, but for one.
    const details = error.option === 'parent' ? 'parent is the "master"' : undefined
    return new CniError('configuration', error.message, details, error)
  }
  if (error instanceof TransportError && error.code === 'ERR_NETLINK_NO_NAMESPACE')
    return new CniError('namespace', `CNI_NETNS: ${error.message}`, undefined, error)
  if (isTimeout(error)) return new CniError('tryAgain', (error as Error).message, undefined, error)
  const details = error instanceof KernelError ? explain(error) : undefined
  return new CniError('internal', (error as Error)?.message ?? String(error), details, error)
}

const isTimeout = (error: unknown): boolean => error instanceof TransportError && error.code === 'ERR_NETLINK_TIMEOUT'

/** Why a step failed: the kernel guards addresses of siblings (EADDRINUSE) and parents in other use (EBUSY) itself. */
function reasonOf(cause: unknown): CniReason {
  if (isTimeout(cause)) return 'tryAgain'
  const isRefused = cause instanceof KernelError && ['EADDRINUSE', 'EBUSY'].includes(cause.errnoName)
  return isRefused ? 'refused' : 'internal'
}
