/** One attribute of a set, and the set as its selectors and its dissector see it. */
import type { Reader } from '../bytes/bytes.js'
import type { Issue } from '../bytes/failure.js'
import type { Struct } from './struct.js'
import type { AnyType, Description } from './type.js'

/** One attribute of a set. */
export interface Attribute {
  readonly name: string
  readonly number: number
  readonly type: AnyType
  readonly selector: Selector | undefined
  readonly repeated: boolean
}

/** The attributes by number or name, and the header before them. */
export interface AttributeTable {
  readonly name: string
  readonly header: Struct | undefined
  readonly list: readonly Attribute[]
  readonly outer?: readonly string[]
  attribute(numberOrName: number | string): Attribute | undefined
}

/** The types to choose from, by the discriminator's value. */
export type Cases = Readonly<Record<string, AnyType>>

/** An attribute whose type depends on another member of the same object. */
export interface Selector<By extends string = string, C extends Cases = Cases, Other extends string = string> {
  readonly selector: true
  /** The member that decides: an attribute of the same set, or a member of its header. */
  readonly by: By
  readonly cases: C
  /** The member that keeps the bytes when no case is known, so that it never has the type of a known one. */
  readonly fallback: Other
  /** The type that a key of the value has (`data` or `otherData`), undefined when there is none. */
  typeOf(key: string, owner: Record<string, unknown>): AnyType | undefined
  /** The name and type under which to read, given what is known so far and, failing that, the whole set's bytes. */
  choose(
    r: Reader,
    set: AttributeTable,
    value: Record<string, unknown>,
    start: number,
    end: number,
  ): { selected: string | undefined; type: AnyType | undefined }
  /**
   * Reads the payload into the object, and returns the key: `fallback` when no case is known.
   * @param step the name of the attribute, and whether the value has the discriminator already
   * @throws Malformed
   */
  readInto(
    r: Reader,
    set: AttributeTable,
    step: { readonly name: string; readonly told: boolean },
    from: number,
    to: number,
    value: Record<string, unknown>,
    start: number,
    end: number,
  ): string
  check(key: string, value: unknown, path: string, issues: Issue[], owner: Record<string, unknown>): void
  describe(): Description
}
