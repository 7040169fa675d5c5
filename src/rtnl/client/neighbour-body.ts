/** From what users write about a neighbour or a forwarding entry to the body of a message. */
import { EncodeError } from '../../netlink/errors.js'
import type { Neighbour, neighbourMessage } from '../neighbour/index.js'
import type { ChangeOptions, Context, LinkRef } from './context.js'
import { parsePrefix } from './prefix.js'
import type { IgnoredIn } from './writable.js'

/** Members that are easier to write than the attributes that they stand for. */
export interface NeighbourMembers {
  /** The link, by its index or name. */
  readonly dev: LinkRef
  /** The neighbour's address; of a forwarding entry of vxlan the address of the other end. */
  readonly dst?: string
  /** The hardware address: what tells forwarding entries apart. */
  readonly lladdr?: string
  /** The VLAN of a forwarding entry. */
  readonly vlan?: number
  /** Answer for `dst` on this link (proxy ARP, proxy NDP): `proxy` in ndmFlags. */
  readonly proxy?: boolean
  /**
   * bridge: it is a forwarding entry. It is the device's own (`self`) unless ndmFlags has `master`: then it is that of the
   * bridge that the device is a port of. Default: what `dst` is.
   */
  readonly family?: 'inet' | 'inet6' | 'bridge'
}

/** A neighbour to make: NeighbourMembers, and the other attributes by their names. */
export type NeighbourToAdd = NeighbourMembers &
  Omit<Neighbour, keyof NeighbourMembers | 'ndmIfindex' | 'ndmFamily' | IgnoredIn<'new', typeof neighbourMessage>>

type Purpose = 'RTM_NEWNEIGH' | 'RTM_DELNEIGH' | 'RTM_GETNEIGH'

/**
 * The body that a description stands for; a neighbour as it was listed is one, too.
 * @throws EncodeError; KernelError for a link that is not there
 */
export async function neighbourBody(
  context: Context,
  type: Purpose,
  given: NeighbourToAdd | NeighbourMembers | Neighbour,
  options: ChangeOptions,
): Promise<Neighbour> {
  const { dev, proxy, family: said, ...rest } = given as NeighbourToAdd & Neighbour
  const ndmFamily = familyOf(type, said, rest)
  if (proxy !== undefined && typeof proxy !== 'boolean')
    throw new EncodeError(type, [{ path: 'proxy', value: proxy, message: 'expected true or false' }])
  // Without either, `dev` is what is said to be missing.
  const ndmIfindex = await context.index(type, 'dev', (dev ?? rest.ndmIfindex) as LinkRef, options)
  if (rest.ndmIfindex !== undefined && rest.ndmIfindex !== ndmIfindex) {
    const message = `expected the index of dev, ${ndmIfindex}, or none`
    throw new EncodeError(type, [{ path: 'ndmIfindex', value: rest.ndmIfindex, message }])
  }
  const flags = rest.ndmFlags ?? []
  // What was listed says by its flags whose it is, as the kernel does: without one it is the bridge's that the link is a port
  // of. Only the entries of the bridge as a link have none either, and the kernel wants one.
  const isPlain = !flags.includes('self') && !flags.includes('master')
  const own = isPlain && (said === 'bridge' || (rest.master !== undefined && rest.master === ndmIfindex))
  return {
    ...(type === 'RTM_NEWNEIGH' ? { ndmState: ['permanent'] } : {}),
    ...rest,
    ndmFamily,
    ndmIfindex,
    ndmFlags: [
      ...flags,
      ...(own ? (['self'] as const) : []),
      ...(proxy && !flags.includes('proxy') ? (['proxy'] as const) : []),
    ],
  }
}

type Family = 'inet' | 'inet6' | 'bridge'

function familyOf(type: Purpose, family: unknown, { ndmFamily, dst, lladdr }: Neighbour): Family {
  const fail = (path: string, value: unknown, message: string): never => {
    throw new EncodeError(type, [{ path, value, message }])
  }
  if (family !== undefined && family !== 'inet' && family !== 'inet6' && family !== 'bridge')
    fail('family', family, 'expected inet, inet6 or bridge')
  const wire = ndmFamily === 'unspec' ? undefined : ndmFamily
  if (family !== undefined && wire !== undefined && family !== wire)
    fail('ndmFamily', ndmFamily, `expected ${family}, as family says, or none`)
  const asked = family ?? wire
  const prefix = dst === undefined ? undefined : parsePrefix(dst)
  if (dst !== undefined && (prefix === undefined || dst.includes('/')))
    fail('dst', dst, 'expected an address such as 192.0.2.1 or 2001:db8::1')
  if (asked === 'bridge') {
    if (lladdr === undefined) fail('lladdr', lladdr, 'expected the hardware address of the forwarding entry')
    return 'bridge'
  }
  if (prefix === undefined)
    fail('dst', dst, "expected the neighbour's address, or family: 'bridge' for a forwarding entry")
  if (asked !== undefined && asked !== prefix!.family)
    fail(family === undefined ? 'ndmFamily' : 'family', asked, `expected ${prefix!.family}, as ${dst} is, or none`)
  return prefix!.family
}
