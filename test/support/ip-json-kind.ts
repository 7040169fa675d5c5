/** `info_data` and `info_slave_data` of `ip -j -d link show` (ip/iplink_*.c and ip/link_*.c in iproute2). */
import type { AttributeSet, Infer } from '../../src/netlink/index.js'
import {
  bridge,
  type bridgePort,
  type ipvlan,
  kinds,
  type macvlan,
  slaveKinds,
  type vlan,
} from '../../src/rtnl/index.js'
import {
  type Context,
  hex,
  type Json,
  namesOf,
  numberIn,
  plain,
  render,
  type Table,
  truth,
  vlanProtocol,
} from './ip-json.js'
import { agreed } from './ip-json-any.js'

type Bridge = Infer<typeof bridge>
type BridgePort = Infer<typeof bridgePort>
type Ipvlan = Infer<typeof ipvlan>
type Macvlan = Infer<typeof macvlan>
type Vlan = Infer<typeof vlan>

/** `8000.2:0:0:0:0:a` */
const bridgeId = (id: Bridge['bridgeId']) =>
  id && `${id.prio?.toString(16).padStart(4, '0')}.${id.addr?.replace(/\b0(?=[0-9a-f])/g, '')}`

/** Hundredths of a second as seconds. */
const seconds = (time: bigint | undefined) => (time === undefined ? undefined : Number(time) / 100)
const router = (value: Bridge['mcastRouter']) => numberIn(bridge.entries.mcastRouter[1].values, value)

type BoolOption = NonNullable<NonNullable<Bridge['multiBoolopt']>['optval']>[number]
const boolOption =
  (name: BoolOption) =>
  ({ multiBoolopt: options }: Bridge) =>
    options?.optmask?.includes(name) ? Number(options.optval?.includes(name)) : undefined

/** Members of a bridge whose names differ from ip's in how words are joined only. */
const bridgeMembers = Object.keys(bridge.entries)
  .filter((name) =>
    /^(forwardDelay|helloTime|maxAge|ageingTime|stpState|priority|root(Port|PathCost)|topologyChange(Detected)?|vlanFiltering|vlanDefaultPvid|vlanStats.*|groupAddr|nfCall.*|mcast(?!Router|QuerierState).*)$/.test(
      name,
    ),
  )
  .map((name) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name as keyof Bridge])

const bridgeTable: Table<Bridge> = {
  ...plain<Bridge>(Object.fromEntries(bridgeMembers)),
  vlan_protocol: (data) => data.vlanProtocol && vlanProtocol(data.vlanProtocol),
  bridge_id: (data) => bridgeId(data.bridgeId),
  root_id: (data) => bridgeId(data.rootId),
  hello_timer: (data) => seconds(data.helloTimer),
  tcn_timer: (data) => seconds(data.tcnTimer),
  topology_change_timer: (data) => seconds(data.topologyChangeTimer),
  gc_timer: (data) => seconds(data.gcTimer),
  group_fwd_mask: (data) => hex(data.groupFwdMask),
  mcast_router: (data) => router(data.mcastRouter),
  no_linklocal_learn: boolOption('noLlLearn'),
  mcast_vlan_snooping: boolOption('mcastVlanSnooping'),
}

/** A port of a bridge, as `ip link` prints it. */
const bridgePortTable: Table<BridgePort> = {
  ...plain<BridgePort>({
    state: 'state',
    priority: 'priority',
    cost: 'cost',
    designated_port: 'designatedPort',
    designated_cost: 'designatedCost',
    topology_change_ack: 'topologyChangeAck',
    config_pending: 'configPending',
  }),
  hairpin: (data) => truth(data.mode),
  guard: (data) => truth(data.guard),
  root_block: (data) => truth(data.protect),
  fastleave: (data) => truth(data.fastLeave),
  learning: (data) => truth(data.learning),
  flood: (data) => truth(data.unicastFlood),
  id: (data) => hex(data.id),
  no: (data) => hex(data.no),
  bridge_id: (data) => bridgeId(data.bridgeId),
  root_id: (data) => bridgeId(data.rootId),
  hold_timer: (data) => seconds(data.holdTimer),
  message_age_timer: (data) => seconds(data.messageAgeTimer),
  forward_delay_timer: (data) => seconds(data.forwardDelayTimer),
  proxy_arp: (data) => truth(data.proxyarp),
  proxy_arp_wifi: (data) => truth(data.proxyarpWifi),
  multicast_router: (data) => router(data.multicastRouter),
  mcast_flood: (data) => truth(data.mcastFlood),
  bcast_flood: (data) => truth(data.bcastFlood),
  mcast_to_unicast: (data) => truth(data.mcastToUcast),
  neigh_suppress: (data) => truth(data.neighSuppress),
  group_fwd_mask: (data) => hex(data.groupFwdMask),
  group_fwd_mask_str: ({ groupFwdMask: mask }) => (mask === undefined ? undefined : `0x${mask.toString(16)}`),
  vlan_tunnel: (data) => truth(data.vlanTunnel),
  isolated: (data) => truth(data.isolated),
  locked: (data) => truth(data.locked),
  backup_port: (data, context) => (data.backupPort ? context.name(data.backupPort) : undefined),
}

const ipvlanTable: Table<Ipvlan> = {
  mode: ({ mode }) => mode,
  private: ({ flags }) => flags?.includes('private') || undefined,
  vepa: ({ flags }) => (flags?.includes('vepa') && !flags.includes('private')) || undefined,
  bridge: ({ flags }) => (flags && !flags.includes('private') && !flags.includes('vepa')) || undefined,
}

const macvlanTable: Table<Macvlan> = {
  ...plain<Macvlan>({ mode: 'mode', bcqueuelen: 'bcQueueLen', usedbcqueuelen: 'bcQueueLenUsed' }),
  nopromisc: ({ flags }) => flags?.includes('nopromisc') || undefined,
  nodst: ({ flags }) => flags?.includes('nodst') || undefined,
  macaddr_count: (data) => (data.mode === 'source' ? data.macaddrCount : undefined),
  macaddr_data: (data) => (data.mode === 'source' ? data.macaddrData : undefined),
}

/** VLAN_FLAG_* in the order in which ip prints them. */
const vlanFlags = {
  reorderHdr: 'REORDER_HDR',
  gvrp: 'GVRP',
  mvrp: 'MVRP',
  looseBinding: 'LOOSE_BINDING',
  bridgeBinding: 'BRIDGE_BINDING',
}

const vlanTable: Table<Vlan> = {
  ...plain<Vlan>({ id: 'id', ingress_qos: 'ingressQos', egress_qos: 'egressQos' }),
  protocol: ({ protocol }) => protocol && vlanProtocol(protocol),
  flags: ({ flags }) => flags && namesOf(vlanFlags, flags.flags),
}

/** Kinds for which a table says every key that ip prints; for the others ip's keys are held against the definition. */
const tables: Readonly<Record<string, Table<never>>> = {
  bridge: bridgeTable,
  ipvlan: ipvlanTable,
  ipvtap: ipvlanTable,
  macvlan: macvlanTable,
  macvtap: macvlanTable,
  vlan: vlanTable,
}
const slaveTables: Readonly<Record<string, Table<never>>> = { bridge: bridgePortTable }

type Sets = Readonly<Record<string, AttributeSet>>
const json =
  (tables: Readonly<Record<string, Table<never>>>, sets: Sets) =>
  (kind: string, data: unknown, context: Context, said: Json | undefined): Json | undefined => {
    if (tables[kind]) return render(tables[kind], (data ?? {}) as never, context)
    const set = sets[kind]
    return set && said && agreed(set, (data ?? {}) as Json, said, context.name)
  }

/** `info_data` of a kind. @param said what ip printed */
export const kindJson = json(tables, kinds as unknown as Sets)

/** `info_slave_data` of a kind of master. */
export const slaveJson = json(slaveTables, slaveKinds as unknown as Sets)

const bridgeLinkKeys: Readonly<Record<string, string>> = { mcast_router: 'multicast_router' }

/** The members of a port that `bridge -j -d link show` prints, in part under other names than `ip link`. */
export function bridgeLinkJson(port: BridgePort, context: Context): Json {
  const all = render(bridgePortTable, port, context)
  const names =
    'state priority cost hairpin guard root_block fastleave learning flood mcast_flood bcast_flood mcast_router ' +
    'mcast_to_unicast neigh_suppress vlan_tunnel isolated locked backup_port'
  const found: Json = {}
  for (const name of names.split(' ')) {
    const value = all[bridgeLinkKeys[name] ?? name]
    if (value !== undefined) found[name] = value
  }
  return found
}
