/** What drift is, and how a step that attaching again would take tells of it. */
import type { Sysctls } from '../netlink/socket/sysctl.js'
import type { Address } from '../rtnl/address/index.js'
import type { Route } from '../rtnl/route/index.js'
import type { ChangeRequest, NetworkStep } from './steps.js'

/** What kind of drift it is. */
export type DriftCode =
  | 'namespace-missing' // the container's namespace has gone
  | 'link-missing' // no link in its namespace carries the attachment's mark
  | 'link-renamed' // it has another name
  | 'link-down'
  | 'kind' // it is of another kind
  | 'mode' // somebody has switched it, with all on the parent
  | 'flags' // the same
  | 'mtu'
  | 'mac'
  | 'address-missing'
  | 'address-duplicate' // IPv6 has found that somebody else has it
  | 'route-missing'
  | 'sysctl' // a setting has another value
  | 'parent' // the link is on another parent, or the parent cannot be one any more
  | 'parent-missing'
  | 'parent-down'
  | 'host-link-missing'
  | 'host-link-down' // the host's own link is down, or is not marked
  | 'host-address-missing'
  | 'host-route-missing' // the host has no route to the container
  | 'proxy-missing' // the parent does not answer for the container

/** Something that is not as it was asked for. */
export interface Drift {
  readonly code: DriftCode
  /** For people: `expected mode l3, found l2`. */
  readonly message: string
  readonly expected: string
  readonly found: string
}

/** Drift, with its words. */
export const differs = (code: DriftCode, expected: string, found: string): Drift => ({
  code,
  message: `expected ${expected}, found ${found}`,
  expected,
  found,
})

/**
 * What steps tell that are still to be taken: each would not be, were it not for drift.
 * @param sysctl the settings of the namespace that they are for
 */
export function driftsOf(steps: readonly NetworkStep[], sysctl: Pick<Sysctls, 'get'>): Drift[] {
  const all: Drift[] = []
  for (const step of steps) {
    const { name, value } = step.sysctl ?? {}
    // A host's link that is missing is created, its settings are made, and it is set up: that is told once.
    const missing = all.some(({ code }) => code === 'host-link-missing')
    if (missing && name !== undefined) continue
    const one = name === undefined ? ofRequest(step) : differs('sysctl', `${name} = ${value}`, sysctl.get(name))
    if (one !== undefined && !(missing && one.code === 'host-link-down')) all.push(one)
  }
  return all
}

const nobody = { parent: 0, link: 0, host: 0 }

function ofRequest({ side, request, creates }: NetworkStep): Drift | undefined {
  if (request === undefined) return undefined
  const ofHost = side === 'parent'
  const asked: ChangeRequest = request(nobody)
  switch (asked.type) {
    case 'RTM_NEWLINK':
      return creates?.role === 'host' ? differs('host-link-missing', "the host's own link", 'none') : undefined
    case 'RTM_SETLINK':
      // That of a container's link is looked at by itself.
      return ofHost
        ? differs('host-link-down', "the host's own link marked and up", 'it down or without its mark')
        : undefined
    case 'RTM_NEWADDR': {
      const { local, ifaPrefixlen } = asked.body as Address
      const what = `the address ${local}/${ifaPrefixlen}`
      return ofHost ? differs('host-address-missing', what, 'none such') : differs('address-missing', what, 'none such')
    }
    case 'RTM_NEWROUTE': {
      const text = routeText(asked.body as Route)
      return ofHost
        ? differs('host-route-missing', `the host's route to ${text}`, 'none')
        : differs('route-missing', `the route to ${text}`, 'none')
    }
    case 'RTM_NEWNEIGH':
      return differs('proxy-missing', `an answer for ${(asked.body as { dst?: string }).dst} on the parent`, 'none')
    default:
      return undefined
  }
}

function routeText({ rtmFamily, rtmDstLen, dst, gateway, priority }: Route): string {
  const to = dst === undefined ? `default (${rtmFamily === 'inet6' ? 'IPv6' : 'IPv4'})` : `${dst}/${rtmDstLen}`
  return `${to}${gateway === undefined ? '' : ` by ${gateway}`}${priority === undefined ? '' : ` with metric ${priority}`}`
}
