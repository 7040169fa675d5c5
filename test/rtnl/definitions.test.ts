/** The definitions of rtnetlink against the kernel's own headers. */
import { expect } from 'chai'
import type { Infer } from '../../src/netlink/index.js'
import type { AttributeSet } from '../../src/netlink/schema/attributes.js'
import { addressAttributes } from '../../src/rtnl/address/address.js'
import { afSpec, inet6Spec, inetSpec, mctpSpec } from '../../src/rtnl/link/af-spec.js'
import { bridgeMstEntry, bridgeSpec, bridgeVlanInfo, bridgeVlanTunnel } from '../../src/rtnl/link/bridge-spec.js'
import { ipv4Settings, ipv6Devconf } from '../../src/rtnl/link/devconf.js'
import { kinds, slaveKinds } from '../../src/rtnl/link/index.js'
import { linkAttributes, linkinfo } from '../../src/rtnl/link/link.js'
import { extendedFilters, hardwareTypes, interfaceFlags, operationalStates } from '../../src/rtnl/link/names.js'
import { vfInfo, vfPort, vfStats } from '../../src/rtnl/link/vf.js'
import { xdp } from '../../src/rtnl/link/xdp.js'
import { addressFamilies, scope } from '../../src/rtnl/names.js'
import { nsidAttributes } from '../../src/rtnl/namespace/nsid.js'
import { route } from '../../src/rtnl/protocol.js'
import { routeMetrics } from '../../src/rtnl/route/metrics.js'
import { encapType, nexthopAttributes } from '../../src/rtnl/route/nexthop.js'
import { routeAttributes } from '../../src/rtnl/route/route.js'
import { nexthopFlags, routeProtocols, routeTables, routeTypes } from '../../src/rtnl/route/rtmsg.js'
import { constantsOf, headersInstalled, upperSnake } from './headers.js'

/** Names whose C constant does not follow from them. */
const exceptions: Readonly<Record<string, string>> = {
  // The header spells the second one without an underscore.
  RTNLGRP_DECNET_IFADDR: 'RTNLGRP_DECnet_IFADDR',
  RTNLGRP_DECNET_ROUTE: 'RTNLGRP_DECnet_ROUTE',
  RTNLGRP_DECNET_RULE: 'RTNLGRP_DECnet_RULE',
  // IPMR and IP6MR are protocols of rtnetlink only.
  AF_IPMR: 'RTNL_FAMILY_IPMR',
  AF_IP6MR: 'RTNL_FAMILY_IP6MR',
}

const sets: readonly AttributeSet<never>[] = [
  linkAttributes,
  linkinfo,
  inetSpec,
  inet6Spec,
  mctpSpec,
  bridgeSpec,
  bridgeVlanTunnel,
  bridgeMstEntry,
  vfInfo,
  vfStats,
  vfPort,
  xdp,
  ...Object.values(kinds),
  ...Object.values(slaveKinds),
  addressAttributes,
  routeAttributes,
  nexthopAttributes,
  routeMetrics,
  nsidAttributes,
] as unknown as AttributeSet<never>[]

const tables: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  RTNLGRP: route.groups,
  ARPHRD: hardwareTypes,
  IFF: interfaceFlags,
  IF_OPER: operationalStates,
  RTEXT_FILTER: extendedFilters,
  RTN: routeTypes,
  RTPROT: routeProtocols,
  RT_TABLE: routeTables,
  RT_SCOPE: scope.values,
  RTNH_F: nexthopFlags,
  LWTUNNEL_ENCAP: encapType.values,
  AF: addressFamilies,
  IPVLAN_MODE: kinds.ipvlan.entries.mode[1].values,
  IPVLAN_F: kinds.ipvlan.entries.flags[1].values,
  MACVLAN_MODE: kinds.macvlan.entries.mode[1].values,
  MACVLAN_FLAG: kinds.macvlan.entries.flags[1].values,
}

/** Sets that hold every attribute of the header: what is missing there would come out as unknown. */
const complete = [
  'IFLA',
  'IFLA_INFO',
  'IFLA_BR',
  'IFLA_BRPORT',
  'IFLA_MACVLAN',
  'IFLA_VLAN',
  'IFA',
  'RTA',
  'RTAX',
  'NETNSA',
  'IFLA_XDP',
]
/** Constants with these prefixes that are no attributes of the set. */
const notAttributes = /_(UNSPEC|NONE|MAX)$|^__|^RTA_ALIGNTO$|^IFA_F_|^RTAX_FEATURE_|^IFLA_VLAN_QOS_|^IFLA_IF_NETNSID$/

/** IFLA_* that are newer than the headers of Debian 12, as the kernel's own spec numbers them (rt-link.yaml, Linux 6.18). */
const newer = {
  devlinkPort: 62,
  gsoIpv4MaxSize: 63,
  groIpv4MaxSize: 64,
  dpllPin: 65,
  maxPacingOffloadHorizon: 66,
  netnsImmutable: 67,
  headroom: 68,
  tailroom: 69,
}

describe('rtnetlink definitions', () => {
  it('has the attributes of links that are newer than the installed headers', () => {
    for (const [name, number] of Object.entries(newer))
      expect(linkAttributes.attribute(name)?.number, name).to.equal(number)
    expect(linkAttributes.list.map(({ number }) => number).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 69 }, (_, i) => i + 1),
    )
  })

  describe("against the kernel's headers", () => {
    let c: Map<string, number>
    before(function () {
      if (!headersInstalled) {
        console.log("      skipped: the kernel's headers are not installed (linux-libc-dev)")
        this.skip()
      }
      const protocols = ['/usr/include/x86_64-linux-gnu/bits/socket.h', '/usr/include/bits/socket.h']
      c = constantsOf(
        'netlink.h',
        'if.h',
        'if_link.h',
        'if_addr.h',
        'if_arp.h',
        'if_bridge.h',
        'if_vlan.h',
        'ip.h',
        'ipv6.h',
        'lwtunnel.h',
        'net_namespace.h',
        'rtnetlink.h',
        'veth.h',
      )
      for (const file of protocols) {
        try {
          for (const [name, value] of constantsOf(file)) c.set(name.replace(/^PF_/, 'AF_'), value)
        } catch {}
      }
    })

    const same = (prefix: string, name: string, number: number) => {
      const constant = `${prefix}_${upperSnake(name)}`
      const known = c.get(exceptions[constant] ?? constant)
      // The installed headers may be older than the definitions.
      if (known !== undefined) expect(number >>> 0, constant).to.equal(known)
      return known !== undefined
    }

    it('has every attribute under its own number', () => {
      for (const set of sets) {
        let found = 0
        for (const { name, number } of set.list) if (same(set.name, name, number)) found++
        if (set.list.length > 0) expect(found, `constants of ${set.name}`).to.be.at.least(set.list.length / 2)
      }
    })

    it('leaves no attribute out where a set is to be complete', () => {
      for (const prefix of complete) {
        const numbers = new Set(
          sets.filter((set) => set.name === prefix).flatMap((set) => set.list.map((a) => a.number)),
        )
        const inner = sets.map((set) => set.name).filter((name) => name !== prefix && name.startsWith(`${prefix}_`))
        for (const [name, number] of c) {
          if (!name.startsWith(`${prefix}_`) || notAttributes.test(name)) continue
          // IFLA_ is also how longer prefixes begin; those numbers are found there.
          if (prefix === 'IFLA' && number <= 69 && numbers.has(number)) continue
          if (inner.some((longer) => name.startsWith(`${longer}_`))) continue
          expect(numbers.has(number), `${name} = ${number}`).to.equal(true)
        }
      }
    })

    it('has every value under its own number', () => {
      for (const [prefix, table] of Object.entries(tables)) {
        let found = 0
        for (const [name, number] of Object.entries(table)) if (same(prefix, name, number)) found++
        expect(found, `constants of ${prefix}`).to.be.greaterThan(Object.keys(table).length / 2)
      }
    })

    it('has every message type under its own number', () => {
      for (const [name, { number }] of Object.entries(route.messages)) expect(c.get(name), name).to.equal(number)
    })

    it('has the settings of IPv4 and IPv6 in their order', () => {
      for (const [i, name] of Object.keys(ipv4Settings).entries()) same('IPV4_DEVCONF', name, i + 1)
      for (const [i, name] of ipv6Devconf.memberNames.entries()) same('DEVCONF', name, i)
    })
  })

  it('gives every attribute a number of its own, and says so when not', () => {
    expect(linkAttributes.attribute(18)?.name).to.equal('linkinfo')
    expect(afSpec.attribute('inet6')?.number).to.equal(10)
    expect(linkAttributes.list).to.have.length(69)
  })

  it('has structs of the size that C gives them', () => {
    // Sizes on every machine that Linux runs on: all of these have fixed members.
    expect(bridgeVlanInfo.size).to.equal(4)
    expect(route.messages.RTM_NEWLINK.body.header?.size).to.equal(16)
    expect(route.messages.RTM_NEWADDR.body.header?.size).to.equal(8)
    expect(route.messages.RTM_NEWROUTE.body.header?.size).to.equal(12)
    const sizes: [AttributeSet<never>, string, number][] = [
      [linkAttributes as unknown as AttributeSet<never>, 'map', 32],
      [linkAttributes as unknown as AttributeSet<never>, 'stats', 96],
      [linkAttributes as unknown as AttributeSet<never>, 'stats64', 200],
      [vfInfo as unknown as AttributeSet<never>, 'mac', 36],
      [vfInfo as unknown as AttributeSet<never>, 'ibNodeGuid', 16],
      [addressAttributes as unknown as AttributeSet<never>, 'cacheinfo', 16],
      [routeAttributes as unknown as AttributeSet<never>, 'cacheinfo', 32],
      [routeAttributes as unknown as AttributeSet<never>, 'mfcStats', 24],
    ]
    for (const [set, name, size] of sizes) expect(set.attribute(name)?.type.size, `${set.name} ${name}`).to.equal(size)
  })

  it('tells a description as JSON', () => {
    const text = JSON.stringify(route.messages.RTM_NEWLINK.body.describe())
    expect(text).to.contain('"ipvlan"').and.to.contain('"l3s"')
  })
})

// What these say is checked by the compiler alone.
export function typesOfLinks(link: Infer<typeof route.messages.RTM_NEWLINK.body>): void {
  const info = link.linkinfo
  if (info?.kind === 'ipvlan') {
    info.data?.mode satisfies 'l2' | 'l3' | 'l3s' | number | undefined
    // @ts-expect-error an ipvlan has no VLAN id
    info.data?.id
  }
  if (info?.kind === 'vlan') info.data?.id satisfies number | undefined
  if (info?.kind === 'veth') info.data?.peer?.ifname satisfies string | undefined
  if (info?.slaveKind === 'bridge') info.slaveData?.isolated satisfies number | undefined
  link.afSpec?.inet6?.addrGenMode satisfies string | number | undefined
  link.stats64?.rxBytes satisfies bigint | undefined
}
