/** STATUS: whether ADD would succeed. */
import { isObject } from '../../../netlink/bytes/equal.js'
import { NetworkError } from '../../errors.js'
import { linksOn } from '../../find.js'
import { findParent, isUp, kindOf } from '../../parent.js'
import { refuseOtherMode } from '../../refusals.js'
import { Site } from '../../site.js'
import { networkSpec } from '../../spec.js'
import type { CniCall } from '../call.js'
import { CniError } from '../errors.js'
import { memberBefore } from '../failures.js'
import { unlessUnknown } from './gc.js'

/** @throws CniError 50, or 51 when containers that are there are cut off as well */
export async function checkReadiness(call: CniCall): Promise<undefined> {
  if (call.configuration.ipam !== undefined) ipamStatus(call)
  // Each container has a parent of its own.
  if (!call.configuration.linkInContainer) await parentStatus(call)
  return undefined
}

/** A plugin from before STATUS is asked which versions it speaks. */
function ipamStatus(call: CniCall): void {
  const { ipam, cniVersion } = call.configuration
  if (unlessUnknown(() => call.ipam('STATUS'))) return
  const answer = call.ipam('VERSION')
  const versions = isObject(answer) && Array.isArray(answer.supportedVersions) ? answer.supportedVersions : []
  if (versions.includes(cniVersion)) return
  const what = `ipam plugin ${ipam} does not support cniVersion ${cniVersion}`
  throw new CniError('notReady', what, `it supports ${versions.join(', ') || 'none'}`)
}

async function parentStatus({ configuration, host }: CniCall): Promise<void> {
  const { name, kind, mode, flags, master } = configuration
  const spec = networkSpec(kind, { name, mode: mode as never, ...(kind === 'ipvlan' ? { flags } : {}), parent: master })
  const site = new Site({ host })
  await site.here(async (here) => {
    try {
      const parent = await findParent(here, spec)
      if (parent.link !== undefined && !isUp(parent.link))
        throw new CniError('notReadyLimited', `${parent.ifname} (master) is down`)
      await refuseOtherMode(site, here, spec, parent)
      const other = kind === 'ipvlan' ? 'macvlan' : 'ipvlan'
      const on = parent.link === undefined ? [] : await linksOn(site, parent.link.ifiIndex!)
      if (on.some((link) => kindOf(link) === other))
        throw new CniError('notReady', `${parent.ifname} has ${other}s on it`, 'a parent carries one kind or the other')
    } catch (error) {
      if (error instanceof NetworkError)
        throw new CniError('notReady', `${memberBefore(error)}${error.reason}`, undefined, error)
      throw error
    }
  })
}
