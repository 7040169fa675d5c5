/** What a value means beyond its form, as plain data of types. Definitions put it there by the marks of marks.ts. */

/** What a value stands for. */
export type ValueMeaning =
  /** The index of an interface; 0 for none. */
  | 'ifindex'
  /** The name of an interface. */
  | 'ifname'
  /** The id by which a network namespace knows another; -1 for none. */
  | 'netnsid'
  /** A network namespace, by a file that is open in this process. */
  | 'netns-fd'
  /** A network namespace, by a process that is in it. */
  | 'netns-pid'
  /** A file that is open in this process. */
  | 'fd'
  /** Flags of the object as a whole: each can be a word of its own. */
  | 'own-flags'

/**
 * Who gives a value, where not both sides do. `read-only`: the kernel, which ignores it in requests. `create-only`: a
 * request that makes a new object. `change-only`: a request that changes one. `query-only`: a request that asks for
 * objects. `write-only`: requests; the kernel never reports it.
 */
export type Access = 'read-only' | 'write-only' | 'create-only' | 'change-only' | 'query-only'

/** The units in which numbers count: their names, and of times how many of them are a second. */
export const units = {
  s: { text: 'seconds', perSecond: 1 },
  /** Ticks of the clock that the kernel shows to programs (USER_HZ). */
  cs: { text: 'hundredths of a second', perSecond: 100 },
  ms: { text: 'milliseconds', perSecond: 1000 },
  us: { text: 'microseconds', perSecond: 1e6 },
  ns: { text: 'nanoseconds', perSecond: 1e9 },
  /** As TCP keeps its smoothed round trip time. */
  'ms/8': { text: 'eighths of a millisecond', perSecond: 8000 },
  /** As TCP keeps the variance of it. */
  'ms/4': { text: 'quarters of a millisecond', perSecond: 4000 },
  bytes: { text: 'bytes' },
  packets: { text: 'packets' },
  segments: { text: 'segments' },
  'Mbit/s': { text: 'Mbit/s' },
} as const satisfies Readonly<Record<string, { readonly text: string; readonly perSecond?: number }>>

/** The name of a unit. */
export type Unit = keyof typeof units

/** The marks of a type: for commands, documents, redaction, and the client. Nothing of it is looked at while bytes are read. */
export interface Meaning {
  readonly meaning?: ValueMeaning
  /** In what it counts (see `units`). */
  readonly unit?: Unit
  /** Who gives it, where not both the kernel and requests do. */
  readonly access?: Access
  /** The member beside this one of which this one is the mask: of its bits, those in the mask are meant. */
  readonly maskOf?: string
}
