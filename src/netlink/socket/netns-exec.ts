/** A program in the place of this process, in a network namespace: what `ip netns exec` does. */
import { TransportError } from '../errors.js'
import { type Namespace, netns } from './netns.js'
import { isShimError, loadShim, transportError } from './shim.js'

/** Not imported: so that what is exported beside this runs where there is no Node. */
const fs = () => process.getBuiltinModule('node:fs')

/** Where files are that stand in for those of /etc: /etc/netns/NAME/resolv.conf for /etc/resolv.conf. */
const etc = '/etc/netns'

/**
 * Puts a program in the place of this process, in a network namespace, with the same input, output, environment and
 * process id: its exit status is the process's, and signals reach it. It has a mount namespace of its own, in which /sys
 * is that of the network namespace, and the files of /etc/netns/NAME stand in for those of /etc. Comes back only when it
 * fails; the process has to end then, for its main thread is in the namespace.
 * @throws TransportError ERR_NETLINK_NO_NAMESPACE, ERR_NETLINK_PERMISSION, ERR_NETLINK_SYSCALL: ENOENT where there is no
 * such program
 * @internal
 */
export function execIn(where: Namespace, command: readonly string[]): never {
  const opened = netns.open(where)
  const binds = typeof where === 'string' && !where.includes('/') ? filesOf(where) : []
  try {
    loadShim().netnsExec(opened.fd, listed(binds.flat()), listed(command))
  } catch (error) {
    const doing = `run ${JSON.stringify(command[0])} in the network namespace ${JSON.stringify(where)}`
    if (isShimError(error) && error.syscall === 'mount' && binds.length > 0) {
      const files = binds.map(([, file]) => file).join(', ')
      const said = transportError(error, doing) as TransportError
      const text = `${said.message}. The files of ${etc}/${where} stand in for ${files}, which have to exist`
      throw new TransportError(said.code, text, { syscall: error.syscall, errno: error.errno, cause: error })
    }
    throw transportError(error, doing)
  }
  throw new TransportError('ERR_NETLINK_SYSCALL', 'the program did not take the place of this process')
}

/** Texts, each of which ends with NUL. @throws TransportError for one that has a NUL in it */
function listed(texts: readonly string[]): Uint8Array {
  const wrong = texts.find((text) => text.includes('\0'))
  if (wrong !== undefined)
    throw new TransportError(
      'ERR_NETLINK_SYSCALL',
      `${JSON.stringify(wrong)}: no word of a command has a NUL character`,
    )
  return new TextEncoder().encode(texts.map((text) => `${text}\0`).join(''))
}

/** The files of a namespace, and what they stand in for. */
function filesOf(name: string): [string, string][] {
  try {
    return fs()
      .readdirSync(`${etc}/${name}`)
      .map((file) => [`${etc}/${name}/${file}`, `/etc/${file}`])
  } catch {
    return []
  }
}
