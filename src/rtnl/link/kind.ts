/** How a kind of link is described: one file each in kinds/. */
import { type Attributes, type AttributesOf, attributes, type Entries } from '../../netlink/schema/define.js'
import type { AnyType } from '../../netlink/schema/type.js'

/** The description of a kind of link: its name and the attributes of `linkinfo.data`. */
export interface LinkKindOf<K extends string, E, V> extends AttributesOf<E, V> {
  readonly kindName: K
}
/** What `linkKind` makes. */
export interface LinkKind<K extends string = string, E = Entries> extends Attributes<E> {
  readonly kindName: K
}

/** What differs from the usual in the kernel's names. */
export interface LinkKindOptions {
  /** The prefix of the C constants, where it is not IFLA_ and the kind in upper case. */
  readonly constants?: string
}

/**
 * Describes a kind of link.
 * @param kind what IFLA_INFO_KIND says: `ipvlan`
 * @param entries its attributes, as for `attributes`; mark with `required` those that a new link cannot do without
 * @throws Error when two attributes have the same number
 * @example export const ipvlan = linkKind('ipvlan', { mode: [1, enumOf(u16, { l2: 0, l3: 1, l3s: 2 })] })
 */
export function linkKind<const K extends string, const E extends Entries>(
  kind: K,
  entries: E,
  options: LinkKindOptions = {},
): LinkKind<K, E> {
  const set = attributes(options.constants ?? `IFLA_${kind.toUpperCase()}`, entries)
  return Object.assign(set, { kindName: kind })
}

/** The description of a kind, whatever its attributes are. */
export type AnyLinkKind = AnyType & { readonly kindName: string }
/** The descriptions of an index of kinds, each under its kind. */
export type ByKind<M extends Readonly<Record<string, AnyLinkKind>>> = {
  readonly [N in keyof M as M[N]['kindName']]: M[N]
}

/**
 * Kinds by their names, for a selector.
 * @param module what an index of kinds exports: one description each
 * @throws Error when two have the same name
 */
export function linkKinds<M extends Readonly<Record<string, AnyLinkKind>>>(module: M): ByKind<M> {
  // Without a prototype: a kind may be called as what objects inherit.
  const kinds: Record<string, AnyLinkKind> = Object.create(null)
  for (const one of Object.values(module)) {
    if (kinds[one.kindName]) throw new Error(`two descriptions of the kind ${one.kindName}`)
    kinds[one.kindName] = one
  }
  return Object.freeze(kinds) as ByKind<M>
}
