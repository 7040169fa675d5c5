/** The objects, each with its words. */
import type { Action } from '../action.js'
import { addressAction } from '../address/command.js'
import { linkAction } from '../link/command.js'
import { netnsAction } from '../netns/command.js'
import { routeAction } from '../route/command.js'
import type { AddressFamily } from './family.js'
import type { Words } from './words.js'

const objects = { link: linkAction, address: addressAction, route: routeAction, netns: netnsAction } as const
export type ObjectName = keyof typeof objects

/** What words are to do. @throws Failure where they are wrong */
export const actionOf = (object: ObjectName, words: Words, family: AddressFamily): Action =>
  objects[object](words, family)
