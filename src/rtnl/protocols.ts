/** The protocols that recordings, captures and the command know: by number and name, with those that users add. */
import type { GenericFamily } from '../generic/family.js'
import { generic, genericWith } from '../generic/protocol.js'
import type { Protocol } from '../netlink/frame/protocol.js'
import { route } from './protocol.js'

const own: readonly Protocol[] = [route, generic]
/** Maps, not objects: names come from bytes and from command lines, and may be any text. */
const registered = new Map<number, Protocol>()
const families = new Map<string, GenericFamily>()
/** All of them, made again after a change: they are looked through often. */
let known: readonly Protocol[] | undefined

/**
 * Makes a protocol known: recordings and captures of its number, and the command's `--protocol` by its name, are then read
 * by it. It takes the place of one with the same number.
 * @returns what takes it out again
 * @throws Error when a protocol of another number has its name
 * @example registerProtocol(defineProtocol('audit', 9, messages, {}))
 */
export function registerProtocol(protocol: Protocol): () => void {
  const same = findProtocol(protocol.name)
  if (same && same.protocol !== protocol.protocol)
    throw new Error(`the protocol ${protocol.name} is known already, with the number ${same.protocol}`)
  registered.set(protocol.protocol, protocol)
  known = undefined
  return () => {
    if (registered.get(protocol.protocol) === protocol) registered.delete(protocol.protocol)
    known = undefined
  }
}

/**
 * Makes a family of generic netlink known: in captures and recordings in which nlctrl tells its number, its messages are
 * read by its definition.
 * @returns what takes it out again
 * @example registerFamily(genericFamily('netdev', messages))
 */
export function registerFamily(family: GenericFamily): () => void {
  families.set(family.name, family)
  known = undefined
  return () => {
    if (families.get(family.name) === family) families.delete(family.name)
    known = undefined
  }
}

/** All protocols that are known. */
export function knownProtocols(): readonly Protocol[] {
  if (known) return known
  const byNumber = new Map(own.map((one) => [one.protocol, one]))
  if (families.size > 0) byNumber.set(generic.protocol, genericWith([...families.values()]))
  for (const [number, protocol] of registered) byNumber.set(number, protocol)
  known = [...byNumber.values()]
  return known
}

/**
 * A protocol by its number or its name; undefined for one that nobody has described.
 * @example findProtocol('route') === findProtocol(0) // true
 */
export const findProtocol = (numberOrName: number | string): Protocol | undefined =>
  knownProtocols().find((one) => (typeof numberOrName === 'number' ? one.protocol : one.name) === numberOrName)
