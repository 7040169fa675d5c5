/** What is shown in place of an index or of the kernel's own word. */
import { safe } from '../../output/escape.js'

/** How objects are shown. */
export interface ShowOptions {
  /** Everything that is not a counter, in place of what most people want to know. */
  readonly details: boolean
  /** The name of the link with an index; undefined when it is not known. */
  nameOf(ifiIndex: number): string | undefined
}

/** The name of a link by its index, `if2` when it is not known. */
export const deviceName = (index: number, options: ShowOptions): string => safe(options.nameOf(index) ?? `if${index}`)

/** A scope as `ip` calls it. */
export const scopeName = (scope: string | number): string => (scope === 'universe' ? 'global' : String(scope))
