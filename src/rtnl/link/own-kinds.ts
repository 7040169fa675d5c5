/** Links with kinds that the user of this package describes, beside those that it knows. */
import { OptionError } from '../../netlink/errors.js'
import { isRecord } from '../../netlink/options.js'
import { type Attributes, attributes, type HeadedOf, headed, type OtherCase } from '../../netlink/schema/define.js'
import { type Selector, select } from '../../netlink/schema/select.js'
import type { Infer } from '../../netlink/schema/type.js'
import type { HasRequired, InferNew } from '../../netlink/schema/types/required.js'
import { ifinfomsg } from './ifinfomsg.js'
import { type AnyLinkKind, type ByKind, linkKinds } from './kind.js'
import {
  type Kinds,
  kinds,
  type Link,
  type LinkEntries,
  type LinkMessage,
  linkAttributes,
  linkinfo,
  linkMessage,
  type NewLink,
  type NewLinkinfo,
  type Settable,
} from './link.js'

/** Descriptions of link kinds, as `linkKind` makes them; what they are called by is their own name, not the key. */
export type OwnKinds = Readonly<Record<string, AnyLinkKind>>
/** No kinds but those that nlwire knows. */
export type NoKinds = Readonly<Record<never, never>>

/** The known kinds and one's own: one's own description takes the place of a known one of the same name. */
export type KindsWith<K extends OwnKinds> = Omit<Kinds, keyof ByKind<K>> & ByKind<K>

type LinkinfoEntries = (typeof linkinfo)['entries']
/** The definition of linkinfo with one's own kinds. */
export type LinkinfoWith<K extends OwnKinds> = Attributes<
  Omit<LinkinfoEntries, 'data'> & { readonly data: readonly [number, Selector<'kind', KindsWith<K>, 'otherData'>] }
>

/** A link with one's own kinds, as decoding gives it: `linkinfo.kind` narrows `linkinfo.data`. */
export type LinkWith<K extends OwnKinds> = [keyof K] extends [never]
  ? Link
  : Omit<Link, 'linkinfo'> & { linkinfo?: Infer<LinkinfoWith<K>> }

/** The body of link messages with one's own kinds. */
export interface LinkMessageWith<K extends OwnKinds>
  extends HeadedOf<(typeof ifinfomsg)['members'], LinkEntries, LinkWith<K>> {}

/** The linkinfo of a new link of one of these kinds. */
export type NewOfOwnKind<M> = {
  [N in keyof M]: HasRequired<M[N]> extends true
    ? { kind: N; data: Settable<InferNew<M[N]>, M[N]>; otherData?: undefined }
    : { kind: N; data?: Settable<Infer<M[N]>, M[N]>; otherData?: undefined }
}[keyof M]

/** A new link, of a known kind or of one's own. */
export type NewLinkWith<K extends OwnKinds> = [keyof K] extends [never]
  ? NewLink
  : Omit<NewLink, 'linkinfo'> & {
      linkinfo:
        | Exclude<NewLinkinfo, { kind: keyof ByKind<K> | OtherCase }>
        | Extract<NewLinkinfo, { kind: OtherCase }>
        | NewOfOwnKind<ByKind<K>>
    }

/** That each is a description of a kind. @throws OptionError */
export function checkKinds(name: string, value: unknown): void {
  isRecord(name, value)
  for (const [key, kind] of Object.entries(value as object)) {
    const { kindName, dissect } = (kind ?? {}) as Partial<AnyLinkKind>
    if (typeof kindName !== 'string' || typeof dissect !== 'function')
      throw new OptionError(`${name}.${key}`, kind, 'a kind of link, as linkKind makes it')
  }
}

/**
 * The body of link messages with one's own kinds.
 * @throws Error when two of them have the same name
 */
export function linkMessageWith<const K extends OwnKinds>(own: K): LinkMessageWith<K> {
  checkKinds('kinds', own)
  const cases = { ...kinds, ...linkKinds(own) }
  const { name, entries } = linkinfo
  const info = attributes(name, { ...entries, data: [entries.data[0], select('kind', cases, 'otherData')] })
  const all = attributes(linkAttributes.name, {
    ...linkAttributes.entries,
    linkinfo: [linkAttributes.entries.linkinfo[0], info],
  })
  const message: unknown = headed(ifinfomsg, all)
  return message as LinkMessageWith<K>
}

/** Whether a body is that of link messages. */
export const isLinkMessage = (body: unknown): body is LinkMessage => body === linkMessage
