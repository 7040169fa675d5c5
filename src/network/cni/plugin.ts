/** The plugin, but for where its input comes from. */
import { OWN_NAMESPACE } from '../../netlink/socket/netns.js'
import { type Host, kernelHost } from '../../rtnl/client/host.js'
import type { CniCall } from './call.js'
import { addAttachment } from './commands/add.js'
import { checkAttachment } from './commands/check.js'
import { deleteAttachment } from './commands/del.js'
import { collectGarbage } from './commands/gc.js'
import { checkReadiness } from './commands/status.js'
import { readConfiguration } from './configuration.js'
import { delegate } from './delegate.js'
import { type CniEnvironment, readEnvironment, type Variables } from './environment.js'
import { CniError } from './errors.js'
import { asCniError } from './failures.js'
import { type CniCommand, newestVersion, versionAnswer } from './versions.js'

/** What a runtime gives. */
export interface CniInput {
  readonly env: Variables
  /** Standard input. */
  readonly input: string
  /** The name by which the plugin was called. */
  readonly program: string
}

/** What it gets: JSON for standard output, undefined for nothing, and whether it failed. */
export interface CniOutput {
  readonly answer: object | undefined
  readonly failed: boolean
}

const commands: Readonly<Record<CniCommand, (call: CniCall) => Promise<object | undefined>>> = {
  ADD: addAttachment,
  DEL: deleteAttachment,
  CHECK: checkAttachment,
  GC: collectGarbage,
  STATUS: checkReadiness,
  VERSION: async () => versionAnswer(),
}

/** Carries out a call. It never throws: what fails is part of the answer. */
export async function runPlugin({ env, input, program }: CniInput, host: Host = kernelHost): Promise<CniOutput> {
  try {
    const environment = readEnvironment(env)
    if (environment.command === 'VERSION') return { answer: versionAnswer(), failed: false }
    const configuration = readConfiguration(input, environment, program)
    refuseOwnNamespace(environment, host)
    const ipam = (command: CniCommand) => delegate(configuration.ipam!, command, { path: environment.path, env, input })
    const call = { configuration, environment, host, ipam }
    return { answer: await commands[environment.command](call), failed: false }
  } catch (error) {
    const { code, message, details } = asCniError(error)
    const cniVersion = versionSaid(input)
    return { answer: { cniVersion, code, msg: message, ...(details === undefined ? {} : { details }) }, failed: true }
  }
}

/** The plugin would configure the host. */
function refuseOwnNamespace({ command, netns, netnsOverride }: CniEnvironment, host: Host): void {
  if ((command !== 'ADD' && command !== 'CHECK') || netnsOverride) return
  const [own, given] = [OWN_NAMESPACE, netns].map((path) => {
    const opened = host.namespace(path)
    opened.close()
    return opened.inode
  })
  if (own === given)
    throw new CniError(
      'namespace',
      `CNI_NETNS ${netns} is the namespace that the plugin is in`,
      'CNI_NETNS_OVERRIDE=1 allows it',
    )
}

/** The version that an error is told in, whatever else is wrong with the configuration. */
function versionSaid(input: string): string {
  try {
    const { cniVersion } = JSON.parse(input) as { cniVersion?: unknown }
    return typeof cniVersion === 'string' && cniVersion !== '' ? cniVersion : newestVersion
  } catch {
    return newestVersion
  }
}
