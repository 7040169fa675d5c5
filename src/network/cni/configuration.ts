/** The configuration, as it comes on standard input. */
import { isObject } from '../../netlink/bytes/equal.js'
import type { CniEnvironment } from './environment.js'
import { CniError, written } from './errors.js'
import { type CniKind, type CniMember, cniModes, members, modeMember } from './members.js'
import { type CniResult, parseResult } from './result.js'
import { type CniVersion, checkCommand, versionOf } from './versions.js'

/** A configuration whose members have been checked. */
export interface CniConfiguration {
  readonly cniVersion: CniVersion
  readonly name: string
  readonly kind: CniKind
  readonly master: string | undefined
  readonly linkInContainer: boolean
  readonly mode: string
  readonly flags: readonly ('private' | 'vepa')[]
  /** undefined: the master's. */
  readonly mtu: number | undefined
  readonly mac: string | undefined
  /** undefined: the kernel's. */
  readonly bcqueuelen: number | undefined
  /** The IPAM plugin; undefined: none. */
  readonly ipam: string | undefined
  readonly dns: object
  readonly prevResult: CniResult | undefined
  readonly hostAccess: boolean | { readonly addresses?: readonly string[]; readonly ifname?: string }
  readonly proxy: boolean
  readonly notify: boolean
  readonly dad: 'none' | 'wait'
  /** GC: what is kept. */
  readonly attachments: readonly { readonly containerID: string; readonly ifname: string }[]
}

/**
 * Reads a configuration.
 * @param program the name by which the plugin was called: it says the kind, or the configuration's type does
 * @throws CniError that names the member
 */
export function readConfiguration(
  text: string,
  environment: Pick<CniEnvironment, 'command' | 'args'>,
  program: string,
): CniConfiguration {
  const object = parse(text)
  const given = byName(object)
  const cniVersion = versionOf(given.cniVersion)
  checkCommand(environment.command, cniVersion)
  if (given.name === undefined || given.name === '')
    throw new CniError('configuration', '"name" is missing: the name of the network')
  const kind = kindOf(program, given.type)
  const all: Readonly<Record<string, CniMember>> = { ...members, mode: modeMember(kind) }
  for (const [name, value] of Object.entries(given)) checkMember(kind, name, all[name]!, value)
  const conf = given as Readonly<Given>
  // Go writes an empty list as null. That nothing is said is another matter: GC would delete all.
  const attachments = object[ATTACHMENTS] === null ? [] : conf[ATTACHMENTS]
  if (environment.command === 'GC' && attachments === undefined)
    throw new CniError('configuration', `"${ATTACHMENTS}" is missing: GC deletes what is not among them`)
  const prevResult = conf.prevResult
  return {
    cniVersion,
    name: conf.name,
    kind,
    master: conf.master || undefined,
    linkInContainer: conf.linkInContainer ?? false,
    mode: conf.mode || cniModes[kind][0],
    flags: conf.flags ?? [],
    mtu: conf.mtu || undefined,
    mac: kind === 'macvlan' ? macOf(conf, environment.args) : undefined,
    bcqueuelen: conf.bcqueuelen || undefined,
    ipam: ipamOf(conf.ipam),
    dns: conf.dns ?? {},
    prevResult: prevResult === undefined ? undefined : parseResult(prevResult, 'prevResult'),
    hostAccess: conf.hostAccess ?? false,
    proxy: conf.proxy ?? false,
    notify: conf.notify ?? true,
    dad: conf.dad ?? 'none',
    attachments: attachments ?? [],
  }
}

const ATTACHMENTS = 'cni.dev/valid-attachments'

/** The members, once they have been checked. */
interface Given {
  name: string
  master?: string
  linkInContainer?: boolean
  mode?: string
  flags?: ('private' | 'vepa')[]
  mtu?: number
  mac?: string
  bcqueuelen?: number
  ipam?: Record<string, unknown>
  dns?: object
  prevResult?: object
  runtimeConfig?: Record<string, unknown>
  hostAccess?: CniConfiguration['hostAccess']
  proxy?: boolean
  notify?: boolean
  dad?: 'none' | 'wait'
  [ATTACHMENTS]?: { containerID: string; ifname: string }[]
}

function parse(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const what = text.trim() === '' ? 'there is no configuration on standard input' : 'the configuration is no JSON'
    throw new CniError('decoding', what, (cause as Error).message, cause)
  }
  if (isObject(value)) return value
  throw new CniError('decoding', 'the configuration is no object', written(value))
}

/** The members that we know, under the names that we know them by. */
function byName(given: Record<string, unknown>): Record<string, unknown> {
  const names = new Map([...Object.keys(members), 'mode'].map((name) => [name.toLowerCase(), name]))
  const found: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given)) {
    const name = names.get(key.toLowerCase())
    // As written, or else in whatever letters.
    if (name !== undefined && value !== null && (key === name || !Object.hasOwn(given, name))) found[name] = value
  }
  return found
}

function kindOf(program: string, type: unknown): CniKind {
  for (const name of [program, type])
    for (const kind of ['macvlan', 'ipvlan'] as const) if (typeof name === 'string' && name.includes(kind)) return kind
  const advice = 'link or copy the plugin as nlwire-ipvlan or nlwire-macvlan, and give that name as "type"'
  throw new CniError('configuration', `"type": ${written(type)} says neither ipvlan nor macvlan`, advice)
}

function checkMember(kind: CniKind, name: string, member: CniMember, value: unknown): void {
  // What the reference plugin of this kind does not know it ignores; what only we have is meant for us.
  if (!member.kinds.includes(kind) && !member.reference)
    throw new CniError('unsupportedField', `"${name}": ${written(value)} is not for ${kind}`)
  if (!member.kinds.includes(kind) || member.is(value) || (value === '' && member.reference)) return
  const reason = member.accepts.replaceAll('`', '')
  throw new CniError('configuration', `"${name}": ${written(value)} is not ${reason}`)
}

function ipamOf(ipam: Record<string, unknown> | undefined): string | undefined {
  const key = Object.keys(ipam ?? {}).find((one) => one.toLowerCase() === 'type')
  const type = key === undefined ? undefined : ipam![key]
  if (type === undefined || type === null || type === '') return undefined
  // It becomes part of a path.
  if (typeof type === 'string' && !/[/\\\0]/.test(type) && type !== '.' && type !== '..') return type
  throw new CniError('configuration', `"ipam": "type": ${written(type)} is not the name of a plugin`)
}

/** The hardware address, from the one that counts most. */
function macOf(conf: Readonly<Given>, args: CniEnvironment['args']): string | undefined {
  const given = [
    ['"runtimeConfig": "mac"', conf.runtimeConfig?.mac],
    ['CNI_ARGS: MAC', args.MAC],
    ['"mac"', conf.mac],
  ] as const
  for (const [name, value] of given) {
    if (value === undefined || value === null || value === '') continue
    if (members.mac.is(value)) return (value as string).toLowerCase().replaceAll('-', ':')
    const accepted = members.mac.accepts.replaceAll('`', '')
    throw new CniError(
      name.startsWith('CNI') ? 'environment' : 'configuration',
      `${name}: ${written(value)} is not ${accepted}`,
    )
  }
  return undefined
}
