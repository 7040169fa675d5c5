/** How a dump is read. */
import { integerOption, isSignal, namesOption, type OptionTable, oneOf, timeoutOption } from '../options.js'

/** What to do about a dump that changed while it was read (NLM_F_DUMP_INTR): some of it may be missing or twice. */
export type Interrupted = 'retry' | 'error' | 'accept'

/** How to read a dump. N are the names to choose from. */
export interface DumpOptions<N extends string = string> {
  /** Decode only these members and attributes; the others are skipped, which is many times faster. */
  readonly only?: readonly N[] | undefined
  /** CompletesOn it: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait for each datagram, in milliseconds; 0 for ever. Default: the conversation's. */
  readonly timeout?: number | undefined
  /**
   * `retry` (default) asks again, up to `retries` times, where nothing has been given out yet: always in `toArray()`.
   * A stream cannot take back what it has given, so there, as with `error`, the iteration throws
   * ERR_NETLINK_INTERRUPTED after the last item. `accept` goes on, and `interrupted` is true.
   */
  readonly interrupted?: Interrupted | undefined
  /** How often an interrupted dump is asked for again. Default 5. */
  readonly retries?: number | undefined
}

/** What they can be. */
export const dumpOptions: OptionTable<DumpOptions> = {
  only: namesOption,
  signal: isSignal,
  timeout: timeoutOption,
  interrupted: oneOf('retry', 'error', 'accept'),
  retries: (name, value) =>
    value === Number.POSITIVE_INFINITY || integerOption(name, value, 0, Number.MAX_SAFE_INTEGER),
}
