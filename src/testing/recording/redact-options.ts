/** What to replace in a recording. */
import { checkOptions, isRecord, isText, type OptionCheck, type OptionTable } from '../../netlink/options.js'

/**
 * Makes what stands in place of a value.
 * @param number the how-manieth different value it is, from 1
 */
export type Pseudonym = (value: unknown, number: number) => unknown

/** What to replace. */
export interface Redact {
  /** Names and addresses by what they are, wherever they stand, also within the kernel's texts. */
  readonly values?: Readonly<Record<string, string>>
  /**
   * Members by name or path: `ifname`, `linkinfo.data.remote`; what stands in their place, or a function that makes it,
   * asked once for each value. A name or address that was replaced at one path is replaced everywhere.
   */
  readonly paths?: Readonly<Record<string, unknown>>
}

/** What they can be. */
export const redactOptions: OptionTable<Redact> = {
  values(name, value) {
    isRecord(name, value)
    for (const [key, one] of Object.entries(value as object)) isText(`${name}.${key}`, one)
  },
  paths: isRecord,
}

/** That it says what to replace. @throws OptionError */
export const checkRedact: OptionCheck = (name, value) => {
  isRecord(name, value)
  checkOptions(name, value as Redact, redactOptions)
}
