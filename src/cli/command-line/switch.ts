/** Options that are there or not. */
import type { Message } from '@optique/core/message'
import { withDefault } from '@optique/core/modifiers'
import { flag } from '@optique/core/primitives'

/** An option without a value: false where it is not given. */
export const on = (description: Message, ...names: [`--${string}` | `-${string}`, ...`-${string}`[]]) =>
  withDefault(flag(...names, { description }), false)
