/** What a runtime says by environment variables. */
import { CniError, written } from './errors.js'
import { type CniCommand, cniCommands } from './versions.js'

/** Environment variables, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The variables of a call that the command has; empty text where it has none. */
export interface CniEnvironment {
  readonly command: CniCommand
  /** CNI_CONTAINERID */
  readonly containerId: string
  /** CNI_NETNS: the path of the container's namespace. */
  readonly netns: string
  /** CNI_IFNAME */
  readonly ifname: string
  /** CNI_PATH: where IPAM plugins are. */
  readonly path: readonly string[]
  /** CNI_ARGS: `IgnoreUnknown=1;MAC=02:00:00:00:00:01` */
  readonly args: Readonly<Record<string, string>>
  /** CNI_NETNS_OVERRIDE: the plugin may be in the container's namespace. */
  readonly netnsOverride: boolean
}

/** Who is attached: DEL has to find what ADD made, and GC tells them apart by these two. */
export const attachmentId = (containerId: string, ifname: string): string => `${containerId}/${ifname}`

/** Which variables a command needs. */
const needed: Readonly<Record<CniCommand, readonly string[]>> = {
  ADD: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME'],
  CHECK: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME'],
  DEL: ['CNI_CONTAINERID', 'CNI_IFNAME'],
  GC: [],
  STATUS: [],
  VERSION: [],
}

/**
 * Reads and checks the variables.
 * @throws CniError with all that are missing, or the first that is wrong
 */
export function readEnvironment(env: Variables): CniEnvironment {
  const command = env.CNI_COMMAND ?? ''
  if (!Object.hasOwn(cniCommands, command)) {
    const what = command === '' ? 'CNI_COMMAND is missing' : `CNI_COMMAND ${written(command)} is not known`
    throw new CniError('environment', what, `it is one of ${Object.keys(cniCommands).join(', ')}`)
  }
  const needs = needed[command as CniCommand]
  const missing = needs.filter((name) => !env[name])
  if (missing.length > 0) throw new CniError('environment', `${missing.join(', ')} missing: ${command} needs it`)
  const containerId = env.CNI_CONTAINERID ?? ''
  const ifname = env.CNI_IFNAME ?? ''
  if (needs.includes('CNI_CONTAINERID')) checkContainerId(containerId)
  if (needs.includes('CNI_IFNAME')) checkIfname(ifname)
  return {
    command: command as CniCommand,
    containerId,
    ifname,
    netns: pathOfNetns(env.CNI_NETNS ?? ''),
    path: (env.CNI_PATH ?? '').split(':').filter((folder) => folder !== ''),
    args: argsOf(env.CNI_ARGS ?? ''),
    netnsOverride: /^(1|true)$/i.test(env.CNI_NETNS_OVERRIDE ?? ''),
  }
}

/** What the specification says of container ids and names of networks. */
export const isCniName = (text: string): boolean => /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(text)

function checkContainerId(id: string): void {
  if (isCniName(id)) return
  const accepted = 'letters, digits, _, . and -, the first a letter or digit'
  throw new CniError('environment', `CNI_CONTAINERID ${written(id)} has other characters than ${accepted}`)
}

/** IFNAMSIZ (linux/if.h) without the closing NUL. */
const longestIfname = 15

function checkIfname(name: string): void {
  const reason =
    Buffer.byteLength(name) > longestIfname
      ? `is longer than ${longestIfname} bytes`
      : name === '.' || name === '..'
        ? 'is the name of a directory'
        : /[/:\s\0]/.test(name)
          ? 'has a slash, a colon or a space'
          : undefined
  if (reason) throw new CniError('environment', `CNI_IFNAME ${written(name)} ${reason}`)
}

/** A path without a slash is a file here, and no name of a namespace. */
const pathOfNetns = (text: string): string => (text === '' || text.includes('/') ? text : `./${text}`)

function argsOf(text: string): Record<string, string> {
  const pairs = text.split(';').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new CniError('environment', `CNI_ARGS: ${written(pair)} is no NAME=VALUE`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
