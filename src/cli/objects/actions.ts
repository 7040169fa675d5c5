/** The objects, each with its words. */

import { addressAction } from './address/command.js'
import type { AddressFamily } from './grammar/family.js'
import type { Words } from './grammar/words.js'
import { linkAction } from './link/command.js'
import { netnsAction } from './netns/command.js'
import { routeAction } from './route/command.js'
import type { Action } from './session/session.js'

const objects = { link: linkAction, address: addressAction, route: routeAction, netns: netnsAction } as const
export type ObjectName = keyof typeof objects

/** What words are to do. @throws Failure where they are wrong */
export const actionOf = (object: ObjectName, words: Words, family: AddressFamily): Action =>
  objects[object](words, family)
