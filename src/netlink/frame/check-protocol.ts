/** What the definition of a protocol must keep to. It is checked once, when the protocol is made. */
import { namesWithin } from '../schema/hangs.js'
import { checkName, checkNumber, checkObject, checkType } from '../schema/validate.js'
import type { Messages } from './definition.js'
import { messageFlags } from './nlmsghdr.js'

/** What is checked of a protocol. */
interface ProtocolParts {
  readonly name: string
  readonly protocol: number
  readonly messages: Messages
  readonly groups: Readonly<Record<string, number>>
  readonly fallback: unknown
  /** Whether messages may name groups that are not here. */
  readonly groupsAtRunTime: boolean
}

const operations = Object.keys(messageFlags)
const directions = ['request', 'response']

/** Checks the messages and groups of a protocol. @throws Error that names the protocol and the message or group */
export function checkProtocol({ name, protocol, messages, groups, fallback, groupsAtRunTime }: ProtocolParts): void {
  const owner = `protocol ${name}`
  if (typeof name !== 'string' || name === '') throw new Error(`${owner}: "${name}" cannot be a name: expected text`)
  checkNumber(owner, 'it', 'number', protocol, -1, 0x7fffffff)
  checkObject(owner, messages)
  checkObject(owner, groups)
  checkType(owner, 'fallback', fallback)
  const numbers = new Map<number, string>()
  for (const [key, group] of Object.entries(groups)) {
    checkName(owner, key)
    checkNumber(owner, key, 'group', group, 1, 0xffffffff)
    if (numbers.has(group))
      throw new Error(`${owner}: ${numbers.get(group)} and ${key}: two groups have number ${group}`)
    numbers.set(group, key)
  }
  for (const [key, message] of Object.entries(messages)) {
    checkName(owner, key)
    checkNumber(owner, key, 'message number', message.number, 0, 0xffff)
    checkType(owner, key, message.body)
    checkChoice(owner, key, 'operation', message.operation, operations)
    if (message.direction !== undefined) checkChoice(owner, key, 'direction', message.direction, directions)
    if (message.groups !== undefined && !Array.isArray(message.groups))
      throw new Error(`${owner}: ${key}: groups: expected a list of names`)
    for (const group of message.groups ?? [])
      if (!groupsAtRunTime && !Object.hasOwn(groups, group))
        throw new Error(`${owner}: ${key}: there is no group ${group}: expected ${Object.keys(groups).join(', ')}`)
    checkOuter(`${owner}: ${key}`, message.body)
  }
}

function checkChoice(owner: string, key: string, what: string, value: string, accepted: readonly string[]): void {
  if (accepted.includes(value)) return
  const last = accepted.at(-1)
  throw new Error(`${owner}: ${key} has the ${what} ${value}: expected ${accepted.slice(0, -1).join(', ')} or ${last}`)
}

/** Checks that what is looked for further out can be there: some object in the body has a member of that name. */
function checkOuter(owner: string, body: Messages[string]['body']): void {
  // Most bodies look for nothing.
  if (body.outer === undefined) return
  const found = namesWithin(body)
  for (const name of found?.wanted ?? [])
    if (!found!.names.has(name))
      throw new Error(`${owner}: nothing in ${body.name} has "${name}", which outer() looks for`)
}
