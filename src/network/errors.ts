/** The error of networks: what could not be done with which attachment, why, and what could not be undone. */
import { NetlinkError } from '../netlink/errors.js'

/** Why a network, or an attachment of it, is refused or failed. */
export type NetworkErrorCode =
  | 'ERR_NETWORK_PARENT' // the parent is not there, or cannot carry such links
  | 'ERR_NETWORK_MODE' // other links on the parent have another mode or other flags
  | 'ERR_NETWORK_ADDRESS' // an address cannot be given to a container
  | 'ERR_NETWORK_CONFLICT' // something else has the name, or the attachment is there in another form
  | 'ERR_NETWORK_NOT_READY' // the machine lacks a setting that the network needs
  | 'ERR_NETWORK_STEP' // the kernel refused a step: see cause

/**
 * A network, or an attachment, is refused or failed. What was done before is undone; what could not be undone is told by
 * `suppressed`. `cause` is the kernel's error where it is one.
 */
export class NetworkError extends NetlinkError {
  override readonly name = 'NetworkError'
  readonly code: NetworkErrorCode
  /** The network's name. */
  readonly network: string
  /** The attachment's id, where it is about one. */
  readonly id: string | undefined
  /** Errors of undoing, in the order in which it was tried; empty when all is undone. */
  override readonly suppressed: readonly Error[]
  /** The message without the network's name, for those who put words of their own before it. */
  readonly reason: string
  readonly #plain: string
  constructor(
    code: NetworkErrorCode,
    network: string,
    reason: string,
    more: { id?: string | undefined; cause?: unknown; suppressed?: readonly Error[] } = {},
  ) {
    const { id, cause, suppressed = [] } = more
    const left = suppressed.length === 0 ? '' : `; not undone: ${suppressed.map(({ message }) => message).join('; ')}`
    super(
      `network ${network}: ${id === undefined ? '' : `${id}: `}${reason}${left}`,
      cause === undefined ? {} : { cause },
    )
    this.code = code
    this.network = network
    this.id = id
    this.suppressed = suppressed
    this.reason = `${reason}${left}`
    this.#plain = reason
  }

  /** @internal The same, with a further error of undoing. */
  withSuppressed(error: Error): NetworkError {
    const { code, network, id, cause, suppressed } = this
    return new NetworkError(code, network, this.#plain, { id, cause, suppressed: [...suppressed, error] })
  }
}
