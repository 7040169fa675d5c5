/** Network namespaces that a test makes and that are gone afterwards, whatever happened. */
import { netns } from '../../src/netlink/socket/netns.js'
import { ip } from './ip.js'

let count = 0
const alive = new Set<string>()

/** A name that no other test, and no other run, uses. */
export function uniqueName(): string {
  count += 1
  return `nlw-${process.pid}-${count}`
}

/** Makes a network namespace, which `removeNamespaces` (or the end of the process) deletes. Gives its name. */
export function makeNamespace(name = uniqueName()): string {
  alive.add(name)
  netns.create(name)
  return name
}

/** The same, with a pair of links v0 and v1 that are up. */
export function makeNamespaceWithPair(): string {
  const name = makeNamespace()
  ip(name, 'link add v0 type veth peer name v1')
  ip(name, 'link set v1 up')
  ip(name, 'link set v0 up addrgenmode none')
  return name
}

/** Deletes what makeNamespace made: to be called in an after hook. */
export function removeNamespaces(): void {
  for (const name of alive) {
    alive.delete(name)
    if (netns.exists(name)) netns.delete(name)
  }
}

process.on('exit', removeNamespaces)
