/** One call of the plugin: what the commands work with. */
import type { Host } from '../../rtnl/client/host.js'
import type { CniConfiguration } from './configuration.js'
import { attachmentId, type CniEnvironment } from './environment.js'
import type { CniCommand } from './versions.js'

/** A call, read and checked. */
export interface CniCall {
  readonly configuration: CniConfiguration
  readonly environment: CniEnvironment
  readonly host: Host
  /** Calls the IPAM plugin of the configuration; there is one. Gives what it printed. */
  ipam(command: CniCommand): unknown
}

/** The id of the call's attachment. */
export const attachedAs = ({ environment }: CniCall): string =>
  attachmentId(environment.containerId, environment.ifname)
