/** Types of what is left of bodies when only some of their names are decoded, or some groups are heard. */
import type { BodyOf, Protocol } from './protocol.js'

/** The names of a protocol's message types. */
export type MessageName<F extends Protocol> = keyof F['messages'] & string

/** The names that `only` can have for a body: its members and attributes. */
export type NameIn<B> = B extends Uint8Array ? never : B extends object ? Exclude<keyof B & string, 'unknown'> : never

/** The names that `only` can have where bodies of any message type come. */
export type NameInAny<F extends Protocol> = NameIn<BodyOf<F, MessageName<F>>>

/** For all names, where none are given: a word that an editor shows in place of a hundred. */
// biome-ignore lint/suspicious/noExplicitAny: it has to fit every constraint, and every name has to fit it
export type AllNames = any

/**
 * What is left of a body: all of it where no names are given. An attribute of these names that does not fit its type is
 * under `unknown`, as raw bytes.
 */
export type Only<B, N> = [NameIn<B>] extends [N] ? B : B extends Uint8Array ? B : Pick<B, (N | 'unknown') & keyof B>

/** The groups of a protocol by name. */
export type GroupName<F extends Protocol> = keyof F['groups'] & string

/** The message types that the kernel sends to a group, as their definitions say (`groups`). */
export type MessageIn<F extends Protocol, G> = {
  [K in MessageName<F>]: F['messages'][K] extends { readonly groups: readonly (infer N)[] }
    ? Extract<N, G> extends never
      ? never
      : K
    : never
}[MessageName<F>]
