/** Who an attachment is to a DHCP server: all ipvlans of a parent have its MAC, so that must come from elsewhere. */
import { fromHex, toHex } from '../netlink/bytes/bytes.js'
import { uuidV5 } from './uuid.js'

/**
 * What makes an attachment a DHCP client of its own. It is derived from the network and the attachment, never random:
 * the same attachment is the same client after a restart and on another machine, and gets the same lease again.
 */
export interface DhcpIdentity {
  /** Option 61, the client identifier of DHCPv4, as RFC 4361 has it: 0xff, the IAID (4 bytes), the DUID. */
  clientId: Uint8Array
  /** The identity association, a number of 32 bits. On the wire its first byte is the highest. */
  iaid: number
  /** The DUID of DHCPv6, and of the client identifier: a DUID-UUID (RFC 6355), 18 bytes, type 4. */
  duid: Uint8Array
  /**
   * The client has to set the broadcast flag of DHCPv4 (RFC 2131, section 4.1). An ipvlan finds the link of an incoming
   * packet by its IP address; without the flag the server sends its offer to an address that no link has yet.
   */
  broadcast: true
  /** Arguments for busybox's udhcpc: `-B -x 0x3d:ff...`. */
  udhcpc: string[]
  /** Lines for dhcpcd.conf. */
  dhcpcd: string
  /**
   * Lines for dhclient.conf. The line for the broadcast flag is known to Red Hat's dhclient; ISC's and Debian's ignore it
   * and have no other: there the server must broadcast (`--dhcp-broadcast` of dnsmasq, `always-broadcast` of dhcpd).
   */
  dhclient: string
  /** Lines for the .network file of systemd-networkd: the sections `[DHCPv4]` and `[DHCPv6]`. */
  networkd: string
}

/** The namespace of all that is derived here. It was made once, at random, and stays: another one changes every lease. */
const NAMESPACE = fromHex('2310a540 a380 4593 9302 c8da6deaf8d6')

/** DUID-UUID. RFC 6355, section 4. */
const DUID_UUID = 4
/** The type of a client identifier that has an IAID and a DUID. RFC 4361, section 6.1. */
const NODE_SPECIFIC = 0xff
/** DHCP_CLIENT_ID. RFC 2132, section 9.14. */
const OPTION_CLIENT_ID = 61

/**
 * The DHCP identity of an attachment, by the names of its network and itself. A container with two links on one network
 * has two attachments: the identifier has to tell them apart.
 * @example
 * const { udhcpc } = dhcpIdentity('n30', 'c1')
 * spawn('udhcpc', ['-i', 'eth0', ...udhcpc])
 */
export function dhcpIdentity(network: string, id: string): DhcpIdentity {
  // One after the other, so that no separator is needed: ("a", "b/c") and ("a/b", "c") are two attachments.
  const uuid = uuidV5(uuidV5(NAMESPACE, network), id)
  const duid = Uint8Array.of(0, DUID_UUID, ...uuid)
  // The DUID alone tells attachments apart. The IAID does so too, for servers that look at nothing else.
  const association = uuid.subarray(0, 4)
  const iaid = new DataView(uuid.buffer).getUint32(0)
  const clientId = Uint8Array.of(NODE_SPECIFIC, ...association, ...duid)
  return {
    clientId,
    iaid,
    duid,
    broadcast: true,
    udhcpc: ['-B', '-x', `0x${OPTION_CLIENT_ID.toString(16)}:${toHex(clientId)}`],
    dhcpcd: `clientid ${toHex(clientId, ':')}\nbroadcast\n`,
    dhclient: `send dhcp-client-identifier ${toHex(clientId, ':')};\nbootp-broadcast-always;\n`,
    networkd: networkdSections(iaid, uuid),
  }
}

function networkdSections(iaid: number, uuid: Uint8Array): string {
  const identity = [`DUIDType=uuid`, `DUIDRawData=${toHex(uuid, ':')}`, `IAID=${iaid}`]
  const sections = [
    ['[DHCPv4]', 'ClientIdentifier=duid', ...identity, 'RequestBroadcast=yes'],
    ['[DHCPv6]', ...identity],
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
