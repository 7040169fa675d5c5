/** Routes: list, get, add, set, replace, delete. */
import type { Dump } from '../../netlink/conversation/conversation.js'
import { type DumpOptions, dumpOptions } from '../../netlink/conversation/dump-options.js'
import { EncodeError } from '../../netlink/errors.js'
import type { AllNames, NameIn, Only } from '../../netlink/frame/narrowed.js'
import { checkOptions, isGiven, isRecord, type OptionTable, oneOf } from '../../netlink/options.js'
import { type Route, routeMessage } from '../route/index.js'
import { type ChangeOptions, type Context, changeOptions, type LinkRef, pass } from './context.js'
import { prefixOf } from './prefix.js'
import { type RouteToAdd, routeBody } from './route-body.js'
import { findRoute } from './route-find.js'
import { refuseIgnored } from './writable.js'

/** What to list; the kernel leaves out the rest. */
export interface RouteFilter {
  /** Only IPv4 or IPv6. */
  readonly family?: 'inet' | 'inet6' | 'mpls'
  /** Only this table. A table that does not exist is an error of the kernel (ENOENT). */
  readonly table?: Route['table']
  /** Only routes through this link. */
  readonly dev?: LinkRef
  /** Only those that this program made: `kernel`, `boot`, `static`, ... */
  readonly protocol?: Route['rtmProtocol']
  /** Only this type: `unicast`, `blackhole`, ... */
  readonly type?: Route['rtmType']
}

/** How to ask for the route to an address. */
export interface RouteGetOptions extends ChangeOptions {
  /** The address that packets come from. */
  readonly from?: string | undefined
}

/** What they can be; values of a message are looked at when it is encoded. */
const routeGetOptions: OptionTable<RouteGetOptions> = { ...changeOptions, from: isGiven }
const routeFilterOptions: OptionTable<RouteFilter> = {
  family: oneOf('inet', 'inet6', 'mpls'),
  ...{ table: isGiven, dev: isGiven, protocol: isGiven, type: isGiven },
}

/** Routes. Kernel: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE (linux/rtnetlink.h). */
export class Routes {
  readonly #context: Context
  /** @internal */
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Routes of all tables, or those that a filter wants, as a stream. Changing routes while they are streamed ends the
   * stream in ERR_NETLINK_INTERRUPTED: to change what is listed, take it whole by `toArray()` first.
   * @throws TransportError ERR_NETLINK_UNSUPPORTED for a filter on a kernel that cannot (before 4.20)
   * @example for await (const route of rtnl.routes.list({ table: 'main' })) console.log(route.dst ?? 'default', route.oif)
   */
  list<const N extends NameIn<Route> = AllNames>(
    filter: RouteFilter = {},
    options: DumpOptions<N> = {},
  ): Dump<Only<Route, N>> {
    checkOptions('routes.list', filter, routeFilterOptions)
    checkOptions('routes.list', options, dumpOptions)
    const body = async (): Promise<Route> => {
      const { family = 'unspec', table, dev, protocol, type } = filter
      if (table !== undefined || dev !== undefined || protocol !== undefined || type !== undefined)
        this.#context.needFilters()
      const oif = await this.#context.optional('RTM_GETROUTE', 'dev', dev, options)
      return {
        rtmFamily: family,
        ...(protocol === undefined ? {} : { rtmProtocol: protocol }),
        ...(type === undefined ? {} : { rtmType: type }),
        ...(table === undefined ? {} : { table }),
        ...(oif === undefined ? {} : { oif }),
      }
    }
    return this.#context.conversation.dump('RTM_GETROUTE', body, options)
  }

  /**
   * The route that packets to an address take.
   * @throws KernelError ENETUNREACH when there is none
   * @example const { oif, gateway } = await rtnl.routes.get('192.0.2.1')
   */
  async get(to: string, options: RouteGetOptions = {}): Promise<Route> {
    checkOptions('routes.get', options, routeGetOptions)
    const type = 'RTM_GETROUTE'
    const dst = prefixOf(type, 'to', to)
    const src = options.from === undefined ? undefined : prefixOf(type, 'from', options.from)
    return this.#context.conversation.get(
      type,
      {
        rtmFamily: dst.family,
        rtmDstLen: dst.length,
        dst: dst.address,
        ...(src ? { rtmSrcLen: src.length, src: src.address } : {}),
      },
      pass(options),
    )
  }

  /**
   * Makes a route.
   * @returns the route as the kernel has it
   * @throws EncodeError when an address does not parse; KernelError (EEXIST, ENETUNREACH: the gateway is on no link)
   * @example await rtnl.routes.add({ dst: 'default', dev: 'ipv1' })
   */
  add(route: RouteToAdd, options: ChangeOptions = {}): Promise<Route> {
    return this.#make(route, ['create', 'excl'], options)
  }

  /** Makes a route, or puts it in the place of the one with the same destination, table and metric. */
  replace(route: RouteToAdd, options: ChangeOptions = {}): Promise<Route> {
    return this.#make(route, ['create', 'replace'], options)
  }

  /** Changes the route with the same destination, table and metric. @throws KernelError ENOENT when there is none */
  set(route: RouteToAdd, options: ChangeOptions = {}): Promise<Route> {
    return this.#make(route, ['replace'], options)
  }

  async #make(
    given: RouteToAdd,
    flags: readonly ('create' | 'excl' | 'replace')[],
    options: ChangeOptions,
  ): Promise<Route> {
    isRecord('route', given)
    checkOptions('routes.add', options, changeOptions)
    const type = 'RTM_NEWROUTE'
    refuseIgnored(type, routeMessage, given, 'new')
    const body = await routeBody(this.#context, type, given, options)
    if (body.src !== undefined && body.rtmFamily === 'inet') {
      const message = 'IPv4 has no routes by source; the address to send from is prefsrc'
      throw new EncodeError(type, [{ path: 'src', value: body.src, message }])
    }
    if (body.rtmType === 'unicast' && body.oif === undefined && body.gateway === undefined && body.via === undefined) {
      const message = 'expected dev, gateway, nexthops or nhId: where packets go'
      if (body.multipath === undefined && body.nhId === undefined)
        throw new EncodeError(type, [{ path: 'dev', value: undefined, message }])
    }
    const answer = await this.#context.conversation.request(type, body, { ...pass(options), flags: [...flags, 'echo'] })
    this.#context.warn(type, answer)
    for (const message of answer.messages) if (message.type === type) return message.body
    // IPv4 does not echo where nothing changes.
    const what = `the route to ${given.dst}`
    return this.#context.readBack(what, () => findRoute(this.#context, body, options))
  }

  /**
   * Deletes a route: the first that fits what is given.
   * @param route its description, or a route as it was listed
   * @throws KernelError ESRCH when there is none
   */
  async delete(route: RouteToAdd | Route, options: ChangeOptions = {}): Promise<void> {
    isRecord('route', route)
    checkOptions('routes.delete', options, changeOptions)
    const type = 'RTM_DELROUTE'
    const body = await routeBody(this.#context, type, route, options)
    this.#context.warn(type, await this.#context.conversation.request(type, body, pass(options)))
  }
}
