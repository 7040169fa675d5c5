/** Links as `ip -j -d link show` prints them (print_linkinfo in iproute2's ip/ipaddress.c). */
import type { Link } from '../../src/rtnl/index.js'
import { type Context, type Json, namesOf, plain, render, type Table } from './ip-json.js'
import { kindJson, slaveJson } from './ip-json-kind.js'

/** IFF_* in the order in which ip prints them; `running` shows by what it lacks. */
const flagNames = {
  loopback: 'LOOPBACK',
  broadcast: 'BROADCAST',
  pointopoint: 'POINTOPOINT',
  multicast: 'MULTICAST',
  noarp: 'NOARP',
  allmulti: 'ALLMULTI',
  promisc: 'PROMISC',
  master: 'MASTER',
  slave: 'SLAVE',
  debug: 'DEBUG',
  dynamic: 'DYNAMIC',
  automedia: 'AUTOMEDIA',
  portsel: 'PORTSEL',
  notrailers: 'NOTRAILERS',
  up: 'UP',
  lowerUp: 'LOWER_UP',
  dormant: 'DORMANT',
  echo: 'ECHO',
} as const

/** The flags of a link, by ip's names. */
export const flagsJson = (flags: Link['ifiFlags']) => namesOf(flagNames, flags)

/** Whether the link's parent is down, which ip marks; it does not look into other namespaces. */
const parentIsDown = ({ link, linkNetnsid }: Link, context: Context) =>
  link !== undefined && link !== 0 && linkNetnsid === undefined && !context.up(link)

const nonzero = (value: number | bigint | undefined) => (Number(value) === 0 ? undefined : value)

type Stats = NonNullable<Link['stats64']>
const received: Table<Stats> = {
  ...plain<Stats>({
    bytes: 'rxBytes',
    packets: 'rxPackets',
    errors: 'rxErrors',
    dropped: 'rxDropped',
    over_errors: 'rxOverErrors',
    multicast: 'multicast',
  }),
  compressed: (stats) => nonzero(stats.rxCompressed),
}
const receivedMore: Table<Stats> = {
  ...plain<Stats>({
    length_errors: 'rxLengthErrors',
    crc_errors: 'rxCrcErrors',
    frame_errors: 'rxFrameErrors',
    fifo_errors: 'rxFifoErrors',
    missed_errors: 'rxMissedErrors',
  }),
  nohandler: (stats) => nonzero(stats.rxNohandler),
}
const sent: Table<Stats> = {
  ...plain<Stats>({
    bytes: 'txBytes',
    packets: 'txPackets',
    errors: 'txErrors',
    dropped: 'txDropped',
    carrier_errors: 'txCarrierErrors',
    collisions: 'collisions',
  }),
  compressed: (stats) => nonzero(stats.txCompressed),
}
const sentMore = plain<Stats>({
  aborted_errors: 'txAbortedErrors',
  fifo_errors: 'txFifoErrors',
  window_errors: 'txWindowErrors',
  heartbeat_errors: 'txHeartbeatErrors',
})

function statsJson({ stats64, carrierChanges }: Link, context: Context): Json | undefined {
  if (!context.link || context.stats === 0 || !stats64) return undefined
  const more = context.stats > 1
  return {
    rx: render(more ? { ...received, ...receivedMore } : received, stats64, context),
    tx: {
      ...render(more ? { ...sent, ...sentMore } : sent, stats64, context),
      ...(more && carrierChanges !== undefined ? { carrier_changes: carrierChanges } : {}),
    },
  }
}

function linkinfoJson({ linkinfo, ifiFamily, ifname }: Link, context: Context): Json | undefined {
  if (!linkinfo || ifiFamily === 'bridge') return undefined
  const said = (context.said?.(ifname)?.linkinfo ?? {}) as Json
  const data = kindJson(String(linkinfo.kind), linkinfo.data, context, said.info_data as Json)
  const slaveData = slaveJson(String(linkinfo.slaveKind), linkinfo.slaveData, context, said.info_slave_data as Json)
  return {
    ...(linkinfo.kind === undefined ? {} : { info_kind: linkinfo.kind }),
    ...(data === undefined ? {} : { info_data: data }),
    ...(linkinfo.slaveKind === undefined ? {} : { info_slave_kind: linkinfo.slaveKind }),
    ...(slaveData === undefined ? {} : { info_slave_data: slaveData }),
  }
}

/** IN6_ADDR_GEN_MODE_* as ip calls them. */
const addressModes: Json = { eui64: 'eui64', none: 'none', stablePrivacy: 'stable_secret', random: 'random' }

const onlyLink =
  (get: (link: Link) => unknown) =>
  (link: Link, context: Context): unknown =>
    context.link ? get(link) : undefined

const table: Table<Link> = {
  ...plain<Link>({
    ifindex: 'ifiIndex',
    ifname: 'ifname',
    mtu: 'mtu',
    qdisc: 'qdisc',
    address: 'address',
    broadcast: 'broadcast',
    link_netnsid: 'linkNetnsid',
    new_netnsid: 'newNetnsid',
    new_ifindex: 'newIfindex',
    promiscuity: 'promiscuity',
    allmulti: 'allmulti',
    min_mtu: 'minMtu',
    max_mtu: 'maxMtu',
    num_tx_queues: 'numTxQueues',
    num_rx_queues: 'numRxQueues',
    gso_max_size: 'gsoMaxSize',
    gso_max_segs: 'gsoMaxSegs',
    tso_max_size: 'tsoMaxSize',
    tso_max_segs: 'tsoMaxSegs',
    gro_max_size: 'groMaxSize',
    phys_port_name: 'physPortName',
    parentbus: 'parentDevBusName',
    parentdev: 'parentDevName',
    ifalias: 'ifalias',
  }),
  link: ({ link, linkNetnsid }, context) => {
    if (link === 0) return null
    return link === undefined || linkNetnsid !== undefined ? undefined : context.name(link)
  },
  link_index: ({ link, linkNetnsid }) => (link && linkNetnsid !== undefined ? link : undefined),
  flags: (link, context) => [
    ...(link.ifiFlags?.includes('up') && !link.ifiFlags.includes('running') ? ['NO-CARRIER'] : []),
    ...flagsJson(link.ifiFlags),
    ...(parentIsDown(link, context) ? ['M-DOWN'] : []),
  ],
  master: ({ master }, context) => (master ? context.name(master) : undefined),
  operstate: ({ operstate }) => operstate?.toString().toUpperCase(),
  linkmode: onlyLink(({ linkmode }) => linkmode?.toString().toUpperCase()),
  group: ({ group }) => (group === 0 ? 'default' : group?.toString()),
  txqlen: ({ txqlen }) => nonzero(txqlen),
  link_type: ({ ifiType }) => String(ifiType),
  link_pointtopoint: ({ ifiFlags, broadcast }) => (broadcast && ifiFlags?.includes('pointopoint') ? true : undefined),
  permaddr: ({ permAddress, address }) => (permAddress === address ? undefined : permAddress),
  proto_down: ({ protoDown }) => (protoDown ? true : undefined),
  linkinfo: linkinfoJson,
  inet6_addr_gen_mode: onlyLink(({ afSpec }) => {
    const mode = afSpec?.inet6?.addrGenMode
    return mode === undefined ? undefined : (addressModes[mode] ?? `0x${mode.toString(16).padStart(2, '0')}`)
  }),
  stats64: statsJson,
  altnames: ({ propList }) => propList?.altIfname,
}

/** A link as `ip -j -d link show` prints it, or without what `ip -j -d addr show` leaves out. */
export const linkJson = (link: Link, context: Context): Json => render(table, link, context)
