/** The errors of the plugin, as the CNI specification numbers them. */

/** Error codes: those that the specification reserves, and 999, which the reference plugins use for all others. */
export const cniCodes = {
  incompatibleVersion: {
    code: 1,
    meaning: 'the `cniVersion` of the configuration is not supported, or does not have this command',
  },
  unsupportedField: { code: 2, meaning: 'a member of the configuration has a value that this plugin does not do' },
  environment: { code: 4, meaning: 'a `CNI_*` variable is missing or wrong' },
  io: { code: 5, meaning: 'standard input could not be read, or an IPAM plugin not be started' },
  decoding: {
    code: 6,
    meaning: 'the configuration, or the result of an IPAM plugin, is not what it should be as JSON',
  },
  configuration: { code: 7, meaning: 'the configuration cannot be used: a member is wrong, the parent is not there' },
  namespace: { code: 8, meaning: '`CNI_NETNS` is no network namespace, or the one that the plugin is in' },
  tryAgain: { code: 11, meaning: 'the kernel did not answer in time' },
  notReady: { code: 50, meaning: 'STATUS: containers cannot be added' },
  notReadyLimited: { code: 51, meaning: 'STATUS: containers cannot be added, and those that are there may be cut off' },
  refused: {
    code: 100,
    meaning:
      'what others have is in the way, or would be changed or cut off: mode, flags, an address in use, another kind on the parent',
  },
  drift: { code: 101, meaning: 'CHECK: the container does not have what it was given' },
  internal: { code: 999, meaning: 'anything else, such as a step that the kernel refused' },
} as const

/** Why the plugin failed. */
export type CniReason = keyof typeof cniCodes

/** What the plugin answers when it fails: the error object of the specification. */
export class CniError extends Error {
  override readonly name = 'CniError'
  /** The number that runtimes see. */
  readonly code: number
  /** More than the message says; undefined when that is all. */
  readonly details: string | undefined
  constructor(reason: CniReason | number, message: string, details?: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = typeof reason === 'number' ? reason : cniCodes[reason].code
    this.details = details
  }
}

/** A value as the configuration has it, in a few characters. */
export function written(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
