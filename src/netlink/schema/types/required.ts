/** Marks attributes that a new object cannot do without. */
import type { Attribute } from '../attribute.js'
import type { AnyType, Infer } from '../type.js'

/** The mark of a type that is needed to make a new object. */
export interface Required {
  readonly required: true
}

/**
 * Marks an attribute as needed to make a new object. Decoding, encoding and changing an object do not look at it:
 * `InferNew` and `requiredNames` do.
 * @example mode: [1, required(enumOf(u16, { l2: 0, l3: 1, l3s: 2 }))]
 */
export const required = <T extends AnyType>(type: T): T & Required => Object.freeze({ ...type, required: true })

/** The names of the attributes of a set that are marked with `required`. */
export const requiredNames = (set: { readonly list: readonly Attribute[] }): readonly string[] =>
  set.list.filter((one) => (one.type as Partial<Required>).required === true).map((one) => one.name)

type RequiredKeys<E> = { [K in keyof E]: E[K] extends readonly [number, Required] ? K : never }[keyof E]

/** Like Infer, for a value that makes a new object: what is marked with `required` must be given. */
export type InferNew<T> = T extends { readonly entries: infer E }
  ? Infer<T> & { [K in RequiredKeys<E> & keyof Infer<T>]-?: Exclude<Infer<T>[K], undefined> }
  : Infer<T>

/** Whether a set has attributes that are marked with `required`. */
export type HasRequired<T> = T extends { readonly entries: infer E }
  ? [RequiredKeys<E>] extends [never]
    ? false
    : true
  : false
