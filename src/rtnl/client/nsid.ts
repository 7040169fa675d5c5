/** Ids of namespaces, and the names of the namespaces that have them. */
import { KernelError } from '../../netlink/conversation/kernel-error.js'
import { TransportError } from '../../netlink/errors.js'
import type { OpenNamespace } from '../../netlink/socket/netns.js'
import { type ChangeOptions, type Context, pass } from './context.js'

/** The id that a conversation's namespace has for another; undefined when it has none. */
export async function idOf(
  kernel: Context['conversation'],
  { fd }: OpenNamespace,
  options: ChangeOptions,
): Promise<number | undefined> {
  const { nsid } = await kernel.get('RTM_GETNSID', { fd }, pass(options))
  return nsid === undefined || nsid < 0 ? undefined : nsid
}

/** The name of the namespace that has this id here; undefined when none of those with a name has it. */
export async function nameOf(context: Context, nsid: number, options: ChangeOptions): Promise<string | undefined> {
  for (const name of context.host.names()) {
    let id: number | undefined
    await quietly(() =>
      context.within(name, async (there) => {
        id = await idOf(context.conversation, there!, options)
      }),
    )
    if (id === nsid) return name
  }
  return undefined
}

/**
 * A namespace that has gone, or into which we may not look, is none that can be asked. Any other error is thrown: what
 * could not be looked at is not taken for empty.
 */
export async function quietly(look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch (error) {
    if (!isOutOfReach(error)) throw error
  }
}

function isOutOfReach(error: unknown): boolean {
  if (error instanceof TransportError)
    return error.code === 'ERR_NETLINK_NO_NAMESPACE' || error.code === 'ERR_NETLINK_PERMISSION'
  if (!(error instanceof KernelError)) return false
  if (['EPERM', 'EACCES', 'ENODEV'].includes(error.errnoName)) return true
  // The id of a namespace that has gone: "Invalid target network namespace id".
  return error.errnoName === 'EINVAL' && /namespace id/i.test(error.kernelMessage ?? '')
}
