/** From words of the command line to what the library takes. */
import type { AttachOptions, NetworkRoute } from '../../../network/index.js'
import type { StoredAttachment, StoredNetwork } from '../../../network/store.js'
import { Failure } from '../../process/failure.js'

/** What a network and an attachment can both say. */
interface Common {
  readonly mtu?: number | undefined
  readonly metric?: number | undefined
  readonly gateway: readonly string[]
  readonly route: readonly string[]
  readonly noDefaultRoute: boolean
}

/** `nlwire network create`. */
export interface CreateWords extends Common {
  readonly name: string
  readonly kind: 'ipvlan' | 'macvlan'
  readonly parent?: string | undefined
  readonly noParent: boolean
  readonly netns?: string | undefined
  readonly mode?: string | undefined
  readonly flag: readonly string[]
  readonly subnet: readonly string[]
  readonly internal: boolean
  readonly hostAccess: boolean
  readonly hostAddress: readonly string[]
  readonly hostIfname?: string | undefined
  readonly proxy: boolean
  readonly noNotify: boolean
  readonly waitForDad: boolean
  readonly sysctl: readonly string[]
}

/** `nlwire network attach`. */
export interface AttachWords extends Common {
  readonly name: string
  readonly where?: string | undefined
  readonly id: string
  readonly ifname?: string | undefined
  readonly address: readonly string[]
  readonly mac?: string | undefined
}

/** Without what was not said: JSON and the library's defaults have no need of it. */
const said = <T extends object>(options: T): T =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  ) as T

/** @throws Failure when options exclude each other */
export function storedNetworkOf(given: CreateWords): StoredNetwork {
  if (given.noParent && given.parent !== undefined) throw new Failure('--no-parent and --parent exclude each other')
  const { hostAddress, hostIfname } = given
  const bySelf = hostAddress.length > 0 || hostIfname !== undefined
  const hostAccess = bySelf ? said({ addresses: hostAddress, ifname: hostIfname }) : given.hostAccess
  const options = said({
    name: given.name,
    parent: given.noParent ? null : given.parent,
    netns: given.netns,
    mode: given.mode as never,
    flags: given.flag as never,
    subnets: given.subnet,
    internal: given.internal,
    hostAccess,
    proxy: given.proxy,
    dad: given.waitForDad ? ('wait' as const) : undefined,
    ...commonOf(given),
  })
  const more = {
    ...(given.noNotify ? { notify: false } : {}),
    ...(given.sysctl.length > 0 ? { sysctls: Object.fromEntries(given.sysctl.map(setting)) } : {}),
  }
  return { kind: given.kind, options: { ...options, ...more, ...withoutDefault(given) }, attachments: {} }
}

/** What an attachment was asked for, and where. */
export const attachmentOf = (given: AttachWords): StoredAttachment => ({
  ...said({
    id: given.id,
    netns: given.where,
    ifname: given.ifname,
    addresses: given.address,
    mac: given.mac,
    ...commonOf(given),
  }),
  ...withoutDefault(given),
})

/** The same without the namespace, for `attach`. */
export function attachOptions({ netns: _, ...options }: StoredAttachment): AttachOptions {
  return options
}

const commonOf = ({ mtu, metric, gateway, route }: Common) => ({ mtu, metric, gateway, routes: route.map(routeOf) })
const withoutDefault = ({ noDefaultRoute }: Common) => (noDefaultRoute ? { defaultRoute: false } : {})

function routeOf(text: string): NetworkRoute {
  const [dst = '', gateway, ...more] = text.split(',')
  if (more.length > 0) throw new Failure(`--route ${text}: expected DESTINATION or DESTINATION,GATEWAY`)
  return { dst, ...(gateway === undefined ? {} : { gateway }) }
}

function setting(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Failure(`--sysctl ${text}: expected NAME=VALUE`)
  return [name, value]
}
