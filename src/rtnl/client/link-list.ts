/** Lists of links. */
import { type DumpOptions, dumpOptions } from '../../netlink/conversation/dump-options.js'
import { TransportError } from '../../netlink/errors.js'
import type { NameIn } from '../../netlink/frame/narrowed.js'
import { INT_MAX, integerFrom, isBoolean, isGiven, isText, type OptionTable } from '../../netlink/options.js'
import type { Link } from '../link/index.js'
import type { Context, LinkRef } from './context.js'
import { type LinkReading, linkMask } from './link-mask.js'
import { filtered, type List } from './list.js'

/** How to list links. */
export interface LinkListOptions<N extends string = string> extends DumpOptions<N>, LinkReading<N> {}

/** What to list. */
export interface LinkFilter {
  /** Only ports of this bridge, bond or vrf. */
  readonly master?: LinkRef
  /** Only links of this kind: `ipvlan`. */
  readonly kind?: string
  /** Only links in the namespace that has this id here (Linux 4.20). */
  readonly nsid?: number
}

/** What they can be. A link that is named is looked at when it is looked up. */
export const linkListOptions: OptionTable<LinkListOptions> = { ...dumpOptions, stats: isBoolean }
export const linkFilterOptions: OptionTable<LinkFilter> = {
  master: isGiven,
  kind: isText,
  nsid: integerFrom(0, INT_MAX),
}

/**
 * Asks for links. The kernel leaves out what is not wanted, but not always: not by a kind whose module is not loaded,
 * and an old one not at all. So it is looked at here again.
 */
export function listLinks(context: Context, filter: LinkFilter, options: LinkListOptions<NameIn<Link>>): List<Link> {
  const extMask = linkMask(options)
  const { master, kind, nsid } = filter
  let port: number | undefined
  const body = async (): Promise<Link> => {
    port = await context.optional('RTM_GETLINK', 'master', master, options, nsid)
    return {
      ...(nsid === undefined ? {} : { targetNetnsid: nsid }),
      ...(port === undefined ? {} : { master: port }),
      ...(kind === undefined ? {} : { linkinfo: { kind } as NonNullable<Link['linkinfo']> }),
      extMask,
    }
  }
  const needs: NameIn<Link>[] = []
  if (nsid !== undefined) needs.push('targetNetnsid')
  if (master !== undefined) needs.push('master')
  if (kind !== undefined) needs.push('linkinfo')
  const keep = (link: Link): boolean => {
    // The whole list is of another namespace then: an empty one would say that there is no link.
    if (nsid !== undefined && link.targetNetnsid !== nsid) throw cannotLookThere()
    return (port === undefined || link.master === port) && (kind === undefined || link.linkinfo?.kind === kind)
  }
  return filtered((all) => context.conversation.dump('RTM_GETLINK', body, all), options, needs, keep)
}

function cannotLookThere(): TransportError {
  const text = 'this kernel cannot list links of another namespace (Linux 4.20): open a client in it'
  return new TransportError('ERR_NETLINK_UNSUPPORTED', text)
}
