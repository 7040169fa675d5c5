/** Ids of namespaces: the numbers by which one namespace knows others. */
import type { Dump } from '../../netlink/conversation/conversation.js'
import { type DumpOptions, dumpOptions } from '../../netlink/conversation/dump-options.js'
import { OptionError } from '../../netlink/errors.js'
import type { AllNames, NameIn, Only } from '../../netlink/frame/narrowed.js'
import { checkOptions } from '../../netlink/options.js'
import type { Namespace } from '../../netlink/socket/netns.js'
import type { Nsid } from '../namespace/index.js'
import { type ChangeOptions, type Context, changeOptions, pass } from './context.js'

/** Undefined stands for our own elsewhere, but here it is a mistake. @throws OptionError */
function checkNamespace(name: string, value: unknown): void {
  if (value === undefined || value === null)
    throw new OptionError(name, value, 'a namespace: a name, a path, { pid } or { fd }')
}

/** Namespace ids. Kernel: RTM_NEWNSID, RTM_GETNSID (linux/net_namespace.h). */
export class NamespaceIds {
  readonly #context: Context
  /** @internal */
  constructor(context: Context) {
    this.#context = context
  }

  /** All ids that this namespace has for others. */
  list<const N extends NameIn<Nsid> = AllNames>(options: DumpOptions<N> = {}): Dump<Only<Nsid, N>> {
    checkOptions('namespaces.list', options, dumpOptions)
    return this.#context.conversation.dump('RTM_GETNSID', {}, options)
  }

  /**
   * The id that this namespace has for another.
   * @returns undefined when it has none
   * @throws TransportError ERR_NETLINK_NO_NAMESPACE when there is no such namespace
   * @example await rtnl.namespaces.get('net1') // 0
   */
  async get(where: Namespace, options: ChangeOptions = {}): Promise<number | undefined> {
    checkNamespace('where', where)
    checkOptions('namespaces.get', options, changeOptions)
    return this.#context.within(where, async (opened) => {
      const { nsid } = await this.#context.conversation.get('RTM_GETNSID', { fd: opened!.fd }, pass(options))
      return nsid === undefined || nsid < 0 ? undefined : nsid
    })
  }

  /**
   * Gives another namespace an id here. An id can be given once, and is never changed.
   * @param nsid the id, from 0; left out, the kernel chooses
   * @returns the id
   * @throws KernelError EEXIST when it has one already, or the id is taken
   */
  async set(where: Namespace, nsid = -1, options: ChangeOptions = {}): Promise<number> {
    checkNamespace('where', where)
    checkOptions('namespaces.set', options, changeOptions)
    const type = 'RTM_NEWNSID'
    return this.#context.within(where, async (opened) => {
      const { fd } = opened!
      this.#context.warn(type, await this.#context.conversation.request(type, { fd, nsid }, pass(options)))
      const made = await this.#context.conversation.get('RTM_GETNSID', { fd }, pass(options))
      return made.nsid!
    })
  }
}
