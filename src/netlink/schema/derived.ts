/** The types of arrays: what they give follows from what their items give. */
import type { Reader, Writer } from '../bytes/bytes.js'
import type { AnyType, Infer, Owner } from './type.js'

/**
 * A list of what another type gives. `read` and `write` are written here, for the compiler works out V of a base
 * Type<V> whether it is needed or not.
 */
export interface ListOf<T extends AnyType> extends AnyType {
  read(r: Reader, at: number, end: number, owner: Owner): Infer<T>[]
  write(w: Writer, value: Infer<T>[], owner: Owner): void
}
/** What another type gives, each under its number. */
export interface Indexed<T extends AnyType> extends AnyType {
  read(r: Reader, at: number, end: number, owner: Owner): Record<number, Infer<T>>
  write(w: Writer, value: Record<number, Infer<T>>, owner: Owner): void
}
