/** The sysctls that a recorded program read and set, in their order. Kept in the head. */
import { type Sysctls, sysctlPath, sysctlValue } from '../../netlink/socket/sysctl.js'
import { type AccessLog, place } from './access-log.js'

/** What its lines of the head begin with. @internal */
export const SYSCTL = 'sysctl'

/** Lets everything through to another one and keeps it. @internal */
export function tapSysctls(log: AccessLog, inner: Sysctls): Sysctls {
  return {
    get: (name, where) =>
      log.keep(
        { does: 'get', name: sysctlPath(name), ...place(where) },
        () => inner.get(name, where),
        (value) => value,
      ),
    set: (name, given, where) => {
      const value = sysctlValue(given)
      log.keep(
        { does: 'set', name: sysctlPath(name), ...place(where), value },
        () => inner.set(name, given, where),
        () => value,
      )
    },
  }
}

/**
 * Answers as it was recorded, and in that order.
 * @param refuse throws what is said of an access that was not recorded
 * @internal
 */
export function replaySysctls(log: AccessLog, refuse: (text: string) => never): Sysctls {
  return {
    get: (name, where) => log.next({ does: 'get', name: sysctlPath(name), ...place(where) }, refuse)!,
    set: (name, value, where) => {
      log.next({ does: 'set', name: sysctlPath(name), ...place(where), value: sysctlValue(value) }, refuse)
    },
  }
}
