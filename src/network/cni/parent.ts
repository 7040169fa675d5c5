/** The parent of a call's network, as the reference plugins find it. */
import type { CniCall } from './call.js'
import { CniError } from './errors.js'

/**
 * The name of the parent. An ipvlan in a chain goes on the interface of the plugin before.
 * @returns undefined for the link of the default route
 * @throws CniError when the plugin before made no interface, or several
 */
export function parentName({ configuration }: CniCall): string | undefined {
  const { kind, master, prevResult } = configuration
  if (master !== undefined || kind === 'macvlan' || prevResult === undefined) return master
  const [first, ...more] = prevResult.interfaces
  if (first?.name && more.length === 0) return first.name
  const names = prevResult.interfaces.map(({ name }) => name).join(', ') || 'none'
  throw new CniError('configuration', '"master" is missing, and prevResult has not one interface', `it has: ${names}`)
}
