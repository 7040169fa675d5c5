/** The definitions of rtnetlink against the kernel's own headers. */
import { expect } from 'chai'
import type { Infer } from '../../src/netlink/index.js'
import type { AttributeSet } from '../../src/netlink/schema/attributes.js'
import { addressAttributes } from '../../src/rtnl/address/address.js'
import { afSpec } from '../../src/rtnl/link/af-spec.js'
import { bridgeVlanInfo } from '../../src/rtnl/link/bridge-spec.js'
import { linkAttributes } from '../../src/rtnl/link/link.js'
import { vfInfo } from '../../src/rtnl/link/vf.js'
import { neighbourAttributes } from '../../src/rtnl/neighbour/neighbour.js'
import { route } from '../../src/rtnl/protocol.js'
import { routeAttributes } from '../../src/rtnl/route/route.js'

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
    expect(route.messages.RTM_NEWNEIGH.body.header?.size).to.equal(12)
    const sizes: [AttributeSet<never>, string, number][] = [
      [linkAttributes as unknown as AttributeSet<never>, 'map', 32],
      [linkAttributes as unknown as AttributeSet<never>, 'stats', 96],
      [linkAttributes as unknown as AttributeSet<never>, 'stats64', 200],
      [vfInfo as unknown as AttributeSet<never>, 'mac', 36],
      [vfInfo as unknown as AttributeSet<never>, 'ibNodeGuid', 16],
      [addressAttributes as unknown as AttributeSet<never>, 'cacheinfo', 16],
      [neighbourAttributes as unknown as AttributeSet<never>, 'cacheinfo', 16],
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
