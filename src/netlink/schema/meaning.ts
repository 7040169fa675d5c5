/** What a value means beyond its form: marks that definitions put on types. They cost nothing while bytes are read. */
import type { Meaning } from './marks.js'
import type { AnyType } from './type.js'

const marked = <T extends AnyType>(type: T, marks: Meaning): T =>
  Object.freeze({ ...type, ...marks, describe: () => ({ ...type.describe(), ...marks }) })

/**
 * Marks flags that are of the whole object, so that a command line takes and shows each as a word of its own: `private`.
 * @example flags: [2, ownFlags(flagsOf(u16, { private: 1, vepa: 2 }))]
 */
export const ownFlags = <T extends AnyType>(type: T): T => marked(type, { meaning: 'own-flags' })

/**
 * Marks a member as the mask of another: of the bits of that one, those in the mask are meant.
 * @example struct('ifla_vlan_flags', { flags: vlanFlag, mask: maskOf('flags', vlanFlag) })
 */
export const maskOf = <T extends AnyType>(member: string, type: T): T => marked(type, { maskOf: member })

/** What a wrapper around a type says of its value: the kind with its data, and the marks. */
export function dataOf(type: AnyType): Pick<AnyType, 'kind'> & Partial<AnyType> {
  const { kind, min, max, values, items, members, meaning, maskOf } = type
  const data = { min, max, values, items, members, meaning, maskOf }
  return { kind, ...Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) }
}
