/** Names of links where a definition has an index: the command asks the kernel for it. */
import { isObject } from '../../../netlink/bytes/equal.js'
import { memberOf } from '../../../netlink/schema/member.js'
import { type AnyType, resolved } from '../../../netlink/schema/type.js'

/** What asks for the index of a link. */
export type IndexOf = (name: string) => Promise<number>

/**
 * Puts indexes in the place of names, however deep, where the definition says that a number is one.
 * @param skip members of the value that are left as they are
 * @example await withIndexes(linkMessage, { linkinfo: { slaveKind: 'bridge', slaveData: { backupPort: 'eth1' } } }, indexOf)
 */
export async function withIndexes(
  type: AnyType,
  value: Record<string, unknown>,
  indexOf: IndexOf,
  skip: readonly string[] = [],
): Promise<void> {
  for (const [name, one] of Object.entries(value)) {
    const given = skip.includes(name) ? undefined : memberOf(type, name, value)
    const inside = given && resolved(given, value)
    if (!inside) continue
    if (typeof one === 'string' && inside.meaning === 'ifindex') value[name] = await indexOf(one)
    else if (Array.isArray(one) && inside.items) {
      for (const item of one) if (isObject(item)) await withIndexes(inside.items, item, indexOf)
    } else if (isObject(one)) await withIndexes(inside, one, indexOf)
  }
}
