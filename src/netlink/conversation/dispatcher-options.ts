import { integerFrom, isFunction, type OptionTable, U32_MAX } from '../options.js'
import type { OnUnexpected } from './handlers.js'

/** What a conversation lets its user choose of the dispatcher. */
export interface DispatcherOptions {
  /**
   * Called with every datagram and message that no request explains: from another port than the kernel's, with a sequence
   * number that nobody used, or that cannot be decoded (a DecodeError): garbled so that it cannot be said whose it is, or
   * one of a list, which is given without it. They are counted in `unexpected` as well, and never disturb a request.
   */
  readonly onUnexpected?: OnUnexpected | undefined
  /** The sequence number of the first request, 1 to 2^32 - 1. Default 1. */
  readonly firstSequence?: number | undefined
}

/** What they can be. */
export const dispatcherOptions: OptionTable<DispatcherOptions> = {
  onUnexpected: isFunction,
  firstSequence: integerFrom(1, U32_MAX),
}
