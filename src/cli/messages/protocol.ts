/** Netlink protocols by number and name, and which of them nlwire can read. */
import { type Protocol, unknownProtocol } from '../../netlink/index.js'
import { findProtocol, knownProtocols } from '../../rtnl/protocols.js'
import { Failure } from '../process/failure.js'

/** NETLINK_* (linux/netlink.h). */
const kernelNumbers = {
  ...{ route: 0, usersock: 2, firewall: 3, sock_diag: 4, nflog: 5, xfrm: 6, selinux: 7, iscsi: 8, audit: 9 },
  ...{ fib_lookup: 10, connector: 11, netfilter: 12, ip6_fw: 13, dnrtmsg: 14, kobject_uevent: 15, generic: 16 },
  ...{ scsitransport: 18, ecryptfs: 19, rdma: 20, crypto: 21, smc: 22 },
}

/** The numbers of all protocols by name. A Map: names come from command lines and files, and may be any text. */
const numbers = (): Map<string, number> =>
  new Map([...Object.entries(kernelNumbers), ...knownProtocols().map((one) => [one.name, one.protocol] as const)])

/** The name of a protocol: `route` for 0. */
export function protocolName(protocol: number | string): string {
  const number = typeof protocol === 'number' ? protocol : /^\d+$/.test(protocol) ? Number(protocol) : undefined
  if (number === undefined) return String(protocol)
  return findProtocol(number)?.name ?? [...numbers()].find(([, one]) => one === number)?.[0] ?? `protocol ${number}`
}

/** The number of a protocol; undefined for a name that no protocol has. */
export const protocolNumber = (name: string): number | undefined =>
  /^\d+$/.test(name)
    ? Number(name)
    : (numbers().get(name.toLowerCase().replace(/^netlink_/, '')) ?? numbers().get(name))

/** The definitions of a protocol: those of control messages only, where nobody has described it. */
export const protocolOf = (protocol: number | string): Protocol =>
  findProtocol(protocolName(protocol)) ?? unknownProtocol

/** What --protocol names. @throws Failure when there is no such protocol */
export function protocolOption(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const number = protocolNumber(text)
  if (number === undefined)
    throw new Failure(`no protocol "${text}": one of ${[...numbers().keys()].join(', ')}, or a number`)
  return protocolName(number)
}
