/**
 * Marks: they say what a value means beyond its form (meaning.ts). Each gives a type that reads and writes the same
 * bytes; the type is the last argument but of those that take a form, so that a definition reads from the outside in:
 * `master: [10, ifindex(u32)]`, `minMtu: [50, readOnly(unit(u32, 'bytes'))]`.
 */
import { AttributeSet } from './attributes.js'
import { type Access, type Meaning, type Unit, units } from './meaning.js'
import type { AnyType } from './type.js'

/** The same type with marks. */
function marked<T extends AnyType, const M extends Meaning>(type: T, marks: M): T & M {
  const describe = () => ({ ...type.describe(), ...marks })
  // A set has state of its own, so a marked one is another set of the same attributes.
  if (type instanceof AttributeSet) {
    const set = new AttributeSet(type.name, type.list, type.header, undefined, type.nestedBit)
    return Object.assign(set, { ...type }, marks, { describe }) as unknown as T & M
  }
  return Object.freeze({ ...type, ...marks, describe })
}

/** The index of an interface (an int in the kernel, of either sign on the wire). @example link: [5, ifindex(u32)] */
export const ifindex = <T extends AnyType>(type: T): T => marked(type, { meaning: 'ifindex' })
/** The id by which a network namespace knows another. @example linkNetnsid: [37, netnsid(s32)] */
export const netnsid = <T extends AnyType>(type: T): T => marked(type, { meaning: 'netnsid' })
/** A network namespace, by a file that is open in this process. @example netNsFd: [28, netnsFd(u32)] */
export const netnsFd = <T extends AnyType>(type: T): T => marked(type, { meaning: 'netns-fd' })
/** A network namespace, by a process that is in it. @example netNsPid: [19, netnsPid(u32)] */
export const netnsPid = <T extends AnyType>(type: T): T => marked(type, { meaning: 'netns-pid' })
/** A file that is open in this process. @example fd: [1, fd(s32)] */
export const fd = <T extends AnyType>(type: T): T => marked(type, { meaning: 'fd' })

/**
 * In what a number counts.
 * @param name a name of `units`: s, cs (hundredths of a second), ms, bytes, packets, ...
 * @example forwardDelay: [1, unit(u32, 'cs')]
 */
export const unit = <T extends AnyType>(type: T, name: Unit): T => {
  if (!Object.hasOwn(units, name))
    throw new Error(`unit of ${type.name}: there is no unit "${name}": expected ${Object.keys(units).join(', ')}`)
  return marked(type, { unit: name })
}

/** A type that not both the kernel and requests give. */
export interface HasAccess<A extends Access> {
  readonly access: A
}

/** A type that only the kernel gives. */
export type ReadOnly<T> = T & HasAccess<'read-only'>

/** Reported by the kernel and ignored in requests. @example minMtu: [50, readOnly(u32)] */
export const readOnly = <T extends AnyType>(type: T): ReadOnly<T> => marked(type, { access: 'read-only' })
/** Given in requests and never reported. @example flush: [24, writeOnly(flag)] */
export const writeOnly = <T extends AnyType>(type: T): T & HasAccess<'write-only'> =>
  marked(type, { access: 'write-only' })
/** Given when a new object is made; a change ignores it. @example numTxQueues: [31, createOnly(u32)] */
export const createOnly = <T extends AnyType>(type: T): T & HasAccess<'create-only'> =>
  marked(type, { access: 'create-only' })
/** Given in changes; ignored when a new object is made. @example newIfindex: [49, changeOnly(s32)] */
export const changeOnly = <T extends AnyType>(type: T): T & HasAccess<'change-only'> =>
  marked(type, { access: 'change-only' })
/**
 * Given for a new object as well, but set by a message of its own, as the one that makes the object cannot.
 * @example ifalias: [20, setBy('RTM_SETLINK', nulString({ max: 255 }))]
 */
export const setBy = <T extends AnyType>(message: string, type: T): T => marked(type, { setBy: message })
/** Given in requests that ask for objects; ignored in others. @example extMask: [29, queryOnly(u32)] */
export const queryOnly = <T extends AnyType>(type: T): T & HasAccess<'query-only'> =>
  marked(type, { access: 'query-only' })

/** The names of entries whose access is one of these. */
export type KeysByAccess<E, A extends Access> = {
  [K in keyof E]: E[K] extends readonly [number, HasAccess<A>] ? K : E[K] extends HasAccess<A> ? K : never
}[keyof E]

/**
 * Flags that are of the whole object, so that a command line takes and shows each as a word of its own: `private`.
 * @example flags: [2, ownFlags(flagsOf(u16, { private: 1, vepa: 2 }))]
 */
export const ownFlags = <T extends AnyType>(type: T): T => marked(type, { meaning: 'own-flags' })

/**
 * A member that is the mask of another: of the bits of that one, those in the mask are meant.
 * @example struct('ifla_vlan_flags', { flags: vlanFlag, mask: maskOf('flags', vlanFlag) })
 */
export const maskOf = <T extends AnyType>(member: string, type: T): T => marked(type, { maskOf: member })

/** What a wrapper around a type says of its value: the kind with its data, and the marks. */
export function dataOf(type: AnyType): Pick<AnyType, 'kind'> & Partial<AnyType> {
  const { kind, min, max, values, items, members, choices, constants, meaning, unit, access, setBy, maskOf } = type
  const data = { min, max, values, items, members, choices, constants, meaning, unit, access, setBy, maskOf }
  return { kind, ...Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) }
}
