/** Link messages: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK and RTM_*LINKPROP. */
import {
  type Attributes,
  attributes,
  type HeadedOf,
  headed,
  type OtherCase,
  type PlainHeadedValue,
  type Unknowns,
} from '../../netlink/schema/define.js'
import type { KeysByAccess } from '../../netlink/schema/marks.js'
import { select } from '../../netlink/schema/select.js'
import type { Infer } from '../../netlink/schema/type.js'
import { type HasRequired, type InferNew, requiredNames } from '../../netlink/schema/types/required.js'
import { bytes, nulString } from '../../netlink/schema/types/text.js'
import { linkEntries, type PlainLinkEntries } from './entries.js'
import { ifinfomsg } from './ifinfomsg.js'
import { type ByKind, type LinkKindOf, linkKinds } from './kind.js'
import * as allKinds from './kinds/index.js'
import * as allSlaveKinds from './slave-kinds/index.js'

type DescribedKinds = ByKind<typeof allKinds>
type DescribedSlaveKinds = ByKind<typeof allSlaveKinds>

/** What `linkinfo.kind` says of a kind that is known. */
export type KindName = keyof DescribedKinds
/** What `linkinfo.slaveKind` says of a master whose kind is known. */
export type SlaveKindName = keyof DescribedSlaveKinds
/** The `linkinfo.data` of a kind: `LinkData<'ipvlan'>`. */
export type LinkData<K extends KindName> = Infer<DescribedKinds[K]> & Unknowns
/** The `linkinfo.slaveData` that a master of a kind keeps: `SlaveData<'bridge'>`. */
export type SlaveData<K extends SlaveKindName> = Infer<DescribedSlaveKinds[K]> & Unknowns
/** The link kinds that are known, by name. */
export type Kinds = { readonly [K in KindName]: LinkKindOf<K, DescribedKinds[K]['entries'], LinkData<K>> }
/** The kinds of masters that keep something for each of their links. */
export type SlaveKinds = {
  readonly [K in SlaveKindName]: LinkKindOf<K, DescribedSlaveKinds[K]['entries'], SlaveData<K>>
}

/** The attributes of `linkinfo.data`, by kind. */
export const kinds: Kinds = linkKinds(allKinds)
/** The attributes of `linkinfo.slaveData`, by the kind of the master. */
export const slaveKinds: SlaveKinds = linkKinds(allSlaveKinds)

/** What kind of link it is, and what only this kind has. Kernel: IFLA_INFO_* (linux/if_link.h). */
export const linkinfo = attributes('IFLA_INFO', {
  /** The kind: ipvlan, bridge, ... */
  kind: [1, nulString()],
  /** The attributes of that kind. */
  data: [2, select('kind', kinds, 'otherData')],
  /** Counters of that kind. */
  xstats: [3, bytes],
  /** The kind of the master. */
  slaveKind: [4, nulString()],
  /** What the master keeps for this link. */
  slaveData: [5, select('slaveKind', slaveKinds, 'otherSlaveData')],
})

/** The type of linkAttributes, under a name: written out it fills pages. */
export type LinkEntries = PlainLinkEntries & {
  /** What kind of link it is, and what only this kind has. */
  readonly linkinfo: readonly [number, typeof linkinfo]
}

/** All attributes of a link. Kernel: IFLA_* (linux/if_link.h). */
export const linkAttributes: Attributes<LinkEntries> = attributes('IFLA', { ...linkEntries, linkinfo: [18, linkinfo] })

/** A link, as decoding gives it. */
export interface Link extends PlainHeadedValue<typeof ifinfomsg.members, LinkEntries> {}

/** The type of linkMessage, under a name: written out it fills pages. */
export interface LinkMessage extends HeadedOf<typeof ifinfomsg.members, LinkEntries, Link> {}

/** The body of link messages: struct ifinfomsg and IFLA_* attributes. */
export const linkMessage: LinkMessage = headed(ifinfomsg, linkAttributes)

/** A value without what only the kernel sets. */
export type Settable<V, D> = D extends { readonly entries: infer E } ? Omit<V, KeysByAccess<E, 'read-only'>> : V
/** The linkinfo of a new link of this kind. */
export type NewOfKind<K extends keyof Kinds> =
  HasRequired<Kinds[K]> extends true
    ? { kind: K; data: Settable<InferNew<Kinds[K]>, Kinds[K]>; otherData?: undefined }
    : { kind: K; data?: Settable<Infer<Kinds[K]>, Kinds[K]>; otherData?: undefined }

/** The linkinfo of a new link: its kind, with the data that this kind cannot do without. */
export type NewLinkinfo =
  | { [K in keyof Kinds]: NewOfKind<K> }[keyof Kinds]
  | { kind: OtherCase; data?: undefined; otherData?: Uint8Array }

/** A new link. @example { ifname: 'ipv1', link: 2, linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } } */
export type NewLink = Omit<Link, 'linkinfo'> & { linkinfo: NewLinkinfo }

/**
 * The names in `linkinfo.data` that a new link of this kind cannot do without.
 * @param message the body of link messages that knows the kinds. Default: that of `route`
 * @example requiredOfKind('ipvlan') // ['mode']
 */
export function requiredOfKind(kind: string, message: LinkMessage = linkMessage): readonly string[] {
  const known = message.entries.linkinfo[1].entries.data[1].cases
  return Object.hasOwn(known, kind) ? requiredNames(known[kind as keyof Kinds]) : []
}
