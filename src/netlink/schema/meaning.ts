/** What a value means beyond its form, as plain data of types. Definitions put it there by the marks of marks.ts. */

/**
 * What a plain value is, to switch on. `string` is free text and `notation` text of a form of its own (MPLS labels);
 * `nest` is an attribute set; `object` has members that only its own code knows; `by-member` and `lazy` stand for
 * another type (see `resolve`).
 */
export type TypeKind =
  | 'integer'
  | 'bigint'
  | 'enum'
  | 'flags'
  | 'bitfield'
  | 'bool'
  | 'flag'
  | 'string'
  | 'notation'
  | 'address'
  | 'mac'
  | 'bytes'
  | 'nest'
  | 'struct'
  | 'list'
  | 'indexed'
  | 'object'
  | 'padding'
  | 'by-member'
  | 'lazy'

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

/**
 * Where the numbers of a set, an enum or flags stand in the kernel's headers: a test holds each number against them, and
 * reports constants that the definition lacks.
 */
export interface Constants {
  /** What its C constants begin with, without the underscore: `IPVLAN_MODE`. The first of several that has a name counts. */
  readonly prefix?: string | readonly string[]
  /** The same for flags whose constants are not values, but numbers of bits. */
  readonly bits?: string
  /** Names whose constant does not follow from them. */
  readonly others?: Readonly<Record<string, string>>
  /** Only some of the constants are meant. */
  readonly subset?: true
  /** The headers of some years ago have none of them. */
  readonly newer?: true
  /** Why there are no constants: they are not in the headers for programs. */
  readonly none?: string
}

/** The marks of a type: for commands, documents, redaction, and the client. Nothing of it is looked at while bytes are read. */
export interface Meaning {
  readonly meaning?: ValueMeaning
  /** In what it counts (see `units`). */
  readonly unit?: Unit
  /** Who gives it, where not both the kernel and requests do. */
  readonly access?: Access
  /**
   * The message that sets it, where the one that makes a new object cannot: the kernel ignores or refuses it there. The
   * client sends this message next.
   */
  readonly setBy?: string
  /** Where its numbers stand in the kernel's headers. */
  readonly constants?: Constants
  /** The member beside this one of which this one is the mask: of its bits, those in the mask are meant. */
  readonly maskOf?: string
}

/** Constants as a definition gives them: mostly the prefix alone. */
export type ConstantsOf = string | Constants

/** The same as data, for a type. */
export const constantsIn = (given: ConstantsOf | undefined): { readonly constants?: Constants } =>
  given === undefined ? {} : { constants: typeof given === 'string' ? { prefix: given } : given }
