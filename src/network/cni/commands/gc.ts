/** GC: what is not among the attachments that live. */
import type { CniCall } from '../call.js'
import { cniNetwork } from '../cni-network.js'
import { attachmentId } from '../environment.js'
import { CniError, cniCodes } from '../errors.js'

/** Removes the network's links that are not to be kept; the IPAM plugin does the same with its addresses. */
export async function collectGarbage(call: CniCall): Promise<undefined> {
  const { attachments, ipam } = call.configuration
  const keep = attachments.map(({ containerID, ifname }) => attachmentId(containerID, ifname))
  const removed = await cniNetwork(call).gc(keep)
  for (const { what, name, id } of removed)
    process.stderr.write(`nlwire-cni: removed the ${what} ${name}${id === undefined ? '' : ` of ${id}`}\n`)
  if (ipam !== undefined) unlessUnknown(() => call.ipam('GC'))
  return undefined
}

/** Calls an IPAM plugin with a command that it may not know. @returns whether it did */
export function unlessUnknown(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    // What a plugin that was made before the command says: "unknown CNI_COMMAND".
    if (error instanceof CniError && error.code === cniCodes.environment.code) return false
    throw error
  }
}
