/**
 * A link kind that nlwire does not know, described here: a vrf is created, read back and removed. Needs root, and a kernel with vrf.
 *
 *   npm run build && node dist/examples/own-kind.js
 */
import { openRtnl, otherCase } from '../src/index.js'
import { required, u32 } from '../src/netlink/index.js'
import { linkKind } from '../src/rtnl/index.js'

/** vrf: a routing table of its own for its ports. Kernel: IFLA_VRF_* (linux/if_link.h). */
const vrf = linkKind('vrf', { table: [1, required(u32)] })

const rtnl = await openRtnl({ kinds: { vrf } })
try {
  await rtnl.links.add({ ifname: 'vrf-example', linkinfo: { kind: 'vrf', data: { table: 10 } } })
  const { linkinfo } = await rtnl.links.get('vrf-example')
  if (linkinfo?.kind === 'vrf') console.log(`a vrf with table ${linkinfo.data?.table}`)
  await rtnl.links.delete('vrf-example')

  // A kind without data needs no description.
  const ifb = await rtnl.links.add({ ifname: 'ifb-example', linkinfo: { kind: otherCase('ifb') } })
  console.log(`a link of kind ${ifb.linkinfo?.kind}`)
  await rtnl.links.delete('ifb-example')
} finally {
  rtnl.close()
}
