/** Sysctls that are kept in memory, for each namespace its own. */
import type { Namespace } from '../../netlink/socket/netns.js'
import { type Sysctls, sysctlPath, sysctlValue } from '../../netlink/socket/sysctl.js'

/**
 * What was set is read again. What was not set has the value that it is given here, in all namespaces.
 * @param initial values by their names
 * @param keyOf what tells namespaces apart
 */
export function fakeSysctls(
  initial: Readonly<Record<string, string | number>>,
  keyOf: (where: Namespace | undefined) => string,
): Sysctls {
  const first = new Map(Object.entries(initial).map(([name, value]) => [sysctlPath(name), String(value)]))
  const values = new Map<string, string>()
  return {
    get(name, where) {
      const path = sysctlPath(name)
      const value = values.get(`${keyOf(where)} ${path}`) ?? first.get(path)
      if (value === undefined) throw new Error(`the fake kernel has no sysctl ${path}: give it a value in sysctls`)
      return value
    },
    set(name, value, where) {
      values.set(`${keyOf(where)} ${sysctlPath(name)}`, sysctlValue(value))
    },
  }
}
