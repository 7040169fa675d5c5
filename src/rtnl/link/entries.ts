/** The attributes of a link, but for linkinfo. */

import { repeated } from '../../netlink/schema/arrays.js'
import { attributes } from '../../netlink/schema/define.js'
import {
  changeOnly,
  createOnly,
  ifindex,
  maskOf,
  netnsFd,
  netnsid,
  netnsPid,
  queryOnly,
  readOnly,
  setBy,
  unit,
  writeOnly,
} from '../../netlink/schema/marks.js'
import type { AnyType } from '../../netlink/schema/type.js'
import { bool } from '../../netlink/schema/types/bool.js'
import { byMember } from '../../netlink/schema/types/by-member.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { s32, u8, u16, u32 } from '../../netlink/schema/types/integer.js'
import { range } from '../../netlink/schema/types/range.js'
import { bytes, mac, nulString } from '../../netlink/schema/types/text.js'
import { uint } from '../../netlink/schema/types/uint.js'
import { altname, ifname } from '../ifname.js'
import { pad } from '../names.js'
import { afSpec, inet6Spec } from './af-spec.js'
import { bridgeSpec } from './bridge-spec.js'
import { linkMap } from './map.js'
import { extendedFilters, operationalStates } from './names.js'
import { bridgeProtinfo } from './slave-kinds/bridge-port.js'
import { linkStats, linkStats64 } from './stats.js'
import { vfInfoList, vfPort, vfPorts } from './vf.js'
import { xdp } from './xdp.js'

const nestedBit = true

/** What RTM_NEWLINK of a new link ignores or refuses, and RTM_SETLINK takes. */
const bySetting = <T extends AnyType>(type: T): T => setBy('RTM_SETLINK', type)

/** Further names of a link. Kernel: IFLA_PROP_LIST (linux/if_link.h). */
const propList = attributes('IFLA', { altIfname: [53, repeated(altname)] }, { nestedBit, constants: { subset: true } })

/** Why a link is held down. Kernel: IFLA_PROTO_DOWN_REASON_* (linux/if_link.h). */
const protoDownReason = attributes(
  'IFLA_PROTO_DOWN_REASON',
  { mask: [1, maskOf('value', u32)], value: [2, u32] },
  { nestedBit },
)

/** The devlink port of a link. Kernel: DEVLINK_ATTR_* (linux/devlink.h). */
const devlinkPort = attributes(
  'DEVLINK_ATTR',
  { busName: [1, nulString()], devName: [2, nulString()], portIndex: [3, u32] },
  { nestedBit, constants: { subset: true } },
)

/** The clock pin of a link. Kernel: DPLL_A_PIN_* (linux/dpll.h). */
const dpllPin = attributes('DPLL_A_PIN', { id: [1, u32] }, { nestedBit, constants: { subset: true, newer: true } })

/** Why an event was sent (IFLA_EVENT_*, linux/if_link.h). */
const event = enumOf(
  u32,
  {
    none: 0,
    reboot: 1,
    features: 2,
    bondingFailover: 3,
    notifyPeers: 4,
    igmpResend: 5,
    bondingOptions: 6,
  },
  'IFLA_EVENT',
)

/** Attributes of links without linkinfo: in messages about links, and about the other end of a new pair of links. */
export const linkEntries = {
  /** The hardware address; for tunnels over IP the local one. */
  address: [1, mac],
  /** The broadcast hardware address; for tunnels over IP the remote one. */
  broadcast: [2, mac],
  ifname: [3, ifname],
  /** The largest packet, in bytes, without the link's own header. */
  mtu: [4, unit(u32, 'bytes')],
  /** The parent by its index, in the namespace `linkNetnsid` if that is given; for veth the other end. */
  link: [5, ifindex(u32)],
  /** The queueing discipline of its root. */
  qdisc: [6, readOnly(nulString({ max: 15 }))],
  /** Counters of 32 bits: see stats64. */
  stats: [7, readOnly(linkStats)],
  /** Not in use. */
  cost: [8, readOnly(bytes)],
  /** Not in use. */
  priority: [9, readOnly(bytes)],
  /** The bridge, bond, vrf and so on that it is a port of, by its index; 0 takes it out. */
  master: [10, ifindex(u32)],
  /** An event of the wireless extensions. */
  wireless: [11, readOnly(bytes)],
  /** What the protocol of ifiFamily knows: of a bridge's port, or of IPv6. */
  protinfo: [12, byMember('ifiFamily', { bridge: bridgeProtinfo }, inet6Spec)],
  /** How many packets may wait to be sent. */
  txqlen: [13, unit(u32, 'packets')],
  map: [14, bySetting(linkMap)],
  /** Not in use. */
  weight: [15, readOnly(u32)],
  operstate: [16, enumOf(u8, operationalStates, 'IF_OPER')],
  /** dormant: not up before a program says so. */
  linkmode: [17, enumOf(u8, { default: 0, dormant: 1, testing: 2 }, 'IF_LINK_MODE')],
  /** To which namespace: that of this process. */
  netNsPid: [19, writeOnly(netnsPid(u32))],
  /** A text for people. */
  ifalias: [20, bySetting(nulString({ max: 255 }))],
  /** How many virtual functions there are (SR-IOV). */
  numVf: [21, readOnly(u32)],
  /** The virtual functions, when `extMask` asks for them. */
  vfinfoList: [22, bySetting(vfInfoList)],
  /** Counters of 64 bits. */
  stats64: [23, readOnly(linkStats64)],
  vfPorts: [24, bySetting(vfPorts)],
  portSelf: [25, bySetting(vfPort)],
  /** What address families keep for the link; in messages of the family bridge its VLANs. */
  afSpec: [26, bySetting(byMember('ifiFamily', { bridge: bridgeSpec }, afSpec))],
  /** A number to treat several links as one. */
  group: [27, u32],
  /** To which namespace: that of this open file. */
  netNsFd: [28, writeOnly(netnsFd(u32))],
  /**
   * What else a dump should hold, and what not. A dump without any mask ends early, without an error (Linux 6.18), or
   * fails with EMSGSIZE (6.1), where a link's message is longer than 32 KiB: always send one, `['vf']` as `ip` does.
   */
  extMask: [29, queryOnly(flagsOf(u32, extendedFilters, 'RTEXT_FILTER'))],
  /** How many ask for promiscuous mode. */
  promiscuity: [30, readOnly(u32)],
  numTxQueues: [31, createOnly(range(u32, 1, 4096))],
  numRxQueues: [32, createOnly(range(u32, 1, 4096))],
  /** 1 when there is a signal on the wire. */
  carrier: [33, bySetting(bool(u8))],
  /** The same for all links of one physical port. */
  physPortId: [34, readOnly(bytes)],
  /** How often the carrier came or went. */
  carrierChanges: [35, readOnly(u32)],
  /** The same for all ports of one physical switch. */
  physSwitchId: [36, readOnly(bytes)],
  /** The id of the namespace that `link` is in. */
  linkNetnsid: [37, createOnly(netnsid(s32))],
  physPortName: [38, readOnly(nulString())],
  /** 1 when a protocol holds it down. */
  protoDown: [39, bySetting(bool(u8))],
  /** The most segments in one packet for segmentation offload. */
  gsoMaxSegs: [40, unit(u32, 'segments')],
  gsoMaxSize: [41, unit(u32, 'bytes')],
  pad: [42, pad],
  xdp: [43, bySetting(xdp)],
  event: [44, readOnly(event)],
  /** In the event of a link that left: the id of the namespace that it is in now. */
  newNetnsid: [45, readOnly(netnsid(s32))],
  /** The id of the namespace that a request means, or that an answer comes from. */
  targetNetnsid: [46, netnsid(s32)],
  carrierUpCount: [47, readOnly(u32)],
  carrierDownCount: [48, readOnly(u32)],
  /** The index that it has, or is to have, in its new namespace. */
  newIfindex: [49, changeOnly(ifindex(s32))],
  minMtu: [50, readOnly(unit(u32, 'bytes'))],
  /** 0 for no limit. */
  maxMtu: [51, readOnly(unit(u32, 'bytes'))],
  /** Further names. */
  propList: [52, setBy('RTM_NEWLINKPROP', propList)],
  /** One of its further names: to find it by. */
  altIfname: [53, queryOnly(altname)],
  /** The hardware address that it was made with. */
  permAddress: [54, readOnly(mac)],
  protoDownReason: [55, bySetting(protoDownReason)],
  /** The name of the device below it, such as a PCI address. */
  parentDevName: [56, createOnly(nulString())],
  parentDevBusName: [57, readOnly(nulString())],
  /** The largest packet that receive offload puts together. */
  groMaxSize: [58, unit(u32, 'bytes')],
  /** What the device itself can do. */
  tsoMaxSize: [59, readOnly(unit(u32, 'bytes'))],
  tsoMaxSegs: [60, readOnly(unit(u32, 'segments'))],
  /** How many ask for all multicast packets. */
  allmulti: [61, readOnly(u32)],
  devlinkPort: [62, readOnly(devlinkPort)],
  gsoIpv4MaxSize: [63, unit(u32, 'bytes')],
  groIpv4MaxSize: [64, unit(u32, 'bytes')],
  dpllPin: [65, readOnly(dpllPin)],
  /** How far ahead the device can hold packets back, in nanoseconds. */
  maxPacingOffloadHorizon: [66, readOnly(unit(uint, 'ns'))],
  /** 1 when it cannot change its namespace. */
  netnsImmutable: [67, readOnly(bool(u8))],
  /** How many bytes the device wants free before and after a packet. */
  headroom: [68, readOnly(unit(u16, 'bytes'))],
  tailroom: [69, readOnly(unit(u16, 'bytes'))],
} as const

/** The type of linkEntries, under a name. */
export type PlainLinkEntries = typeof linkEntries
