/** Faults: what goes wrong in a replay although it went well when it was recorded. */
import { copyOf, Reader } from '../../netlink/bytes/bytes.js'
import { OptionError } from '../../netlink/errors.js'
import { flagsAt, NLM_F, putFlags } from '../../netlink/frame/nlmsghdr.js'
import {
  checkOptions,
  integerFrom,
  integerOption,
  isArray,
  isBoolean,
  type OptionCheck,
  type OptionTable,
  timeoutOption,
} from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { isErrno, type Refusal, warnings } from '../fake/refusal.js'
import { headersOf } from '../recording/headers.js'

/** At which request. */
export interface FaultPlace {
  /** The request's number, from 1 in the order in which they are sent, or its type: `'RTM_NEWLINK'`. */
  readonly at: number | string
  /** Of a type the first, second, ... request. Default 1. */
  readonly nth?: number
  /** For how many attempts: a program may send the same request again. Default 1. */
  readonly times?: number
}

/** The request is refused, with an extended ack where one is given. */
export type Refused = FaultPlace & Refusal
/** Datagrams are lost (ENOBUFS): the answers after the first `after`. Default 0: all. */
export type OverrunFault = FaultPlace & { readonly overrun: true; readonly after?: number }
/** The list changed while it was dumped (NLM_F_DUMP_INTR). */
export type InterruptedDump = FaultPlace & { readonly interrupted: true }
/** One answer does not fit the buffer (MSG_TRUNC): the one after the first `after`. Default 0. */
export type Truncated = FaultPlace & { readonly truncated: true; readonly after?: number }
/** The answers come this many milliseconds later. */
export type Delayed = FaultPlace & { readonly delay: number }
/** No answer comes. */
export type Silent = FaultPlace & { readonly silent: true }

/**
 * One fault. After all but a delay the program may send the same request again, and then gets the recorded answer; or
 * go on.
 * @example
 * [{ at: 'RTM_NEWLINK', errno: 'EINVAL', message: 'no', blame: 'linkinfo.data.mode' }, { at: 3, interrupted: true }]
 */
export type Fault = Refused | OverrunFault | InterruptedDump | Truncated | Delayed | Silent

const place: OptionTable<FaultPlace> = {
  at: (name, value) => (typeof value === 'string' ? value : integerOption(name, value, 1, Number.MAX_SAFE_INTEGER)),
  nth: integerFrom(1),
  times: integerFrom(1),
}
const whole: OptionTable<Required<Refused & OverrunFault & InterruptedDump & Truncated & Delayed & Silent>> = {
  ...place,
  ...{ ...warnings, errno: isErrno, after: integerFrom(0), delay: timeoutOption },
  ...{ overrun: isBoolean, interrupted: isBoolean, truncated: isBoolean, silent: isBoolean },
}

/** That these are faults. @throws OptionError */
export const checkFaults: OptionCheck = (name, value) => {
  isArray(name, value)
  for (const [i, fault] of (value as readonly Fault[]).entries()) {
    checkOptions(`${name}[${i}]`, fault, whole)
    if (fault.at === undefined) throw new OptionError(`${name}[${i}].at`, undefined, "a request's number or type")
  }
}

/** What arrives in place of an answer. */
export type Arrival = Uint8Array | 'overrun' | 'truncated'

/** Whether the request counts as not answered, so that it may come again. */
export const mayRepeat = (fault: Fault): boolean => !('delay' in fault)

/** What arrives in place of the recorded answers. @param refused makes the kernel's "no" */
export function spoil(
  fault: Fault,
  answers: readonly Uint8Array[],
  byteOrder: ByteOrder,
  refused: (refusal: Refusal) => Uint8Array,
): Arrival[] {
  if ('errno' in fault) return [refused(fault)]
  if ('silent' in fault) return []
  if ('interrupted' in fault) return answers.map((bytes) => interrupted(bytes, byteOrder))
  if ('overrun' in fault) return [...answers.slice(0, fault.after ?? 0), 'overrun']
  if ('truncated' in fault) return answers.map((bytes, i) => (i === (fault.after ?? 0) ? 'truncated' : bytes))
  return [...answers]
}

function interrupted(bytes: Uint8Array, byteOrder: ByteOrder): Uint8Array {
  const copy = copyOf(bytes)
  const r = new Reader(copy, byteOrder)
  for (const { at } of headersOf(bytes, byteOrder)) putFlags(r, at, flagsAt(r, at) | NLM_F.DUMP_INTR)
  return copy
}

/** A fault as it is told when it was never reached. */
export const describeFault = ({ at, nth, times: _, ...what }: Fault): string =>
  `the fault at ${typeof at === 'number' ? `request ${at}` : `${at} ${nth ?? 1}`} (${Object.keys(what).join(', ')})`

/** Which fault is due at which request. */
export class Faults {
  readonly #left: Set<Fault>
  readonly #counts = new Map<string, number>()
  #requests = 0
  constructor(faults: readonly Fault[]) {
    this.#left = new Set(faults)
  }

  /** Counts a request that is no repetition, and takes the fault that is due at it. */
  take(type: string): Fault | undefined {
    const number = ++this.#requests
    const nth = (this.#counts.get(type) ?? 0) + 1
    this.#counts.set(type, nth)
    for (const fault of this.#left) {
      if (typeof fault.at === 'number' ? fault.at !== number : fault.at !== type || (fault.nth ?? 1) !== nth) continue
      this.#left.delete(fault)
      return fault
    }
    return undefined
  }

  /** Those that were never due. */
  get left(): Fault[] {
    return [...this.#left]
  }
}
