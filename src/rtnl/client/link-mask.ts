/** What the kernel is to tell of links: IFLA_EXT_MASK, RTEXT_FILTER_* (linux/rtnetlink.h). */
import type { Link } from '../link/index.js'

/** What of links to read. */
export interface LinkReading<N extends string = string> {
  /** Decode only these members and attributes. Counters and virtual functions that are not named are not asked for. */
  readonly only?: readonly N[] | undefined
  /**
   * Whether the kernel tells the counters of IPv6 (`afSpec`) and of virtual functions as well. Without them a list is a
   * quarter shorter, and the kernel adds up less. `stats` and `stats64` it tells always. Default true.
   * Kernel: RTEXT_FILTER_SKIP_STATS, Linux 4.4; an older one tells them all the same.
   */
  readonly stats?: boolean | undefined
}

type Name = keyof Link & string

/** What the kernel tells only where RTEXT_FILTER_VF is set. */
const ofVirtualFunctions: readonly Name[] = ['numVf', 'vfinfoList', 'vfPorts', 'portSelf']
/** Where there are counters that RTEXT_FILTER_SKIP_STATS leaves out. */
const withCounters: readonly Name[] = ['afSpec', 'vfinfoList']

/**
 * The mask that asks for what is wanted, as `ip` does: virtual functions too. It is never empty: for a dump without a
 * mask the kernel makes room for 32 KiB a datagram at most, and a link with a longer message ends the list there,
 * without an error (Linux 6.18), or makes it fail with EMSGSIZE (6.1).
 */
export function linkMask({ only, stats = true }: LinkReading): NonNullable<Link['extMask']> {
  const wanted = (names: readonly string[]) => only === undefined || names.some((name) => only.includes(name))
  const skipped = !stats || !wanted(withCounters)
  const vf = wanted(ofVirtualFunctions) || !skipped
  return [...(vf ? (['vf'] as const) : []), ...(skipped ? (['skipStats'] as const) : [])]
}
