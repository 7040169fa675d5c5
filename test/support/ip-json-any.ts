/**
 * What `ip -j -d` says of the data of a kind, held against the definition without a table for the kind: ip's keys are the
 * names of attributes, joined otherwise, and its values follow from what the definition says of theirs.
 */
import type { AttributeSet } from '../../src/netlink/index.js'
import type { AnyType } from '../../src/netlink/schema/type.js'
import type { Json } from './ip-json.js'

const plain = (name: string) => name.toLowerCase().replace(/[_-]/g, '')

/** The type that a key of ip's stands for; undefined where ip has a word of its own. */
export const attributeOf = (set: AttributeSet, key: string): { name: string; type: AnyType } | undefined =>
  set.list.find(({ name }) => plain(name) === plain(key))

/** Whether a value is what ip says of it. */
export function isSaid(type: AnyType, value: unknown, said: unknown, nameOf: (index: number) => unknown): boolean {
  if (typeof said === 'boolean') return (value === true || Number(value) !== 0) === said
  if (type.meaning === 'ifindex' && typeof said === 'string') return nameOf(Number(value)) === said
  if (type.kind === 'struct')
    return Object.entries(said as Json).every(([key, one]) => {
      const name = Object.keys(type.members ?? {}).find((member) => plain(member) === plain(key))
      return name !== undefined && isSaid(type.members![name]!, (value as Json)[name], one, nameOf)
    })
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === Number(said)
  if (typeof value === 'string') return plain(value) === plain(String(said))
  return JSON.stringify(value) === JSON.stringify(said)
}

/**
 * ip's words for the data of a kind, as far as the data agrees with them: what does not agree stands there as it is, and
 * shows when the two are compared.
 */
export function agreed(set: AttributeSet, data: Json, said: Json, nameOf: (index: number) => unknown): Json {
  const found = Object.entries(said).map(([key, one]) => {
    const attribute = attributeOf(set, key)
    if (!attribute) return [key, one]
    const value = data[attribute.name]
    return [key, isSaid(attribute.type, value, one, nameOf) ? one : value]
  })
  const unknown = Object.keys(said).filter((key) => attributeOf(set, key) === undefined)
  // Where ip has words of its own for most, nothing would be compared.
  if (2 * unknown.length > found.length) throw new Error(`ip's words of the kind are others: ${unknown.join(', ')}`)
  return Object.fromEntries(found)
}
